"""The embedded database: kills, races and neighbours leave it usable."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import psycopg
import pytest
from psycopg.errors import DuplicateDatabase, UniqueViolation

from latchstring.kernel import embedded, home

ATTACHED = """
import sys
from latchstring.kernel import embedded
with embedded.running(sys.argv[1]) as address:
    print(address, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path):
    root = tmp_path / "home"
    yield root
    embedded.stop(root)


def _attach(root):
    return subprocess.Popen(
        [sys.executable, "-c", ATTACHED, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(embedded.__file__).parents[2],
    )


def _postmaster_pid(root):
    return int((root / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def _write(address, number):
    with psycopg.connect(address) as link:
        link.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        link.execute("INSERT INTO kept VALUES (%s)", [number])


def _read(address):
    with psycopg.connect(address) as link:
        return [row[0] for row in link.execute("SELECT number FROM kept ORDER BY 1")]


def test_a_command_run_alone_starts_and_stops_its_own(place):
    with embedded.running(place) as address:
        _write(address, 1)
        assert embedded.url(place) == address
    assert embedded.url(place) is None
    with embedded.running(place) as again:
        assert again == address, "the address survives a restart"
        assert _read(again) == [1]


def test_committed_rows_survive_kill_9_of_the_server(place):
    with embedded.running(place) as address:
        _write(address, 1)
        os.kill(_postmaster_pid(place), signal.SIGKILL)
        assert embedded.restart(place) == address
        _write(address, 2)
        assert _read(address) == [1, 2]


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_block(place):
    with embedded.running(place) as address:
        _write(address, 1)
        pid_file = place / "postgres" / "postmaster.pid"
        remains = pid_file.read_text().splitlines()
        os.kill(_postmaster_pid(place), signal.SIGKILL)
    time.sleep(0.1)
    pid_file.write_text("\n".join([str(os.getppid()), *remains[1:]]) + "\n")
    with embedded.running(place) as address:
        assert _read(address) == [1]


def test_the_last_one_out_stops_it_and_a_killed_user_is_not_counted(place):
    first, second = _attach(place), _attach(place)
    address = first.stdout.readline().strip()
    assert second.stdout.readline().strip() == address
    first.kill()  # the starter dies without a word
    first.wait()
    assert embedded.url(place) == address
    second.stdin.close()
    assert second.wait(30) == 0
    assert embedded.url(place) is None
    with embedded.running(place):
        pass


def test_processes_that_race_to_start_share_one_server(place):
    racers = [_attach(place) for _ in range(4)]
    addresses = {racer.stdout.readline().strip() for racer in racers}
    servers = [p for p in psutil.process_iter() if _is_postmaster(p, place)]
    for racer in racers:
        racer.stdin.close()
    assert [racer.wait(30) for racer in racers] == [0, 0, 0, 0]
    assert len(addresses) == 1
    assert len(servers) == 1
    assert embedded.url(place) is None


def _is_postmaster(process, root):
    try:
        return str(root / "postgres") in process.cmdline()
    except psutil.Error:
        return False


def test_two_homes_run_side_by_side_however_deep(tmp_path):
    deep = tmp_path / ("d" * 80) / ("e" * 80)
    deep.mkdir(parents=True)
    with embedded.running(tmp_path / "one") as one, embedded.running(deep / "two") as two:
        _write(one, 1)
        _write(two, 2)
        assert (_read(one), _read(two)) == ([1], [2])
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(one.replace(home.secret(home.at(tmp_path / "one"), "postgres"), "x"))


def test_ensure_keeps_it_running_until_stop(place):
    address = embedded.ensure(place)
    with embedded.running(place):
        pass
    assert embedded.url(place) == address
    assert embedded.stop(place)
    assert not embedded.stop(place)


def test_a_starter_killed_at_any_moment_does_not_block_the_next(place):
    for moment in (0.3, 0.45, 0.6, 0.75):
        starter = _attach(place)
        time.sleep(moment)
        starter.kill()
        with embedded.running(place) as address:
            _write(address, 1)
        starter.wait()
        assert embedded.url(place) is None
        shutil.rmtree(place / "postgres")


@pytest.mark.parametrize("said", [DuplicateDatabase, UniqueViolation])
def test_a_database_that_a_killed_starter_had_asked_for_is_no_trouble(said):
    class Link:
        """Sees no database, and is told that there is one on making it."""

        def execute(self, statement, given=None):
            if given is None:
                raise said("database latchstring already exists")
            return SimpleNamespace(fetchone=lambda: None)

    embedded._make_database(Link())


def test_a_missing_parent_is_said_plainly(tmp_path):
    with pytest.raises(home.HomeUnusable, match="does not exist"):
        embedded.ensure(tmp_path / "absent" / "home")


def test_secrets_are_readable_by_their_owner_only(place):
    kept = home.at(place).prepare()
    assert home.secret(kept, "bank") == home.secret(kept, "bank")
    assert (kept.keys / "bank").stat().st_mode & 0o777 == 0o600
    assert kept.keys.stat().st_mode & 0o777 == 0o700
