"""Who a person is: names, birth date, SSN, phone, sealed under the person's own key."""

import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from latchstring.kernel import clock
from latchstring.kernel.ids import new_id
from latchstring.people.errors import NotAPerson
from latchstring.people.models import Person, SearchToken
from latchstring.vault import door as vault

FIELDS = ("first_name", "middle_name", "last_name", "birth_date", "ssn", "phone")
NORMALISER = 1


def _place(person_id: uuid.UUID) -> dict[str, Any]:
    return {"data_class": "person", "subject": person_id, "field": "person.identity"}


def clean(given: Mapping[str, Any]) -> dict[str, str]:
    """Check and tidy an identity; NotAPerson names each field that needs another look."""
    wrong: dict[str, str] = {}
    tidy = {key: str(given.get(key) or "").strip() for key in FIELDS}
    for key in ("first_name", "last_name"):
        if not tidy[key]:
            wrong[key] = "missing"
        elif len(tidy[key]) > 120:
            wrong[key] = "too_long"
    born = given.get("birth_date")
    try:
        day = born if isinstance(born, date) else date.fromisoformat(str(born))
        if not date(1900, 1, 1) <= day <= clock.today():
            wrong["birth_date"] = "not_in_past"
        tidy["birth_date"] = day.isoformat()
    except ValueError:
        wrong["birth_date"] = "not_a_date"
    tidy["ssn"] = re.sub(r"\D", "", tidy["ssn"])
    if tidy["ssn"] and len(tidy["ssn"]) != 9:
        wrong["ssn"] = "nine_digits"
    if wrong:
        raise NotAPerson(fields=wrong)
    return tidy


def normalised(text: str) -> str:
    """Fold case, accents and punctuation, so that the same name is found however it is typed."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain.lower() if c.isalnum())


def _index(agency: str, person_id: uuid.UUID, identity: Mapping[str, str]) -> None:
    """Write the exact-match tokens of a person: SSN, and name with birth date."""
    values = {
        "ssn": identity["ssn"],
        "name_birth": "|".join(
            (
                normalised(identity["first_name"]),
                normalised(identity["last_name"]),
                identity["birth_date"],
            )
        ),
    }
    SearchToken.objects.filter(subject=person_id).delete()
    SearchToken.objects.bulk_create(
        SearchToken(
            agency=agency,
            kind=kind,
            hmac=vault.token(value, agency=agency, kind=kind),
            subject=person_id,
            normaliser=NORMALISER,
        )
        for kind, value in values.items()
        if value
    )


def make_person(agency: str, given: Mapping[str, Any]) -> Person:
    """Make a person of an agency's state; their identity is sealed before it is stored."""
    tidy = clean(given)
    person_id = new_id()
    person = Person.objects.create(
        id=person_id,
        agency_id=agency,
        sealed=vault.seal_json(tidy, agency=agency, **_place(person_id)),
        made_at=clock.now(),
    )
    _index(agency, person_id, tidy)
    return person


def change_identity(person: Person, given: Mapping[str, Any]) -> dict[str, str]:
    """Correct who a person is; what is not given stays. The history keeps the sealed old value."""
    tidy = clean(identity(person.id) | {k: v for k, v in given.items() if v is not None})
    person.sealed = vault.seal_json(tidy, agency=person.agency_id, **_place(person.id))
    person.save(update_fields=["sealed"])
    _index(person.agency_id, person.id, tidy)
    return tidy


def identity(person_id: uuid.UUID) -> dict[str, str]:
    """Open a person's identity. The caller answers for who may see it, and for the trail."""
    return identities([person_id])[person_id]


def identities(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, str]]:
    """Open many people's identities, in two statements."""
    return opened(Person.objects.filter(id__in=list(person_ids)))


def opened(people: Iterable[Person]) -> dict[uuid.UUID, dict[str, str]]:
    """Open the identities of people who were read already, their keys in one statement."""
    rows = {person.id: person for person in people}
    vault.fetch_keys(rows, data_class="person")
    return {id: vault.open_json(person.sealed, **_place(id)) for id, person in rows.items()}


def same_identity(agency: str, *, ssn: str) -> list[uuid.UUID]:
    """Return the persons of an agency with this SSN, by keyed token."""
    digits = re.sub(r"\D", "", ssn)
    mark = vault.token(digits, agency=agency, kind="ssn")
    found = SearchToken.objects.filter(agency=agency, kind="ssn", hmac=mark)
    return list(found.values_list("subject", flat=True))
