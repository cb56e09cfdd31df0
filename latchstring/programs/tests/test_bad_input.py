"""Malformed, hostile or absurd program files: refused with the line and the mend, at once."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latchstring.programs.document import from_catalog
from latchstring.programs.errors import CatalogError
from latchstring.programs.reading import catalog_folder, read_text, read_yaml

LIEAP = (catalog_folder() / "wy" / "lieap.yaml").read_text(encoding="utf-8")
LONGEST = 1.0  # seconds
BOMB = "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a, *a, *a]\n" for n in range(9))


def changed(old: str, new: str) -> str:
    assert old in LIEAP
    return LIEAP.replace(old, new, 1)


def added(text: str) -> str:
    return LIEAP + text + "\n"


NOT_YAML: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "empty"),
    "only a comment": ("# soon\n", "empty"),
    "a list": ("- slug\n", "must be a mapping"),
    "a word": ("slug\n", "must be a mapping"),
    "two documents": ("slug: a\n---\nslug: b\n", "Only one document"),
    "aliases that explode": (BOMB, "Write it out again"),
    "an alias of itself": ("a: &a [*a]\n", "Write it out again"),
    "nothing to point at": ("a: *b\n", "Write it out again|undefined alias"),
    "a megabyte of brackets": ("a: " + "[" * 990_000, "nested more than"),
    "a megabyte of braces": ("a: " + "{a: " * 240_000, "nested more than"),
    "nesting by lines": ("".join(" " * n + "a:\n" for n in range(999)), "nested more than"),
    "too large": ("a: " + "x" * 1_000_001, "larger than"),
    "a key twice": ("slug: a\nslug: b\n", "written twice"),
    "a key that is a list": ("[a, b]: c\n", "single word"),
    "tabs": ("slug: a\nname:\n\ten: b\n", "spaces, not tabs"),
    "a NUL byte": ("slug: a\x00\n", "hidden character"),
    "a character that turns the text round": ("slug: a\u202eb\n", "hidden character"),
    "Latin letters of another encoding": ("name: a\xf1o\n".encode("latin-1"), "Save the file as"),
    "UTF-16": ("slug: a\n".encode("utf-16"), "Save the file as"),
    "half a letter": ("slug: a\nname: ñ".encode()[:-1], "Save the file as"),
    "a Python object": ("a: !!python/object/apply:os.system [ls]\n", "needs no `!`"),
    "a tag of one's own": ("a: !money 3\n", "needs no `!`"),
    "a binary": ("a: !!binary aGk=\n", "needs no `!`"),
    "a broken quotation": ('a: "b\nc: d\n', "end of stream|unexpected|while"),
    "a day that is none": ("a: 2026-02-30\n", "There is no day 2026-02-30"),
    "a moment": ("a: 2026-02-28 10:00:00\n", "quotation marks"),
    "a fraction": ("a: 0.5\n", "quotation marks"),
    "infinity": ("a: .inf\n", "quotation marks"),
    "a number to the base of sixty": ("a: 190:20:30\n", "quotation marks"),
    "an octal number": ("a: 0777\n", "quotation marks"),
    "Norway": ("a: no\n", "quotation marks"),
    "a number of a million digits": ("a: " + "9" * 999_000, "quotation marks"),
    "a merge of mappings": ("<<: {a: b}\n", "slug is missing|no key|single word"),
}
NOT_A_PROGRAM: dict[str, tuple[str, str]] = {
    "a key that is none": (added("roundz: []"), r"no key `roundz`.*Did you mean rounds\?"),
    "a key in the wrong place": (added("when: a"), "no key `when`"),
    "an essential key left out": (changed("agency: wy-dfs\n", ""), "agency is missing"),
    "a text for a list": (changed("languages: [en, es]", "languages: en"), "must be a list"),
    "a number for words": (changed("name: {en: Wyoming", "name: 3 #"), "must be a mapping"),
    "Spanish left out": (
        changed("  state_name: {en: Wyoming, es: Wyoming}", "  state_name: {en: Wyoming}"),
        "es is missing",
    ),
    "days below zero": (changed("days: 45", "days: -45"), "days must be a whole number"),
    "a huge number": (changed("days: 45", "days: 99999999999"), "days must be a whole number"),
    "days in words": (changed("days: 45", "days: soon"), "days must be a whole number"),
    "a letter that leaves out what it must name": (
        changed("  - id: denied\n", "  - id: denied\n    must_name: [reason, legal_aid]\n"),
        "The letter denied must name legal_aid. Write {legal_aid}",
    ),
    "a base that is not there": (added("extends: us-liep"), "no program us-liep to extend"),
    "a document that extends itself": (
        LIEAP.replace("slug: wy-lieap", "slug: us-erap\nextends: us-erap"),
        "in a circle",
    ),
    "a rule that is none": (changed("rule: monthly_income * 12", "rule: monthly_income *"), "rule"),
    "a misspelt fact": (
        changed("rule: monthly_income * 12", "rule: montly_income * 12"),
        "Did you mean monthly_income",
    ),
    "a rule a megabyte deep": (
        changed("rule: monthly_income * 12", "rule: " + "(" * 9000 + "1" + ")" * 9000),
        "cut it in parts",
    ),
    "derived facts in a circle": (
        changed("rule: monthly_income * 12", "rule: income_limit + 1").replace(
            "rule: max(median_limit, never_excluded)", "rule: max(annualised_income, 1)"
        ),
        "in a circle",
    ),
    "a month's income against a year's limit": (
        changed("rule: annualised_income <= income_limit", "rule: monthly_income <= income_limit"),
        "monthly_income is in dollars a month and income_limit in dollars a year",
    ),
    "a month's income that is called a year's": (
        changed("rule: monthly_income * 12", "rule: monthly_income"),
        "The rule is in dollars a month, but its unit says dollars a year",
    ),
    "people compared with dollars": (
        changed("rule: annualised_income <= income_limit", "rule: size <= income_limit"),
        "size is in people",
    ),
    "a criterion that is an amount": (
        changed("rule: annualised_income <= income_limit", "rule: annualised_income"),
        "must be true or false",
    ),
    "a criterion twice": (changed("id: once_a_season", "id: income"), "stands twice"),
    "a question that the bank lacks": (
        changed("{id: anyone_60}", "{id: anyone_61}"),
        "no question anyone_61. Did you mean anyone_60",
    ),
    "a question that nothing reads": (
        changed("{id: anyone_60}", "{id: anyone_60}\n  - {id: months_helped}"),
        "Nothing in wy-lieap reads the answer of months_helped",
    ),
    "a condition that is an amount": (
        changed("{id: main_fuel, when: pays_for_heat}", "{id: main_fuel, when: size}"),
        "when must be true or false",
    ),
    "a clock on a fact that is not there": (
        changed("when: heat_emergency, late", "when: heat_emergenci, late"),
        "Did you mean heat_emergency",
    ),
    "a check of whom a fact says that is not there": (
        changed("about: household,", "about: household, when: heat_emergenci,"),
        "Did you mean heat_emergency",
    ),
    "a round that ends before it begins": (
        changed("closes_on: 2026-04-30", "closes_on: 2025-04-30"),
        "closes_on .2025-04-30. is before opens_on",
    ),
    "an early opening after the opening": (
        changed("opens_early_on: 2025-09-02", "opens_early_on: 2025-11-02"),
        "opens_on .* is before opens_early_on",
    ),
    "a pause that runs backwards": (changed("to: 2025-12-01", "to: 2025-10-01"), "is before from"),
    "a pause outside of its round": (
        changed("- from: 2025-10-15", "- from: 2024-10-15"), "not in its round",
    ),
    "a payee that is not there": (changed("payee: utility", "payee: utilty"), "no payee utilty"),
    "an amount that nobody works out": (
        changed("amount: heating_amount", "amount: heating_sum"), "no fact heating_sum",
    ),
    "a word that nothing fills in": (
        changed("{annualised_income}, is within", "{anualised_income}, is within"),
        "Did you mean annualised_income",
    ),
    "a brace that stands alone": (
        changed("Dear {name},", "Dear {name,"), "stands alone|no word to fill in",
    ),
    "a check that proves what is not there": (
        changed("proves: [once_a_season]", "proves: [twice]"), "no criterion twice",
    ),
    "a fact that is still to be declared": (
        changed("rule: heating_benefit_set", "rule: sewer_set"),
        "no fact sewer_set. A new one is an entry of catalog/facts.yaml",
    ),
    "a question that is still to be written": (
        changed("{id: anyone_60}", "{id: leak}"), "no question leak. A new one is an entry",
    ),
    "a paper that the bank has no words for": (
        changed("[heating_bill, fuel", "[water_bill, fuel"), "no kind of paper water_bill.*papers",
    ),
    "a page that the papers bank lacks": (
        changed("documents: [heating_bill", "page: tap\n      documents: [heating_bill"),
        "no page tap. A new one is an entry of `pages:`",
    ),
    "a letter that is not written": (
        changed("- id: payment_returned", "- id: payment_came"),
        "missing in notices: payment_returned. Every case",
    ),
    "no words on appeals": (
        re.sub(r"(?s)\nappeal:\n.*?\n\n", "\n\n", LIEAP), "appeal is missing: the letter",
    ),
    "a payee that the interview cannot ask for": (
        changed("payees:\n  utility:", "payees:\n  company:"),
        "no kind of payee company. There are tenant, landlord, utility, ebt_card",
    ),
    "a text that is cut off": (
        changed("en: You pay to heat your home.", "en: You pay, to heat your home."), "no key",
    ),
}  # fmt: skip


# Where one change makes several things wrong: each wants a mend of its own.
SEVERAL = {
    "a letter that leaves out what it must name": 2,
    "a criterion twice": 2,
    "a payee that the interview cannot ask for": 3,
}


def refused(content: str | bytes, folder: Path) -> CatalogError:
    """Read a file as the command does; it must be refused, and soon."""
    file = folder / "program.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    began = time.perf_counter()
    with pytest.raises(CatalogError) as found:
        from_catalog(read_yaml(file))
    assert time.perf_counter() - began < LONGEST
    return found.value


@pytest.mark.parametrize("name", NOT_YAML)
def test_what_is_no_plain_yaml_is_refused(name: str, tmp_path: Path) -> None:
    content, message = NOT_YAML[name]
    found = refused(content, tmp_path)
    assert found.line or name in ("too large",)
    found_in(found, message)


@pytest.mark.parametrize("name", NOT_A_PROGRAM)
def test_what_is_no_program_is_refused(name: str, tmp_path: Path) -> None:
    content, message = NOT_A_PROGRAM[name]
    found = refused(content, tmp_path)
    assert found.line
    assert 1 + len(found.others) == SEVERAL.get(name, 1), found.others
    assert any(re.search(message, one.message) for one in (found, *found.others))


MANY = (
    ("agency: wy-dfs\n", "agancy: 3\nroundz: []\n"),
    ("rule: monthly_income * 12", "rule: montly_income * 12"),
    ("rule: annualised_income <= income_limit", "rule: annualised_income"),  # waits for that one
    ("{id: anyone_60}", "{id: anyone_61}"),
    ("days: 45", "days: -45"),
    ("closes_on: 2026-04-30", "closes_on: 2025-04-30"),
    ("proves: [once_a_season]", "proves: [twice]"),
)


def test_everything_that_is_wrong_is_told_at_once_by_line_and_nothing_twice(tmp_path: Path) -> None:
    content = LIEAP
    for old, new in MANY:
        assert old in content
        content = content.replace(old, new, 1)
    first = refused(content, tmp_path)
    found = [first, *first.others]
    assert [one.line for one in found] == sorted(one.line for one in found)
    told = "\n".join(one.message for one in found)
    for message in (
        "no key `agancy` in This program file. Did you mean agency",
        "line 6: agency must be a name",
        "no key `roundz`",
        "Did you mean monthly_income",
        "no question anyone_61",
        "days must be a whole number",
        "is before opens_on",
        "no criterion twice",
    ):
        assert message in told, told
    assert len(found) == 8, told


def test_a_file_is_read_on_after_a_value_that_needs_quotation_marks(tmp_path: Path) -> None:
    found = refused("slug: no\nname: 0.5\nslug: a\nstate: 2026-02-30\n", tmp_path)
    assert [one.line for one in (found, *found.others)] == [1, 2, 3, 4]


def test_documents_that_are_read_further_are_not_changed(tmp_path: Path) -> None:
    """A base is read once and shared: what is wrong with it is told of every program over it."""
    document = read_text(changed("days: 45", "days: -45"), "lieap.yaml")
    for _ in range(2):
        with pytest.raises(CatalogError, match="days must be a whole number"):
            from_catalog(document)


def found_in(found: CatalogError, message: str) -> None:
    with pytest.raises(CatalogError, match=message):
        raise found
    assert len(found.message) < 1000


def test_there_are_forty_and_the_real_one_is_taken() -> None:
    assert len(NOT_YAML) + len(NOT_A_PROGRAM) >= 40
    assert from_catalog(read_text(LIEAP, "lieap.yaml")).slug == "wy-lieap"


LINES = LIEAP.splitlines(keepends=True)
BITS = ["", "{", "}", "[", "]", ":", " ", "  ", "\n", "- ", "'", '"', "&a", "*a", "!x", "|", "null",
        "0", "-1", "9" * 40, "2026-02-30", "true", "{x}", "é", "\t", "\x00", "lookup("]  # fmt: skip
EDITS = st.lists(
    st.tuples(
        st.integers(0, len(LINES) - 1),
        st.integers(0, 120),
        st.integers(0, 6),
        st.sampled_from(BITS) | st.sampled_from(LINES),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(EDITS)
def test_a_real_document_edited_anywhere_is_taken_or_refused(
    edits: list[tuple[int, int, int, str]],
) -> None:
    """No other error than the room's own, and in bounded time."""
    lines = list(LINES)
    for line, start, length, new in edits:
        old = lines[line]
        lines[line] = old[:start] + new + old[start + length :]
    began = time.perf_counter()
    try:
        from_catalog(read_text("".join(lines), "edited.yaml"))
    except CatalogError as wrong:
        assert wrong.file
    assert time.perf_counter() - began < LONGEST
