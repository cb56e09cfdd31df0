"""Units of facts in rules: a month's dollars are not a year's, and people are not dollars.

A unit is what it counts and, for money, each how long. Times and division make a new unit, which
nobody knows here; what is not known is let be.
"""

from collections.abc import Mapping

from latchstring.rules import tree

PERIODS = (" a month", " a year", " a season", " a week")
ALIKE = ("min", "max", "round", "abs", "round_up_to")


def disagreement(node: tree.Node, units: Mapping[str, str], wanted: str = "") -> str:
    """Return what is wrong with the units of a rule, with the mend; nothing where they agree."""
    found: list[str] = []
    unit = _unit(node, units, found)
    if not found and not _agree(unit, wanted):
        found.append(f"The rule is in {unit}, but its unit says {wanted}.")
    return f"{found[0]} Turn one into the other, such as monthly * 12." if found else ""


def _unit(node: tree.Node, units: Mapping[str, str], found: list[str]) -> str:
    parts = [(_unit(part, units, found), part) for part in tree.children(node)]
    match node:
        case tree.Name(name=name):
            return units.get(name, "")
        case tree.Compare():
            _same(parts, found)
            return ""
        case tree.Arithmetic(operator="+" | "-"):
            return _same(parts, found)
        case tree.Conditional():
            return _same(parts[1:], found)
        case tree.Negative():
            return parts[0][0]
        case tree.Call(function=function) if function in ALIKE:
            return _same(parts[:1] if function.startswith("round") else parts, found)
    return ""


def _same(parts: list[tuple[str, tree.Node]], found: list[str]) -> str:
    """Return the unit that all parts have; write down two that do not agree."""
    known = [(unit, part) for unit, part in parts if unit]
    for unit, part in known[1:]:
        if not _agree(known[0][0], unit):
            first = _named(known[0][1])
            found.append(f"{first} is in {known[0][0]} and {_named(part)} in {unit}.")
    return known[0][0] if known else ""


def _agree(one: str, other: str) -> bool:
    if not one or not other:
        return True
    (kind, every), (kind2, every2) = _split(one), _split(other)
    return kind == kind2 and (not every or not every2 or every == every2)


def _split(unit: str) -> tuple[str, str]:
    every = next((period for period in PERIODS if unit.endswith(period)), "")
    return unit.removesuffix(every), every


def _named(node: tree.Node) -> str:
    return node.name if isinstance(node, tree.Name) else "the other side"
