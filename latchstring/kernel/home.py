"""Where everything that one Latchstring keeps on disk lives: the layout of LATCHSTRING_HOME.

LATCHSTRING_HOME/
  postgres/   the embedded database (absent when DATABASE_URL names another)
  files/      uploads and renditions, encrypted
  keys/       secrets of this home alone, each 0600
  log/        one file per process
  run/        locks, ports and process ids; may be deleted when nothing runs
  standins/   data of the stand-in agencies, bank and mail (demo only)
"""

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from latchstring.kernel.environment import WrongSetting


class HomeUnusable(WrongSetting):
    """The folder for Latchstring's data cannot be used; the message says why."""


@dataclass(frozen=True)
class Home:
    """The paths of one home. `root` is absolute; two homes never share anything."""

    root: Path

    @property
    def postgres(self) -> Path:
        """Data folder of the embedded database."""
        return self.root / "postgres"

    @property
    def files(self) -> Path:
        """Stored uploads and renditions."""
        return self.root / "files"

    @property
    def keys(self) -> Path:
        """Secrets; the folder is 0700, each file 0600."""
        return self.root / "keys"

    @property
    def log(self) -> Path:
        """Log files, one per process."""
        return self.root / "log"

    @property
    def run(self) -> Path:
        """Locks, ports and process ids."""
        return self.root / "run"

    @property
    def standins(self) -> Path:
        """Data of the stand-ins that the demo runs."""
        return self.root / "standins"

    def prepare(self) -> "Home":
        """Make the folders that are missing; the parent of the root must exist already."""
        if not self.root.parent.is_dir():
            raise HomeUnusable(
                f"The folder {self.root.parent} does not exist. Make it first, or set "
                "LATCHSTRING_HOME to another place."
            )
        try:
            self.root.mkdir(mode=0o711, exist_ok=True)
            for folder, mode in (
                (self.keys, 0o700),
                (self.files, 0o700),
                (self.log, 0o700),
                (self.run, 0o700),
            ):
                folder.mkdir(mode=mode, exist_ok=True)
        except OSError as error:
            raise HomeUnusable(f"{self.root} cannot be used: {error.strerror}.") from error
        return self


def at(place: Path | str) -> Home:
    """The home at this place, as an absolute path without links."""
    return Home(Path(place).expanduser().resolve())


def from_environment() -> Home:
    """The home named by LATCHSTRING_HOME, or `.latchstring` in the working directory."""
    return at(os.environ.get("LATCHSTRING_HOME") or ".latchstring")


def write_atomically(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a small file so that a reader, or a crash, sees the old text or the new, never half."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        half.unlink()
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)


def secret(home: Home, name: str) -> str:
    """The secret kept under keys/NAME, made on first use (256 random bits, URL-safe text)."""
    path = home.keys / name
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        fresh = secrets.token_urlsafe(32)
    # A hard link is the one atomic "create unless it exists" that also shows whole content only.
    half = home.keys / f".{name}.{os.getpid()}"
    write_atomically(half, fresh + "\n")
    with contextlib.suppress(FileExistsError):
        os.link(half, path)
    half.unlink()
    return path.read_text(encoding="utf-8").strip()
