"""Who else serves a place: the list that ships, and what is said of a wrong one."""

import pytest

from latchstring.programs.door import slugs
from latchstring.programs.errors import CatalogError
from latchstring.programs.grantees import (
    grantees,
    others_serving,
    place_questions,
    read_grantees,
)
from latchstring.programs.reading import read_text

ROW = """questions:
  - {id: inside, en: Inside?, es: ¿Dentro?}
grantees:
  - id: one
    program: nm-erap
    source: somebody
    counties: ["35001"]
    asks: inside
    when: true
    name: {en: One, es: Uno}
    words: {en: One., es: Uno.}
    find: {en: There., es: Allí.}
    bring: {papers: [lease], source: somebody}
"""
CITY, TRIBE = "in_albuquerque", "on_tribal_land"


def ids(rows):
    return [row.id for row in rows]


@pytest.mark.parametrize(
    ("program", "county", "answers", "asked", "named"),
    [
        ("nm-erap", "35001", {}, [CITY, TRIBE], []),
        ("nm-erap", "35001", {CITY: "yes"}, [CITY], ["nm-albuquerque"]),
        ("nm-erap", "35001", {CITY: "no", TRIBE: "no"}, [CITY, TRIBE], ["nm-bernalillo"]),
        (
            "nm-erap",
            "35001",
            {CITY: "unsure", TRIBE: "yes"},
            [CITY, TRIBE],
            ["nm-bernalillo", "nm-albuquerque", "nm-tribes"],
        ),
        # Within the city the second question is not asked, so its old answer names nobody.
        ("nm-erap", "35001", {CITY: "yes", TRIBE: "yes"}, [CITY], ["nm-albuquerque"]),
        ("nm-erap", "35013", {TRIBE: "no"}, [TRIBE], ["nm-dona-ana"]),
        ("nm-erap", "35049", {CITY: "no", TRIBE: "no"}, [TRIBE], []),
        ("nm-erap", "", {TRIBE: "unsure"}, [TRIBE], ["nm-tribes"]),
        ("wy-erap", "56021", {TRIBE: "yes"}, [TRIBE], ["wy-wind-river"]),
        ("wy-snap", "56021", {TRIBE: "yes"}, [], []),
    ],
)
def test_the_county_says_who_serves_a_home_and_else_one_question(
    program, county, answers, asked, named
):
    assert ids(place_questions([program], county, answers)) == asked
    assert ids(others_serving([program], county, answers)) == named


def test_every_row_names_a_program_that_there_is():
    assert {other.program for other in grantees()} <= set(slugs())


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("    source: somebody\n", "", "line 4: source is missing in .*one"),
        ('"35001"', '"99999"', "line 7: There is no county 99999"),
        ("{en: One., es: Uno.}", "{en: One.}", "line 11: es is missing in words."),
        ('["35001"]', "here", "line 7: counties must be a list, not `here`."),
        ("asks: inside", "asks: outside", "line 8: There is no question outside"),
        ("    when: true\n", "", "line 8: asks and when belong together"),
        ("[lease]", "[leese]", "line 13: There is no kind of paper leese"),
        ("[lease], source: somebody", "[lease]", "line 13: source is missing in bring"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(right, wrong, said):
    assert read_grantees(read_text(ROW, "g.yaml"))
    with pytest.raises(CatalogError, match=said.replace("`", ".")):
        read_grantees(read_text(ROW.replace(right, wrong), "g.yaml"))
