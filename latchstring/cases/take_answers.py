"""Take answers: what was told after an early filing reaches the case, until a decision is made."""

import uuid
from collections.abc import Iterable

from latchstring.cases.locks import locked_case
from latchstring.cases.models import Case
from latchstring.kernel import transactions


def take_answers(case_id: uuid.UUID, unit: Iterable[str], attested: Iterable[str]) -> Case:
    """Take in who joined the unit and what was stated in place of papers. Again is the same."""
    with transactions.verb():
        case = locked_case(case_id)
        if case.stage not in ("verifying", "review"):
            return case
        case.unit = list(dict.fromkeys([*case.unit, *unit]))
        case.attested = sorted({*case.attested, *attested})
        case.save(update_fields=["unit", "attested"])
    return case
