"""A small world on the way: one case at each place, from drafts to paid, all in good order.

`paid` is closed; `with_bank` is at the bank; `by_rules` waits for a bank account; `denied` is
closed; `prepared` waits for the second person; `asked` waits for its resident.
"""

import copy
from dataclasses import dataclass
from datetime import timedelta

import httpx

from latchstring.applications import door as applications
from latchstring.applications.tests.conftest import go_on
from latchstring.audit import door as audit
from latchstring.cases import door as cases
from latchstring.cases.tests import scene as scenes
from latchstring.flow import door as flow
from latchstring.flow.tests.conftest import work
from latchstring.kernel import clock, transactions
from latchstring.payments import door as payments
from latchstring.payments.hand_over import write_answer
from latchstring.payments.import_reports import Settled, _take_in
from latchstring.people import door as people

ROUTING = "107000327"


@dataclass
class World:
    """The cast and the cases."""

    scene: scenes.Scene
    cases: dict[str, cases.Case]
    batch: payments.Batch
    receipts: dict[str, str]  # as people were shown them

    def case(self, name: str) -> cases.Case:
        """A case as it stands now."""
        return cases.Case.objects.get(id=self.cases[name].id)


def neighbour(scene: scenes.Scene, name: str) -> scenes.Scene:
    """The same scene with another household that is behind with its rent."""
    other = copy.copy(scene)
    other.ana = people.Account.objects.create_user(f"{name}@example.org", "correct horse battery")
    identity = scenes.ANA | {"first_name": name.title(), "ssn": ""}
    other.household = people.make_household("nm-dfa", other.ana, identity=identity)
    home = {"street": f"{len(name)} Luna Ln", "city": "Santa Fe", "state": "NM", "zip": "87501"}
    people.set_dwelling(other.household, home, scenes.COUNTY, other.ana.actor)
    other.state(**scenes.STATED | {"size": 1, "utilities_owed": 0})
    people.state_fact(
        other.household, "landlord", scenes.LANDLORD, actor=other.ana.actor, personal=True
    )
    return other


def submitted(scene: scenes.Scene, receipts: dict[str, str]) -> cases.Case:
    """Sign and submit an application of the scene's household, and do its jobs."""
    application = applications.begin(scene.household, scene.ana, ["nm-erap"], "en")
    go_on(application, scene.ana.actor)
    receipt = flow.submit(application.id, "Ana Baca", "en", scene.ana.actor)
    receipts[receipt.reference] = receipt.answers_sha256
    work()
    return cases.cases_of_application(application.id)[0]


def approved(scene: scenes.Scene, receipts: dict[str, str], account: str = "") -> cases.Case:
    """A case that two people approved; its landlord has a bank account where one is given."""
    case = submitted(scene, receipts)
    decision = cases.prepare_approval(case.id, scene.actor("casey"))
    cases.approve(decision.id, scene.actor("alex"))
    if account:
        give_account(scene, case, account)
    work()
    return case


def give_account(scene: scenes.Scene, case: cases.Case, number: str) -> None:
    """Give the landlord of a case a bank account."""
    payments.add_account(
        cases.payee_of(case, "landlord"),
        routing=ROUTING,
        account=number,
        kind="checking",
        owner="business",
        actor=scene.actor("casey"),
    )


def handed_over(scene: scenes.Scene) -> payments.Batch:
    """Open, seal and release a batch, and let the bank say that it took it."""
    batch = payments.open_batch(scene.staff["pat"], "nm-dfa")
    payments.seal_batch(scene.staff["pat"], batch.id)
    batch = payments.release_batch(scene.staff["olga"], batch.id)
    work()  # no bank is connected: nothing was sent
    said = {"status": "accepted", "errors": [], "entries": batch.entries}
    answer = httpx.Response(201, json=said | {"credit_cents": batch.total_cents})
    assert write_answer(batch.id, answer) == "taken"
    return batch


def settle(*lines: payments.Disbursement) -> None:
    """Let the bank say that it paid these."""
    with transactions.verb():
        for line in lines:
            _take_in(Settled(line.trace, line.amount_cents, clock.today()))


def build() -> World:
    """Make the world with the verbs that people and jobs use."""
    scene = scenes.build()
    for officer in ("pat", "olga"):
        scenes._hire(scene, officer, "nm-dfa", "payments_officer")
    receipts: dict[str, str] = {}
    names = ("paid", "with_bank", "denied", "prepared", "asked", "by_rules")
    who = {name: neighbour(scene, name) for name in names}
    found = {
        "paid": approved(who["paid"], receipts, "12345678"),
        "with_bank": approved(who["with_bank"], receipts, "87654321"),
    }
    batch = handed_over(scene)
    settle(*(row for row in payments.of_case(found["paid"].id)))
    work()
    found["denied"] = submitted(who["denied"], receipts)
    until = clock.today() + timedelta(days=30)
    denial = cases.prepare_denial(
        found["denied"].id, scene.actor("casey"), "Too much.", "FAQ 4", until
    )
    cases.approve(denial.id, scene.actor("alex"))
    found["prepared"] = submitted(who["prepared"], receipts)
    cases.prepare_approval(found["prepared"].id, scene.actor("casey"))
    found["asked"] = submitted(who["asked"], receipts)
    cases.request_information(found["asked"].id, "pay_stub", "Please.", scene.actor("casey"), until)
    scene.authorise()
    found["by_rules"] = submitted(who["by_rules"], receipts)
    work()
    audit.link_new_entries()
    return World(scene, found, batch, receipts)
