"""The packet holds what a hearing needs; the household's copy has no names or notes of staff."""

import hashlib
import re
import zlib
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pypdfium2
import pytest
from django.template.loader import render_to_string
from django.utils import translation

from latchstring.cases import door as cases
from latchstring.cases.models import Determination
from latchstring.cases.tests import scene as scenes
from latchstring.cases.tests import wyoming as winter
from latchstring.demo.paper import picture
from latchstring.documents import door as documents
from latchstring.insight import door as insight
from latchstring.kernel import clock
from latchstring.notices import door as notices

NOTE = "She called about the lease."


@pytest.fixture
def scene(db):
    return scenes.build()


@pytest.fixture
def decided(scene):
    """An approved case with a paper and a note."""
    case = scene.open(language="es")
    paper = picture("Lease", ["Rent: $1,000"])
    lease = documents.give(
        scene.household,
        "lease",
        [("lease.jpg", paper)],
        scene.ana.actor,
        application=case.application,
    )
    documents.accept(lease.id, scene.actor("casey"))
    cases.note(case.id, NOTE, scene.actor("casey"))
    decision = cases.prepare_approval(case.id, scene.actor("casey"))
    cases.approve(decision.id, scene.actor("alex"))
    case.refresh_from_db()
    return case, hashlib.sha256(paper.getvalue()).hexdigest()


def parts(packet: insight.Packet) -> dict[str, str]:
    """What each part says, as one text."""
    found = {}
    for part in packet.parts:
        said = [part.title, part.text]
        said += [f"{line.label}: {line.value} ({line.note}) {line.cited}" for line in part.lines]
        for why in part.reasons:
            said += [why.mark, why.sentence, why.also, why.condition, why.citation, *why.tables]
            said += [f"{line.label}: {line.value} ({line.note}) {line.cited}" for line in why.lines]
        found[part.id] = "\n".join(said)
    return found


def test_english_in_a_spanish_packet_is_marked_as_english(decided):
    """A law and a table's source stand in their own words, which a reader aloud must be told."""
    case, _ = decided
    packet = insight.packet_of(case, "es")
    lines = [line for part in packet.parts for line in part.lines]
    reasons = [why for part in packet.parts for why in part.reasons]
    lines += [line for why in reasons for line in why.lines]
    cited = [line.cited for line in lines if line.cited]
    assert any("Section 8 income limits" in words for words in cited)
    with translation.override("es"):
        page = unescape(render_to_string("portal/_packet.html", {"packet": packet}))
    for words in cited:
        assert f'<span lang="en">{words}</span>' in page
        assert words not in re.sub(r'<(\w+)[^>]* lang="en">.*?</\1>', "", page)
    streams = re.findall(rb"stream\n(.*?)\nendstream", insight.packet_pdf(packet), re.DOTALL)
    drawn = b"".join(zlib.decompress(s) for s in streams if s.startswith(b"x"))
    assert drawn.count(b"/Lang(en)") >= len(cited) + len(reasons)


def test_the_packet_holds_what_a_hearing_needs(decided):
    case, digest = decided
    packet = insight.packet_of(case, "en", for_staff=True)
    said = parts(packet)
    determination = cases.decided(case).determination
    assert "Prepared: " in said["decision"] and "(Casey)" in said["decision"]
    assert "Ana Baca" in said["decision"] and case.reference in said["decision"]
    assert "Filed: " in said["asked"]
    assert "Treasury ERA FAQ 4" in said["reasons"]
    assert "within the limit of $70,000.00" in said["reasons"]
    assert "dentro del límite de $70,000.00" in said["reasons"]  # in the resident's language too
    assert "2 months × $1,000.00 = $2,000.00" in said["amounts"]
    assert "Total: $3,085.00" in said["amounts"]
    assert "Your monthly rent" not in said["facts"]  # no criterion rests on it
    assert "(you told us, " in said["facts"] and "(our own records)" in said["facts"]
    assert "HUD Section 8 income limits" in said["tables"] and "SHA-256 " in said["tables"]
    assert f"SHA-256 {digest}" in said["papers"] and "accepted" in said["papers"]
    assert said["letters"].count("\n") >= 2
    assert "Decided: approved" in said["timeline"]
    assert NOTE in said["notes"]
    assert case.version in said["proof"] and determination.snapshot_sha256 in said["proof"]
    assert packet.same and "The same to the byte" in said["proof"]
    assert "hearing" in said["appeal"] or "appeal" in said["appeal"]


def test_the_households_copy_names_no_staff_and_shows_no_notes(decided):
    case, digest = decided
    hers = insight.packet_of(case, "en")
    assert not [why.also for part in hers.parts for why in part.reasons if why.also]
    said = parts(insight.packet_of(case, "es"))
    whole = "\n".join(said.values())
    assert "notes" not in said and NOTE not in whole
    assert not re.search(r"\b(Casey|Alex)\b", whole)
    assert "dentro del límite de $70,000.00" in said["reasons"]
    assert "(usted nos lo dijo, " in said["facts"] and digest in said["papers"]
    assert "Igual hasta el último byte" in said["proof"]


def test_tables_stand_in_the_readers_language(decided):
    case, _digest = decided
    said = parts(insight.packet_of(case, "es"))
    for part in ("tables", "reasons"):
        assert "Límites de ingresos de la Sección 8 de HUD por condado" in said[part]
        assert "HUD Section 8 income limits" not in said[part]


def test_a_denial_names_what_is_not_met_first_and_grants_nothing(scene):
    scene.state(annual_income=90_000, monthly_income=9_000)
    case = scene.open()
    until = clock.today() + timedelta(days=45)
    decision = cases.prepare_denial(case.id, scene.actor("casey"), "Too much.", "FAQ 4", until)
    cases.approve(decision.id, scene.actor("alex"))
    packet = insight.packet_of(case, "en")
    said = parts(packet)
    assert "Reason: Too much." in said["decision"] and "amounts" not in said
    reasons = next(part.reasons for part in packet.parts if part.id == "reasons")
    assert [why.outcome for why in reasons].count("fail") == 1 and reasons[0].outcome == "fail"
    assert "above the limit" in reasons[0].sentence


def test_a_case_that_is_not_decided_has_no_packet(scene):
    with pytest.raises(insight.NotDecided):
        insight.packet_of(scene.prepared().case, "en")


def test_the_packet_rests_on_the_decision_not_on_what_is_known_since(decided, scene):
    case, _digest = decided
    before = insight.packet_of(case, "en")
    scene.state(annual_income=90_000)
    assert insight.packet_of(case, "en") == before


def test_a_determination_that_comes_out_otherwise_is_said_to(decided, monkeypatch):
    case, _digest = decided
    found = cases.decided(case)
    changed = Determination.objects.get(id=found.determination_id)
    changed.result = changed.result | {"total_cents": 1}
    replay = cases.replay
    monkeypatch.setattr(cases, "replay", lambda _row: replay(changed))
    packet = insight.packet_of(case, "en")
    assert not packet.same and "NOT the same" in parts(packet)["proof"]


def test_the_pdf_says_the_same_and_is_the_same_again(decided):
    case, digest = decided
    packet = insight.packet_of(case, "en")
    raw = insight.packet_pdf(packet)
    assert raw == insight.packet_pdf(packet) and raw.startswith(b"%PDF")
    pages = pypdfium2.PdfDocument(raw)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    flat = re.sub(r"\s", "", text)
    for part in packet.parts:
        assert re.sub(r"\s", "", part.title) in flat, part.title
        for line in part.lines:
            assert re.sub(r"\s", "", line.value)[:40] in flat, line
        for why in part.reasons:
            assert re.sub(r"\s", "", why.sentence)[:60] in flat


def test_what_a_person_looked_at_stands_in_it_and_their_words_only_for_staff(db):
    wyoming = winter.Scene()
    case = wyoming.open("wy-lieap")
    cases.determine(case.id)
    wyoming.put_down(case)
    row = "Row 2 of the agency's table for propane, 1 person."
    cases.set_amount(case.id, "heating", Decimal("640"), row, wyoming.actor("casey"))
    decision = cases.prepare_approval(case.id, wyoming.actor("casey"))
    cases.approve(decision.id, wyoming.actor("alex"))
    case.refresh_from_db()
    staff = parts(insight.packet_of(case, "en", for_staff=True))
    hers = parts(insight.packet_of(case, "en"))
    assert f"{row} (Casey)" in staff["put_down"] and row not in hers["put_down"]
    assert len(hers["put_down"].splitlines()) == len(staff["put_down"].splitlines()) > 2
    assert "$640.00, set by the agency" in hers["amounts"]


def test_food_help_shows_its_ladder_in_letter_packet_and_on_the_desk(db, client, settings):
    settings.SECOND_FACTOR_WAIVED = True
    wyoming = winter.Scene()
    case = wyoming.open("wy-snap")
    cases.determine(case.id)
    decision = wyoming.prepare(case, months=6)
    cases.approve(decision.id, wyoming.actor("alex"))
    case.refresh_from_db()
    (amount,) = cases.tell(decision.determination, "en").amounts
    assert len(amount.steps) > 6
    said = parts(insight.packet_of(case, "en"))["amounts"]
    letter = next(one.body for one in notices.of_case(case.id) if amount.arithmetic in one.body)
    client.force_login(wyoming.staff["alex"])
    page = unescape(client.get(f"/desk/cases/{case.reference}/").content.decode())
    for step in amount.steps:
        assert f"{step.sign} {step.words}: {step.value}" in said
        assert f"\n    {step.line}\n" in letter and f">{step.line}<" in page
    assert " + " not in said + letter
