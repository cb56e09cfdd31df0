"""Finding rows whose statement is written once: what a busy verb reads many times a second.

The ORM composes each SELECT anew, which costs more than the database takes to answer it. A query
is composed here once for each kind of value that it is asked with, in the ORM's own words; later
only the values are new. What comes back is the same: models, with what was selected beside them.
"""

import functools
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=Model)


def find(compose: "Callable[..., QuerySet[M]]", *given: Any) -> list[M]:
    """Return the rows of the query that `compose` (a function of a module) makes of the values.

    Each value is a UUID, text, a day or a moment, and stands in the query as it is given.
    """
    kinds = tuple(map(type, given))
    if not _MARKS.keys() >= set(kinds):
        raise TypeError(f"{compose.__qualname__} cannot be asked with {given!r}")
    return _composed(compose, *kinds).run(given)


def put_beside(owner: Model, name: str, rows: Iterable[Model]) -> None:
    """Put rows that were found beside the row that they belong to, as prefetching does."""
    related = getattr(owner, name).all()
    related._result_cache, related._prefetch_done = list(rows), True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = related


@dataclass(frozen=True)
class _Composed:
    """A statement, where its values go, and how its rows are read."""

    sql: str
    values: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]  # (in the statement, in what is given)
    model: Any
    columns: tuple[int, int]
    names: list[str]
    beside: list[Any]
    converters: tuple[tuple[int, Iterable[Callable[..., Any]], Any], ...]
    holds: bool

    def run(self, given: tuple[Any, ...]) -> list[Any]:
        if self.holds and not connection.in_atomic_block:
            raise TransactionManagementError("rows can be held in a transaction only")
        values = list(self.values)
        for place, which in self.places:
            values[place] = given[which]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            rows = cursor.fetchall()
        return [self._read(row) for row in rows]

    def _read(self, row: tuple[Any, ...]) -> Any:
        if self.converters:
            read = list(row)
            for place, steps, expression in self.converters:
                for step in steps:
                    read[place] = step(read[place], expression, connection)
            row = tuple(read)
        first, end = self.columns
        found = self.model.from_db(connection.alias, self.names, row[first:end])
        for related in self.beside:
            related.populate(row, found)
        return found


@functools.cache
def _composed(compose: "Callable[..., QuerySet[Any]]", *kinds: type) -> _Composed:
    marks = [_MARKS[kind](place) for place, kind in enumerate(kinds)]
    query = compose(*marks).query
    compiler = query.get_compiler(connection=connection)
    sql, values = compiler.as_sql()
    places = tuple(
        (place, marks.index(value)) for place, value in enumerate(values) if value in marks
    )
    if {which for _, which in places} != set(range(len(marks))):
        raise TypeError(f"{compose.__qualname__} does not use each value as it is given")
    about: Any = compiler.klass_info
    first, end = about["select_fields"][0], about["select_fields"][-1] + 1
    converters = compiler.get_converters([expression for expression, *_ in compiler.select])
    return _Composed(
        sql,
        tuple(values),
        places,
        about["model"],
        (first, end),
        [column[0].target.attname for column in compiler.select[first:end]],
        get_related_populators(about, compiler.select, connection.alias),  # type: ignore[call-arg]
        tuple((place, *how) for place, how in converters.items()),
        query.select_for_update,
    )


# What stands for a value while a statement is composed: found again by being like nothing else.
_MARKS: dict[type, Callable[[int], Any]] = {
    uuid.UUID: lambda place: uuid.UUID(int=place),
    str: lambda place: f"\x01{place}",
    date: lambda place: date(1, 1, 1 + place),
    datetime: lambda place: datetime(1, 1, 1, 0, place, tzinfo=UTC),
}
