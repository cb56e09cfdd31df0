"""The folder in which all processes of a home count together (see metrics.py).

Apart from the figures, because the library looks for the folder when it is imported.
"""

import contextlib
import os
from pathlib import Path

import psutil

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name for it


def share(folder: Path) -> None:
    """Have this process and those it starts count in a folder; drop what dead processes left.

    Call it before `metrics` is imported. Counts begin at zero when all processes of a home are new;
    Prometheus takes a count that shrank for a restart.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[FOLDER] = str(folder)
    drop_dead(folder, "*.db")


def drop_dead(folder: Path, names: str) -> None:
    """Remove the files (by name pattern) of processes that are no more."""
    for file in folder.glob(names):
        with contextlib.suppress(ValueError, FileNotFoundError):
            if not psutil.pid_exists(int(file.stem.rsplit("_", 1)[-1])):
                file.unlink()
