"""Two people at one thing, in every order their steps can meet. One truth, and no cent too much.

Each test plays fresh cases; what must hold of all of them is held at its end (`prove`).
"""

import asyncio
import contextlib
import itertools
import os
import uuid
from functools import partial
from types import SimpleNamespace
from unittest import mock
from urllib.parse import urlsplit

import httpx
import pytest
from django.db import connection, connections
from django.test import Client, override_settings
from procrastinate.contrib.django import app

import conftest
from latchstring import commands_proof
from latchstring.applications import door as applications
from latchstring.applications.tests.conftest import go_on
from latchstring.cases import door as cases
from latchstring.cases.locks import locked_case
from latchstring.cases.policy import permit
from latchstring.cases.tests import scene as scenes
from latchstring.flow import door as flow
from latchstring.flow import due, jobs, sweep
from latchstring.flow.tests.conftest import jobs as waiting
from latchstring.funds import door as funds
from latchstring.funds.models import Allocation
from latchstring.funds.tests.scene import at_once
from latchstring.kernel import clock, scope, transactions
from latchstring.kernel.errors import NotAllowed
from latchstring.kernel.ids import new_id
from latchstring.payments import door as payments
from latchstring.payments import import_reports
from latchstring.payments.hand_over import write_answer
from latchstring.people import door as people
from latchstring.tests import paid_world
from latchstring.tests.plants import STUCK
from tests import postgres
from tests.faults import orders

CLICKS = 4
NAMES = (f"household{n}" for n in itertools.count())
# The scene opens cases itself, without an application.
OPENED_BY_THE_SCENE = "flow: I2 every case was applied for"


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """The scene, in a database of this module's own, with money and two payments officers."""
    name = f"races_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    url = postgres.clone(name)
    before = connections["default"].settings_dict["NAME"]
    blocker = conftest._BLOCKERS[conftest.blocking_manager_key]
    nobody = {"url": "", "client": "", "secret": ""}
    settled = override_settings(
        STORAGE=tmp_path_factory.mktemp("papers"),
        BANK=conftest.settings.BANK | nobody,
        SOURCES={"tax": nobody, "human_services": nobody},
        SECOND_FACTOR_WAIVED=True,
    )
    with blocker.unblock(), mock.patch.dict(os.environ, {"DATABASE_URL": url}), settled:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = urlsplit(url).path.lstrip("/")
        scope.enter(scope.EVERY_AGENCY)
        scene = scenes.build(money_cents=1_000_000_000)
        for officer in ("pat", "olga"):
            scenes._hire(scene, officer, "nm-dfa", "payments_officer")
        yield scene
        connections.close_all()
        connections["default"].settings_dict["NAME"] = before
    postgres.drop(name)


@pytest.fixture(autouse=True)
def proven(scene):
    """After each test every invariant of the house holds."""
    yield
    rows = {name: list(check()) for name, check in commands_proof.all_checks().items()}
    rows[STUCK] = [found for found in rows[STUCK] if found.kind != "batch"]  # there is no bank here
    assert {name for name, found in rows.items() if found} <= {OPENED_BY_THE_SCENE}


def prepared(scene):
    """A household of its own with an approval that Casey prepared: (scene, decision)."""
    other = paid_world.neighbour(scene, next(NAMES))
    return other, other.prepared()


def won(found, kind):
    return sum(isinstance(one, kind) for one in found)


# --- approve and what could cross it --------------------------------------------------------------


def test_approve_by_two_people_at_once_takes_effect_once(scene):
    decisions = []

    def two():
        decisions.append(prepared(scene)[1])
        last = decisions[-1].id
        return [
            [lambda: cases.approve(last, scene.actor("alex"))],
            [lambda: cases.approve(last, scene.actor("both"))],
        ]

    for order, found in orders.play_all(two, alike=True):
        assert (won(found, cases.Decision), won(found, cases.AlreadyDecided)) == (1, 1), order
        promised = funds.obligations_of(decisions[-1].case_id)
        assert sum(row.amount_cents for row in promised) == 300_000, order


def test_approve_and_withdraw_leave_one_outcome(scene):
    told = []

    def two():
        other, decision = prepared(scene)
        told.append(decision.case_id)
        return [
            [lambda: cases.approve(decision.id, scene.actor("alex"))],
            [lambda: cases.withdraw(decision.case_id, other.ana.actor)],
        ]

    outcomes = set()
    for order, found in orders.play_all(two):
        case = cases.Case.objects.get(id=told[-1])
        assert won(found, cases.AlreadyDecided) == 1, (order, found)
        promised = bool(funds.obligations_of(case.id))
        assert (case.outcome == "approved") == promised, order
        outcomes.add(case.outcome)
    assert outcomes == {"approved", "withdrawn"}, "both were first in some order"


def test_approve_and_send_back_leave_one_outcome(scene):
    def two():
        decision = prepared(scene)[1]
        return [
            [lambda: cases.approve(decision.id, scene.actor("alex"))],
            [lambda: cases.send_back(decision.id, scene.actor("both"), "Look again.")],
        ]

    for order, found in orders.play_all(two):
        assert (won(found, cases.Decision), won(found, cases.AlreadyDecided)) == (1, 1), order


def test_approve_while_the_money_is_taken_back_never_promises_what_is_gone(scene):
    before = Allocation.objects.get()

    def reduce():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE funds_allocation SET amount_cents = obligated_cents")

    refused = 0
    for order in orders.orders([2, 2]):
        decision = prepared(scene)[1]
        approve = [lambda decision=decision: cases.approve(decision.id, scene.actor("alex"))]
        found = orders.play(order, [approve, [reduce]])
        now = Allocation.objects.get()
        assert now.obligated_cents <= now.amount_cents, order
        assert won(found, (cases.Decision, funds.NotEnoughMoney)) == 1, (order, found)
        refused += won(found, funds.NotEnoughMoney)
        Allocation.objects.update(amount_cents=before.amount_cents)
    assert 0 < refused < 6, "the money was there in some order and gone in another"


def without_role(scene, name):
    grants = scene.staff[name].staff.grants.filter(role="approver")
    return lambda: grants.update(valid_to=clock.today())


def test_who_lost_the_role_while_waiting_for_the_lock_is_refused(scene):
    scenes._hire(scene, "gone", "nm-dfa", "approver")
    decision = prepared(scene)[1]
    found = orders.play(
        [0, 1, 2, 2, 0, 1],  # the case is held; the approver waits; the role goes; then the lock
        [
            [lambda: locked_case(decision.case_id)],
            [lambda: cases.approve(decision.id, scene.actor("gone"))],
            [without_role(scene, "gone")],
        ],
    )
    assert isinstance(found[1], NotAllowed), found
    assert funds.obligations_of(decision.case_id) == []


def test_control_reading_the_role_before_the_lock_lets_the_same_person_through(scene):
    """If this fails, the order above does not show what it says."""
    scenes._hire(scene, "early", "nm-dfa", "approver")
    decision = prepared(scene)[1]

    def permit_then_lock():
        permit(scene.actor("early"), "decision.approve", decision.case)
        return locked_case(decision.case_id)

    found = orders.play(
        [0, 1, 2, 2, 0, 1],
        [
            [lambda: locked_case(decision.case_id)],
            [permit_then_lock],
            [without_role(scene, "early")],
        ],
    )
    assert isinstance(found[1], cases.Case), found


# --- the last dollars -----------------------------------------------------------------------------


def test_2_8_32_and_64_approvers_share_the_last_dollars_to_the_cent(scene):
    """$3,000.00 a case: as many are approved as there is money for, and each other one is told.

    Several approvers stand at each case, so that they wait for its lock and for the money.
    """
    desk = [f"approver{n}" for n in range(8)]
    for name in desk:
        scenes._hire(scene, name, "nm-dfa", "approver")
    whole = Allocation.objects.get().amount_cents
    pool = [prepared(scene)[1] for _ in range(14)]
    for many, wanted, room in ((2, 2, 1), (8, 4, 2), (32, 8, 3), (64, 8, 5)):
        start = Allocation.objects.get().obligated_cents
        Allocation.objects.update(amount_cents=start + room * 300_000 + 299_999)
        turns = itertools.islice(itertools.product(desk, pool[:wanted]), many)
        found = at_once([partial(cases.approve, one.id, scene.actor(who)) for who, one in turns])
        assert won(found, cases.Decision) == room, [f for f in found if isinstance(f, Exception)]
        assert won(found, (funds.NotEnoughMoney, cases.AlreadyDecided)) == many - room
        assert Allocation.objects.get().obligated_cents == start + room * 300_000
        left = cases.Decision.objects.filter(id__in=[d.id for d in pool], approved_at=None)
        pool = list(left)
    Allocation.objects.update(amount_cents=whole)


# --- signing --------------------------------------------------------------------------------------


def drafted(scene):
    other = paid_world.neighbour(scene, next(NAMES))
    application = applications.begin(other.household, other.ana, ["nm-erap"], "en")
    go_on(application, other.ana.actor)
    return other, application


def test_signing_twice_at_once_is_one_receipt_and_one_case(scene):
    drafts = []

    def two():
        other, application = drafted(scene)
        drafts.append(application)
        sign = [lambda: flow.submit(application.id, "Ana Baca", "en", other.ana.actor)]
        return [sign, sign]

    for order, found in orders.play_all(two, alike=True):
        assert found[0] == found[1] and won(found, applications.Receipt) == 2, (order, found)
        assert len(cases.cases_of_application(drafts[-1].id)) == 1
        shown = {found[0].reference: found[0].answers_sha256}
        assert applications.receipts_not_kept(shown) == []


def test_an_answer_in_a_second_tab_is_signed_or_refused_never_lost(scene):
    made = []

    def two():
        other, application = drafted(scene)
        made.append((other, application))
        return [
            [lambda: flow.submit(application.id, "Ana Baca", "en", other.ana.actor)],
            [lambda: _answer(application, other, "1234")],
        ]

    for order, found in orders.play_all(two):
        other, application = made[-1]
        assert isinstance(found[0], applications.Receipt), (order, found)
        application.refresh_from_db()
        signed = applications.signature_of(application).answers
        if isinstance(found[1], applications.AlreadySubmitted):
            assert b"1234" not in signed, order
        else:
            assert b"1234" in signed, order


def _answer(application, other, rent):
    values = {"rent_each_month": rent}
    return applications.answer(application, "rent_each_month", values, other.ana.actor)


def test_two_tabs_that_save_one_page_keep_both_and_the_later_counts(scene):
    made = []

    def two():
        other, application = drafted(scene)
        made.append(other)
        return [
            [lambda: _answer(application, other, "900")],
            [lambda: _answer(application, other, "901")],
        ]

    for order, found in orders.play_all(two, alike=True):
        assert won(found, Exception) == 0, (order, found)
        said = people.all_facts(made[-1].household, "monthly_rent")
        assert {900, 901} <= {int(fact.value) for fact in said}
        current = people.facts(made[-1].household)["monthly_rent"]
        assert current.recorded_at == max(fact.recorded_at for fact in said)


# --- payments -------------------------------------------------------------------------------------


def payable(scene):
    """An approved case whose landlord has a bank account."""
    other, decision = prepared(scene)
    cases.approve(decision.id, scene.actor("alex"))
    paid_world.give_account(other, decision.case, f"1{uuid.uuid4().int % 10**9:09d}")
    return decision.case


def opened(scene):
    payable(scene)
    return payments.open_batch(scene.staff["pat"], "nm-dfa")


def test_two_officers_who_open_a_batch_at_once_never_share_a_payment(scene):
    def two():
        payable(scene)
        opens = [lambda: payments.open_batch(scene.staff["pat"], "nm-dfa")]
        return [opens, opens]

    for order, found in orders.play_all(two, alike=True):
        assert (won(found, payments.Batch), won(found, payments.NothingToPay)) == (1, 1), order


def test_sealing_and_leaving_out_agree_on_what_is_in_the_file(scene):
    def two():
        batch = opened(scene)
        line = payments.lines_of(batch)[0]
        return [
            [lambda: payments.seal_batch(scene.staff["pat"], batch.id)],
            [lambda: payments.leave_out(scene.staff["olga"], batch.id, line.id)],
        ]

    for order, found in orders.play_all(two):
        assert isinstance(found[0], payments.Batch), (order, found)
        assert found[1] is None or isinstance(found[1], payments.BatchIsSealed), (order, found)


def test_sealing_and_withdrawing_a_payment_agree_on_what_is_in_the_file(scene):
    def two():
        batch = opened(scene)
        line = payments.lines_of(batch)[0]
        return [
            [lambda: payments.seal_batch(scene.staff["pat"], batch.id)],
            [lambda: payments.withdraw(scene.staff["olga"], line.id, "nm-dfa", "moved away")],
        ]

    for order, found in orders.play_all(two):
        assert isinstance(found[0], payments.Batch), (order, found)
        assert isinstance(found[1], (payments.Disbursement, payments.BatchIsSealed)), order
        lines = payments.lines_of(payments.batch(found[0].id, "nm-dfa"))
        assert found[0].total_cents == sum(line.amount_cents for line in lines), order


def test_sealing_and_releasing_twice_at_once_are_once(scene):
    batch = opened(scene)
    found = at_once([lambda: payments.seal_batch(scene.staff["pat"], batch.id)] * 6)
    assert won(found, payments.Batch) == 6
    assert len({one.file_sha256 for one in found}) == 1
    found = at_once([lambda: payments.release_batch(scene.staff["olga"], batch.id)] * 6)
    assert won(found, payments.Batch) == 6


def test_the_same_reports_imported_eight_times_at_once_move_the_money_once(scene, monkeypatch):
    batch = opened(scene)
    payments.seal_batch(scene.staff["pat"], batch.id)
    batch = payments.release_batch(scene.staff["olga"], batch.id)
    lines = payments.lines_of(batch)
    told = [import_reports.Settled(line.trace, line.amount_cents, clock.today()) for line in lines]

    def ask(name):
        new = told if name == "settlements" else []
        return import_reports.Told(name, "", "9", new)

    monkeypatch.setattr("latchstring.payments.import_reports._ask", ask)
    found = at_once([payments.import_reports] * 8)
    assert sorted(found) == [0] * 7 + [len(lines)]


def test_paying_again_twice_at_once_instructs_once(scene):
    case = payable(scene)
    for line in payments.of_case(case.id):
        line.voided_at = clock.now()
        line.save(update_fields=["voided_at"])
    promised = len(funds.obligations_of(case.id))
    found = at_once([lambda: cases.pay_again(case.id, scene.actor("casey"))] * 8)
    assert sorted(found) == [0] * 7 + [promised]


def test_control_a_batch_opened_without_row_locks_shares_a_payment(scene):
    """If this fails, two officers at once were never at one payment above."""
    case = payable(scene)
    line = payments.of_case(case.id)[0]

    def careless():
        if payments.Disbursement.objects.get(id=line.id).batch_id is not None:
            return None
        return payments.Batch.objects.create(
            id=new_id(),
            agency="nm-dfa",
            reference=str(new_id())[-20:],
            opened_at=clock.now(),
            opened_by=scene.actor("pat"),
        )

    def take(mine):
        payments.Disbursement.objects.filter(id=line.id).update(batch=mine["batch"])

    def session():
        mine: dict[str, object] = {}
        return [lambda: mine.update(batch=careless()), lambda: take(mine)]

    orders.play([0, 1, 0, 0, 1, 1], [session(), session()])
    both = payments.Batch.objects.filter(entries=0, total_cents=0, sealed_at=None)
    assert both.count() == 2, "each took it for their own"
    payments.Disbursement.objects.filter(id=line.id).update(batch=None)
    with contextlib.suppress(payments.NothingToPay):
        payments.open_batch(scene.staff["pat"], "nm-dfa")


# --- a double click, through HTTP: several requests of one browser arrive together ---------------


def clicked(scene, who, address, values=None):
    """Click one button several times at once; the statuses of the answers."""
    account = scene.ana if who == "ana" else scene.staff[who]
    client = Client(raise_request_exception=False)
    client.force_login(account)
    cookies = client.cookies

    def click():
        one = Client(raise_request_exception=False)
        one.cookies = cookies
        return one.post(address, values or {}).status_code

    found = at_once([click] * CLICKS)
    assert all(isinstance(status, int) and status < 500 for status in found), found
    return found


def test_approve(scene):
    decision = prepared(scene)[1]
    found = clicked(scene, "alex", f"/desk/approvals/{decision.id}/approve/")
    assert set(found) == {302}
    promised = funds.obligations_of(decision.case_id)
    assert sum(row.amount_cents for row in promised) == 300_000


def test_open_seal_and_release_a_batch(scene):
    case = payable(scene)
    before = payments.Batch.objects.count()
    found = clicked(scene, "pat", "/desk/payments/batches/open/")
    assert sorted(found) == [302] + [409] * (CLICKS - 1)
    assert payments.Batch.objects.count() == before + 1
    batch = payments.of_case(case.id)[0].batch
    here = f"/desk/payments/batches/{batch.id}/"
    assert set(clicked(scene, "pat", f"{here}seal/")) == {302}
    assert set(clicked(scene, "olga", f"{here}release/")) == {302}
    handed = [given for name, given in waiting() if name == "hand_over_batch"]
    assert sum(given["batch_id"] == str(batch.id) for given in handed) == 1
    return batch


def test_put_back_what_the_bank_refused(scene):
    batch = test_open_seal_and_release_a_batch(scene)
    lines = payments.lines_of(batch)
    said = {"status": "rejected", "entries": 0, "credit_cents": 0, "errors": [{"message": "x"}]}
    assert write_answer(batch.id, httpx_answer(said)) == "refused"
    found = clicked(scene, "pat", f"/desk/payments/batches/{batch.id}/put-back/")
    assert set(found) == {302}
    live = payments.Disbursement.objects.filter(
        obligation__in=[line.obligation for line in lines], voided_at__isnull=True
    )
    assert live.count() == len(lines)


def httpx_answer(said):
    return httpx.Response(422, json=said)


def test_pay_again_what_came_back(scene):
    case = payable(scene)
    payments.open_batch(scene.staff["pat"], "nm-dfa")
    batch = payments.of_case(case.id)[0].batch
    payments.seal_batch(scene.staff["pat"], batch.id)
    payments.release_batch(scene.staff["olga"], batch.id)
    line = payments.of_case(case.id)[0]
    with transactions.verb():
        funds.post_returned(line.obligation, new_id(), actor="system:bank", reason="R03")
        line.voided_at = clock.now()
        line.save(update_fields=["voided_at"])
    account = {"routing": "107000152", "account": "99887766", "kind": "checking"}
    found = clicked(
        scene, "pat", f"/desk/payments/{line.id}/pay-again/", account | {"owner": "business"}
    )
    assert set(found) == {302}
    live = payments.Disbursement.objects.filter(obligation=line.obligation, voided_at__isnull=True)
    assert live.count() == 1


def test_sign_and_submit(scene):
    other, application = drafted(scene)
    address = f"/nm/applications/{application.reference}/review/"
    found = clicked(other, "ana", address, {"name": "Ana Baca", "agree": "yes"})
    assert set(found) == {302}
    assert len(cases.cases_of_application(application.id)) == 1


def test_run_a_failed_job_again(scene):
    case = cases.cases_of_household(prepared(scene)[0].household.id)[0]
    jobs.wake(case.id, "nm-dfa")
    with jobs_connection() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = "
            "(SELECT max(id) FROM procrastinate_jobs) RETURNING id"
        )
        job = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job])
    found = clicked(scene, "dana", f"/desk/standing/jobs/{job}/run-again/")
    assert sorted(found) == [302] + [409] * (CLICKS - 1)
    with jobs_connection() as cursor:
        cursor.execute(
            "SELECT (SELECT status::text FROM procrastinate_jobs WHERE id = %s), (SELECT count(*) "
            "FROM audit_entry WHERE action = 'job.run_again' AND object_id = %s)",
            [job, str(job)],
        )
        assert cursor.fetchone() == ("todo", 1)


def jobs_connection():
    return connection.cursor()


# --- the clockwork, twice at once -----------------------------------------------------------------


def test_two_tickers_fire_each_timer_once(scene):
    subjects = [new_id() for _ in range(40)]
    for subject in subjects:
        due.set_timer("nothing", subject, "nm-dfa", clock.now())
    fired = []
    counts = at_once([lambda: due.fire(lambda kind, id, agency: fired.append(id))] * 4)
    assert sum(counts) == 40
    assert sorted(fired) == sorted(subjects)


def test_two_rescuers_who_see_the_same_dead_jobs_give_each_back_once(scene):
    """The second finds the first one's job given back already: it goes on to the next."""
    with jobs_connection() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args) "
            "SELECT 'cases', 'nothing', 'doing', '{}' FROM generate_series(1, 6) RETURNING id"
        )
        dead = [row[0] for row in cursor.fetchall()]
    found = at_once([lambda: asyncio.run(_rescue())] * 4)
    assert won(found, Exception) == 0, found
    with jobs_connection() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id = ANY(%s) RETURNING status::text, attempts",
            [dead],
        )
        assert cursor.fetchall() == [("todo", 1)] * 6


async def _rescue():
    beside = app.with_connector(app.connector.get_worker_connector())
    async with beside.open_async():
        seen = await beside.job_manager.get_stalled_jobs(seconds_since_heartbeat=30)
        await asyncio.sleep(0.3)  # all four have looked before the first gives one back

        async def looked(**_given):
            return seen

        beside.job_manager.get_stalled_jobs = looked
        await jobs.rescue.func(SimpleNamespace(app=beside, job=SimpleNamespace(id=0)), 0)


def test_two_sweepers_at_once_do_the_work_once(scene):
    with jobs_connection() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    case = prepared(scene)[0].open()
    with jobs_connection() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert case.id in {found.id for found in sweep.stuck()}
    found = at_once([lambda: jobs.sweep_stuck(0)] * 4)
    assert won(found, Exception) == 0, found
    mine = [given for name, given in waiting() if given.get("case_id") == str(case.id)]
    assert mine
    for given in mine:
        jobs.advance(**given)
    case.refresh_from_db()
    assert case.stage == "review" and case.determinations.count() == 1
    assert case.id not in {found.id for found in sweep.stuck()}
