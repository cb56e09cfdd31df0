# ruff: noqa: S608 (every text put into the SQL is a constant, a checked name or a quoted literal)
"""Several programs over one file of households: read and checked once, then determined by each.

The checked rows stand in a table; where they outgrow the memory given they go to disk. A file that
is not of the plainest form, and a program with several versions, go the way of one by one.
"""

from collections.abc import Callable

import duckdb

from latchstring.programs import bulk, bulk_duckdb, bulk_many, bulk_one, bulk_source
from latchstring.programs.bulk_duckdb import NeedsWide
from latchstring.programs.bulk_look import Lines
from latchstring.programs.bulk_many import Query
from latchstring.rules.errors import NotForMany
from latchstring.rules.many import TooLargeForFast, quoted

MEMORY = "2GB"  # of DuckDB's own; reading, writing and Python come on top
Engine = Callable[[bulk.Job, bulk.Progress], bulk.Count]


def determine(jobs: list[bulk.Job], progress: bulk.Progress) -> bulk.Count:
    """Determine a shared file with every program; the same bytes as one after another."""
    programs, progress = [bulk_many.only_version(job) for job in jobs], bulk.onward(progress)
    source = bulk_source.opened(jobs[0])
    if source.plain and len(source.header) > 1 and all(programs):
        for wide in (False, True):
            try:
                pairs = zip(jobs, programs, strict=True)
                queries = [Query(job, program, source, wide) for job, program in pairs if program]
                return _determined(jobs, queries, progress)
            except (NeedsWide, TooLargeForFast):
                continue
            except (duckdb.Error, NotForMany):
                break
    return one_by_one(jobs, bulk_many.determine, progress)


def in_rows(jobs: list[bulk.Job], progress: bulk.Progress) -> bulk.Count:
    """Determine a shared file with every program row by row: the reference."""
    return one_by_one(jobs, bulk_one.determine, progress)


def one_by_one(jobs: list[bulk.Job], engine: Engine, progress: bulk.Progress) -> bulk.Count:
    """Determine a shared file with one program after another; each reads it for itself."""
    counts = [engine(job, part(progress, at, len(jobs))) for at, job in enumerate(jobs)]
    return counts[0]


def part(progress: bulk.Progress, place: int, of: int) -> bulk.Progress:
    """Return the progress of one step among equal ones."""
    return lambda done: progress((place + done) / of)


def _determined(jobs: list[bulk.Job], queries: list[Query], progress: bulk.Progress) -> bulk.Count:
    first, steps = queries[0], len(jobs) + 2
    with bulk_duckdb.opened() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        for statement in first.compiler.setup:
            connection.execute(statement)
        lines = first.lines(connection, part(progress, 0, steps))
        kept = [bulk.ID, *jobs[0].columns, "wrong", "valid", "county_place"]
        kept += ["place"] if lines.repeated else []

        def read(lines: Lines) -> int:
            select = f"SELECT {', '.join(map(quoted, kept))} FROM ({first.cells.checked(lines)})"
            create, shown = f"CREATE TABLE checked AS {select}", part(progress, 1, steps)
            return bulk_duckdb.executed(connection, create, shown)[0]

        rows = first.read(lines, read)
        connection.execute("CREATE TEMP SEQUENCE invalid_rows")
        for place, (job, query) in enumerate(zip(jobs, queries, strict=True)):
            for statement in query.compiler.setup if place else []:
                connection.execute(statement)
            select = query.select("SELECT * FROM checked", lines.repeated)
            bulk_duckdb.copied(connection, select, job.target, part(progress, place + 2, steps))
            for name in query.compiler.made_types:
                connection.execute(f"DROP TYPE {name}")
        counted = "SELECT count(*) FROM checked WHERE NOT valid"
        return bulk.Count(rows, connection.execute(counted).fetchall()[0][0])
