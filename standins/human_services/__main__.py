"""`python -m standins.human_services`: which programs a household is enrolled in."""

import random
from typing import Any

from standins.agency import DATE, INQUIRY, MATCHED, PERSON, run_agency
from standins.people import People
from standins.server import Request

PROGRAMS = ["snap", "medicaid", "liheap", "tanf", "unemployment"]
ENROLMENT = {
    "type": "object",
    "required": ["program", "status", "determined_on", "expires_on", "household_size"]
    + ["verified_income_under_80_ami"],
    "properties": {
        "program": {"enum": PROGRAMS},
        "status": {"enum": ["active", "closed"]},
        "determined_on": DATE,
        "expires_on": DATE,
        "household_size": {"type": "integer", "minimum": 1},
        "verified_income_under_80_ami": {"type": "boolean"},
    },
}
OPERATION: dict[str, Any] = {
    "id": "enrolment-inquiry",
    "method": "POST",
    "path": "/v1/enrolment-inquiry",
    "summary": "The programs a person's household is enrolled in, and who belongs to it.",
    "request_schema": {
        "type": "object",
        "required": list(INQUIRY),
        "properties": {
            **INQUIRY,
            "programs": {"type": "array", "items": {"enum": PROGRAMS}, "minItems": 1},
        },
    },
    "response_schema": {
        "type": "object",
        "required": ["request_key", "matched", "enrolments", "household_members", "as_of"],
        "properties": {
            "request_key": {"type": "string"},
            "matched": MATCHED,
            "enrolments": {"type": "array", "items": ENROLMENT},
            "household_members": {"type": "array", "items": PERSON},
            "as_of": {"type": "string", "format": "date"},
        },
    },
}


def find(people: People, asked: dict[str, Any], request: Request) -> dict[str, Any]:
    """Answer one inquiry from the book; an enrolment past its last day reads closed."""
    today = request.business_day.isoformat()
    match = people.find(asked["person"])
    person = match.person or {}
    wanted = asked.get("programs") or PROGRAMS
    size = int(person.get("household_size") or 1)
    enrolments = [
        {
            "household_size": size,
            **enrolment,
            "status": "closed" if enrolment["expires_on"] < today else enrolment["status"],
        }
        for enrolment in person.get("enrolments") or []
        if enrolment["program"] in wanted
    ]
    return {
        "matched": match.kind,
        "enrolments": enrolments,
        "household_members": person.get("household_members") or [],
        "as_of": today,
    }


def lie(content: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Another household's enrolment: of the right form, and false."""
    year = int(content["as_of"][:4])
    false = {
        "program": chance.choice(PROGRAMS),
        "status": "active",
        "determined_on": f"{year}-01-{chance.randrange(1, 28):02}",
        "expires_on": f"{year + 1}-01-31",
        "household_size": chance.randrange(1, 9),
        "verified_income_under_80_ami": True,
    }
    return {**content, "matched": "yes", "enrolments": [false], "household_members": []}


if __name__ == "__main__":
    run_agency("Human services.", OPERATION, find, lie)
