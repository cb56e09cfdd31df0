"""Both engines write the same bytes, whatever the file holds."""

import csv
import io
import os
import re
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latchstring.programs import bulk, bulk_look, bulk_many, bulk_one
from latchstring.programs.bulk_cells import BOUNDS_FAST, READ_AS, Cells, Counties
from latchstring.programs.bulk_look import Lines
from latchstring.programs.bulk_many import NeedsWide, Query
from latchstring.programs.bulk_source import Source
from latchstring.programs.dictionary import dictionary, read_date, text_reader
from latchstring.programs.document import slugs
from latchstring.programs.door import load_program
from latchstring.programs.households import cases_of
from latchstring.programs.households import written as as_written
from latchstring.rules.many import ManyCompiler

FACTS = load_program("nm-erap").columns
COLUMNS = ["household_id", *FACTS]
SOME = {
    "yes_no": ["true", "false", "TRUE", "yes", "1", " true"],
    "money": [
        *("0", "0.00", "900", "1250.5", "48400", "48400.01", "51200.00", "4266.67", "99999999.99"),
        *("007", "1,000", "1e3", "+3", "-1", "3.", ".5", "1.234", "1_000", " 5", "12345678901"),
        *("9" * 32, "9" * 33, "1" + "0" * 31 + ".99", "٣", "1\n", "a#b"),
    ],
    "whole": [
        *("0", "1", "2", "3", "4", "8", "9", "12", "15", "18", "99", "3.0", "+3", "1e1", "-0"),
        *("007", "1000000", "99999999999999999999", "9" * 32, "9" * 33, "1_0", " 1", "-1", "-3"),
    ],
    "date": [
        *("2024-03-31", "2024-04-01", "2024-09-30", "2024-10-01", "2025-03-31", "2025-04-01"),
        *("2025-09-30", "2025-10-01", "2026-04-30", "2026-05-01", "2024-02-30", "2024-2-3"),
        *(
            "0000-01-01",
            "0001-01-01",
            "9999-12-31",
            "20240401",
            "2024-01-01 ",
            "24-001-05",
            "12025-01-01",
            "infinity",
        ),
    ],
    "choice": ["NM", "WY", "nm", "TX", "NM "],
    "text": ["35001", "35013", "56021", "56039", "56001", "48001", "35001 ", "Laramie"],
}
ODD = [  # what DuckDB's casts take, or nearly, and this contract does not; and some that it does
    *("1e3", "1E3", "40e2", "5e00", "1e+3", "1e-2", "+3", "-0", "-0.00", "-5", "3.", "3.0", ".5"),
    *("1_000", "0_1", "1.234", "9.999", "0x1F", "0b11", "007", "0000012", "00", "0.", "12.30"),
    *("inf", "-inf", "nan", "NaN", "٣", "１２", "½", "5 ", " 5", "\t5", "5\t", "\x0b5", "\x0c5"),
    *("1 000", "$5", "--5", "..", "e3", "E", "t", "T", "f", "y", "yes", "on", "True", "FALSE"),
    *("999999", "1000000", "999999999.99", "999999999.995", "1000000000", "9" * 40, "0" * 60),
    *("2024/04/01", "2024 04 01", "2024-4-01", "2024-04-1 ", " 2024-4-01", "2024-04-01T00:00:00"),
    *("12024-4-01", "2024-02-30", "2023-02-29", "2100-02-29", "0000-01-01", "0999-12-31"),
    *("1000-01-01", "-2024-04-01", "epoch", "infinity", "today", "2024-04-01 (BC)", "null", "NULL"),
]
GOOD = {
    "yes_no": ["true", "false"],
    "money": ["0", "900", "1250.5", "30000", "48400", "58500.00", "900.01"],
    "whole": ["1", "2", "3", "5", "9", "14"],
    "date": ["2024-03-31", "2024-04-01", "2025-06-01", "2026-05-01"],
    "choice": ["NM", "WY"],
    "text": ["35001", "56021"],
}


def cells(choices: dict[str, list[str]]) -> st.SearchStrategy[list[str]]:
    ids = st.sampled_from([*(f"H{i}" for i in range(30)), "", "a,b", 'q"q', "#x", "é", "x\ny"])
    plain = st.sampled_from([f"H{i}" for i in range(200)])
    facts = [st.sampled_from(["", *choices[dictionary()[key].type]]) for key in FACTS]
    first = ids if choices is SOME else plain
    return st.tuples(first, *facts).map(list)


def written(rows: list[list[str]], header: list[str] = COLUMNS) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([header, *rows])
    return out.getvalue().encode()


def run_both(content: bytes, folder: Path, program: str) -> bytes:
    source = folder / "in.csv"
    source.write_bytes(content)
    results = []
    for engine, name in ((bulk_one, "one.csv"), (bulk_many, "many.csv")):
        job = bulk.job(program, source, folder / name)
        count = engine.determine(job, lambda done: None)
        results.append((count, (folder / name).read_bytes()))
    assert results[0] == results[1]
    return results[0][1]


@pytest.fixture
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SQL engine may not hand a file over to the other one: that would prove nothing."""
    monkeypatch.setattr(bulk_many.bulk_one, "determine", bulk_one.determine)

    def handed_over(job: bulk.Job, progress: bulk.Progress) -> bulk.Count:
        raise AssertionError("handed over to `one`")

    monkeypatch.setattr(bulk_many, "bulk_one", type("Closed", (), {"determine": handed_over}))


MANY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@MANY
@given(st.lists(cells(GOOD), min_size=1, max_size=40), st.sampled_from(["nm-erap", "wy-erap"]))
def test_good_and_unknown_households(
    tmp_path: Path, no_way_out: None, rows: list[list[str]], program: str
) -> None:
    run_both(written(rows), tmp_path, program)


@MANY
@given(st.lists(cells(SOME), min_size=1, max_size=25), st.sampled_from(["nm-erap", "wy-erap"]))
def test_odd_values_and_ids(
    tmp_path: Path, no_way_out: None, rows: list[list[str]], program: str
) -> None:
    run_both(written(rows), tmp_path, program)


def households_of(slug: str) -> st.SearchStrategy[list[list[str]]]:
    """Files for one program: its test households, some cells changed, now and then to nonsense."""
    columns = load_program(slug).columns
    whole = [[as_written(case["facts"].get(key)) for key in columns] for case in cases_of(slug)]
    others = []
    for key in columns:
        found = dictionary()[key]
        good = list(found.choices) or GOOD[found.type]
        odd = SOME[found.type] if key in ("applied_on", "monthly_income") else good
        others.append(st.sampled_from([*good, *good, "", *odd]))
    changes = st.dictionaries(st.integers(0, len(columns) - 1), st.integers(), max_size=4)

    def changed(drawn: tuple[list[str], dict[int, int], tuple[str, ...], str]) -> list[str]:
        row, places, cells, id = drawn
        return [id, *(cells[i] if i in places else cell for i, cell in enumerate(row))]

    ids = st.sampled_from([f"H{i}" for i in range(40)])  # some twice: the second is invalid
    row = st.tuples(st.sampled_from(whole), changes, st.tuples(*others), ids).map(changed)
    return st.lists(row, min_size=1, max_size=40)


@pytest.mark.parametrize("slug", slugs())
def test_every_program_on_columns_of_its_own(tmp_path: Path, no_way_out: None, slug: str) -> None:
    header = ["household_id", *load_program(slug).columns]
    outcomes = set()

    @settings(parent=MANY, max_examples=25)
    @given(households_of(slug))
    def agree(rows: list[list[str]]) -> None:
        out = run_both(written(rows, header), tmp_path, slug).decode()
        outcomes.update(row["outcome"] for row in csv.DictReader(io.StringIO(out)))

    agree()
    assert outcomes == {"eligible", "ineligible", "unknown", "invalid"}


@settings(parent=MANY, max_examples=15)
@given(
    st.lists(cells(GOOD), min_size=1, max_size=5),
    st.sets(st.sampled_from(FACTS), min_size=1),
    st.randoms(use_true_random=False),
)
def test_left_out_and_shuffled_columns(tmp_path, no_way_out, rows, left_out, random) -> None:
    places = [i for i, column in enumerate(COLUMNS) if column not in left_out]
    random.shuffle(places)
    content = written([[row[i] for i in places] for row in rows], [COLUMNS[i] for i in places])
    if len(places) > 1:
        run_both(content, tmp_path, "wy-erap")


def test_the_fast_and_the_wide_form_agree(tmp_path: Path) -> None:
    """A number that does not fit 64 bits turns the whole file to the wide form, and no other."""
    good = ["H1", "2025-06-01", "NM", "35001", "9", "true", "30000", "2500", "true", "", "true"]
    good += ["false", "1250.55", "false", "7", "4", "2", "0", "99.99", "0", "false"]
    huge = [*good]
    huge[0], huge[6] = "H2", "9" * 32
    source = tmp_path / "in.csv"
    source.write_bytes(written([good, huge]))
    with pytest.raises(NeedsWide):
        job = bulk.job("nm-erap", source, tmp_path / "fast.csv")
        query = Query(job, job.versions[-1], Source(source, COLUMNS, plain=True), wide=False)
        query.write(job.target, lambda done: None)
    lines = run_both(written([good, huge]), tmp_path, "nm-erap").decode().splitlines()
    assert lines[1].split(",", 1)[1] == lines[2].split(",", 1)[1]  # huge income, low by the month


def days() -> list[str]:
    """Return days that are in the calendar and days that are not, written as they should be."""
    years = (0, 1, 4, 1000, 1900, 1999, 2000, 2023, 2024, 2026, 2100, 2400, 9999)
    return [f"{y:04d}-{m:02d}-{d:02d}" for y in years for m in range(14) for d in range(33)]


@pytest.mark.parametrize("kind", ["yes_no", "money", "whole", "counted", "date"])
def test_a_cell_that_fits_its_pattern_and_is_read_is_right(kind: str) -> None:
    """Such a cell is not tested again: what fits and is read must be what *one* reads."""
    (definition, *_) = [
        found for found in map(dictionary().get, FACTS) if bulk_look.shape(found) == kind
    ]
    texts = [*ODD, *SOME[definition.type], *(days() if kind == "date" else [])]
    fitting = [text for text in texts if re.fullmatch(bulk_look.READ[kind], text, re.ASCII)]
    with duckdb.connect(":memory:") as connection:
        for text in fitting:
            asked = f"SELECT TRY_CAST(? AS {READ_AS[definition.type]})"
            (found,) = connection.execute(asked, [text]).fetchone() or ()
            known = text_reader(definition)(text)
            if found is not None:
                assert known == (int(found * 100) if kind == "money" else found), text
            elif known is not None:
                assert known >= BOUNDS_FAST[definition.type], text  # the wide form has room for it
    if kind == "date":
        right = [day for day in days() if read_date(day) and day >= "1000"]
        assert set(right) <= set(fitting)  # no year that is met goes the slow way


@pytest.mark.parametrize("kind", ["yes_no", "money", "whole", "counted"])
def test_a_cell_that_is_not_read_is_told_right_by_its_pattern_alone(kind: str) -> None:
    """A fact that the program does not use is no value; its cells are held to the contract."""
    definition = next(d for d in dictionary().values() if bulk_look.shape(d) == kind)
    pattern = bulk_look.pattern_of(definition, read=False)
    for text in [*ODD, *SOME[definition.type]]:
        fits = re.fullmatch(pattern, text, re.ASCII) is not None
        assert fits == (text_reader(definition)(text) is not None), text


GOOD_ROW = ["2024-02-29", "NM", "35001", "9", "true", "30000", "2500", "true", "", "true"]
GOOD_ROW += ["false", "1250.55", "false", "7", "4", "2", "0", "99.99", "0", "false"]


ONE_OF_EACH = ["applied_on", "state", "county", "size", "rents", "annual_income", "bedrooms"]


@pytest.mark.parametrize("column", [*ONE_OF_EACH, "internet_owed"])  # that nm-erap does not use
def test_one_column_with_odd_cells(tmp_path: Path, no_way_out: None, column: str) -> None:
    """Among good cells: odd ones, then only such as fit, then each that fits and is none alone."""
    place, definition = COLUMNS.index(column), dictionary()[column]
    pattern, read = bulk_look.pattern_of(definition, read=True), text_reader(definition)
    texts = [*ODD, *SOME[definition.type]]
    fitting = [text for text in texts if re.fullmatch(pattern, text, re.ASCII)]
    right = [text for text in fitting if read(text) is not None]
    far = [text for text in fitting if text not in right or len(text) > 6]
    for some in (texts, right, *([text] for text in far if column not in ("state", "county"))):
        rows = [["H0", *GOOD_ROW], *([f"H{9000 - n}", *GOOD_ROW] for n in range(len(some)))]
        for row, text in zip(rows[1:], some, strict=True):
            row[place] = text
        run_both(written([row for row in rows if "," not in row[place]]), tmp_path, "nm-erap")
    rows[0][0] = "a,b"  # no longer plain
    run_both(written(rows), tmp_path, "wy-erap")


@pytest.mark.parametrize("odd", ["1e3", "12345678901", "30000"], ids=["odd", "huge", "good"])
def test_an_id_that_comes_again_far_away(tmp_path: Path, no_way_out: None, odd: str) -> None:
    rows = [[f"H{(n * 7919) % 30_011}", *GOOD_ROW] for n in range(30_000)]  # in no order
    rows[29_999][0] = rows[29_998][0] = rows[17][0]
    rows[15_000][6] = odd
    out = run_both(written(rows), tmp_path, "nm-erap").decode().splitlines()
    again = [n for n, line in enumerate(out[1:]) if f"household_id={rows[17][0]}" in line]
    assert again == [29_998, 29_999]


def test_a_file_is_looked_at_by_its_lines(tmp_path: Path, no_way_out: None) -> None:
    """Only a column that has an odd cell is read as texts; an id come twice is seen."""
    good, source = ["H1", *GOOD_ROW], tmp_path / "in.csv"
    second, nothing = ["H2", *GOOD_ROW], frozenset()
    for change, expected in [
        ({}, Lines(False, nothing)),
        ({3: "56021"}, Lines(False, nothing)),  # of the other state: two cells tell
        ({4: "0"}, Lines(False, frozenset({"size"}))),  # below the least
        ({0: "H1"}, Lines(True, nothing)),
        ({0: ""}, Lines(False, frozenset({"household_id"}))),
        ({1: "2024-2-29"}, Lines(False, frozenset({"applied_on"}))),
        ({1: "2024-02-30"}, Lines(False, nothing)),  # found when it is read
        ({2: "TX"}, Lines(False, frozenset({"state"}))),
        ({5: "TRUE", 6: "1e3"}, Lines(False, frozenset({"rents", "annual_income"}))),
        ({14: "+7"}, Lines(False, frozenset({"bedrooms"}))),
        ({20: "no"}, Lines(False, frozenset({"other_federal_rent_help"}))),
    ]:
        rows = [good, [change.get(place, cell) for place, cell in enumerate(second)]]
        source.write_bytes(written(rows))
        job = bulk.job("nm-erap", source, tmp_path / "out.csv")
        with duckdb.connect(":memory:") as connection:
            query = Query(job, job.versions[-1], Source(source, COLUMNS, plain=True), wide=False)
            assert query.lines(connection) == expected, change
        run_both(written(rows), tmp_path, "nm-erap")


def test_a_day_that_no_rule_asks_for_is_read_all_the_same(tmp_path: Path) -> None:
    """Its pattern does not tell a day that is not in the calendar; only reading it does."""
    (path := tmp_path / "in.csv").write_bytes(written([["H1", "2024-02-30", *GOOD_ROW[1:]]]))
    compiler = ManyCompiler({}, {}, wide=False)
    counties = Counties(compiler)
    with duckdb.connect(":memory:") as connection:
        for statement in compiler.setup:
            connection.execute(statement)
        for asked in ((), FACTS):
            cells = Cells(Source(path, COLUMNS, plain=True), FACTS, asked, counties, wide=False)
            query = f"SELECT household_id, wrong FROM ({cells.checked(Lines(False, frozenset()))})"
            with pytest.raises(duckdb.ConversionException):
                connection.execute(query).fetchall()


def test_the_order_of_a_large_file_is_kept(tmp_path: Path, no_way_out: None) -> None:
    row = ["2025-06-01", "NM", "35001", "3", "true", "30000", "2500", "true", "", "true"]
    row += ["false", "1250.55", "false", "2", "4", "2", "0", "99.99", "0", "false"]
    rows = [[f"H{i:06d}", *row] for i in range(120_000)]
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(written(rows))
    bulk_many.determine(bulk.job("nm-erap", source, target), lambda done: None)
    ids = [line.split(",")[0] for line in target.read_text().splitlines()[1:]]
    assert ids == [row[0] for row in rows]


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content + b"\n\n",
        lambda content: content.rstrip(b"\n"),
        lambda content: content.replace(b"H1,", b'"H1",'),
        lambda content: content.split(b"\n", 1)[0] + b"\n",
        lambda content: content.split(b"\n", 1)[0],
    ],
    ids=["crlf", "bom", "blank lines", "no last line end", "quoted", "header only", "bare header"],
)
def test_shapes_of_files(tmp_path: Path, change) -> None:
    rows = [["H1"] + [GOOD[dictionary()[k].type][0] for k in FACTS], ["H2"] + [""] * 20]
    out = run_both(change(written(rows)), tmp_path, "nm-erap").decode()
    assert "\r" not in out and out.endswith("\n")


def test_a_pipe_is_given_the_rows_once(tmp_path: Path) -> None:
    """Where a file is begun again halfway, nothing of the first beginning went into the pipe."""
    os.mkfifo(pipe := tmp_path / "out")
    end = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    with pytest.raises(duckdb.ConversionException), bulk.written_whole(pipe) as path:
        path.write_text("half")
        raise duckdb.ConversionException
    with bulk.written_whole(pipe) as path:
        path.write_text("whole")
    assert os.read(end, 100) == b"whole"
    os.close(end)
