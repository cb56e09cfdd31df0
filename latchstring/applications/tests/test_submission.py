"""Signing and submitting: all or nothing, once, and provable afterwards."""

import hashlib
import json
import threading

import pikepdf
import pytest
from django.db import connection

from latchstring.applications import checks
from latchstring.applications import door as applications
from latchstring.applications.models import Form, Signature, UnitMember
from latchstring.applications.tests.conftest import ANA, ANSWERS, HEARD, go_on
from latchstring.kernel import events
from latchstring.people import door as people
from latchstring.people.models import Agency


def sign(application, ana, name="Ana Baca"):
    return applications.sign_and_submit(application.id, name, "en", ana.actor)


def test_an_open_page_stops_submission_and_is_named(application, ana):
    go_on(application, ana.actor, until="landlord")
    with pytest.raises(applications.NotReady) as wrong:
        sign(application, ana)
    assert "landlord" in wrong.value.steps
    application.refresh_from_db()
    assert application.submitted_at is None and not UnitMember.objects.exists()


def test_no_name_no_signature(application, ana):
    go_on(application, ana.actor)
    with pytest.raises(applications.WrongAnswer) as wrong:
        sign(application, ana, "   ")
    assert list(wrong.value.fields) == ["name"]


def test_submitting_pins_signs_and_tells_and_twice_is_once(application, household, ana):
    go_on(application, ana.actor)
    first, second = sign(application, ana), sign(application, ana, "Somebody Else")
    assert first == second
    signature = applications.signature_of(applications.application_by_id(application.id))
    assert signature.name == "Ana Baca" and b"Ana" not in bytes(Signature.objects.get().name_sealed)
    assert hashlib.sha256(signature.answers).hexdigest() == first.answers_sha256
    answers = json.loads(signature.answers)
    assert answers["facts"]["monthly_rent"]["value"] == "1200.00"
    assert answers["reference"] == application.reference
    assert [row.role for row in UnitMember.objects.all()] == ["head"]
    types = [event.type for event in events.of_subject(application.id)]
    assert types.count("application.submitted.v1") == 1
    facts = people.facts(household)
    assert facts["financial_hardship"].source == "attested"
    assert facts["financial_hardship"].evidence.kind == "attestation"
    for check in (
        checks.submitted_without_signature,
        checks.signed_but_not_submitted,
        checks.submitted_without_unit,
        checks.answers_changed,
    ):
        assert check() == []


def test_signed_answers_can_no_longer_change(application, ana):
    go_on(application, ana.actor)
    sign(application, ana)
    with pytest.raises(applications.AlreadySubmitted):
        applications.answer(application, "months_owed", {"months_owed": "9"}, ana.actor)
    with pytest.raises(applications.AlreadySubmitted):
        applications.keep_member(
            application,
            None,
            {
                "first_name": "A",
                "last_name": "B",
                "birth_date": "2000-01-01",
                "role": "other",
            },
            ana.actor,
        )


def test_two_clicks_at_once_submit_once(own_database, settings, tmp_path):
    settings.STORAGE = tmp_path
    Agency.objects.create(slug="nm-dfa", state="NM", names={"en": "D"}, phone="1", brand="nm")
    ana = people.Account.objects.create_user("ana@example.test", "correct horse battery")
    household = people.make_household("nm-dfa", ana, identity=ANA)
    application = applications.begin(household, ana, ["nm-erap"], "en", HEARD)
    go_on(application, ana.actor)
    receipts = []

    def click():
        try:
            receipts.append(sign(application, ana))
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(3)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(receipts) == 3 and len(set(receipts)) == 1
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_form_is_tagged_says_its_language_and_comes_out_the_same(application, ana, language):
    go_on(application, ana.actor)
    draft = applications.form_pdf(application, "nm-erap", language)
    assert draft == applications.form_pdf(application, "nm-erap", language)
    sign(application, ana)
    form = applications.make_form(application.id, "nm-erap", language)
    assert applications.make_form(application.id, "nm-erap", language).id == form.id
    submitted = applications.application_by_id(application.id)
    raw = applications.form_bytes(submitted, "nm-erap", language)
    assert raw == applications.form_pdf(submitted, "nm-erap", language)
    assert hashlib.sha256(raw).hexdigest() == form.sha256
    assert b"%PDF" not in bytes(Form.objects.get().pdf_sealed)[:64]
    with pikepdf.open(__import__("io").BytesIO(raw)) as pdf:
        assert pdf.Root.MarkInfo.Marked and "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang).startswith(language)


def test_every_answer_stands_in_the_review_with_a_way_to_change_it(application, ana):
    go_on(application, ana.actor)
    lines = [line for part in applications.review(application, "en") for line in part.lines]
    assert all(line.step and not line.open for line in lines)
    shown = " ".join(line.value for line in lines)
    for expected in ("Ana Baca", "$1,200.00", "Mesa Homes", "December 1, 2026", "PNM"):
        assert expected in shown
    assert set(ANSWERS) >= {line.step for line in lines} - {"name"} - {"renting"}
