"""Lists of people and of incomes: what a record of each holds, and how their values are read.

A list is no fact of its own: a program says under `from_lists:` what it works out of one, such as
the month's income as its law counts it. Criteria and derived facts read that fact as any other.

    members: [{id: "1", birth_date: 1961-05-01}]             # everybody who is to be listed
    members: {so_far: [{id: "1", birth_date: 1961-05-01}]}   # there may be more
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from latchstring.programs.dictionary import (
    FactDefinition,
    defined,
    fact_definition,
    rule_value,
    shown_value,
)
from latchstring.programs.errors import WrongFact
from latchstring.programs.reading import catalog_folder, read_yaml
from latchstring.programs.shape import held
from latchstring.rules import tree
from latchstring.rules.lists import Items

SO_FAR = "so_far"


@dataclass(frozen=True, eq=False)
class ListDefinition:
    """One list: its key, whose it is, its fields, the most records, its words.

    `line` writes one record of it in each language; `{kind}` is filled in with the field's words.
    """

    key: str
    subject: str
    at_most: int
    fields: Mapping[str, FactDefinition]
    choice_words: Mapping[str, Mapping[str, Mapping[str, str]]]
    words: Mapping[str, str]
    line: Mapping[str, str]

    @property
    def rule_type(self) -> tree.Type:
        """Return the type that rules see."""
        fields = {key: field.rule_type for key, field in self.fields.items()}
        return tree.Type("list", fields=fields, at_most=self.at_most)


@cache
def lists() -> Mapping[str, ListDefinition]:
    """Return every list of the catalog by its key."""
    entry = held(read_yaml(catalog_folder() / "facts.yaml"), "facts")
    found = {}
    for key, raw in entry.get("lists", {}).items():
        fields = {name: defined(name, field) for name, field in raw["of"].items()}
        words = {name: field["choices"] for name, field in raw["of"].items() if "choices" in field}
        shown = {"en": raw["en"], "es": raw["es"]}
        found[key] = ListDefinition(
            key, raw["subject"], raw["at_most"], fields, words, shown, raw.get("line", {})
        )
    return found


def subject_of(key: str) -> str:
    """Return whose a fact or a list is; WrongFact when there is neither."""
    found = lists().get(key)
    return found.subject if found else fact_definition(key).subject


def items(definition: ListDefinition, value: Any) -> Items:
    """Turn a list as people, files and snapshots hold it into what rules use.

    WrongFact names the record and the field, and says what would be right.
    """
    complete = not isinstance(value, Mapping)
    records = value if complete else value.get(SO_FAR)
    if not isinstance(records, list | tuple) or not complete and set(value) != {SO_FAR}:
        raise WrongFact(definition.key, "a list is written [{...}, {...}], or {so_far: [...]}.")
    if len(records) > definition.at_most:
        raise WrongFact(definition.key, f"there are at most {definition.at_most}.")
    return Items(
        tuple(_record(definition, place, one) for place, one in enumerate(records, 1)), complete
    )


def _record(definition: ListDefinition, place: int, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise WrongFact(definition.key, f"number {place} is no record of fields.")
    if unknown := sorted(set(raw) - set(definition.fields)):
        names = ", ".join(definition.fields)
        raise WrongFact(
            definition.key, f"number {place} has no field {unknown[0]}: there are {names}."
        )
    try:
        return {key: rule_value(field, raw.get(key)) for key, field in definition.fields.items()}
    except WrongFact as wrong:
        raise WrongFact(
            f"{definition.key}, number {place}, {wrong.key}", next(iter(wrong.fields.values()))
        ) from None


def shown_list(definition: ListDefinition, found: Items) -> Any:
    """Turn what rules use back into a list of records of Decimal, int, bool, str or date."""
    records = [
        {
            key: shown_value(field.rule_type, record[key])
            for key, field in definition.fields.items()
            if record[key] is not None
        }
        for record in found.records
    ]
    return records if found.complete else {SO_FAR: records}
