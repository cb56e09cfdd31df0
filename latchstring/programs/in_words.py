"""A rule in words: the condition of a criterion as people read it, from its checked tree.

`gross_income <= gross_limit` reads "your household's income each month: at most the gross income
limit". It is derived from the rule alone, so it cannot say something else than the rule does.
"""

from decimal import Decimal

from latchstring.programs.document import Criterion, Program
from latchstring.programs.sentences import YES_NO, fact_words, text, value_words
from latchstring.rules import tree

COMPARED = {
    "en": {
        "<=": "at most",
        "<": "less than",
        ">=": "at least",
        ">": "more than",
        "==": "",
        "!=": "not",
    },
    "es": {
        "<=": "como máximo",
        "<": "menos que",
        ">=": "por lo menos",
        ">": "más que",
        "==": "",
        "!=": "no",
    },
}
SIGNS = {"+": "+", "-": "−", "*": "×"}
CHOSEN = {
    "en": {"min": "the least of ({})", "max": "the most of ({})", "round": "{}, rounded"},
    "es": {"min": "lo menor de ({})", "max": "lo mayor de ({})", "round": "{}, con redondeo"},
}
WORDS = {
    "en": {
        "and": "and",
        "or": "or",
        "not": "not ({})",
        "one_of": "{}: one of {}",
        "if": "if {}: {}, otherwise {}",
        "figure": "“{}” of the table “{}”",
        "listed": "“{}” names {}",
    },
    "es": {
        "and": "y",
        "or": "o",
        "not": "no ({})",
        "one_of": "{}: una de estas: {}",
        "if": "si {}: {}; si no, {}",
        "figure": "«{}» de la tabla «{}»",
        "listed": "«{}» nombra {}",
    },
}


def condition(program: Program, test: Criterion, language: str = "en") -> str:
    """Return the condition of a criterion in words; the rule as written where it has lists."""
    if _has_lists(test.node):
        return test.text
    return _Words(program, language).of(test.node)


def _has_lists(node: tree.Node) -> bool:
    return isinstance(node, tree.Macro | tree.Field) or any(map(_has_lists, tree.children(node)))


class _Words:
    def __init__(self, program: Program, language: str) -> None:
        self.program, self.language, self.words = program, language, WORDS[language]

    def of(self, node: tree.Node) -> str:
        """Return a part of a rule in words."""
        match node:
            case tree.Name(name=name):
                return self._name(node, name)
            case tree.Literal():
                return self._value(node)
            case tree.Not(operand=tree.Name(name=name)):
                return f"{fact_words(self.program, name, self.language)}: {self._yes(False)}"
            case tree.Not(operand=operand):
                return self.words["not"].format(self.of(operand))
            case tree.All(parts=parts):
                return f" {self.words['and']} ".join(self._inner(part) for part in parts)
            case tree.Any(parts=parts):
                return f", {self.words['or']} ".join(self._inner(part) for part in parts)
            case tree.Compare(operator=operator, left=left, right=right):
                how = COMPARED[self.language][operator]
                return f"{self._side(left)}: {how} {self._side(right, left)}".replace("  ", " ")
            case tree.OneOf(item=item, choices=choices):
                named = ", ".join(self._side(choice, item) for choice in choices)
                return self.words["one_of"].format(self._side(item), named)
            case tree.Conditional(condition=test, yes=yes, no=no):
                sides = (self._side(yes), self._side(no))
                return self.words["if"].format(self.of(test), *sides)
        return self._worked_out(node)

    def _worked_out(self, node: tree.Node) -> str:
        match node:
            case tree.Negative(operand=operand):
                return f"−{self._side(operand)}"
            case tree.Arithmetic(operator=operator, left=left, right=right):
                return f"{self._side(left)} {SIGNS[operator]} {self._side(right)}"
            case tree.Listed(table=table, keys=keys):
                of = ", ".join(self._side(key) for key in keys)
                title = self.program.table(table).title[self.language]
                return self.words["listed"].format(title, of)
            case tree.Lookup(table=table, column=column):
                found = self.program.table(table)
                of = found.column_words[column][self.language]
                return self.words["figure"].format(of, found.title[self.language])
            case tree.Call(function=function, arguments=arguments):
                how = CHOSEN[self.language].get(function, function + "({})")
                given = arguments[:1] if function == "round" else arguments
                return how.format("; ".join(self._side(one) for one in given))
        raise TypeError(f"no words for {type(node).__name__}")

    def _inner(self, node: tree.Node) -> str:
        """A part beside others: what has parts of its own stands in parentheses."""
        said = self.of(node)
        return f"({said})" if isinstance(node, tree.All | tree.Any | tree.Conditional) else said

    def _name(self, node: tree.Node, name: str) -> str:
        """A fact that is a whole condition by itself: "whether you rent: yes"."""
        said = fact_words(self.program, name, self.language)
        return f"{said}: {self._yes(True)}" if node.type == tree.BOOL else said

    def _side(self, node: tree.Node, beside: tree.Node | None = None) -> str:
        """One side of a comparison: a fact by its words alone, a value as its fact shows it."""
        if isinstance(node, tree.Name):
            return fact_words(self.program, node.name, self.language)
        if isinstance(node, tree.Literal) and isinstance(beside, tree.Name):
            value = self._plain(node)
            if isinstance(value, str):
                return value_words(self.program, beside.name, value, self.language)
            if self.program.is_money(beside.name) and not isinstance(value, bool):
                return text(Decimal(str(value)), self.language)
        if isinstance(node, tree.Arithmetic | tree.Conditional):
            return f"({self.of(node)})"
        return self.of(node)

    def _plain(self, node: tree.Literal) -> object:
        scale = node.type.scale if node.type else 0
        if isinstance(node.value, int) and not isinstance(node.value, bool) and scale:
            return Decimal(node.value).scaleb(-scale).normalize()
        return node.value

    def _value(self, node: tree.Literal) -> str:
        value = self._plain(node)
        return format(value, "f") if isinstance(value, Decimal) else text(value, self.language)

    def _yes(self, value: bool) -> str:
        return YES_NO[self.language][value]
