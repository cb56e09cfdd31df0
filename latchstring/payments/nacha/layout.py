"""Where each field is. The facts are in layouts.json; this gives them a shape."""

import json
from dataclasses import dataclass
from pathlib import Path

RECORD_LENGTH = 94
BLOCKING_FACTOR = 10
FILLER = "9" * RECORD_LENGTH


@dataclass(frozen=True)
class Field:
    """One field: its name, its place (first and last position, from 1), the form it must have."""

    name: str
    first: int
    last: int
    form: str

    @property
    def place(self) -> slice:
        """The field's place in the text of a record."""
        return slice(self.first - 1, self.last)

    @property
    def width(self) -> int:
        """How many characters the field holds."""
        return self.last - self.first + 1


class Layout:
    """One kind of record: its fields in order, and the place of each by name."""

    def __init__(self, name: str, fields: list[Field]) -> None:
        self.name = name
        self.fields = fields
        self.by_name = {each.name: each for each in fields}
        self.places = {each.name: each.place for each in fields}
        self.formed = [each for each in fields if each.form]

    def at(self, position: int) -> Field:
        """The field that holds a position (from 1)."""
        return next(each for each in self.fields if each.first <= position <= each.last)

    def values(self, text: str) -> dict[str, str]:
        """The fields of a record as text, blanks at the end removed."""
        return {each.name: text[each.place].rstrip() for each in self.fields}

    def render(self, **values: str | int) -> str:
        """A record from its fields: text to the left, numbers to the right behind zeros."""
        text = "".join(_fill(each, values.get(each.name, "")) for each in self.fields)
        if len(text) != RECORD_LENGTH or values.keys() - self.places:
            raise ValueError(f"{self.name}: {sorted(values)} do not fill a record")
        return text


def _fill(field: Field, value: str | int) -> str:
    """One field's characters; a value too wide is a mistake of the caller, never cut off."""
    if isinstance(value, int):
        text = str(value).zfill(field.width)
    else:
        text = value.ljust(field.width)
    if len(text) != field.width:
        raise ValueError(f"{field.name}: {value!r} is wider than {field.width} characters")
    return text


_FACTS = json.loads(Path(__file__).with_name("layouts.json").read_text(encoding="utf-8"))
LAYOUTS = {
    name: Layout(name, [Field(*row) for row in rows]) for name, rows in _FACTS["records"].items()
}
CORRECTED_DATA = {
    code: [Field(*row) for row in rows] for code, rows in _FACTS["corrected_data"].items()
}
