"""One household's whole way, cut into stages, and what must hold at its end.

Each stage is a database that the next begins from; a test gets a clone. `finish` is a patient
person at every desk: whatever a kill left, it goes on from there until the money has arrived.
"""

import email
import io
import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from latchstring import commands_proof
from latchstring.applications import door as applications
from latchstring.applications.tests.conftest import ANSWERS, go_on, photo
from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.cases.tests import scene as scenes
from latchstring.documents import door as documents
from latchstring.documents.models import Upload
from latchstring.flow import door as flow
from latchstring.flow import jobs, sweep
from latchstring.flow.tests.conftest import work
from latchstring.funds import door as funds
from latchstring.notices.models import Delivery
from latchstring.payments import door as payments
from latchstring.payments.models import Batch, Disbursement
from latchstring.people import door as people
from tests.faults.killing import Server, in_child

AGENCY = "nm-dfa"
ROUTING = "107000327"
NEW_LANDLORD = ANSWERS["landlord"] | {"name": "Luna Homes"}


@dataclass
class Way:
    """One case on its way: who and what it is about, and the test's own journal."""

    ids: dict[str, Any]
    receipts: list[Any] = field(default_factory=list)  # as they were shown
    letters_before: set[str] = field(default_factory=set)

    # --- what people press ---------------------------------------------------------------------

    def save_page(self) -> None:
        """Ana corrects a page."""
        application = applications.application_by_id(self.ids["application"])
        applications.answer(application, "landlord", NEW_LANDLORD, self.ids["ana"])

    def submit(self) -> Any:
        """Ana signs; she is shown her receipt."""
        return flow.submit(self.ids["application"], "Ana Baca", "en", self.ids["ana"])

    def upload(self) -> None:
        """Ana hands in a photo of her lease."""
        household = people.household_by_id(self.ids["household"])
        given = [("lease.jpg", io.BytesIO(photo()))]
        documents.give(household, "lease", given, self.ids["ana"])

    def approve(self) -> None:
        """Alex approves what Casey prepared."""
        cases.approve(self.ids["decision"], self.ids["alex"])

    def seal(self) -> None:
        """Pat seals the batch."""
        payments.seal_batch(self.account("pat"), self.ids["batch"])

    # --- looking -------------------------------------------------------------------------------

    def account(self, name: str) -> people.Account:
        """Somebody's account."""
        return people.Account.objects.get(id=self.ids[f"{name}.id"])

    @property
    def case(self) -> cases.Case:
        """The case, as it stands now."""
        return cases.cases_of_application(self.ids["application"])[0]

    # --- going on ------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Casey prepares an approval, if none stands."""
        if self.case.stage == "review":
            self.ids["decision"] = cases.prepare_approval(self.case.id, self.ids["casey"]).id

    def name_accounts(self) -> None:
        """Casey enters the bank accounts of whoever is to be paid."""
        for line in payments.of_case(self.case.id):
            if payments.live_account(line.payee) is None:
                payments.add_account(
                    line.payee_id,
                    routing=ROUTING,
                    account="12345678",
                    kind="checking",
                    owner="business",
                    actor=self.ids["casey"],
                )

    def open(self) -> None:
        """Pat takes what waits into a batch."""
        if Disbursement.objects.filter(batch=None, voided_at=None).exists():
            self.ids["batch"] = payments.open_batch(self.account("pat"), AGENCY).id

    def release(self) -> None:
        """Olga lets the batch go."""
        payments.release_batch(self.account("olga"), self.ids["batch"])

    def ask_the_bank(self) -> None:
        """Olga settles a doubt, where there is one."""
        if Batch.objects.get(id=self.ids["batch"]).in_doubt_at:
            found = payments.settle_doubt(self.account("olga"), self.ids["batch"])
            assert found in ("taken", "not_sent"), found

    def finish(self, bank: Any) -> None:
        """Go on from wherever this is until the money has arrived and the case is closed."""
        self.ids, self.receipts = in_child(lambda: self._finished(bank), _log())

    def _finished(self, bank: Any) -> tuple[dict[str, Any], list[Any]]:
        application = applications.application_by_id(self.ids["application"])
        if application.submitted_at is None:
            self.receipts.append(self.submit())
            work()
        self.prepare()
        if self.case.stage == "approval":
            self.approve()
        work()
        self.name_accounts()
        self.open()
        self.seal()
        self.release()
        work()
        self.ask_the_bank()
        work()
        settle(bank)
        jobs.import_bank_reports(0)
        work()
        assert (self.case.stage, self.case.outcome) == ("closed", "approved")
        return self.ids, self.receipts


def _log() -> Path:
    return Path(tempfile.gettempdir()) / f"faults-{os.getpid()}.log"


def work_here(skip: Sequence[str] = ()) -> None:
    """Do every job that is due, in order.

    In a child: the form is set by a library with threads of its own, and a process that has used it
    could not be forked into one that uses it again.
    """
    in_child(lambda: work(skip=skip), _log())


def settle(bank: Any) -> None:
    """Let the bank pay out everything that it has taken."""
    answer = httpx.post(f"{bank.url}/admin/settle-now", headers=bank.admin, json={})
    answer.raise_for_status()


# --- the stages ---------------------------------------------------------------------------------


def _draft(_: Way | None) -> Way:
    scene = scenes.build()
    for officer in ("pat", "olga"):
        scenes._hire(scene, officer, AGENCY, "payments_officer")
    scenes.agree(scene, "tax", consent=False)
    application = applications.begin(scene.household, scene.ana, ["nm-erap"], "en")
    go_on(application, scene.ana.actor)
    ids = {"application": application.id, "household": scene.household.id, "ana": scene.ana.actor}
    for name, account in scene.staff.items():
        ids |= {name: account.actor, f"{name}.id": account.id}
    return Way(ids)


def _submitted(way: Way) -> None:
    way.receipts.append(way.submit())
    work_here(skip=["advance", "deliver_notice"])


def _review(way: Way) -> None:
    work_here()
    assert way.case.stage == "review", way.case.stage


def _opened(way: Way) -> None:
    work_here()
    way.name_accounts()
    way.open()


def _released(way: Way) -> None:
    way.seal()
    way.release()


STEPS = {
    "submitted": ("draft", _submitted),
    "review": ("submitted", _review),
    "prepared": ("review", Way.prepare),
    "approved": ("prepared", Way.approve),
    "opened": ("approved", _opened),
    "released": ("opened", _released),
}


class Stages:
    """Makes each stage once, and hands out clones."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._ways: dict[str, Way] = {}

    def at(self, stage: str) -> Way:
        """A way that stands at a stage, in the database of this test alone."""
        self._make(stage)
        self.server.clone("faults_case", f"faults_{stage}")
        self.server.use("faults_case")
        made = self._ways[stage]
        sent = Delivery.objects.filter(sent_at__isnull=False).values_list("id", flat=True)
        return Way(dict(made.ids), list(made.receipts), {str(id) for id in sent})

    def _make(self, stage: str) -> None:
        if stage in self._ways:
            return
        if stage == "draft":
            self._begin(stage, self.server.template)
            self._ways[stage] = _draft(None)
            return
        before, step = STEPS[stage]
        self._make(before)
        self._begin(stage, f"faults_{before}")
        known = self._ways[before]
        way = Way(dict(known.ids), list(known.receipts))
        step(way)
        self._ways[stage] = way

    def _begin(self, stage: str, source: str) -> None:
        self.server.clone(f"faults_{stage}", source)
        self.server.use(f"faults_{stage}")


# --- what must hold -----------------------------------------------------------------------------


def broken(way: Way, bank: Any, mail: Path) -> list[str]:
    """Every promise that does not hold at the end of a way, in words; none is right."""
    found = list(_rooms())
    found += _receipts(way)
    found += _bank_book(bank)
    found += _letters(way, mail)
    found += [f"books: {fault}" for fault in funds.verify().faults]
    found += [f"stands still: {stuck.why}" for stuck in sweep.stuck()]
    audit.link_new_entries()
    found += [f"trail: {fault}" for fault in audit.verify().faults]
    files = documents.rows_without_a_file() + documents.pages_missing()
    found += [f"paper without its file: {upload}" for upload in files]
    unseen = Upload.objects.filter(inspected_at=None)
    return found + [f"never looked over: {upload.id}" for upload in unseen]


def _rooms() -> list[str]:
    return [
        f"{room}: {name}: {row}"
        for room in commands_proof.ROOMS_WITH_CHECKS
        for name, check in getattr(commands_proof._door(room), "CHECKS", {}).items()
        for row in list(check())
    ]


def _receipts(way: Way) -> list[str]:
    """I1: what was shown is there, once, with the same programs and the same answers."""
    now = applications.receipt(applications.application_by_id(way.ids["application"]))
    wrong = [f"receipt {one.reference} changed" for one in way.receipts if one != now]
    opened = [case.program for case in cases.cases_of_application(now.application)]
    if sorted(opened) != [program for program, _ in now.programs]:
        wrong.append(f"cases {opened} for programs {now.programs}")
    return wrong


def _bank_book(bank: Any) -> list[str]:
    """I7: in the bank's own book each trace once, nothing that we did not release, all of it."""
    journal = httpx.get(f"{bank.url}/journal", headers=bank.admin).json()
    paid = Counter(row["trace"] for row in journal["entries"] if row["direction"] == "paid")
    ours = Disbursement.objects.filter(batch__released_at__isnull=False)
    released = {row.trace: row.amount_cents for row in ours}
    cents = sum(row["amount_cents"] for row in journal["entries"] if row["direction"] == "paid")
    wrong = [f"trace {trace} paid {count} times" for trace, count in paid.items() if count > 1]
    wrong += [f"trace {trace} was never released" for trace in paid.keys() - released.keys()]
    if cents != sum(released.values()):
        wrong.append(f"the bank paid {cents} cents of {sum(released.values())} released")
    return wrong


def _letters(way: Way, mail: Path) -> list[str]:
    """I12: each letter at least once and at most twice."""
    copies: Counter[str] = Counter()
    for file in (mail / "messages").glob("*.eml"):
        named = str(email.message_from_bytes(file.read_bytes())["Message-ID"])
        copies[named.strip("<>").split(".")[0]] += 1
    wanted = {str(id) for id in Delivery.objects.values_list("id", flat=True)}
    return [
        f"letter {one} came {copies[one]} times"
        for one in wanted
        if not (0 if one in way.letters_before else 1) <= copies[one] <= 2
    ]


def forget(bank: Any, mail: Path) -> None:
    """Empty the bank's book and the mailbox between tests: their processes go on."""
    with sqlite3.connect(bank.data / "bank.sqlite", timeout=10) as book:
        for table in ("journal", "report", "settlement", "entry", "file"):
            book.execute(f"DELETE FROM {table}")  # noqa: S608 (names of our own)
    book.close()
    for file in (mail / "messages").glob("*.eml"):
        file.unlink()
