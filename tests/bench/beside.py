"""The peers' environment, and each peer in a process of its own that answers when asked."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.table import Took

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".venv-peers"
LOCK = ROOT / "requirements" / "peers.txt"


class NoPeers(Exception):
    """The peers' environment could not be made."""


def environment() -> Path:
    """Return the Python of the peers' environment, made from the lock when there is none yet."""
    made = PLACE / "made-from.txt"
    if not made.exists() or made.read_bytes() != LOCK.read_bytes():
        print("Making .venv-peers from requirements/peers.txt ...", file=sys.stderr, flush=True)
        command = ["sh", str(ROOT / "tools" / "set-up"), "peers", sys.executable]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            why = " ".join(done.stderr.split())[-600:]
            raise NoPeers(f"nothing was measured beside them: .venv-peers could not be made. {why}")
    return PLACE / "bin" / "python"


class Beside:
    """A peer's process: what is asked goes to it as a line of JSON, and one line comes back."""

    def __init__(self, process: "subprocess.Popen[str]", name: str) -> None:
        self._process, self.name = process, name

    def ask(self, verb: str, *arguments: object) -> Any:
        """Return what the peer says to a verb of tests/bench/peers/__main__.py."""
        assert self._process.stdin and self._process.stdout
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps([verb, *arguments]) + "\n")
            self._process.stdin.flush()
        if not (line := self._process.stdout.readline()):
            raise RuntimeError(f"the peer {self.name} ended when asked for {verb}; see above")
        return json.loads(line)

    def time(self, verb: str, *arguments: object) -> Took:
        """Let the peer time something where it runs."""
        return Took(*self.ask(verb, *arguments))


@contextlib.contextmanager
def beside(name: str, households: Path) -> Iterator[Beside]:
    """Start a peer on a file of households; it ends with the block."""
    command = [environment(), "-m", "tests.bench.peers", name, households]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield Beside(process, name)
        finally:
            assert process.stdin
            process.stdin.close()  # it has nothing more to answer, and goes
