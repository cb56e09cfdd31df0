"""One input as a page shows it: label, hint, what was typed, what to mend."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from latchstring.programs import door as programs

MULTIPLE = {"radio", "checks"}


@dataclass(frozen=True)
class Field:
    """An input. `kind` says how it is shown: text, money, number, radio, date, files, ..."""

    name: str
    kind: str
    label: str
    hint: str = ""
    why: str = ""
    value: Any = ""
    error: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    autocomplete: str = ""
    optional: bool = False
    heading: bool = False
    most: int = 200

    @property
    def id(self) -> str:
        """The id of the input's own element."""
        return f"id_{self.name}"

    @property
    def focus(self) -> str:
        """The id that the error summary leads to."""
        if self.kind in MULTIPLE:
            return f"{self.id}_0"
        return f"{self.id}_month" if self.kind == "date" else self.id

    @property
    def described(self) -> str:
        """The ids of what describes the input."""
        parts = [f"{self.id}_hint"] if self.hint else []
        return " ".join([*parts, *([f"{self.id}_error"] if self.error else [])])

    @property
    def inputmode(self) -> str:
        """The keyboard that a phone should show."""
        return {"money": "decimal", "number": "numeric", "zip": "numeric"}.get(self.kind, "")


@dataclass(frozen=True)
class Page:
    """A form on a page: its inputs and the errors among them."""

    fields: tuple[Field, ...] = field(default_factory=tuple)

    @property
    def errors(self) -> list[Field]:
        """The inputs that need another look."""
        return [one for one in self.fields if one.error]


def filled(
    fields: Iterable[Field], values: Mapping[str, Any], wrong: Mapping[str, str] | None = None
) -> Page:
    """Return the fields with what was typed (or is known) and what is wrong with it."""
    wrong = wrong or {}
    out = []
    for one in fields:
        value: Any = values.get(one.name, one.value)
        if one.kind == "date":
            value = _date_parts(values, one)
        elif one.kind == "checks" and hasattr(values, "getlist"):
            value = values.getlist(one.name)
        out.append(replace(one, value=value, error=str(wrong.get(one.name, ""))))
    return Page(tuple(out))


def _date_parts(values: Mapping[str, Any], one: Field) -> dict[str, str]:
    known = values.get(one.name, one.value)
    if isinstance(known, str) and known:
        known = date.fromisoformat(known)
    if isinstance(known, date):
        return {"year": str(known.year), "month": str(known.month), "day": str(known.day)}
    return {part: str(values.get(f"{one.name}_{part}", "")) for part in ("year", "month", "day")}


def yes_no() -> tuple[tuple[str, str], ...]:
    """The two answers to a yes-or-no question."""
    return (("yes", _("Yes")), ("no", _("No")))


def bank_fields(
    question: programs.Question, language: str, known: Mapping[str, Any], state: str
) -> list[Field]:
    """Return the inputs of a question of the bank, with the facts known already."""
    value = known.get(question.facts[-1])
    words = {
        "label": question.label[language],
        "hint": question.help.get(language, "") if question.help else "",
        "why": question.why.get(language, "") if question.why else "",
        "heading": True,
    }
    match question.kind:
        case "yes_no":
            shown = "" if value is None else "yes" if value else "no"
            return [Field(question.id, "radio", value=shown, choices=yes_no(), **words)]
        case "money":
            shown = "" if value is None else str(value).removesuffix(".00")
            return [Field(question.id, "money", value=shown, **words)]
        case "whole_number":
            return [Field(question.id, "number", value="" if value is None else value, **words)]
        case "date":
            return [Field(question.id, "date", value=value or "", **words)]
        case "choice":
            choices = tuple((str(c["value"]), c[language]) for c in question.choices)
            return [Field(question.id, "radio", value=value or "", choices=choices, **words)]
        case "county":
            return _county_fields(question, value, words, state)
    return [Field(question.id, "text", value=value or "", **words)]


def _county_fields(
    question: programs.Question, value: Any, words: dict[str, Any], state: str
) -> list[Field]:
    named = sorted((row["name"], code) for code, row in programs.counties(state).items())
    choices = (("", _("Choose a county")), *((code, name) for name, code in named))
    return [
        Field(question.id, "select", value=value or "", choices=choices, **words),
        Field(
            f"{question.id}_zip",
            "zip",
            _("Or type your ZIP code"),
            autocomplete="postal-code",
            optional=True,
        ),
    ]


def identity_fields(*, head: bool) -> list[Field]:
    """The inputs that say who a person is."""
    mine = {"first": "given-name", "middle": "additional-name", "last": "family-name"}
    auto = mine if head else dict.fromkeys(mine, "off")
    fields = [
        Field("first_name", "text", _("First name"), autocomplete=auto["first"], most=120),
        Field(
            "middle_name",
            "text",
            _("Middle name"),
            autocomplete=auto["middle"],
            optional=True,
            most=120,
        ),
        Field("last_name", "text", _("Last name"), autocomplete=auto["last"], most=120),
        Field(
            "birth_date",
            "date",
            _("Birth date"),
            hint=_("For example: 5 2 1988"),
            autocomplete="bday" if head else "off",
        ),
        Field(
            "ssn",
            "ssn",
            _("Social Security number"),
            hint=_("You do not need one to apply. It helps us find records faster."),
            autocomplete="off",
            optional=True,
        ),
    ]
    if head:
        fields.insert(
            4,
            Field(
                "phone",
                "tel",
                _("Phone number"),
                hint=_("So that a caseworker can call you."),
                autocomplete="tel",
                optional=True,
            ),
        )
    return fields


def address_fields() -> list[Field]:
    """The inputs of the household's address."""
    return [
        Field(
            "street",
            "text",
            _("Street and number"),
            hint=_("If your home has no street address, describe where it is."),
            autocomplete="address-line1",
        ),
        Field("unit", "text", _("Apartment or unit"), autocomplete="address-line2", optional=True),
        Field("city", "text", _("City or town"), autocomplete="address-level2"),
        Field("zip", "zip", _("ZIP code"), autocomplete="postal-code"),
    ]


def landlord_fields() -> list[Field]:
    """The inputs about the landlord."""
    return [
        Field(
            "name",
            "text",
            _("Name of your landlord or rental company"),
            autocomplete="off",
            most=120,
        ),
        Field("phone", "tel", _("Phone number"), autocomplete="off", optional=True),
        Field("email", "email", _("Email"), autocomplete="off", optional=True),
        Field("street", "text", _("Street and number"), autocomplete="off", optional=True),
        Field("city", "text", _("City or town"), autocomplete="off", optional=True),
        Field("state", "text", _("State"), autocomplete="off", optional=True),
        Field("zip", "zip", _("ZIP code"), autocomplete="off", optional=True),
    ]


def utility_fields() -> list[Field]:
    """The inputs about the utility company."""
    return [
        Field("name", "text", _("Name of the company on your bill"), autocomplete="off"),
        Field("account_number", "text", _("Account number on your bill"), autocomplete="off"),
    ]


def date_fields(names: Sequence[str]) -> list[Field]:
    """The inputs about the days of harm that are asked for here."""
    found = [
        Field(
            "court_date",
            "date",
            _("Court date for an eviction"),
            hint=_("Leave it empty if you have none."),
            autocomplete="off",
            optional=True,
        ),
        Field(
            "shutoff_date",
            "date",
            _("Day your power, gas or water may be cut off"),
            hint=_("Leave it empty if you have none."),
            autocomplete="off",
            optional=True,
        ),
    ]
    return [one for one in found if one.name in names]
