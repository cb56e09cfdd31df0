"""Running a named statement: rows as dictionaries, in the caller's row scope."""

from typing import Any

from django.db import connection

Row = dict[str, Any]


def rows(statement: str, **given: Any) -> list[Row]:
    """Return every row of a statement from `queries`, columns by name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        assert cursor.description is not None
        names = [column.name for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def first(statement: str, **given: Any) -> Row | None:
    """Return the first row, or None."""
    found = rows(statement, **given)
    return found[0] if found else None
