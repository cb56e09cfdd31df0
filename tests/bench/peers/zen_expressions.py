"""The rules as one compiled expression for zen-engine, its quickest form.

The engine has no tables here: whoever asks hands it the county's limits with the household.
"""

import re
from typing import Any

import zen

from tests.bench.peers.figures import limits
from tests.bench.peers.peer import CRITERIA, YES_NO, Answer, Peer
from tests.bench.peers.zen_graph import expressions, typed

READ = (
    *("state", "size", "annual_income", "monthly_income", "months_assisted"),
    *("low", "very_low"),
)


def expression() -> str:
    """Write all steps as one object; a step that another reads stands there in brackets."""
    rules = {step["key"]: step["value"].replace("[version]", "") for step in expressions()}
    for read in ("income_limit", "priority_limit", *CRITERIA):
        rules = {
            key: value.replace(f"$.{read}", f"({rules[read]})") for key, value in rules.items()
        }
    return "{" + ", ".join(f"{key}: {value}" for key, value in rules.items()) + "}"


class ZenExpressions(Peer):
    """The expression, compiled once."""

    package = "zen-engine"

    def __init__(self) -> None:
        self.limits = limits()
        self.compiled = zen.compile_expression(expression())
        facts = "|".join((*YES_NO, *READ))
        of_each = re.sub(rf"\b({facts})\b(?!:)", r"#.\1", expression())
        self.mapped = zen.compile_expression(f"map(households, {of_each})")

    def typed(self, row: dict[str, str]) -> dict[str, Any]:
        return typed(row)

    def handed(self, household: dict[str, Any]) -> dict[str, Any]:
        """Add the limits of the household's county and year."""
        version, county = self.limits.version(household["applied_on"]), household["county"]
        low, very_low = self.limits.low[version][county], self.limits.very_low[version][county]
        return {**household, "low": low, "very_low": very_low}

    def one(self, household: Any) -> Any:
        return self.compiled.evaluate(self.handed(household))

    def many(self, batch: Any) -> Any:
        return self.mapped.evaluate({"households": [self.handed(one) for one in batch]})

    def answer(self, given: Any) -> Answer:
        results = tuple(given[name] for name in CRITERIA)
        return Answer(results, given["priority"], int(given["income_limit"]))


peer = ZenExpressions
