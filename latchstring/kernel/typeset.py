"""Typeset: a paper of ours from its content, as a tagged PDF (PDF/UA-1).

The same content gives the same bytes, so a paper can be made again and compared by hash.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import typst

PACKAGE = Path(__file__).resolve().parents[1]


def pdf(template: Path, content: Mapping[str, Any]) -> bytes:
    """Return a Typst template filled with plain JSON content (`sys.inputs.content`) as PDF.

    Every template lays its content on `sheet` of kernel/page.typ: `title`, `agency`, `language`,
    `footer` and `day` (see `day_parts`).
    """
    # No timestamp and no fonts of this machine: the bytes depend on the content alone.
    return typst.compile(
        str(template),
        root=str(PACKAGE),
        format="pdf",
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards="ua-1",
        font_paths=_fonts(),
        timestamp=0,
    )


@cache
def _fonts() -> typst.Fonts:
    """The typesetter's own fonts, read once: that took a tenth of a paper's time."""
    return typst.Fonts(include_system_fonts=False)


def day_parts(day: date) -> list[int]:
    """Return a day as a template reads it: year, month, day."""
    return [day.year, day.month, day.day]
