"""Who else serves a place: the list that ships, and what is said of a wrong one."""

import pytest

from latchstring.programs.door import slugs
from latchstring.programs.errors import CatalogError
from latchstring.programs.grantees import grantees, others_serving, read_grantees
from latchstring.programs.reading import read_text

ROW = """grantees:
  - id: one
    program: nm-erap
    source: somebody
    counties: ["35001"]
    words: {en: One., es: Uno.}
"""


def ids(program, county):
    return [other.id for other in others_serving(program, county)]


@pytest.mark.parametrize(
    ("program", "county", "expected"),
    [
        ("nm-erap", "35001", ["nm-bernalillo", "nm-albuquerque", "nm-tribes"]),
        ("nm-erap", "35013", ["nm-dona-ana", "nm-tribes"]),
        ("nm-erap", "35049", ["nm-tribes"]),
        ("nm-erap", "", ["nm-tribes"]),
        ("wy-erap", "56021", ["wy-wind-river"]),
        ("wy-snap", "56021", []),
    ],
)
def test_who_else_serves_a_county(program, county, expected):
    assert ids(program, county) == expected


def test_every_row_names_a_program_that_there_is():
    assert {other.program for other in grantees()} <= set(slugs())


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("    source: somebody\n", "", "line 2: source is missing in .*one"),
        ('"35001"', '"99999"', "line 5: There is no county 99999"),
        (", es: Uno.", "", "line 6: es is missing in words."),
        ('["35001"]', "here", "line 5: counties must be a list, not `here`."),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(right, wrong, said):
    assert read_grantees(read_text(ROW, "g.yaml"))
    with pytest.raises(CatalogError, match=said.replace("`", ".")):
        read_grantees(read_text(ROW.replace(right, wrong), "g.yaml"))
