"""A determination says what follows, what proves it, and can be derived again to the byte."""

import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from latchstring.cases import door as cases
from latchstring.cases.checks import CHECKS
from latchstring.cases.models import Decision, Determination
from latchstring.cases.tests import scene as scenes
from latchstring.demo.paper import picture
from latchstring.documents import door as documents
from latchstring.documents.models import Document
from latchstring.funds import door as funds
from latchstring.insight.tests.rows import next_code
from latchstring.kernel import clock, events
from latchstring.people import door as people
from latchstring.programs import document, publication, tables
from latchstring.programs.reading import catalog_folder
from latchstring.vault import door as vault

ALL = {"renter", "resident", "hardship", "instability", "income", "not_duplicated", "months_left"}


def test_replay_derives_the_same_bytes_after_everything_has_changed(scene):
    case = scene.open()
    first = cases.determine(case.id)
    scene.state(months_behind=1, annual_income=90_000)
    again = cases.replay(Determination.objects.get(id=first.id))
    assert again.same and again.stored == again.derived and b'"eligible"' in again.stored


@pytest.fixture
def corrected(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Callable[[], None]:
    """Halve every income limit in a catalog of its own, as a wrong correction would."""

    def forget() -> None:
        for read in (tables.table, tables.digest, document.versions):
            read.cache_clear()
        for read in (publication._as_then, publication.program_by_hash):
            read.cache_clear()

    def correct() -> None:
        folder = tmp_path / "catalog"
        shutil.copytree(catalog_folder(), folder)
        path = folder / "tables" / "hud_income_limits.csv"
        heading, *lines = path.read_text().splitlines()
        path.write_text("\n".join([heading, *map(_halved, lines)]) + "\n")
        monkeypatch.setenv("LATCHSTRING_CATALOG", str(folder))
        forget()

    yield correct
    monkeypatch.undo()
    forget()


def _halved(line: str) -> str:
    cells = line.split(",")
    return ",".join([*cells[:3], *(str(int(limit) // 2) for limit in cells[3:])])


def test_replay_rests_on_the_tables_as_they_were(scene, corrected):
    first = cases.determine(scene.open().id)
    corrected()
    assert tables.digest("hud_income_limits") != cases.opened(first)["tables"]["hud_income_limits"]
    ((row, again),) = cases.replays(first.case.reference)
    assert row.id == first.id and again.same


def test_a_table_that_was_corrected_is_a_new_determination(scene, corrected):
    case = scene.open()
    first = cases.determine(case.id)
    corrected()
    second = cases.determine(case.id)
    assert second.run == first.run + 1 and second.result != first.result
    assert [again.same for _, again in cases.replays(case.reference)] == [True, True]


def test_a_wrong_case_number_is_named(scene):
    with pytest.raises(cases.NoSuchCase, match="NM-NONE"):
        cases.replays("NM-NONE")


def test_replay_sees_a_changed_result_and_a_changed_snapshot(scene):
    found = cases.determine(scene.open().id)
    found.result = found.result | {"total_cents": 1}
    assert not cases.replay(found).same
    found.refresh_from_db()
    snapshot = cases.opened(found)
    snapshot["facts"]["months_behind"]["value"] = 9
    found.snapshot_sealed = vault.seal_json(
        snapshot,
        agency="nm-dfa",
        data_class="case",
        subject=found.id,
        field="determination.snapshot",
    )
    again = cases.replay(found)
    assert not again.same and not again.snapshot_intact


def test_the_same_facts_give_the_same_row_and_new_facts_a_new_run(scene):
    case = scene.open()
    first = cases.determine(case.id)
    assert cases.determine(case.id).id == first.id
    scene.state(months_behind=3)
    assert cases.determine(case.id).run == first.run + 1


def test_a_determination_is_never_changed(scene):
    found = cases.determine(scene.open().id)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_determination SET outcome = 'eligible'")
    assert Determination.objects.get(id=found.id).outcome == "eligible"


def test_nothing_personal_is_readable_in_the_stored_snapshot(scene):
    found = cases.determine(scene.open().id)
    assert b"months_behind" not in bytes(found.snapshot_sealed)


def test_a_signature_proves_what_the_program_lets_be_attested_but_not_income(scene):
    found = cases.determine(scene.open().id)
    assert found.outcome == "eligible" and set(found.proven) == ALL - {"income"}


def test_stating_income_in_writing_proves_it_where_the_program_allows(scene):
    found = cases.determine(scene.open(attested=["annual_income"]).id)
    assert set(found.proven) == ALL


def test_another_programs_letter_proves_income(scene):
    scene.enrol()
    found = cases.determine(scene.open().id)
    assert "income" in found.proven
    assert found.result["letter"] == {"program": "snap", "determined_on": "2026-03-01"}


@pytest.mark.parametrize(
    "flaw",
    [
        {"status": "closed"},
        {"determined_on": "2019-12-31"},
        {"expires_on": "2020-02-01"},
        {"verified_income_under_80_ami": False},
        {"program": "bowling_club"},
    ],
)
def test_a_letter_that_does_not_hold_proves_nothing(scene, flaw):
    scene.enrol(**flaw)
    assert "income" not in cases.determine(scene.open().id).proven


def test_what_the_resident_claims_about_enrolment_is_no_letter(scene):
    people.state_fact(scene.household, "enrolments", [], actor=scene.ana.actor)
    assert "income" not in cases.determine(scene.open().id).proven


def test_a_verified_income_stands_beside_the_stated_one_and_comes_first(scene):
    proof = people.add_evidence(scene.household, "agency", "tax", "check")
    people.state_fact(
        scene.household,
        "annual_income",
        20_500,
        actor="system:tax",
        source="verified:tax",
        evidence=proof,
    )
    found = cases.determine(scene.open().id)
    used = cases.opened(found)["facts"]["annual_income"]
    assert used["source"] == "verified:tax" and used["evidence"]["source"] == "tax"
    assert "income" in found.proven
    stated = [f.source for f in people.all_facts(scene.household, "annual_income")]
    assert stated == ["stated", "verified:tax"]


def test_proof_of_income_grows_old(scene):
    proof = people.add_evidence(scene.household, "agency", "tax", "check")
    people.state_fact(
        scene.household,
        "annual_income",
        20_500,
        actor="system:tax",
        source="verified:tax",
        evidence=proof,
    )
    case = scene.open()
    assert "income" in cases.determine(case.id).proven
    clock.turn(timedelta(days=100))
    assert "income" not in cases.determine(case.id).proven


def test_policy_approves_what_is_proven_and_signed_for(scene):
    scene.enrol()
    signed = scene.authorise()
    case = cases.consider(scene.open().id)
    decision = case.decisions.get()
    assert case.stage == "payment"
    assert decision.prepared_by == f"policy:nm-erap@{case.version[:12]}"
    assert decision.approved_by == f"authorisation:{signed.id}"
    assert sum(o.amount_cents for o in funds.obligations_of(case.id)) == 308_500


@pytest.mark.parametrize(
    ("why", "arrange"),
    [
        ("nobody_signed", lambda scene: scene.enrol()),
        ("above_cap", lambda scene: (scene.enrol(), scene.authorise(308_499))),
        ("not_proven", lambda scene: scene.authorise()),
        ("not_eligible", lambda scene: (scene.authorise(), scene.state(rents=False))),
        (
            "unknown",
            lambda scene: (scene.authorise(), scene.state(housing_instability=None)),
        ),
    ],
)
def test_anything_else_waits_for_a_person(scene, why, arrange):
    arrange(scene)
    case = cases.consider(scene.open().id)
    assert case.stage == "review" and not case.decisions.exists()
    assert cases.why_not(case, cases.determination_of(case)) == why


def test_a_machine_never_denies(scene):
    scene.authorise()
    scene.state(rents=False, annual_income=900_000, monthly_income=75_000)
    case = scene.open()
    for _ in range(3):
        cases.consider(case.id)
    assert not Decision.objects.exists() and CHECKS["I8 machine denials"]() == []
    case.refresh_from_db()
    assert case.stage == "review"
    assert next_code(case) == "look_at_reasons"


def test_a_machine_denial_would_be_found(scene):
    case = scene.open()
    Decision.objects.create(
        agency="nm-dfa",
        case=case,
        determination=cases.determine(case.id),
        kind="deny",
        reason="x",
        legal_basis="y",
        appeal_until=clock.today(),
        prepared_by="policy:nm-erap@abc",
        prepared_at=clock.now(),
    )
    assert len(CHECKS["I8 machine denials"]()) == 1


def test_policy_without_money_hands_over_to_a_person_and_promises_nothing(db):

    scene = scenes.build(money_cents=1_000)
    scene.enrol()
    scene.authorise()
    case = cases.consider(scene.open().id)
    assert case.stage == "review" and not case.decisions.exists()
    assert funds.obligations_of(case.id) == []


def test_considering_twice_decides_once(scene):
    scene.enrol()
    scene.authorise()
    case = scene.open()
    cases.consider(case.id)
    cases.consider(case.id)
    assert case.decisions.count() == 1 and len(funds.obligations_of(case.id)) == 3
    kinds = [event.type for event in events.of_subject(case.id)]
    assert kinds.count("decision.approved.v1") == 1


def test_who_goes_first_is_marked_from_the_programs_own_test(scene):
    case = scene.open()
    cases.determine(case.id)
    case.refresh_from_db()
    assert case.priority is True


def test_a_paper_that_a_caseworker_took_proves_income(scene):

    case = scene.open()
    paper = Document.objects.create(
        agency="nm-dfa",
        household=scene.household.id,
        kind="pay_stub",
        given_at=clock.now(),
        given_by=scene.ana.actor,
    )
    assert "income" not in cases.determine(case.id).proven
    paper.accepted_at = clock.now()
    paper.save()
    assert "income" in cases.determine(case.id).proven


def test_a_paper_that_nobody_has_looked_at_waits_for_a_person(scene):
    """A photo alone proves nothing: the rules decide once a caseworker has accepted it."""
    scene.enrol()
    scene.authorise()
    case = scene.open()
    paper = documents.give(
        scene.household,
        "lease",
        [("lease.jpg", picture("Lease", ["Rent: $900"]))],
        scene.ana.actor,
        application=case.application,
    )
    case = cases.consider(case.id)
    assert case.stage == "review" and not case.decisions.exists()
    assert cases.why_not(case, cases.determination_of(case)) == "paper_unseen"
    documents.accept(paper.id, scene.actor("casey"))
    assert cases.consider(case.id).stage == "payment"
