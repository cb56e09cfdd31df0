"""Inserting rows whose statement is written once: what a busy verb does many times a second.

The ORM composes each INSERT anew, which costs more than the database takes to run it. Rows go in
as they are given: every key is set before (`ids.new_id`), nothing is read back.
"""

import functools
from collections.abc import Iterable

from django.db import connection
from django.db.models import AutoField, Field, Model


def insert(rows: Iterable[Model]) -> None:
    """Insert rows of one table in one statement; none is nothing."""
    given = list(rows)
    if given:
        _run(given)


def insert_once(row: Model, *key: str) -> bool:
    """Insert a row unless one with the same key (columns) is there; returns whether it did.

    Waits for another transaction that is inserting the same, and needs no savepoint.
    """
    return _run([row], key)


def _run(rows: list[Model], key: tuple[str, ...] = ()) -> bool:
    fields, sql = _statement(type(rows[0]), len(rows), key)
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        inserted = bool(cursor.rowcount)
    for row in rows:
        row._state.adding, row._state.db = not inserted, connection.alias
    return inserted


@functools.lru_cache(maxsize=512)
def _statement(
    model: type[Model], count: int, key: tuple[str, ...]
) -> "tuple[tuple[Field[object, object], ...], str]":
    """Return the columns we set (the database numbers some tables' rows) and the statement."""
    fields = tuple(f for f in model._meta.concrete_fields if not isinstance(f, AutoField))
    quote = connection.ops.quote_name
    row = f"({', '.join(['%s'] * len(fields))})"
    columns = ", ".join(quote(str(field.column)) for field in fields)
    table, values = quote(model._meta.db_table), ", ".join([row] * count)
    sql = f"INSERT INTO {table} ({columns}) VALUES {values}"  # noqa: S608 - names of our models
    if key:
        sql += f" ON CONFLICT ({', '.join(map(quote, key))}) DO NOTHING"
    return fields, sql
