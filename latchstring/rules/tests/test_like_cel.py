"""The operators taken from CEL answer as CEL does, or the page docs/rules.md names the departure.

CEL's column is what its specification says of the operator, and cel-python is asked to agree.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import celpy
import pytest

from latchstring.rules.check import Vocabulary, compile_text
from latchstring.rules.errors import RuleError
from latchstring.rules.one import compile_one

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"
ERROR, REFUSED, UNKNOWN = "error", "refused", None
SAME = [
    # logic: either side may decide
    ("true && false", False),
    ("false || true", True),
    ("!true", False),
    ("!false && true || false", True),
    ("true || false && false", True),
    ("true == true", True),
    # a conditional looks at one branch
    ("true ? 1 : 2", 1),
    ("false ? 1 : 2", 2),
    ("1 > 0 ? 1 : 0 > 1 ? 2 : 3", 1),
    # comparing
    ("1 < 2", True),
    ("1 <= 1 && 2 >= 1", True),
    ("1 != 2", True),
    ("2 > 2", False),
    ("-1 < 0", True),
    ("'a' == \"a\"", True),
    ("'a' != 'b'", True),
    ("1 in [1, 2]", True),
    ("3 in [1, 2]", False),
    ("'a' in ['a', 'b']", True),
    # whole numbers
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("7 - 2 - 1", 4),
    ("-(-3)", 3),
    ("2 * -3", -6),
]
# (rule, what CEL gives, what is given here, the departure's words in docs/rules.md)
DEPARTURES = [
    ("0.1 + 0.2 == 0.3", False, True, "exact decimals"),
    ("5 / 2", 2, REFUSED, "`/` and `%` are errors"),
    ("5 % 2", 1, REFUSED, "`/` and `%` are errors"),
    ("1 + 1.0", ERROR, Decimal("2.0"), "mix freely"),
    ("1 == 1.0", ERROR, True, "mix freely"),
    ("9223372036854775807 + 1", ERROR, Decimal(2**63), "overflow and missing keys"),
    ("99999999999999999999999999999999 + 1", ERROR, UNKNOWN, "overflow and missing keys"),
    ("'a' < 'b'", True, REFUSED, "they have none"),
    ("false < true", True, REFUSED, "they have none"),
    ("0x1F", 31, REFUSED, "plain digits"),
    ("1e3", 1000.0, REFUSED, "plain digits"),
    ("[1, 2].exists(x, x > 1)", True, REFUSED, "facts and stages only"),
    ("size([1, 2])", 2, REFUSED, "`l.size()`"),
    ("timestamp('2024-05-01T00:00:00Z').getMonth()", 4, REFUSED, "`day_of_month` from 1"),
]


def by_cel(text: str) -> Any:
    environment = celpy.Environment()
    try:
        return environment.program(environment.compile(text)).evaluate({})
    except (celpy.CELEvalError, celpy.CELParseError):
        return ERROR


def here(text: str) -> Any:
    try:
        node = compile_text(text, Vocabulary({}))
    except RuleError:
        return REFUSED
    value = compile_one(node, {}, {})([])
    if node.type and node.type.kind == "number" and value is not None:
        return Decimal(value).scaleb(-node.type.scale)
    return value


@pytest.mark.parametrize(("text", "value"), SAME)
def test_the_operators_taken_answer_as_cel_does(text: str, value: Any) -> None:
    assert by_cel(text) == value
    assert here(text) == value and isinstance(here(text), bool) == isinstance(value, bool)


@pytest.mark.parametrize(("text", "cel", "ours", "words"), DEPARTURES)
def test_each_departure_is_named(text: str, cel: Any, ours: Any, words: str) -> None:
    assert by_cel(text) == cel
    assert here(text) == ours
    assert words in PAGE.read_text(encoding="utf-8")
