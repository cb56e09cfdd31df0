"""Obligate: money is promised to a case, or refused because it is not there.

In one transaction, in this order (the balance is touched last, so that its row is held shortest):

1. Lines promised before are returned as they are: asking twice promises once.
2. Each line claims its months; a month that was claimed before stops everything.
3. The lines draw on the program's open allocations in their order, split where one runs out.
4. The ledger moves the money from unobligated to obligated.
5. Each allocation's balance rises by one conditional UPDATE. If another approver was faster, the
   whole attempt is undone and drawn again from what is left; the last attempt locks the allocations
   first, so that nobody is refused while there is money.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F

from latchstring.audit import door as audit
from latchstring.funds import locks
from latchstring.funds.errors import AlreadyHelped, AwardClosed, NotAnAmount, NotEnoughMoney
from latchstring.funds.ledger import Move, post
from latchstring.funds.models import Allocation, AssistanceClaim, Obligation, ObligationSource
from latchstring.kernel import clock, events, transactions
from latchstring.kernel.crashpoint import crashpoint
from latchstring.kernel.errors import Conflict
from latchstring.kernel.ids import new_id

ATTEMPTS_MAX = 5
# The database's own names of the two rules that a faster colleague can make us break.
LINE_ONCE = "funds_obligation_decision_line_key"
CLAIMED_ONCE = "funds_claimed_once"


@dataclass(frozen=True)
class Claim:
    """One month of the line's purpose for a person, dwelling or meter."""

    kind: str
    claimant: uuid.UUID
    month: date  # the first of the month


@dataclass(frozen=True)
class ObligationLine:
    """A line of a decision that is to be promised."""

    decision_line: uuid.UUID
    purpose: str
    amount_cents: int
    claims: tuple[Claim, ...] = ()


class _SomeoneWasFaster(Exception):
    """An allocation was drawn on between our reading and our update."""


def obligate(
    case_id: uuid.UUID,
    lines: Sequence[ObligationLine],
    *,
    program: str,
    agency: str,
    actor: str,
) -> list[Obligation]:
    """Promise every line, or none. Cents throughout.

    Raises NotEnoughMoney with both figures, AlreadyHelped with purpose and month, AwardClosed when
    no award of the program is within its period of performance, NotAnAmount.
    """
    if any(line.amount_cents <= 0 for line in lines):
        raise NotAnAmount()
    with transactions.verb():
        for attempt in range(ATTEMPTS_MAX):
            known = _promised_before(lines)
            if known:
                return known
            try:
                with transaction.atomic():
                    if attempt == ATTEMPTS_MAX - 1:
                        locks.open_allocations([a.id for a in _open_allocations(program, agency)])
                    return _promise(case_id, lines, program, agency, actor)
            except _SomeoneWasFaster:
                continue
        raise Conflict()  # promised by another at the very moment, and undone again: ask once more


def _promised_before(lines: Sequence[ObligationLine]) -> list[Obligation]:
    """Return what was promised for these lines, in their order; all of them or none."""
    rows = {
        row.decision_line: row
        for row in Obligation.objects.filter(
            decision_line__in=[line.decision_line for line in lines]
        )
    }
    if not rows:
        return []
    for line in lines:
        row = rows.get(line.decision_line)
        if row is None or row.amount_cents != line.amount_cents:
            raise Conflict("Part of this was promised before, and differently.")
    return [rows[line.decision_line] for line in lines]


def _promise(
    case_id: uuid.UUID, lines: Sequence[ObligationLine], program: str, agency: str, actor: str
) -> list[Obligation]:
    obligations = [_make(case_id, line, agency, actor) for line in lines]
    _claim_all(obligations, lines)
    moves = _draw(obligations, _open_allocations(program, agency))
    _keep_sources(obligations, moves)
    for obligation in obligations:
        post(
            obligation.id,
            "obligate",
            [move for move in moves if move.obligation == obligation.id],
            reference=obligation.id,
            actor=actor,
        )
        audit.record(
            "obligation.made",
            agency=agency,
            actor=actor,
            object_type="obligation",
            object_id=obligation.id,
            detail={"case": str(case_id)},
        )
    events.record(
        "money.obligated.v1",
        subject=case_id,
        agency=agency,
        actor=actor,
        payload={"obligations": [str(obligation.id) for obligation in obligations]},
    )
    _raise_balances(moves)
    crashpoint("K17 obligate: balances taken")
    return obligations


def _make(case_id: uuid.UUID, line: ObligationLine, agency: str, actor: str) -> Obligation:
    try:
        with transaction.atomic():
            return Obligation.objects.create(
                id=new_id(),
                agency=agency,
                case=case_id,
                decision_line=line.decision_line,
                purpose=line.purpose,
                amount_cents=line.amount_cents,
                made_at=clock.now(),
                made_by=actor,
            )
    except IntegrityError as error:
        if LINE_ONCE not in str(error):
            raise
        raise _SomeoneWasFaster from None


def _claim_all(obligations: Sequence[Obligation], lines: Sequence[ObligationLine]) -> None:
    """Claim every month, in one order for everybody: two who want the same never wait in a ring."""
    wanted = [
        (claim, line.purpose, obligation)
        for obligation, line in zip(obligations, lines, strict=True)
        for claim in line.claims
    ]
    wanted.sort(key=lambda one: (one[0].claimant, one[1], one[0].month))
    for claim, purpose, obligation in wanted:
        _claim(claim, purpose, obligation)


def _claim(claim: Claim, purpose: str, obligation: Obligation) -> None:
    try:
        with transaction.atomic():
            AssistanceClaim.objects.create(
                agency=obligation.agency,
                claimant_kind=claim.kind,
                claimant=claim.claimant,
                purpose=purpose,
                month=claim.month,
                obligation=obligation,
            )
    except IntegrityError as error:
        if CLAIMED_ONCE not in str(error):
            raise
        raise AlreadyHelped(purpose, claim.month) from None


def _open_allocations(program: str, agency: str) -> list[Allocation]:
    """The program's allocations for assistance in open awards, in the order it draws on them."""
    today = clock.today()
    rows = Allocation.objects.filter(
        agency=agency,
        program=program,
        purpose="assistance",
        award__period_start__lte=today,
        award__period_end__gte=today,
    ).select_related("award")
    found = list(rows.order_by("priority", "id"))
    if not found:
        raise AwardClosed()
    return found


def _left(allocations: Sequence[Allocation]) -> int:
    return sum(row.amount_cents - row.obligated_cents for row in allocations)


def _draw(obligations: Sequence[Obligation], allocations: Sequence[Allocation]) -> list[Move]:
    """Split the obligations over the allocations in order: who carries what."""
    wanted = sum(obligation.amount_cents for obligation in obligations)
    left = _left(allocations)
    if wanted > left:
        raise NotEnoughMoney(wanted, left)
    free = {row.id: row.amount_cents - row.obligated_cents for row in allocations}
    moves = []
    for obligation in obligations:
        open_cents = obligation.amount_cents
        for allocation in allocations:
            part = min(open_cents, free[allocation.id])
            if part == 0:
                continue
            free[allocation.id] -= part
            open_cents -= part
            moves.append(
                Move(
                    "unobligated",
                    "obligated",
                    part,
                    allocation.award,
                    allocation,
                    obligation.id,
                )
            )
        assert open_cents == 0, "the draw covers the obligation"
    return moves


def _keep_sources(obligations: Sequence[Obligation], moves: Sequence[Move]) -> None:
    by_id = {obligation.id: obligation for obligation in obligations}
    ObligationSource.objects.bulk_create(
        ObligationSource(
            agency=move.award.agency,
            obligation=by_id[move.obligation],
            allocation=move.allocation,
            amount_cents=move.amount_cents,
        )
        for move in moves
        if move.obligation
    )


def _raise_balances(moves: Sequence[Move]) -> None:
    """Take the money: one conditional UPDATE per allocation, in the order of their ids."""
    by_allocation: dict[uuid.UUID, int] = {}
    for move in moves:
        assert move.allocation is not None
        known = by_allocation.get(move.allocation.id, 0)
        by_allocation[move.allocation.id] = known + move.amount_cents
    for allocation_id, amount_cents in sorted(by_allocation.items()):
        taken = Allocation.objects.filter(
            id=allocation_id, obligated_cents__lte=F("amount_cents") - amount_cents
        ).update(obligated_cents=F("obligated_cents") + amount_cents)
        if taken != 1:
            raise _SomeoneWasFaster
