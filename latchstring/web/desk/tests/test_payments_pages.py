"""The payments officer: from what waits to what came back, and never the same person twice."""

import pytest

from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.funds import door as funds
from latchstring.insight import door as insight
from latchstring.payments import door as money
from latchstring.payments.models import BankReport, Batch, Disbursement

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(scene):
    """An approved case; the landlord has a bank account, the utility company has none."""
    decision = scene.prepared()
    cases.approve(decision.id, scene.actor("alex"))
    for line in money.of_case(decision.case_id):
        if line.payee.kind == "landlord":
            money.add_account(
                line.payee_id,
                routing="107000152",
                account="4455667788",
                kind="checking",
                owner="business",
                actor=scene.actor("casey"),
            )
    return decision.case


def batch_url(tail=""):
    return f"/desk/payments/batches/{Batch.objects.get().id}/{tail}"


def opened(as_):
    as_("paula").post("/desk/payments/batches/open/")
    return Batch.objects.get()


def test_what_waits_is_listed_and_opens_a_batch_once(as_, owed, words):
    page = words(as_("paula").get("/desk/payments/"))
    assert owed.reference in page and "account ending 7788" in page
    page = words(as_("paula").post("/desk/payments/batches/open/", follow=True))
    assert "A batch is open." in page
    again = as_("paula").post("/desk/payments/batches/open/")
    assert again.status_code == 409
    assert "Nothing waits to be paid" in words(again)
    assert Batch.objects.count() == 1


def test_a_batch_is_sealed_shown_with_its_totals_and_released_to_the_bank(as_, owed, words):
    batch = opened(as_)
    early = as_("paula").post(batch_url("release/"))
    assert early.status_code == 409
    page = words(as_("paula").post(batch_url("seal/"), follow=True))
    batch.refresh_from_db()
    assert batch.file_sha256 in page
    assert "$3,000.00 ($3,000.00 in the file)" in page
    file = as_("paula").get(batch_url("file/"))
    assert file["Content-Disposition"] == f'attachment; filename="{batch.reference}.ach"'
    assert len(file.content.splitlines()[0]) == 94
    assert any(e.action == "bank_file.seen" for e in audit.of_object("bank_file", batch.id))
    page = words(as_("pete").post(batch_url("release/"), follow=True))
    assert "Released, going to the bank" in page
    assert as_("pete").post(batch_url("release/")).status_code == 302  # twice is once


def test_a_payment_can_be_left_out_until_the_batch_is_sealed(as_, owed, words):
    batch = opened(as_)
    line = batch.lines.first()
    as_("paula").post(batch_url(f"leave-out/{line.id}/"))
    line.refresh_from_db()
    assert line.batch_id is None
    as_("paula").post(batch_url("seal/"))
    other = batch.lines.first()
    response = as_("paula").post(batch_url(f"leave-out/{other.id}/"))
    assert response.status_code == 409
    assert "This batch is sealed" in words(response)


def test_a_batch_in_doubt_says_so_and_asks_the_bank_only_when_told(as_, owed, words, monkeypatch):
    batch = opened(as_)
    as_("paula").post(batch_url("seal/"))
    as_("pete").post(batch_url("release/"))
    refused = as_("paula").post(batch_url("ask-the-bank/"))
    assert refused.status_code == 409  # it is not in doubt
    batch.refresh_from_db()
    batch.in_doubt_at = batch.released_at
    batch.save()
    page = words(as_("paula").get(batch_url()))
    assert "We do not know whether the bank has this batch" in page
    monkeypatch.setattr("latchstring.web.desk.payments.money.settle_doubt", lambda a, b: "taken")
    page = words(as_("paula").post(batch_url("ask-the-bank/"), follow=True))
    assert "The bank has it." in page


def test_a_refused_batch_says_why_and_its_payments_go_back(as_, owed, words):
    batch = opened(as_)
    as_("paula").post(batch_url("seal/"))
    early = as_("paula").post(batch_url("put-back/"))
    assert early.status_code == 409
    as_("pete").post(batch_url("release/"))
    batch.refresh_from_db()
    batch.refused_at, batch.refused_why = batch.released_at, "The file was sent before."
    batch.save()
    assert "The file was sent before." in words(as_("paula").get(batch_url()))
    page = words(as_("paula").post(batch_url("put-back/"), follow=True))
    assert "Put back." in page
    ready = [row for row in insight.payments_waiting("nm-dfa") if row["status"] == "waiting"]
    assert len(ready) == 2


def test_what_the_bank_said_and_what_came_back(as_, owed, scene, words):
    batch = opened(as_)
    as_("paula").post(batch_url("seal/"))
    as_("pete").post(batch_url("release/"))
    batch.refresh_from_db()
    line = batch.lines.order_by("id").first()
    BankReport.objects.create(
        agency="nm-dfa",
        trace=line.trace,
        kind="returned",
        code="R03",
        amount_cents=line.amount_cents,
        on="2026-11-24",
        source="returned:1",
        received_at=batch.sealed_at,
    )
    line.voided_at = batch.sealed_at
    line.save()
    funds.post_returned(line.obligation, line.id, actor="system:bank", reason="R03")
    assert "R03 No such account" in words(as_("paula").get("/desk/payments/feed/"))
    page = words(as_("paula").get("/desk/payments/returned/"))
    assert owed.reference in page and "R03 No such account" in page
    address = f"/desk/payments/{line.id}/pay-again/"
    wrong = {"routing": "123456789", "account": "1", "kind": "checking", "owner": "business"}
    response = as_("paula").post(address, wrong)
    assert response.status_code == 422
    assert "This is not a routing number." in words(response)
    assert 'value="123456789"' in words(response)
    right = wrong | {"routing": "107000152", "account": "99887766"}
    as_("paula").post(address, right)
    as_("paula").post(address, right)
    live = Disbursement.objects.filter(obligation=line.obligation, voided_at__isnull=True)
    assert live.count() == 1
    assert all(row["id"] != line.id for row in insight.payments_returned("nm-dfa"))


@pytest.mark.parametrize(("who", "status"), [("casey", 403), ("dana", 403), ("ana", 403)])
def test_others_do_not_get_in(as_, owed, who, status):
    here = f"/desk/payments/batches/{opened(as_).id}/"
    for page in ("/desk/payments/", here, f"{here}file/", "/desk/payments/feed/"):
        assert as_(who).get(page).status_code == status
    assert as_(who).post(f"{here}seal/").status_code == status


def test_an_auditor_reads_and_changes_nothing(as_, owed):
    opened(as_)
    assert as_("audrey").get(batch_url()).status_code == 200
    assert as_("audrey").post(batch_url("seal/")).status_code == 403


def test_another_agency_has_no_such_batch(as_, owed, scene):
    here = f"/desk/payments/batches/{opened(as_).id}/"
    scene.staff["paula"].staff.agency_id = "wy-dfs"
    scene.staff["paula"].staff.save()
    assert as_("paula").get(here).status_code == 404
    assert as_("paula").post(f"{here}seal/").status_code == 404
    assert as_("paula").get(f"{here}file/").status_code == 404


def test_status_in_sql_and_in_python_agree(as_, owed):
    opened(as_)
    as_("paula").post(batch_url("seal/"))
    in_sql = {row["id"]: row["status"] for row in insight.payments_of_case("nm-dfa", owed.id)}
    assert in_sql == {line.id: money.status(line) for line in money.of_case(owed.id)}
    assert set(in_sql.values()) == {"sealed", "no_account"} or set(in_sql.values()) == {"sealed"}
