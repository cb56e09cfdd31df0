"""`python -m standins.tax`: the tax department's income inquiry."""

import random
from typing import Any

from standins.agency import INQUIRY, MATCHED, run_agency
from standins.people import People
from standins.server import Request

STATUSES = ["single", "married_joint", "married_separate", "head_of_household", "not_filed", None]
BANDS = (12_500, 25_000, 50_000, 75_000, 100_000)
OPERATION: dict[str, Any] = {
    "id": "income-inquiry",
    "method": "POST",
    "path": "/v1/income-inquiry",
    "summary": "The income that a person reported for a tax year.",
    "request_schema": {
        "type": "object",
        "required": [*INQUIRY, "tax_year"],
        "properties": {
            **INQUIRY,
            "tax_year": {"type": "integer", "minimum": 2015, "maximum": 2100},
            "band_only": {"type": "boolean"},
        },
    },
    "response_schema": {
        "type": "object",
        "required": ["request_key", "matched", "tax_year", "filing_status", "annual_income"]
        + ["band", "band_only", "as_of"],
        "properties": {
            "request_key": {"type": "string"},
            "matched": MATCHED,
            "tax_year": {"type": "integer"},
            "filing_status": {"enum": STATUSES},
            "annual_income": {"type": ["string", "null"], "pattern": r"^\d+\.\d{2}$"},
            "band": {"type": ["string", "null"]},
            "band_only": {"type": "boolean"},
            "as_of": {"type": "string", "format": "date"},
        },
    },
}


def find(people: People, asked: dict[str, Any], request: Request) -> dict[str, Any]:
    """Answer one inquiry from the book."""
    match = people.find(asked["person"])
    band_only = bool(asked.get("band_only"))
    status = income = None
    if match.person is not None:
        status = people.filing_status(match.person)
        income = people.income(match.person, asked["tax_year"])
    return {
        "matched": match.kind,
        "tax_year": asked["tax_year"],
        "filing_status": status,
        "annual_income": None if band_only else income,
        "band": band(income),
        "band_only": band_only,
        "as_of": request.business_day.isoformat(),
    }


def band(income: str | None) -> str | None:
    """The band an income (decimal string) falls into, such as 25000-50000; upper bound excluded."""
    if income is None:
        return None
    whole, low = int(income.partition(".")[0]), 0
    for high in BANDS:
        if whole < high:
            return f"{low}-{high}"
        low = high
    return f"{low}+"


def lie(content: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Another person's figures: of the right form, and false."""
    income = f"{chance.randrange(5_000, 180_000)}.{chance.randrange(100):02}"
    status = chance.choice(STATUSES[:4])
    told = {**content, "matched": "yes", "filing_status": status, "band": band(income)}
    return {**told, "annual_income": None if content["band_only"] else income}


if __name__ == "__main__":
    run_agency("The tax department.", OPERATION, find, lie)
