"""docs/run.md names every setting that the source reads, and none that it does not."""

import re
from pathlib import Path

from latchstring import unsafe
from latchstring.kernel import limits

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "run.md").read_text()
READ = re.compile(
    r"""(?:environment\.(?:text|flag|number)|environ\.get|environ\.setdefault|environment\.get)"""
    r"""\(\s*"([A-Z][A-Z_]+)"|environ\["([A-Z][A-Z_]+)"\]"""
)
# Not an operator's: the supervisor's to its own children, the demo's and the tests' (production
# refuses those: unsafe.ONLY_DEMO).
PLAIN = ("DATABASE_URL", "EMAIL_URL", "STORAGE_URL", "PORT")
INWARD = {
    "LATCHSTRING_SUPERVISED",
    "LATCHSTRING_STOPPING_MARK",
    "LATCHSTRING_MAIL_PAGE_URL",
    "LATCHSTRING_STANDIN_ADMIN_TOKEN",
    "LATCHSTRING_DEMO_TICK_SECONDS",
    "LATCHSTRING_CRASH",
}
SERVICES = {
    f"LATCHSTRING_{name}_{what}"
    for name, more in (
        ("TAX", ()),
        ("HUMAN_SERVICES", ()),
        ("CARD", ()),
        ("BANK", ("NAME", "ROUTING", "ORIGIN", "COMPANY", "COMPANY_ID")),
    )
    for what in ("URL", "CLIENT", "SECRET", *more)
}


def read_by_the_source():
    found = set()
    for file in (ROOT / "latchstring").rglob("*.py"):
        if "tests" not in file.parts:
            for groups in READ.findall(file.read_text()):
                found |= {name for name in groups if name}
    ours = {name for name in found if name.startswith("LATCHSTRING_") or name in PLAIN}
    return ours - INWARD - SERVICES


def told_on_the_page():
    table = PAGE.split("## Settings")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    names = {name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row.split("|")[1])}
    return names - SERVICES


def test_the_reader_of_the_source_finds_settings_of_every_kind():
    found = read_by_the_source()
    assert {"LATCHSTRING_HOSTS", "DATABASE_URL", "PORT", "LATCHSTRING_BIND"} <= found
    assert len(found) >= 20


def test_every_setting_has_its_row():
    assert read_by_the_source() - told_on_the_page() == set()


def test_no_row_tells_of_a_setting_that_is_gone():
    assert told_on_the_page() - read_by_the_source() - INWARD == set()


def test_the_three_services_are_told():
    for name in ("LATCHSTRING_TAX_URL", "LATCHSTRING_HUMAN_SERVICES", "LATCHSTRING_BANK_URL"):
        assert name in PAGE


def test_what_refuses_to_start_is_told():
    refusals = PAGE.split("### What refuses to start")[1].split("\n## ")[0]
    for words in ("SECRET_KEY", "HOSTS", "EMAIL_URL", "sslmode", "second factor", "superuser"):
        assert words in refusals, words
    for name in unsafe.SERVER_LOG:
        assert name in refusals, name


def test_the_figures_for_sizing_are_those_of_the_source():
    for number in (limits.WEB_PLACES, limits.WEB_THREADS, limits.WEB_CONNECTIONS_MAX):
        assert f"**{number}**" in PAGE.split("## Sizing")[1]
