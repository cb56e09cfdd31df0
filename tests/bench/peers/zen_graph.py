"""The rules as a graph (JDM) for zen-engine: a decision table of limits, then expressions.

The table has a row for a county and not one for each county, year and size: its rows are tried
one after another, so fewer are quicker. Many go through the same graph in its loop.
"""

import json
from typing import Any

import zen

from tests.bench.peers.figures import cents, day_number, limits
from tests.bench.peers.peer import CRITERIA, MONTHS_CAP, YES_NO, Answer, Peer


def at_size(table: str) -> str:
    """Write the limit for a size, above eight by 8% of the fourth's to the next $50."""
    row = f"{table}[version]"
    above = f"ceil(({row}[7] * 100 + (size - 8) * 8 * {row}[3]) / 5000) * 50"
    return f"size <= 8 ? {row}[size - 1] : {above}"


def expressions() -> list[dict[str, str]]:
    """Return the steps in their order; each sees those of the steps before it."""
    low, very_low = "$.income_limit * 100", "$.priority_limit * 100"
    rules = {
        "income_limit": at_size("low"),
        "priority_limit": at_size("very_low"),
        "renter": "rents",
        "resident": "state == 'NM'",
        "hardship": "unemployment_benefits or financial_hardship",
        "instability": "housing_instability",
        "income": f"annual_income <= {low} or monthly_income * 12 <= {low}",
        "not_duplicated": "not other_federal_rent_help",
        "months_left": f"months_assisted < {MONTHS_CAP}",
        "priority": f"annual_income <= {very_low} or monthly_income * 12 <= {very_low}"
        " or unemployed_90_days",
        "eligible": " and ".join(f"$.{name}" for name in CRITERIA),
    }
    return [{"id": key, "key": key, "value": value} for key, value in rules.items()]


def graph(looped: bool) -> dict[str, Any]:
    """Write the graph, for a household or for a list of them under `households`."""
    known = limits()
    rows = [
        {
            "_id": county,
            "county": json.dumps(county),
            "low": json.dumps([year[county] for year in known.low]),
            "very_low": json.dumps([year[county] for year in known.very_low]),
        }
        for county in known.low[0]
    ]
    later = [f"applied_on >= {day} ? {n}" for n, day in enumerate(known.starts)][:0:-1]
    dated = [{"id": "version", "key": "version", "value": " : ".join([*later, "0"])}]
    outputs = [{"id": key, "field": key, "name": key} for key in ("low", "very_low")]
    way: dict[str, Any] = {"inputField": None, "outputPath": None, "executionMode": "single"}
    if looped:
        way = {"inputField": "households", "outputPath": "households", "executionMode": "loop"}
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": "county", "field": "county", "name": "county"}],
        "outputs": outputs,
        "rules": rows,
        "passThrough": True,
    }
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("request", "inputNode", {}),
        ("limits", "decisionTableNode", table | way),
        ("dated", "expressionNode", {"expressions": dated, "passThrough": True} | way),
        ("rules", "expressionNode", {"expressions": expressions(), "passThrough": False} | way),
        ("response", "outputNode", {}),
    ]
    nodes = [
        {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}, "content": content}
        for name, kind, content in steps
    ]
    pairs = zip(steps, steps[1:], strict=False)
    edges = [
        {"id": f"{a[0]}-{b[0]}", "type": "edge", "sourceId": a[0], "targetId": b[0]}
        for a, b in pairs
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def typed(row: dict[str, str]) -> dict[str, Any]:
    """Read the texts of a household: days and cents as whole numbers."""
    return {
        **{key: row[key] == "true" for key in YES_NO},
        "state": row["state"],
        "county": row["county"],
        "applied_on": day_number(row["applied_on"]),
        "size": int(row["size"]),
        "months_assisted": int(row["months_assisted"]),
        "annual_income": cents(row["annual_income"]),
        "monthly_income": cents(row["monthly_income"]),
    }


class ZenGraph(Peer):
    """Both graphs, loaded once: a decision made by hand would be compiled at each asking."""

    package = "zen-engine"

    def __init__(self) -> None:
        graphs = {"one": graph(looped=False), "many": graph(looped=True)}
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": graphs}})

    def typed(self, row: dict[str, str]) -> dict[str, Any]:
        return typed(row)

    def one(self, household: Any) -> Any:
        return self.engine.evaluate("one", household)["result"]

    def many(self, batch: Any) -> Any:
        return self.engine.evaluate("many", {"households": batch})["result"]["households"]

    def answer(self, given: Any) -> Answer:
        results = tuple(given[name] for name in CRITERIA)
        return Answer(results, given["priority"], int(given["income_limit"]))


peer = ZenGraph
