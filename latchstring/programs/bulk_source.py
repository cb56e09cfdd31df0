"""The file of households itself: whether it is of the plainest form, and how SQL reads it."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from latchstring.programs import bulk
from latchstring.rules.many import text_literal

LINE_BYTES_MAX = 1_000_000  # a longer line goes to `one`
CHUNK_BYTES = 256_000
BUFFER_BYTES = 4_000_000  # small enough that every core has its share


@dataclass(frozen=True)
class Source:
    """A file and its header; a plain one has no quotation mark, CR or NUL."""

    path: Path
    header: list[str]
    plain: bool

    def read(
        self,
        names: list[str] | None = None,
        delimiter: str = ",",
        types: Mapping[str, str] | None = None,
    ) -> str:
        """Write the reading of the file, under other names if they are given; texts by default."""
        names, types = names or self.header, types or {}
        columns = ", ".join(f"{text_literal(n)}: '{types.get(n, 'VARCHAR')}'" for n in names)
        quotes = "quote='', escape=''" if self.plain else "quote='\"', escape='\"', parallel=false"
        return (
            f"read_csv({text_literal(str(self.path))}, auto_detect=false, header=true, "
            f"delim={text_literal(delimiter)}, {quotes}, new_line='\\n', nullstr='', "
            f"max_line_size={LINE_BYTES_MAX}, buffer_size={BUFFER_BYTES}, columns={{{columns}}})"
        )


def opened(job: bulk.Job) -> Source:
    """Return the file of a job, and whether it is plain."""
    header = next(bulk.read_rows(job.source, job.columns, lambda done: None))
    chunk = bytearray(CHUNK_BYTES)
    with open(job.source, "rb", buffering=0) as file:
        while size := file.readinto(chunk):
            if any(chunk.find(mark, 0, size) >= 0 for mark in (b'"', b"\r", b"\0")):
                return Source(job.source, header, False)
    return Source(job.source, header, True)


def rewritten(job: bulk.Job, clean: Path) -> Source:
    """Write the rows again in one form, every cell quoted, so that there is one way to read it."""
    rows = bulk.read_rows(job.source, job.columns, lambda done: None)
    header = next(rows)
    with open(clean, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        writer.writerows(rows)
    return Source(clean, header, False)
