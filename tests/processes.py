"""Commands of ours as real processes, spoken to over HTTP."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time

import httpx


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """One `latchstring` command, with its log in a file."""

    def __init__(self, folder, command, **environment):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"{command[0]}-{self.port}.log"
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "latchstring.command", *command],
                env=os.environ
                | {"LATCHSTRING_HOME": str(folder / "home"), "PORT": str(self.port)}
                | environment,
                stdout=out,
                stderr=out,
            )

    def get(self, path="/healthz", **options):
        return httpx.get(self.url + path, timeout=10, **options)

    def lines(self):
        return [json.loads(line) for line in self.log.read_text().splitlines() if line]

    def wait_until(self, check, seconds=40):
        patience = time.monotonic() + seconds
        while True:
            with contextlib.suppress(httpx.TransportError):
                found = check()
                if found:
                    return found
            assert time.monotonic() < patience, self.log.read_text()[-3000:]
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            time.sleep(0.05)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
