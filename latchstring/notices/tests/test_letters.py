"""Letters are complete in both languages, written once, delivered or owned as a failure."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from latchstring.cases import door as cases
from latchstring.cases.tests import scene as scenes
from latchstring.kernel import clock
from latchstring.notices import door as notices
from latchstring.notices.models import Delivery, Notice
from latchstring.people import door as people
from latchstring.programs import door as programs


@pytest.fixture
def scene(db):
    return scenes.build()


def letter(case, kind):
    return next(n for n in notices.of_case(case.id) if n.kind == kind)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Good news", "Back rent", "2 months × $1,000.00 = $2,000.00", "Total: $3,085.00"]),
        ("es", ["Buenas noticias", "Renta atrasada", "2 meses × $1,000.00 = $2,000.00"]),
    ],
)
def test_an_approval_says_what_for_how_much_and_why(scene, language, told):
    case = scene.open(language=language)
    decision = cases.prepare_approval(case.id, scene.actor("casey"))
    cases.approve(decision.id, scene.actor("alex"))
    body = letter(case, "approved").body
    for words in told:
        assert words in body, body
    assert_complete(body, case, language, decision)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_denial_says_reason_law_facts_and_how_to_appeal(scene, language):
    scene.state(annual_income=90_000, monthly_income=7_500)
    case = scene.open(language=language)
    cases.determine(case.id)
    words = cases.denial_words(case)
    decision = cases.prepare_denial(case.id, scene.actor("casey"), **words)
    cases.approve(decision.id, scene.actor("alex"))
    body = letter(case, "denied").body
    assert words["reason"] in body and words["legal_basis"] in body
    assert "$90,000.00" in body  # the facts used
    assert_complete(body, case, language, decision)


def assert_complete(body, case, language, decision):
    """What due process asks of any decision's letter."""
    assert "15 U.S.C. 9058a" in body  # the rule
    assert programs.text(decision.appeal_until, language) in body  # the computed last day
    assert "505-555-0142" in body and case.reference in body  # whom to call, about what
    assert programs.text(clock.today(), language) in body
    assert "Ana" in body and "{" not in body


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_other_letter_is_filled_whole(scene, language):
    case = scene.open(language=language)
    day = clock.today() + timedelta(days=14)
    words = "The last two months, please."
    cases.request_information(case.id, "pay_stub", words, scene.actor("casey"), day)
    for kind in ("received", "request_for_information"):
        found = letter(case, kind)
        assert "{" not in found.title + found.body and case.reference in found.title
    asked = letter(case, "request_for_information").body
    assert words in asked and programs.text(day, language) in asked


def test_one_cause_is_one_letter(scene):
    given = (scene.household.id, None, None, "paid", "en", "paid:1", "T", "B")
    first = notices.write(*given, agency="nm-dfa")
    assert notices.write(*given, agency="nm-dfa").id == first.id
    assert Delivery.objects.filter(notice=first).count() == 1


def test_the_words_are_sealed_and_kept_to_the_byte(scene):
    case = scene.open()
    row = Notice.objects.get(case=case.id)
    assert b"Ana" not in bytes(row.body_sealed)
    assert letter(case, "received").body == letter(case, "received").body


def test_a_letter_is_read_by_its_household_only(scene):
    case = scene.open()
    found = letter(case, "received")
    assert notices.read(found.id, scene.ana).read_at is not None
    stranger = people.Account.objects.create_user("eve@example.org", "correct horse battery")
    with pytest.raises(notices.NoSuchNotice):
        notices.read(found.id, stranger)


def delivery_of(case):
    return Delivery.objects.get(notice__case=case.id)


def test_the_email_carries_the_words_and_the_way_back_and_nothing_that_can_be_stolen(scene):
    case = scene.open(language="es")
    delivery = delivery_of(case)
    assert notices.deliver(delivery.id) is None
    assert notices.deliver(delivery.id) is None  # again: not sent twice
    (sent,) = mail.outbox
    assert sent.to == ["ana@example.org"]
    assert "/es/nm/messages/" in sent.body and case.reference in sent.subject
    for secret in ("900-12-3456", "900123456"):
        assert secret not in sent.body
    assert str(delivery.id) in sent.extra_headers["Message-ID"]
    assert notices.of_case(case.id)[0].delivery == "sent"


def refuse(monkeypatch, problem):
    def send(self, fail_silently=False):
        raise problem

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)


def test_a_mail_server_in_trouble_is_tried_again_then_owned_as_a_failure(scene, monkeypatch):
    case = scene.open()
    refuse(monkeypatch, ConnectionRefusedError())
    waits = [notices.deliver(delivery_of(case).id) for _ in range(8)]
    assert [w.total_seconds() for w in waits[:3]] == [15, 30, 60] and waits[-1] is None
    found = delivery_of(case)
    assert found.failed_at and found.attempts == 8
    assert [row["id"] for row in notices.deliveries_in_trouble("nm-dfa")] == [found.id]


def test_an_address_that_does_not_exist_bounces_at_once(scene, monkeypatch):
    case = scene.open()
    refuse(monkeypatch, smtplib.SMTPRecipientsRefused({"a@b": (550, b"no such user")}))
    assert notices.deliver(delivery_of(case).id) is None
    assert delivery_of(case).bounced_at and notices.of_case(case.id)[0].delivery == "bounced"


def test_an_address_that_is_busy_is_tried_again(scene, monkeypatch):
    case = scene.open()
    refuse(monkeypatch, smtplib.SMTPRecipientsRefused({"a@b": (451, b"try later")}))
    assert notices.deliver(delivery_of(case).id) is not None
    assert delivery_of(case).bounced_at is None


def test_a_letter_without_a_delivery_and_one_that_waits_too_long_are_found(scene):
    case = scene.open()
    assert notices.CHECKS["I12 no letter waits without end"]() == []
    clock.turn(timedelta(hours=2))
    assert len(notices.CHECKS["I12 no letter waits without end"]()) == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice SELECT gen_random_uuid(), agency, household, account, "
            "\"case\", kind, language, 'other', title_sealed, body_sealed, written_at, read_at "
            'FROM notices_notice WHERE "case" = %s',
            [case.id],
        )
    assert len(notices.CHECKS["I12 every letter has a delivery"]()) == 1
