"""DuckDB for a file of households: a database of one's own, a bar, and a result written whole."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from latchstring.programs import bulk
from latchstring.rules.many import text_literal

NEEDS_WIDE = "needs wide"


class NeedsWide(Exception):
    """The file holds a number too large for the fast form."""


@contextmanager
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database of one's own, in memory; what does not fit there goes to a folder."""
    with (
        tempfile.TemporaryDirectory(prefix="latchstring-") as spill,
        duckdb.connect(":memory:", config={"temp_directory": spill}) as connection,
    ):
        # Progress is counted for our own bar; DuckDB's would go to the standard output.
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")
        yield connection


def copied(
    connection: duckdb.DuckDBPyConnection, select: str, target: Path, progress: bulk.Progress
) -> int:
    """Write the rows of a query as the result; return how many there were."""
    with bulk.written_whole(target) as path:
        copy = (
            f"COPY ({select}) TO {text_literal(str(path))} "
            "(FORMAT csv, HEADER true, QUOTE '', ESCAPE '', DELIMITER ',')"
        )
        return executed(connection, copy, progress)[0]


def executed(
    connection: duckdb.DuckDBPyConnection, statement: str, progress: bulk.Progress
) -> tuple[Any, ...]:
    """Run a statement in a thread, so that its progress can be shown; return its first row."""
    outcome: list[tuple[Any, ...]] = []
    trouble: list[duckdb.Error] = []

    def work() -> None:
        try:
            outcome.append(connection.execute(statement).fetchall()[0])
        except duckdb.Error as error:
            trouble.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        thread.join(0.2)
        progress(max(0.0, connection.query_progress() / 100))
    if trouble:
        raise NeedsWide if NEEDS_WIDE in str(trouble[0]) else trouble[0]
    return outcome[0]
