"""`ach check` and `ach read`: what they print, and with which exit code."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from latchstring.command import main
from latchstring.payments.nacha.check import check
from latchstring.payments.nacha.tests.examples import FILE, put
from latchstring.payments.nacha.write import build_file

OURS = build_file(FILE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.ach"


def test_a_valid_file(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_bytes(OURS)
    assert main(["ach", "check", str(path)]) == 0
    assert capsys.readouterr().out == "valid\n"


def test_a_fault_is_a_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_bytes(put(OURS, 3, 12, "5"))
    assert main(["ach", "check", str(path)]) == 1
    out = capsys.readouterr().out
    assert out == "record 3, field check_digit: is 5, but 23138010 needs 4\n"


@pytest.mark.parametrize("verb", ["check", "read"])
def test_no_file_is_wrong_usage_in_one_line(
    verb: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ach", verb, str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1


def test_reading_gives_json(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_bytes(OURS)
    assert main(["ach", "read", str(path)]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["header"]["immediate_destination"] == " 121042882"
    assert [each["header"]["standard_entry_class"] for each in values["batches"]] == [
        "PPD",
        "CCD",
        "CTX",
    ]
    assert values["batches"][1]["entries"][0]["addenda"][0]["addenda_type_code"] == "05"


def test_the_rail_knows_no_framework() -> None:
    asks = "import sys, latchstring.commands_ach; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asks], check=False).returncode == 0


class Endless(io.RawIOBase):
    """A stream that gives the same character for ever, and counts."""

    def __init__(self, sign: bytes) -> None:
        self.sign, self.given = sign, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        buffer[:] = self.sign * len(buffer)
        self.given += len(buffer)
        return len(buffer)


def test_an_endless_file_is_given_up() -> None:
    source = Endless(b"x")
    assert check(source)  # type: ignore[arg-type]
    assert source.given < 2_000_000
