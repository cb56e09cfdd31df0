"""`determine`, `explain` and `rules eval` from the outside: exit codes, bytes, messages."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from latchstring import commands_rules
from latchstring.command import main
from latchstring.programs.document import slugs
from latchstring.programs.door import load_program
from latchstring.programs.households import cases_of, written

COLUMNS = load_program("nm-erap").columns
HEADER = ",".join(["household_id", *COLUMNS])
GOOD = (
    "2025-06-01,NM,35001,3,true,30000,2500,false,true,true,false,1200,true,2,2,1,0,100.25,40,false"
)
OUT = (
    "household_id,outcome,priority,failed,missing,income_limit,arrears_months,future_months,"
    "rent_amount,future_rent_amount,utilities_amount,total,errors"
)
ELIGIBLE = "eligible,true,,,65800.00,2,1,2400.00,1200.00,100.25,3700.25,"
FACTS = {
    "applied_on": "2025-06-01",
    "state": "NM",
    "county": "35001",
    "size": 3,
    "rents": True,
    "annual_income": 70000.5,
    "monthly_income": "2500.50",
    "financial_hardship": True,
    "housing_instability": True,
    "monthly_rent": 1200,
    "rent_documented": True,
    "months_behind": 2,
    "future_months": 1,
    "months_assisted": 0,
    "utilities_owed": 310.2,
    "other_federal_rent_help": False,
    "household_id": "H1",
    "internet_owed": None,
}


@pytest.fixture(params=["one", "duckdb"])
def determine(request, tmp_path: Path, capfd):
    """Run determine on lines of text; return (exit code, lines out, message)."""

    def run(*lines: str, program: str = "nm-erap", more: tuple[str, ...] = ()):
        source, target = tmp_path / "in.csv", tmp_path / "out.csv"
        target.unlink(missing_ok=True)
        source.write_bytes(("\n".join(lines) + "\n").encode() if lines else b"")
        given = ["determine", program, "--households", str(source), "--out", str(target)]
        code = main([*given, "--engine", request.param, *more])
        written = target.read_bytes().decode() if target.exists() else None
        message = capfd.readouterr().err
        assert "Traceback" not in message and len(message.splitlines()) <= 1
        return code, written.splitlines() if written is not None else None, message

    return run


def test_a_good_row(determine) -> None:
    assert determine(HEADER, f"H1,{GOOD}") == (0, [OUT, f"H1,{ELIGIBLE}"], "")


def test_header_only_gives_header_only(determine) -> None:
    assert determine(HEADER) == (0, [OUT], "")


def test_columns_in_any_order_and_left_out(determine) -> None:
    code, lines, _ = determine("size,household_id,county,applied_on", "3,H1,35001,2025-06-01")
    assert code == 0
    missing = "annual_income;financial_hardship;housing_instability;monthly_income;"
    missing += "months_assisted;other_federal_rent_help;rents;state;unemployment_benefits"
    assert lines[1] == f"H1,unknown,,,{missing},65800.00,,,,,,,"


def test_only_the_id(determine) -> None:
    code, lines, _ = determine("household_id", "H1")
    assert code == 0 and lines[1].startswith("H1,unknown,,,annual_income;applied_on;county;")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("size", v) for v in ("0", "3.0", "+3", "1e1", " 3", "-1", "three")),
        *(("annual_income", v) for v in ("1.234", "+3", "1e3", "-1", "$5", "5 ", ".5", "5.")),
        *(("rents", v) for v in ("TRUE", "1", "yes", "True")),
        *(("applied_on", v) for v in ("2025-02-30", "2025-6-1", "01/06/2025", "20250601")),
        *(("state", v) for v in ("TX", "nm", "New Mexico")),
        *(("county", v) for v in ("56021", "48001", "35000", "1", "Bernalillo")),
        *(("months_behind", v) for v in ("1.5", "-1")),
        ("internet_owed", "x"),
    ],
)
def test_an_invalid_value(determine, column: str, value: str) -> None:
    cells = GOOD.split(",")
    cells[COLUMNS.index(column)] = value
    code, lines, message = determine(HEADER, f"H1,{','.join(cells)}", f"H2,{GOOD}")
    assert code == 3
    assert lines[1:] == [f"H1,invalid,,,,,,,,,,,{column}={value}", f"H2,{ELIGIBLE}"]
    assert "1 of 2 rows" in message


def test_a_comma_in_a_value_is_quoted_in_the_errors(determine) -> None:
    cells = GOOD.replace(",30000,", ',"1,000",')
    _, lines, _ = determine(HEADER, f"H1,{cells}")
    assert lines[1] == 'H1,invalid,,,,,,,,,,,"annual_income=1,000"'


def test_errors_stand_in_the_order_of_the_table(determine) -> None:
    header = "rents,size,county,household_id,applied_on"
    code, lines, _ = determine(header, "maybe,0,999,,soon")
    errors = "household_id=;applied_on=soon;county=999;size=0;rents=maybe"
    assert (code, lines[1]) == (3, f",invalid,,,,,,,,,,,{errors}")


def test_a_county_beside_an_invalid_state_is_judged_alone(determine) -> None:
    header = "household_id,state,county"
    _, lines, _ = determine(header, "H1,TX,56021", "H2,TX,1", "H3,,56021")
    assert lines[1] == "H1,invalid,,,,,,,,,,,state=TX"
    assert lines[2] == "H2,invalid,,,,,,,,,,,state=TX;county=1"
    assert lines[3].startswith("H3,unknown,")


def test_repeated_and_empty_ids(determine) -> None:
    rows = [f"H1,{GOOD}", f",{GOOD}", f"H1,{GOOD}", f"H2,{GOOD}", f",{GOOD}", f"H1,{GOOD}"]
    code, lines, _ = determine(HEADER, *rows)
    assert code == 3
    again, empty = "H1,invalid,,,,,,,,,,,household_id=H1", ",invalid,,,,,,,,,,,household_id="
    assert lines[1:] == [f"H1,{ELIGIBLE}", empty, again, f"H2,{ELIGIBLE}", empty, again]


def test_an_id_of_an_invalid_row_counts_as_seen(determine) -> None:
    bad = GOOD.replace(",true,30000", ",TRUE,30000")
    _, lines, _ = determine(HEADER, f"H1,{bad}", f"H1,{GOOD}")
    assert [line.rsplit(",", 1)[1] for line in lines[1:]] == ["rents=TRUE", "household_id=H1"]


def test_ids_are_quoted_only_where_needed(determine) -> None:
    rows = ['"a,b"', '"say ""hi"""', '"#1"', "#2", "é ü", '" x "']
    _, lines, _ = determine(HEADER, *(f"{id},{GOOD}" for id in rows))
    wanted = ['"a,b"', '"say ""hi"""', "#1", "#2", "é ü", " x "]
    assert lines[1:] == [f"{id},{ELIGIBLE}" for id in wanted]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["household_id,sise", "H1,3"], "no column 'sise'. Did you mean size?"),
        (["household_id,size,size", "H1,3,3"], "stands twice"),
        (["size", "3"], "household_id is missing"),
        ([], "household_id is missing"),
        ([HEADER, "H1,2025-06-01"], "Line 2 has 2 cells"),
        ([HEADER, f'"H1"x,{GOOD}'], "Line 2"),
    ],
)
def test_files_that_are_refused(determine, lines: list[str], words: str) -> None:
    code, written, message = determine(*lines)
    assert code == 2 and written is None and words in message


def test_as_of_never_moves_the_tables(determine) -> None:
    for day in ("2020-01-01", "2021-04-05", "2030-01-01"):
        _, lines, _ = determine(HEADER, f"H1,{GOOD}", more=("--as-of", day))
        assert lines[1] == f"H1,{ELIGIBLE}"


def test_an_unknown_program_is_named(determine) -> None:
    code, _, message = determine(HEADER, program="nm-erp")
    assert code == 2 and "Did you mean nm-erap?" in message


def test_no_such_file_and_overwriting(tmp_path: Path, capsys) -> None:
    path = tmp_path / "a.csv"
    given = ["determine", "nm-erap", "--households", str(path), "--out"]
    assert main([*given, str(tmp_path / "b.csv")]) == 2
    path.write_text(HEADER + "\n")
    assert main([*given, str(path)]) == 2
    assert main([*given, str(tmp_path / "no" / "b.csv")]) == 2
    assert path.read_text() == HEADER + "\n"


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self) -> bool:
        """Say that somebody is there."""
        return True


@pytest.mark.parametrize("engine", ["one", "duckdb"])
def test_a_bar_shows_how_far_the_file_is_on_a_terminal_and_only_there(
    engine: str, tmp_path: Path, monkeypatch
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = 100_000 if engine == "duckdb" else 10_000  # enough to see it move
    source.write_text(HEADER + "\n" + "".join(f"H{n},{GOOD}\n" for n in range(rows)))
    given = ["determine", "nm-erap", "--households", str(source), "--out", str(target)]
    monkeypatch.setattr(commands_rules, "BAR_SECONDS", 0)
    for watcher in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", watcher)
        assert main([*given, "--engine", engine]) == 0
        if not watcher.isatty():
            assert watcher.getvalue() == ""
            continue
        *drawn, cleared, after = watcher.getvalue().split("\r")[1:]
        assert all(line.startswith("Working through the households [") for line in drawn)
        shares = [int(line[-4:-1]) for line in drawn]
        assert shares == sorted(shares) and 0 < shares[-1] <= 100
        assert cleared == " " * len(drawn[-1]) and after == ""


def test_not_utf8_is_said(tmp_path: Path, capsys) -> None:
    (tmp_path / "a.csv").write_bytes(HEADER.encode() + b"\nH\xff1," + GOOD.encode() + b"\n")
    for engine in ("one", "duckdb"):
        given = ["determine", "nm-erap", "--households", str(tmp_path / "a.csv")]
        assert main([*given, "--out", str(tmp_path / "b.csv"), "--engine", engine]) == 2
        assert "not UTF-8" in capsys.readouterr().err


def explain(facts: object, tmp_path: Path, capsys, program: str = "nm-erap"):
    (tmp_path / "f.json").write_text(facts if isinstance(facts, str) else json.dumps(facts))
    code = main(["explain", program, "--facts", str(tmp_path / "f.json")])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else None, err


def test_explain(tmp_path: Path, capsys) -> None:
    code, found, _ = explain(FACTS, tmp_path, capsys)
    assert code == 0
    assert (found["outcome"], found["priority"], found["missing"]) == ("eligible", True, [])
    income = next(c for c in found["criteria"] if c["id"] == "income")
    assert income["result"] is True and "$65,800.00" in income["en"]
    assert "3 personas" in income["es"] and "FAQ 4" in income["citation"]
    rent = found["amounts"][0]
    assert rent["amount"] == "2400.00"
    assert rent["arithmetic"]["en"] == "2 months × $1,200.00 = $2,400.00"
    assert found["tables"] == [
        {
            "table": "hud_income_limits",
            "fiscal_year": "FY2025",
            "effective_from": "2025-04-01",
            "source": found["tables"][0]["source"],
        }
    ]  # a documented rent looks into no rent table
    assert len(found["version"]["hash"]) == 64


def test_explain_what_is_not_known(tmp_path: Path, capsys) -> None:
    code, found, _ = explain({"state": "NM"}, tmp_path, capsys)
    assert code == 0 and found["outcome"] == "unknown" and "size" in found["missing"]
    assert found["amounts"] == [] and found["total"] is None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"sise": 3}, "Did you mean size?"),
        ({"size": 0}, "whole number from 1"),
        ({"size": 2.5}, "whole number"),
        ({"size": True}, "whole number"),
        ({"rents": "TRUE"}, "true or false"),
        ({"annual_income": 1.005}, "two decimals"),
        ({"state": "NM", "county": "56021"}, "not in NM"),
        ({"applied_on": "2025-02-30"}, "a date"),
        ("{", "JSON"),
        ("[1]", "one JSON object"),
        ('{"size": NaN}', "NaN"),
    ],
)
def test_wrong_facts_are_one_line(tmp_path: Path, capsys, facts, words: str) -> None:
    code, found, message = explain(facts, tmp_path, capsys)
    assert code == 2 and found is None
    assert words in message and len(message.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("size * 2.50", "7.5"),
        ("0.1 + 0.2", "0.3"),
        ("100 * 10", "1000"),
        ("unemployed_90_days", "unknown"),
        ("unemployed_90_days || rents", "true"),
        ("min(0, internet_owed)", "unknown"),
        ("state", '"NM"'),
        ("applied_on", '"2025-06-01"'),
        ('lookup("hud_income_limits", "low_80", county, size, applied_on)', "65800"),
    ],
)
def test_rules_eval(tmp_path: Path, capsys, text: str, printed: str) -> None:
    (tmp_path / "f.json").write_text(json.dumps(FACTS))
    assert main(["rules", "eval", text, "--facts", str(tmp_path / "f.json")]) == 0
    assert capsys.readouterr().out == printed + "\n"


def test_rules_eval_points_under_the_text(tmp_path: Path, capsys) -> None:
    (tmp_path / "f.json").write_text("{}")
    assert main(["rules", "eval", "1 < sise", "--facts", str(tmp_path / "f.json")]) == 2
    shown = capsys.readouterr().err.splitlines()
    assert shown == ["1 < sise", "    ^^^^", "There is no fact sise. Did you mean size?"]


def test_these_commands_need_neither_django_nor_a_database() -> None:
    check = "import sys, latchstring.commands_rules; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@pytest.mark.parametrize("slug", slugs())
def test_explain_takes_the_households_of_every_program(slug: str, tmp_path: Path, capsys) -> None:
    for case in cases_of(slug)[:3]:
        facts = {key: written(value) for key, value in case["facts"].items()}
        code, found, _ = explain(facts, tmp_path, capsys, slug)
        assert code == 0 and found["outcome"] == case["expect"]["outcome"], case["name"]
        assert [c["id"] for c in found["criteria"]] == list(load_program(slug).criterion_ids)


@pytest.mark.parametrize("engine", ["one", "duckdb"])
def test_several_programs_share_a_file(engine: str, tmp_path: Path, capsys) -> None:
    (tmp_path / "in.csv").write_text(f"{HEADER},heat_emergency\nH1,{GOOD},\nH2,{GOOD},maybe\n")
    given = ["determine", "nm-erap,wy-lieap", "--households", str(tmp_path / "in.csv")]
    given += ["--engine", engine]
    assert main([*given, "--out-dir", str(tmp_path)]) == 3
    assert "1 of 2 rows" in capsys.readouterr().err
    found = (tmp_path / "nm-erap.csv").read_text().splitlines()
    assert found == [OUT, f"H1,{ELIGIBLE}", "H2,invalid,,,,,,,,,,,heat_emergency=maybe"]
    assert (tmp_path / "wy-lieap.csv").read_text().splitlines()[1].startswith("H1,ineligible,")
    assert main([*given, "--out-dir", str(tmp_path / "none")]) == 2
    assert "There is no folder" in capsys.readouterr().err
