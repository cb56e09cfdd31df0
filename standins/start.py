"""Starting a stand-in from a test: a context manager around the real process."""

import json
import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("tax", "human_services", "bank", "mail")


class Standin:
    """A running stand-in of one kind; `url`, and for mail `smtp`, say where it listens."""

    def __init__(self, kind: str, data: Path, seed: int = 1, *options: str) -> None:
        if kind not in KINDS:
            raise ValueError(f"{kind} is not one of {', '.join(KINDS)}.")
        self.kind = kind
        self.data = data
        self.client_id = "latchstring"
        self.client_secret = secrets.token_urlsafe(16)
        self.admin_token = secrets.token_urlsafe(16)
        self.url = ""
        self.smtp = ""
        self.process: subprocess.Popen[str] | None = None
        self._arguments = ["--data", str(data), "--seed", str(seed), *options]

    @property
    def admin(self) -> dict[str, str]:
        """The header for `/admin/*`."""
        return {"Authorization": f"Bearer {self.admin_token}"}

    def start(self) -> "Standin":
        """Start it and wait until it listens."""
        keys = {
            "STANDIN_CLIENT_ID": self.client_id,
            "STANDIN_CLIENT_SECRET": self.client_secret,
            "STANDIN_ADMIN_TOKEN": self.admin_token,
        }
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "requests.log").open("a") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", f"standins.{self.kind}", "--parent", str(os.getpid())]
                + self._arguments,
                cwd=ROOT,
                env={**os.environ, **keys},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line.startswith("listening "):
            raise RuntimeError(f"{self.kind} did not start: {self.log()}")
        announced: dict[str, Any] = json.loads(line.partition(" ")[2])
        self.url, self.smtp = announced["url"], announced.get("smtp", "")
        return self

    def log(self) -> str:
        """What it wrote to its log."""
        return (self.data / "requests.log").read_text()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it; returns its exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def __enter__(self) -> "Standin":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()
