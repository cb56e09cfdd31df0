"""One stored evaluation feeds every page: the same sentence and law, wherever it is read."""

from decimal import Decimal
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from latchstring.applications.models import Application, Signature
from latchstring.applications.screener import Outlook
from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.cases.tests import scene as scenes
from latchstring.kernel import clock
from latchstring.kernel.references import new_reference
from latchstring.notices import door as notices
from latchstring.people import door as people
from latchstring.programs import door as programs
from latchstring.vault import door as vault
from latchstring.web.portal import check

FACTS = scenes.STATED | {"months_assisted": 0}
TOO_MUCH = {"annual_income": Decimal("90000.00"), "monthly_income": Decimal("9000.00")}


@pytest.fixture
def scene(db, settings):
    """The desk's scene; no second factor here."""
    settings.SECOND_FACTOR_WAIVED = True
    cache.clear()
    scene = scenes.build()
    audrey = people.Account.objects.create_user("audrey@nm-dfa.example", "correct horse")
    people.grant_role(people.hire(audrey, "nm-dfa", "Audrey"), "auditor", granted_by="system:test")
    scene.staff["audrey"] = audrey
    return scene


def screened(language, **more):
    """What the screener says of the household's answers: (sentence, law) by criterion."""
    program = programs.load_program("nm-erap")
    screening = programs.screen(program, FACTS | {"applied_on": clock.today()} | more)
    row = check.shown(
        Outlook(program, screening, programs.round_on(program, clock.today(), []), ""), language
    )
    return {reason.id: (reason.sentence, reason.citation) for reason in row["reasons"]}


def page_of(who, path):
    """A page as somebody signed in reads it, with its blanks folded."""
    client = Client()
    client.force_login(who)
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def applied(scene, case, language):
    """The application behind a case, submitted and signed by Ana."""
    now = clock.now()
    row = Application.objects.create(
        id=case.application,
        agency=case.agency,
        reference=new_reference("NM"),
        household=case.household,
        account=scene.ana.id,
        language=language,
        began_at=now,
        saved_at=now,
        submitted_at=now,
    )
    row.programs.create(agency=case.agency, program=case.program, version=case.version)
    place = {"agency": case.agency, "data_class": "case", "subject": row.id}
    Signature.objects.create(
        agency=case.agency,
        application=row,
        name_sealed=vault.seal("Ana Baca", **place, field="signature.name"),
        text_version="1",
        language=language,
        signed_at=now,
        signed_by=scene.ana.actor,
        answers_sha256="a" * 64,
        answers_sealed=vault.seal(b"{}", **place, field="signature.answers"),
    )
    return row


def decided(scene, language, denied):
    case = scene.open(language=language)
    if not denied:
        decision = cases.prepare_approval(case.id, scene.actor("casey"))
    else:
        words = cases.determine(case.id) and cases.denial_words(case)
        decision = cases.prepare_denial(case.id, scene.actor("casey"), **words)
    cases.approve(decision.id, scene.actor("alex"))
    return decision


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("denied", [False, True])
def test_screener_case_approval_letter_status_and_packet_say_the_same(scene, language, denied):
    more = TOO_MUCH if denied else {}
    scene.state(**more)
    decision = decided(scene, language, denied)
    mine = applied(scene, decision.case, language)
    expected, in_english = screened(language, **more), screened("en", **more)
    assert len(expected) == 7
    staff, at = scene.staff, f"/desk/cases/{decision.case.reference}/"
    home = f"{'/es' if language == 'es' else ''}/nm/applications/{mine.reference}/"
    read = {  # staff read English
        "case": (page_of(staff["casey"], at), in_english),
        "approval": (page_of(staff["alex"], f"/desk/approvals/{decision.id}/"), in_english),
        "packet": (page_of(staff["audrey"], f"{at}packet/"), in_english),
        "in her language": (page_of(staff["audrey"], f"{at}packet/"), expected),
        "status": (page_of(scene.ana, f"{home}status/"), expected),
        "her packet": (page_of(scene.ana, f"{home}decision/nm-erap/"), expected),
    }
    for name, (page, told) in read.items():
        for sentence, citation in told.values():
            assert f"{sentence}</p>" in page and citation in page, name
    letters = [one.body for one in notices.of_case(decision.case_id) if "$" in one.body]
    (letter,) = [body for body in letters if ("90,000" in body) is denied]
    for sentence, citation in (expected[id] for id in (["income"] if denied else expected)):
        assert f"- {sentence}\n" in letter and f": {citation}\n" in letter


@pytest.fixture
def approved(scene):
    """Ana's application with its approved case."""
    decision = decided(scene, "en", denied=False)
    return decision.case, applied(scene, decision.case, "en")


def test_her_packet_and_its_pdf_are_hers_alone(scene, approved):
    case, mine = approved
    home = f"/nm/applications/{mine.reference}/decision/nm-erap"
    page = page_of(scene.ana, f"{home}/")
    assert "Ana Baca" in page and f"{home}.pdf" in page and "Casey" not in page
    ana, bea = Client(), Client()
    ana.force_login(scene.ana)
    bea.force_login(people.Account.objects.create_user("bea@example.org", "correct horse"))
    pdf = ana.get(f"{home}.pdf")
    assert pdf.content.startswith(b"%PDF") and pdf["Cache-Control"] == "private, no-store"
    for path in (f"{home}/", f"{home}.pdf"):
        assert bea.get(path).status_code == 404
        assert ana.get(path.replace("nm-erap", "wy-lieap")).status_code == 404


def test_staff_open_the_packet_by_their_role_and_each_look_is_written_down(scene, approved):
    case, _mine = approved
    at = f"/desk/cases/{case.reference}/packet"
    status = {"casey": 200, "alex": 200, "audrey": 200, "willa": 404, "elsewhere": 404, "dana": 403}
    for who, expected in status.items():
        client = Client()
        client.force_login(scene.staff[who])
        for path in (f"{at}/", f"{at}.pdf"):
            assert client.get(path).status_code == expected, who
    seen = [entry for entry in audit.looks_at(case.household) if entry.action == "packet.seen"]
    assert sorted(entry.purpose for entry in seen) == ["appeal"] * 4 + ["audit"] * 2
    assert {entry.object_id for entry in seen} == {str(case.id)}


def test_a_case_that_waits_has_no_packet_and_her_page_says_how_it_stands(scene):
    case = scene.prepared().case
    mine = applied(scene, case, "en")
    casey, ana = Client(), Client()
    casey.force_login(scene.staff["casey"])
    ana.force_login(scene.ana)
    refused = casey.get(f"/desk/cases/{case.reference}/packet/")
    assert refused.status_code == 409 and "not decided yet" in refused.content.decode()
    home = f"/nm/applications/{mine.reference}/"
    for path in ("decision/nm-erap/", "decision/nm-erap.pdf"):
        assert ana.get(home + path)["Location"] == f"{home}status/"
    assert "Why we decided this" not in page_of(scene.ana, f"{home}status/")
