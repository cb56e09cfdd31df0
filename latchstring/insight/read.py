"""Running a named statement: rows as dictionaries, in the caller's row scope."""

import json
from typing import Any

from django.db import connection

Row = dict[str, Any]
_JSONB = 3802  # its type number in every PostgreSQL; Django leaves it as text


def rows(statement: str, **given: Any) -> list[Row]:
    """Return every row of a statement from `queries`, columns by name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        assert cursor.description is not None
        columns = [(column.name, column.type_code == _JSONB) for column in cursor.description]
        return [
            {
                name: json.loads(value) if is_json and isinstance(value, str) else value
                for (name, is_json), value in zip(columns, values, strict=True)
            }
            for values in cursor.fetchall()
        ]


def first(statement: str, **given: Any) -> Row | None:
    """Return the first row, or None."""
    found = rows(statement, **given)
    return found[0] if found else None
