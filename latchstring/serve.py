"""The web's server process: Granian with our limits and our way of stopping.

    python -m latchstring.serve --workers 2

Told to stop (SIGTERM), it says so at /readyz for LATCHSTRING_DRAIN_SECONDS while it still serves,
so that a load balancer takes it out; then it takes no more connections, finishes the requests
under way (KILL_SECONDS at most) and ends with 0. Told twice, it ends at once.
"""

import argparse
import os
import sys
import threading
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import MPServer

from latchstring.kernel import environment, limits
from latchstring.kernel import home as homes

STOPPING_MARK = "LATCHSTRING_STOPPING_MARK"  # where the mark is that readyz looks for
KILL_SECONDS = 15
LOG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "latchstring.kernel.log.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "loggers": {
        "_granian": {"handlers": ["out"], "level": "INFO", "propagate": False},
        # One line per request is ours (web/middleware.py): an access log has paths and queries.
        "granian.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}


class DrainingServer(MPServer):
    """Granian, but it tells /readyz first, and a second signal ends it at once."""

    mark: Path
    drain_seconds: float = 0.0
    _asked = 0

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """First signal: mark, wait, stop in order. Second: kill what still runs."""
        self._asked += 1
        stop = super().signal_handler_interrupt
        if self._asked > 1:
            for worker in self.wrks:
                worker.kill()
            stop()
            return
        self.mark.touch()
        if self.drain_seconds > 0:
            timer = threading.Timer(self.drain_seconds, stop)
            timer.daemon = True
            timer.start()
        else:
            stop()


def server(workers: int) -> DrainingServer:
    """Return the server with every limit set; its port and address are the environment's."""
    home = homes.from_environment().prepare()
    port = environment.number("PORT", 8000)
    made = DrainingServer(
        "latchstring.wsgi:application",
        address=environment.text("LATCHSTRING_BIND", "127.0.0.1"),
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        # More threads than places (web/places.py): who waits or is turned away holds a thread only.
        blocking_threads=limits.WEB_THREADS,
        backlog=limits.WEB_BACKLOG,
        backpressure=limits.WEB_CONNECTIONS_MAX,
        http1_settings=HTTP1Settings(
            header_read_timeout=limits.HEADER_READ_MS_MAX, max_buffer_size=limits.HEADER_BYTES_MAX
        ),
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        log_dictconfig=LOG,
        log_access=False,
    )
    made.mark = home.run / f"stopping-{port}-{os.getpid()}"
    made.drain_seconds = environment.number("LATCHSTRING_DRAIN_SECONDS", 0)
    os.environ[STOPPING_MARK] = str(made.mark)
    return made


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="latchstring web")
    parser.add_argument("--workers", type=int, default=2)
    made = server(parser.parse_args(arguments).workers)
    try:
        made.serve()
    finally:
        made.mark.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
