"""A file of households through a program: what goes in, what comes out, and which engine works.

Both engines write the same bytes. `one` is the reference, row by row; `duckdb` does the whole file
in SQL made from the same trees, and hands anything unusual about the file itself to `one`.
"""

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

from latchstring.programs.document import Program, versions
from latchstring.programs.errors import WrongFile
from latchstring.rules.errors import did_you_mean

ID = "household_id"
CELL_CHARACTERS_MAX = 1_000_000
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Count:
    """How many rows a file had, and how many of them were invalid."""

    rows: int
    invalid: int


@dataclass(frozen=True)
class Job:
    """One file to be determined: the program's versions, where from, where to."""

    versions: tuple[Program, ...]
    as_of: date | None
    source: Path
    target: Path
    shared: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return the facts that are columns of the file: the newest version's, then the others'.

        A file that several programs share has the columns of them all.
        """
        if self.shared:
            return self.shared
        newest_first = self.versions[::-1]
        return tuple(dict.fromkeys(key for program in newest_first for key in program.columns))

    def version_on(self, day: date | None) -> Program:
        """Return the version in force: on `as_of`, else on the row's day, else the newest."""
        day = self.as_of or day
        if day is None:
            return self.versions[-1]
        in_force = [program for program in self.versions if program.effective_from <= day]
        return in_force[-1] if in_force else self.versions[0]


def job(slug: str, source: Path, target: Path, as_of: date | None = None) -> Job:
    """Check what can be checked before reading: the program, and that the files differ."""
    found = versions(slug)
    if not source.exists():
        raise WrongFile(f"There is no file {source}.")
    if source.is_dir():
        raise WrongFile(f"{source} is a folder; name a CSV file.")
    if not target.parent.is_dir():
        raise WrongFile(f"There is no folder {target.parent} to write in.")
    if target.is_dir():
        raise WrongFile(f"{target} is a folder; name a file to write.")
    if target.exists() and target.samefile(source):
        raise WrongFile("--out would overwrite --households; name another file.")
    return Job(found, as_of, source, target)


def jobs(slugs: list[str], source: Path, folder: Path, as_of: date | None = None) -> list[Job]:
    """Check a file that several programs share; each writes SLUG.csv in the folder."""
    if not folder.is_dir():
        raise WrongFile(f"There is no folder {folder} to write in.")
    each = [job(slug, source, folder / f"{slug}.csv", as_of) for slug in dict.fromkeys(slugs)]
    shared = tuple(dict.fromkeys(key for one in each for key in one.columns))
    return [replace(one, shared=shared) for one in each]


def output_columns(program: Program) -> list[str]:
    """Return the columns of the result in their order."""
    results = [result.id for result in program.results]
    return [ID, "outcome", "priority", "failed", "missing", *results, "errors"]


def checked_header(header: list[str], columns: Sequence[str]) -> list[str]:
    """Return the header when each column is known and stands once; WrongFile names the bad one."""
    known = [ID, *columns]
    for column in header:
        if column not in known:
            hint = did_you_mean(column, known)
            raise WrongFile(f"There is no column {column!r}.{hint} Take it out or rename it.")
        if header.count(column) > 1:
            raise WrongFile(f"The column {column} stands twice; keep one.")
    if ID not in header:
        raise WrongFile(f"The column {ID} is missing; every row needs one.")
    return header


def read_rows(source: Path, columns: Sequence[str], progress: Progress) -> Iterator[list[str]]:
    """Yield the header and then every row's cells; WrongFile for what is not such a file."""
    size = max(1, source.stat().st_size)
    csv.field_size_limit(CELL_CHARACTERS_MAX)
    with open(source, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = checked_header(next(reader, []), columns)
            yield header
            for cells in reader:
                if not cells:
                    continue  # a line with nothing on it is not a household
                if len(cells) != len(header):
                    message = f"has {len(cells)} cells and the header {len(header)}"
                    raise WrongFile(f"Line {reader.line_num} {message}; make them alike.")
                yield cells
                if reader.line_num % 2000 == 0:
                    progress(os.lseek(file.fileno(), 0, os.SEEK_CUR) / size)
        except UnicodeDecodeError:
            line = reader.line_num + 1
            raise WrongFile(f"Near line {line} the file is not UTF-8; save it as UTF-8.") from None
        except csv.Error as error:
            raise WrongFile(f"Line {reader.line_num}: {error}.") from None


def onward(progress: Progress) -> Progress:
    """Return a progress that never goes back, though what was in vain is begun again."""
    furthest = 0.0

    def shown(done: float) -> None:
        nonlocal furthest
        furthest = max(furthest, done)
        progress(furthest)

    return shown


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """Give a place to write; it becomes the target only when everything is written."""
    if target.exists() and not target.is_file():  # a pipe or a device: nothing can be taken back
        with TemporaryDirectory(prefix="latchstring-") as folder:
            yield (whole := Path(folder) / "out.csv")
            with open(whole, "rb") as file, open(target, "wb") as out:
                copyfileobj(file, out)
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        yield partial
        os.replace(partial, target)
    except OSError as error:
        raise WrongFile(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        partial.unlink(missing_ok=True)


def cell(value: str) -> str:
    """Quote a cell where it is needed: a comma, a quotation mark or a line end inside."""
    if "," in value or '"' in value or "\n" in value or "\r" in value:
        return '"' + value.replace('"', '""') + '"'
    return value
