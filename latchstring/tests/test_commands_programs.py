"""`latchstring program`: what is wrong has a file and a line; nothing untested is published."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from latchstring import command
from latchstring.kernel import clock
from latchstring.kernel.errors import Conflict, Invalid
from latchstring.people import door as people
from latchstring.programs import households, publication
from latchstring.programs.document import Program, from_catalog, versions
from latchstring.programs.models import KeptVersion, PublishedVersion
from latchstring.programs.reading import read_yaml

NM = versions("nm-erap")[-1]


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A document that differs from New Mexico's in three places."""
    file = tmp_path / "changed.yaml"
    text = (Path(__file__).parents[2] / "catalog/nm/erap.yaml").read_text()
    file.write_text(
        text.replace('rule: "15"', 'rule: "12"')
        .replace("days: 45", "days: 60")
        .replace("award: ERA1,", "award: ERA0,")
    )
    return file


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One test household of New Mexico's expects what does not come out."""
    wrong = next(iter(households.mismatches(NM)), None)
    assert wrong is None
    case = households.household_files()["nm-erap"]["cases"][0]
    monkeypatch.setitem(case["expect"], "outcome", "ineligible")
    yield


def test_check_names_the_version_or_file_line_and_mend(
    capsys: pytest.CaptureFixture[str], changed: Path
) -> None:
    assert command.main(["program", "check"]) == 0
    assert f"ok   nm-erap {NM.version[:12]}" in capsys.readouterr().out
    changed.write_text(changed.read_text().replace('state == "NM"', 'stat == "NM"'))
    assert command.main(["program", "check", str(changed)]) == 1
    said = capsys.readouterr().out
    assert "changed.yaml, line 18" in said and "Did you mean state?" in said


def test_check_tells_all_that_is_wrong_and_of_very_much_the_first_twenty(
    capsys: pytest.CaptureFixture[str], changed: Path
) -> None:
    good = changed.read_text()
    changed.write_text(good.replace('state == "NM"', 'stat == "NM"') + "roundz: []\n")
    assert command.main(["program", "check", str(changed)]) == 1
    said = capsys.readouterr().out
    assert "Did you mean state?" in said and "Did you mean rounds?" in said
    changed.write_text(good + "".join(f"key{n}: 1\n" for n in range(23)))
    assert command.main(["program", "check", str(changed)]) == 1
    said = capsys.readouterr().out
    assert said.count("There is no key") == 20 and said.endswith("     and 3 more.\n")


def test_test_runs_every_programs_households(
    capsys: pytest.CaptureFixture[str], failing: None
) -> None:
    assert command.main(["program", "test", "wy-erap"]) == 0
    assert command.main(["program", "test"]) == 1
    said = capsys.readouterr().out
    assert "FAIL nm-erap: 36 households" in said
    assert "everything in order: outcome is eligible, not ineligible" in said


def test_a_program_without_households_does_not_pass(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(households, "household_files", dict)
    assert command.main(["program", "test", "nm-erap"]) == 1


def test_diff_says_each_change_on_a_line(capsys: pytest.CaptureFixture[str], changed: Path) -> None:
    assert command.main(["program", "diff", "nm-erap", str(changed)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "  derived.months_cap.rule: 15 -> 12" in lines
    assert "  appeal.days: 45 -> 60" in lines
    assert len(lines) == 3
    assert command.main(["program", "diff", "nm-erap", "nm-erap"]) == 0


def test_an_unknown_program_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["program", "test", "nm-erapp"]) == 2
    said = capsys.readouterr().err
    assert "Did you mean nm-erap?" in said and said.count("\n") == 1


@pytest.mark.usefixtures("db")
class TestPublishing:
    """Through the second door, on a database."""

    @pytest.fixture(autouse=True)
    def agencies(self, db: object) -> None:
        for slug, state in (("nm-dfa", "NM"), ("wy-dfs", "WY")):
            people.Agency.objects.create(slug=slug, state=state, names={}, phone="", brand="")

    def test_is_refused_for_an_agency_that_is_not_the_state_s(self, tmp_path: Path) -> None:
        file = tmp_path / "other.yaml"
        text = (Path(__file__).parents[2] / "catalog/nm/erap.yaml").read_text()
        file.write_text(text.replace("agency: nm-dfa", "agency: nm-water"))
        other = from_catalog(read_yaml(file))
        with pytest.raises(Invalid, match="no agency nm-water in NM. Write `agency: nm-dfa`"):
            publication.publish_checked(other, first_day=None, actor="test")
        people.Agency.objects.all().delete()
        with pytest.raises(Invalid, match="no agency of NM yet"):
            publication.publish_checked(NM, first_day=None, actor="test")
        assert not PublishedVersion.objects.exists()

    def test_is_refused_while_its_households_fail(self, failing: None) -> None:
        with pytest.raises(Invalid, match="come out otherwise"):
            publication.publish_checked(NM, first_day=None, actor="test")
        assert not PublishedVersion.objects.exists()

    def test_is_refused_for_a_draft(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Program, "draft", True)
        with pytest.raises(Invalid, match="is a draft"):
            publication.publish_checked(versions("wy-lieap")[-1], first_day=None, actor="test")

    def test_keeps_the_text_and_again_changes_nothing(self) -> None:
        first = publication.publish_checked(NM, first_day=None, actor="test")
        again = publication.publish_checked(NM, first_day=None, actor="test")
        assert first.id == again.id and KeptVersion.objects.filter(version=NM.version).exists()

    def test_is_withdrawn_before_its_first_day_and_never_after(self) -> None:
        today = clock.today()
        publication.publish_checked(NM, first_day=today + timedelta(days=3), actor="test")
        assert publication.in_force("nm-erap", today + timedelta(days=3)) == NM.version
        publication.withdraw("nm-erap", NM.version[:8], actor="test")
        assert publication.in_force("nm-erap", today + timedelta(days=3)) is None
        wy = versions("wy-erap")[-1]
        publication.publish_checked(wy, first_day=today, actor="test")
        with pytest.raises(Conflict, match="in force since"):
            publication.withdraw("wy-erap", wy.version, actor="test")

    def test_does_not_reach_back_over_a_version_that_was_in_force(self) -> None:
        PublishedVersion.objects.create(
            agency="nm-dfa",
            program="nm-erap",
            version="f" * 64,
            effective_from=clock.today() - timedelta(days=30),
            published_at=clock.now(),
            published_by="test",
        )
        yesterday = clock.today() - timedelta(days=1)
        with pytest.raises(Conflict, match="was in force"):
            publication.publish_checked(NM, first_day=yesterday, actor="test")
        publication.publish_checked(NM, first_day=clock.today(), actor="test")
        assert publication.in_force("nm-erap", clock.today()) == NM.version
        assert publication.in_force("nm-erap", yesterday) == "f" * 64
