"""The demo's process supervisor: starts everything in order, watches it, stops it in order.

    postgres -> mail -> tax -> human services -> bank -> load (once) -> web -> worker

Stopped are web, worker, bank, human services, tax, mail, postgres: first nothing new comes, then
what is under way is finished, then what it speaks to goes. A second signal ends all at once.

One supervisor per home (a file lock). It keeps run/services.json for whoever wants to know where
things listen, and one log file per process. A child that dies is started again, more slowly each
time. Killed itself, it leaves nothing that the next one cannot clear: on Linux its children get
SIGTERM from the kernel, and the next supervisor ends those it finds in services.json.
"""

import contextlib
import ctypes
import fcntl
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any
from urllib.parse import urlsplit

import psutil

from latchstring.kernel import embedded
from latchstring.kernel import home as homes
from latchstring.kernel.environment import WrongSetting
from latchstring.kernel.home import Home

ROOT = Path(__file__).resolve().parent.parent
SEED = "2026"
STANDINS = ("mail", "tax", "human_services", "bank")
DEMO_FAULTS = ("--delay-ms", "200-900", "--fail-rate", "0.03")
START_SECONDS = 90.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a dead child is started again
STEADY_SECONDS = 60.0  # alive this long, a child's earlier deaths are forgotten
WORKER_SECONDS = 1.5  # a worker that lives this long has begun

Environment = dict[str, str]
Signal = signal.Signals


class StartFailed(Exception):
    """A part of the demo did not start; the message says which and where its log is."""


class Stopping(Exception):
    """Somebody asked us to stop while we were starting."""


@dataclass
class Child:
    """One process that we keep alive."""

    name: str
    command: list[str]
    environment: Environment
    is_ready: Callable[["Child"], bool]
    grace: float  # seconds between SIGTERM and SIGKILL
    url: str = ""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0  # monotonic
    deaths: int = 0
    due: float | None = None  # monotonic, when it is to be started again

    @property
    def words(self) -> str:
        """Its name for people."""
        return self.name.replace("_", " ")


@dataclass
class Screen:
    """Progress on standard output: whole lines, or lines that complete on a terminal."""

    out: IO[str] = field(default_factory=lambda: sys.stdout)

    @contextlib.contextmanager
    def step(self, words: str) -> Iterator[None]:
        """Say that a step begins, and how long it took."""
        live = self.out.isatty()
        if live:
            self.out.write(f"{words} ... ")
            self.out.flush()
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self.say("stopped" if live else f"{words} ... stopped")
            raise
        took = f"ready ({time.monotonic() - began:.1f} s)"
        self.say(took if live else f"{words} ... {took}")

    def say(self, words: str) -> None:
        """One line. A closed terminal or pipe must not stop an orderly stop."""
        with contextlib.suppress(OSError, ValueError):
            self.out.write(f"{words}\n")
            self.out.flush()


def run_demo(
    place: Path | str,
    *,
    port: int,
    load: list[str],
    greet: Callable[[Environment], str],
    environment: Environment | None = None,
    web: list[str] | None = None,
    worker: list[str] | None = None,
) -> int:
    """Run the demo until SIGINT or SIGTERM; returns the exit code.

    `load` is the command run once before the web starts (migrate and load); `greet` makes the text
    printed when all is up, from the environment that the children have. `environment` adds to it.
    """
    home = homes.at(place).prepare()
    screen = Screen()
    with (home.run / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(_runs_already(home), file=sys.stderr)
            return 2
        clear_remains(home)
        if not _is_free(port):
            raise WrongSetting(f"Port {port} is used by another program. Set PORT to another one.")
        if not (ROOT / "standins").is_dir():
            raise WrongSetting("The demo runs from the source tree, where standins/ is.")
        demo = Demo(home, port, screen, environment or {})
        with listening_to_signals(demo.stop_asked):
            own = [sys.executable, "-m", "latchstring.command"]
            return demo.run(load, greet, web or [*own, "web"], worker or [*own, "worker"])


def is_running(place: Path | str) -> bool:
    """Whether a demo runs on this home now (ask before deleting or restoring its data)."""
    home = homes.at(place)
    if not (home.run / "demo.lock").exists():
        return False
    with (home.run / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _runs_already(home: Home) -> str:
    state = _read_state(home)
    where = f" at {state['url']}" if state.get("url") else ""
    return (
        f"The demo already runs{where} (process {state.get('supervisor', {}).get('pid', '?')}, "
        f"data in {home.root}). Stop it there with Ctrl-C, or set LATCHSTRING_HOME and PORT to "
        "run another beside it."
    )


class Demo:
    """The processes of one demo."""

    def __init__(self, home: Home, port: int, screen: Screen, extra: Environment) -> None:
        self.home = home
        self.screen = screen
        self.children: list[Child] = []
        self.web_url = f"http://127.0.0.1:{port}"
        self.keys = service_keys(home)
        self.environment: Environment = {
            **os.environ,
            "LATCHSTRING_HOME": str(home.root),
            "LATCHSTRING_MODE": "demo",
            "LATCHSTRING_SUPERVISED": "1",
            "PORT": str(port),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": os.pathsep.join(
                filter(None, (str(ROOT), os.environ.get("PYTHONPATH", "")))
            ),
            **extra,
        }
        self._ports: dict[str, int] = _read_state(home).get("ports", {})
        self._asked_to_stop = 0
        self._wake, self._poke = socket.socketpair()

    def run(
        self,
        load: list[str],
        greet: Callable[[Environment], str],
        web: list[str],
        worker: list[str],
    ) -> int:
        """Start, watch, and stop in reverse whatever has been started."""
        try:
            with self._database():
                try:
                    self._start_all(load, web, worker)
                    self.screen.say(greet(dict(self.environment)))
                    self._watch()
                finally:
                    self._stop_all()
        except Stopping:
            pass
        except (StartFailed, embedded.EmbeddedPostgresFailed) as failure:
            print(f"latchstring: {failure}", file=sys.stderr)
            return 1
        finally:
            self._wake.close()
            self._poke.close()
        self.screen.say("Stopped. Everything is kept for the next time.")
        return 0

    def stop_asked(self, number: int, _: FrameType | None) -> None:
        """Signal handler: note it and wake the loop."""
        if number != signal.SIGCHLD:
            self._asked_to_stop += 1
        with contextlib.suppress(OSError):
            self._poke.send(b"x", socket.MSG_DONTWAIT)

    # --- starting ------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _database(self) -> Iterator[None]:
        given = os.environ.get("DATABASE_URL")
        with contextlib.ExitStack() as stack:
            if not given:
                with self.screen.step("Starting the database"):
                    given = stack.enter_context(embedded.running(self.home.root))
            self.environment["DATABASE_URL"] = given
            yield

    def _start_all(self, load: list[str], web: list[str], worker: list[str]) -> None:
        for name in STANDINS:
            child = self._standin(name)
            with self.screen.step(f"Starting {child.words}"):
                self._begin(child)
        self._load(load)
        served = Child("web", web, self.environment, _answers, 20, self.web_url)
        with self.screen.step("Starting the web"):
            self._begin(served)
        with self.screen.step("Starting the worker"):
            self._begin(Child("worker", worker, self.environment, _has_lived, 25))

    def _standin(self, name: str) -> Child:
        port = self._port(name)
        data = self.home.standins / name
        command = [sys.executable, "-m", f"standins.{name}", "--data", str(data), "--seed", SEED]
        command += ["--parent", str(os.getpid())]
        url = f"http://127.0.0.1:{port}"
        upper = name.upper()
        given = _outside(self.environment)
        if name == "mail":
            smtp = self._port("smtp")
            command += ["--page-port", str(port), "--smtp-port", str(smtp)]
            self.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{smtp}"
            self.environment["LATCHSTRING_MAIL_PAGE_URL"] = url
        else:
            command += ["--port", str(port), *DEMO_FAULTS]
            self.environment[f"LATCHSTRING_{upper}_URL"] = url
            self.environment[f"LATCHSTRING_{upper}_CLIENT"] = "latchstring"
            self.environment[f"LATCHSTRING_{upper}_SECRET"] = self.keys[name]
            self.environment["LATCHSTRING_STANDIN_ADMIN_TOKEN"] = self.keys["admin"]
            given["STANDIN_CLIENT_SECRET"] = self.keys[name]
            given["STANDIN_ADMIN_TOKEN"] = self.keys["admin"]
        return Child(name, command, given, _answers, 3, url)

    def _port(self, name: str) -> int:
        """The port of the last run when it is free: bookmarks and old mail links stay true."""
        old = self._ports.get(name, 0)
        port = old if old and _is_free(old) else _free_port()
        self._ports[name] = port
        return port

    def _begin(self, child: Child) -> None:
        """Start a child and wait until it is ready."""
        self.children.append(child)
        self._spawn(child)
        patience = time.monotonic() + START_SECONDS
        while not child.is_ready(child):
            if self._asked_to_stop:
                raise Stopping
            process = child.process
            if process is None or process.poll() is not None:
                raise StartFailed(self._failure(child.name, "stopped while starting"))
            if time.monotonic() > patience:
                raise StartFailed(self._failure(child.name, "did not answer in time"))
            self._rest(0.1)

    def _spawn(self, child: Child) -> None:
        with (self.home.log / f"{child.name}.log").open("ab") as log:
            child.process = subprocess.Popen(  # noqa: S603
                child.command,
                env=child.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C must reach only us: we know the order in which to stop.
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 (we have one thread)
            )
        child.started, child.due = time.monotonic(), None
        self._write_state()

    def _load(self, command: list[str]) -> None:
        """Run the load command; what it prints is shown, what it complains of goes to its log."""
        began = time.monotonic()
        with (self.home.log / "load.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509
            )
        while process.poll() is None:
            if self._asked_to_stop:
                _end(process, 10)
                raise Stopping
            self._rest(0.5)
        if process.returncode != 0:
            raise StartFailed(self._failure("load", f"ended with {process.returncode}"))
        self.screen.say(f"Preparing the data ... ready ({time.monotonic() - began:.1f} s)")

    def _failure(self, name: str, what: str) -> str:
        path = self.home.log / f"{name}.log"
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        last = f" Last line: {lines[-1][:300]}" if lines else ""
        return f"{name.replace('_', ' ')} {what}. Its log is {path}.{last}"

    # --- watching ------------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._asked_to_stop:
            self._mend_database()
            for child in self.children:
                self._mend(child)
            waits = [child.due - time.monotonic() for child in self.children if child.due]
            self._rest(max(0.05, min([2.0, *waits])))

    def _mend_database(self) -> None:
        if os.environ.get("DATABASE_URL") or embedded.url(self.home.root) is not None:
            return
        self.screen.say("The database stopped; starting it again.")
        try:
            embedded.restart(self.home.root)
        except embedded.EmbeddedPostgresFailed as failure:
            self.screen.say(str(failure))
            self._rest(FIRST_PAUSE)

    def _mend(self, child: Child) -> None:
        now = time.monotonic()
        if child.due is not None:
            if now >= child.due:
                self._spawn(child)
            return
        code = child.process.poll() if child.process else None
        if child.process is None or code is None:
            return
        # Its own children may outlive it and hold its port.
        _kill_group(child.process)
        child.deaths = 1 if now - child.started > STEADY_SECONDS else child.deaths + 1
        pause = min(FIRST_PAUSE * 2 ** (child.deaths - 1), LONGEST_PAUSE)
        child.due = now + pause
        self.screen.say(
            f"{child.words.capitalize()} stopped ({_ending(code)}); starting it again in "
            f"{pause:g} s. Its log: {self.home.log / child.name}.log"
        )

    def _rest(self, seconds: float) -> None:
        """Sleep until a signal (a child's end among them) or for this long."""
        ready, _, _ = select.select([self._wake], [], [], max(seconds, 0))
        if ready:
            self._wake.recv(4096)

    # --- stopping ------------------------------------------------------------------------------

    def _stop_all(self) -> None:
        running = [child for child in self.children if child.process is not None]
        if running:
            self.screen.say("Stopping. What is under way is finished first.")
        asked = self._asked_to_stop
        for child in _stop_order(running):
            if child.process is None or child.process.poll() is not None:
                continue
            child.process.send_signal(signal.SIGTERM)
            patience = time.monotonic() + child.grace
            while child.process.poll() is None:
                impatient = self._asked_to_stop > max(asked, 1)
                if impatient or time.monotonic() > patience:
                    _kill_group(child.process)
                    child.process.wait()
                    break
                self._rest(0.2)
            _kill_group(child.process)  # whatever it started and did not stop
        self.children.clear()
        self._write_state()

    def _write_state(self) -> None:
        me = psutil.Process()
        services: dict[str, Any] = {}
        for child in self.children:
            if child.process is not None and child.process.poll() is None:
                pid = child.process.pid
                services[child.name] = {"url": child.url, "pid": pid, "started": _birth(pid)}
        state = {
            "url": self.web_url if services else "",
            "supervisor": {"pid": me.pid, "started": me.create_time()} if services else {},
            "services": services,
            "ports": self._ports,
        }
        homes.write_atomically(self.home.run / "services.json", json.dumps(state, indent=1))


# --- one process ----------------------------------------------------------------------------


def _outside(environment: Environment) -> Environment:
    """A stand-in is the outside world: none of our settings and secrets are its business."""
    ours = ("LATCHSTRING_", "STANDIN_", "DATABASE_URL", "EMAIL_URL", "STORAGE_URL")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}


def _answers(child: Child) -> bool:
    """Ready when GET /healthz says so."""
    place = urlsplit(child.url)
    link = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=5)
    try:
        link.request("GET", "/healthz")
        return link.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def _has_lived(child: Child) -> bool:
    """Ready when it has not ended for a while (it has no address to ask)."""
    return time.monotonic() - child.started > WORKER_SECONDS


def _stop_order(children: list[Child]) -> list[Child]:
    """Web first, so that nothing new comes; then the worker; then what they speak to."""
    later_first = children[::-1]
    return sorted(later_first, key=lambda child: child.name != "web")


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {Signal(-code).name}"


def _end(process: subprocess.Popen[bytes], grace: float) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        _kill_group(process)
        process.wait()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # it leads a session of its own


_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """In the new child: ask the kernel for SIGTERM when the supervisor dies (Linux)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


# --- what a killed supervisor left ----------------------------------------------------------


def clear_remains(home: Home) -> int:
    """End the children of a supervisor that was killed; returns how many processes there were."""
    left: list[psutil.Process] = []
    for entry in _read_state(home).get("services", {}).values():
        with contextlib.suppress(KeyError, TypeError):
            left += _session(entry["pid"], entry["started"])
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _, stubborn = psutil.wait_procs(left, timeout=10)
    for process in stubborn:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(stubborn, timeout=5)
    return len(left)


def _session(leader: int, started: float) -> list[psutil.Process]:
    """A child and its own children, also those that outlived it (a web server's workers).

    A number alone could by now be somebody else's, so nothing older than the child counts.
    """
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getsid(process.pid) == leader and process.create_time() > started - 1:
                found.append(process)
    return found


def _read_state(home: Home) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        state = json.loads((home.run / "services.json").read_text())
        if isinstance(state, dict):
            return state
    return {}


def _birth(pid: int) -> float:
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return 0.0


def service_keys(home: Home) -> dict[str, str]:
    """The secrets of this home's stand-ins, made on first use; kept in keys/standins.json too."""
    names = {name: f"standin-{name}" for name in ("tax", "human_services", "bank", "admin")}
    keys = {name: homes.secret(home, file) for name, file in names.items()}
    homes.write_atomically(home.keys / "standins.json", json.dumps(keys, indent=1))
    return keys


# --- ports and signals ----------------------------------------------------------------------


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def listening_to_signals(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Have SIGINT, SIGTERM, SIGHUP and SIGCHLD go to the handler while the block runs."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
