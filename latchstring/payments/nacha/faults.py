"""A fault: which record, which field, and what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """Printed as `record N, field NAME: what`; N counts from 1, NAME is the layout's name."""

    record: int
    field: str
    what: str

    def __str__(self) -> str:
        return f"record {self.record}, field {self.field}: {self.what}"


Report = Callable[[int, str, str], None]
