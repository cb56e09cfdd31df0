"""A record with its layout: which layout that is depends on the batch it stands in."""

from dataclasses import dataclass

from latchstring.payments.nacha import codes
from latchstring.payments.nacha.layout import LAYOUTS, RECORD_LENGTH, Field, Layout


@dataclass(slots=True)
class Record:
    """One line of the file: its number (from 1), its 94 characters, and where its fields are."""

    number: int
    text: str
    layout: Layout

    def __getitem__(self, name: str) -> str:
        return self.text[self.layout.places[name]]

    @property
    def kind(self) -> str:
        """The record type: 1, 5, 6, 7, 8 or 9."""
        return self.text[0]

    def number_in(self, name: str) -> int:
        """A field as a whole number; what is not a number counts as zero (its form is checked)."""
        value = self[name]
        return int(value) if value.isascii() and value.isdigit() else 0

    def values(self) -> dict[str, str]:
        """The fields by name, blanks at the end removed."""
        return self.layout.values(self.text)

    def field_at(self, position: int) -> Field:
        """The field that holds a position (from 1)."""
        return self.layout.at(position)


@dataclass(frozen=True)
class Setting:
    """What a record stands in: the entry class of its batch, and whether that is international."""

    entry_class: str = ""
    international: bool = False


def setting_of(header: str) -> Setting:
    """What the entries below a batch header stand in."""
    entry_class = header[50:53]
    return Setting(entry_class, entry_class == "IAT" or header[4:10] == "IATCOR")


def record(number: int, text: str, setting: Setting) -> Record | None:
    """A line as a record, padded or cut to 94; None when its type is not one of the format."""
    text = text[:RECORD_LENGTH].ljust(RECORD_LENGTH)
    choose = _LAYOUT.get(text[0])
    return Record(number, text, LAYOUTS[choose(text, setting)]) if choose else None


def _batch_header(text: str, setting: Setting) -> str:
    return "batch_header_iat" if setting_of(text).international else "batch_header"


def _entry(text: str, setting: Setting) -> str:
    if setting.international:
        return "entry_detail_iat"
    known = codes.CLASSES.get(setting.entry_class)
    return known.entry if known else "entry_detail_ppd_ccd"


def _addenda(text: str, setting: Setting) -> str:
    kind, code = text[1:3], text[3:6]
    if kind == "99" and code in codes.DISHONORED:
        return "addenda_99_dishonored"
    if kind == "99" and code in codes.CONTESTED:
        return "addenda_99_contested"
    if kind == "98" and code in codes.REFUSED_CHANGES:
        return "addenda_98_refused"
    if kind in ("98", "99") and setting.international:
        return f"addenda_{kind}_iat"
    return {"98": "addenda_98_noc", "99": "addenda_99_return"}.get(
        kind, f"addenda_{kind}" if f"addenda_{kind}" in LAYOUTS else "addenda_05"
    )


def _control(name: str, setting: Setting) -> str:
    return name + "_adv" if setting.entry_class == "ADV" else name


_LAYOUT = {
    "1": lambda text, setting: "file_header",
    "5": _batch_header,
    "6": _entry,
    "7": _addenda,
    "8": lambda text, setting: _control("batch_control", setting),
    "9": lambda text, setting: _control("file_control", setting),
}
