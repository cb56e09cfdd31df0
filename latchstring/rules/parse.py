"""Text to tree, with the grammar of cel-python (its evaluation is never used)."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import lark

from latchstring.rules import tree
from latchstring.rules.errors import RuleError, SyntaxWrong, did_you_mean
from latchstring.rules.signatures import NOT_METHODS

TEXT_CHARACTERS_MAX = 8_000
DEPTH_MAX = 100
_TEST = "Write {0} as list.{0}(x, rule about x)."
_VALUE = "Write {0} as list.{0}(x, value of x)."
_BEST = "Write {0} as list.{0}(x, value of x) or list.{0}(x, value of x, value for no one)."
MACROS = {
    **{name: _TEST.format(name) for name in ("exists", "all", "exists_one", "count", "filter")},
    "at_least": "Write list.at_least(2, x, rule about x).",
    **{name: _VALUE.format(name) for name in ("map", "sum")},
    **{name: _BEST.format(name) for name in ("min", "max")},
    "size": "Write list.size().",
}
WITHOUT_RULE = ("count", "size", "sum", "min", "max")
COMPARISONS = {
    "relation_lt": "<",
    "relation_le": "<=",
    "relation_gt": ">",
    "relation_ge": ">=",
    "relation_eq": "==",
    "relation_ne": "!=",
}
ARITHMETIC = {
    "addition_add": "+",
    "addition_sub": "-",
    "multiplication_mul": "*",
    "multiplication_div": "/",
    "multiplication_mod": "%",
}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


def parse(text: str) -> tree.Node:
    """Read a rule into an untyped tree, or raise SyntaxWrong with the place in the text."""
    if len(text) > TEXT_CHARACTERS_MAX:
        raise SyntaxWrong(f"A rule may have {TEXT_CHARACTERS_MAX} characters; cut it in parts.")
    if not text.strip():
        raise SyntaxWrong("There is no rule here. Write one, such as: size >= 1", (0, 1), text)
    try:
        return _Builder(text).build(_grammar().parse(text), 0)
    except lark.exceptions.UnexpectedToken as wrong:
        raise SyntaxWrong(_expected(wrong), _place(wrong, text), text) from None
    except lark.exceptions.UnexpectedCharacters as wrong:
        place = (wrong.pos_in_stream or 0, (wrong.pos_in_stream or 0) + 1)
        raise SyntaxWrong(_stray(text, place[0]), place, text) from None
    except (lark.exceptions.LarkError, RecursionError):
        raise SyntaxWrong("This is nested too deeply; cut it in parts.", (0, 1), text) from None
    except RuleError as wrong:
        wrong.text = text
        raise


@cache
def _grammar() -> lark.Lark:
    spec = find_spec("celpy")
    if spec is None or not spec.submodule_search_locations:
        raise SyntaxWrong("The grammar of cel-python is not installed.")
    path = Path(next(iter(spec.submodule_search_locations))) / "cel.lark"
    return lark.Lark(
        path.read_text(encoding="utf-8"),
        parser="lalr",
        start="expr",
        propagate_positions=True,
        maybe_placeholders=False,
        priority="invert",
        lexer_callbacks={"IDENT": _true_and_false},
    )


def _true_and_false(token: lark.Token) -> lark.Token:
    if token.value in ("true", "false"):
        return lark.Token.new_borrow_pos("BOOL_LIT", token.value, token)
    if token.value == "null":
        return lark.Token.new_borrow_pos("NULL_LIT", token.value, token)
    return token


def _expected(wrong: lark.exceptions.UnexpectedToken) -> str:
    if wrong.token.type == "$END":
        return "The rule stops too early: something is still to come here."
    return f"{wrong.token.value!s} cannot stand here."


def _stray(text: str, position: int) -> str:
    following = text[position : position + 2]
    if following[:1] == "=" and following != "==":
        return "Write == to compare."
    if following[:1] in "&|":
        return f"Write {following[0] * 2} (twice)."
    if following[:1] in "\"'":
        return "This text has no closing quotation mark."
    return f"{following[:1]} cannot stand here."


def _place(wrong: lark.exceptions.UnexpectedToken, text: str) -> tuple[int, int]:
    if wrong.token.type == "$END" or wrong.token.start_pos is None:
        return (len(text), len(text) + 1)
    return (wrong.token.start_pos, wrong.token.start_pos + max(1, len(wrong.token.value)))


class _Builder:
    """Turns lark's tree into ours, one method per shape."""

    def __init__(self, text: str) -> None:
        self.text = text

    def build(self, given: lark.Tree | lark.Token, depth: int) -> tree.Node:
        while isinstance(given, lark.Tree) and len(given.children) == 1 and given.data in _PASS:
            given = given.children[0]
        if depth > DEPTH_MAX:
            raise SyntaxWrong("This is nested too deeply; cut it in parts.", self._at(given))
        if isinstance(given, lark.Token):
            raise SyntaxWrong(f"{given.value} cannot stand here.", self._at(given))
        parts = given.children
        at = self._at(given)
        match str(given.data):
            case "expr":
                condition, yes, no = (self.build(part, depth + 1) for part in parts)
                return tree.Conditional(at, None, condition, yes, no)
            case "conditionalor":
                return tree.Any(at, None, self._chain(given, "conditionalor", depth))
            case "conditionaland":
                return tree.All(at, None, self._chain(given, "conditionaland", depth))
            case "relation" | "addition" | "multiplication":
                return self._operation(parts[0], parts[1], at, depth)
            case "unary":
                operand = self.build(parts[1], depth + 1)
                kind = tree.Not if parts[0].data == "unary_not" else tree.Negative
                return kind(at, None, operand)
            case "ident":
                return tree.Name(at, None, str(parts[0]))
            case "ident_arg":
                return self._call(str(parts[0]), self._arguments(parts[1:], depth), at)
            case "member_dot":
                return tree.Field(at, None, self.build(parts[0], depth + 1), str(parts[1]))
            case "member_dot_arg":
                return self._method(parts, at, depth)
            case "literal":
                token = parts[0]
                assert isinstance(token, lark.Token)
                return self._literal(token, at)
            case "member_index":
                message = (
                    "This part of CEL is not used in rules here: "
                    "a list has no first; use exists or all."
                )
                raise SyntaxWrong(message, at)
            case "list_lit":
                raise SyntaxWrong("A list in brackets can only follow `in`.", at)
        raise SyntaxWrong("This part of CEL is not used in rules here.", at)

    def _chain(self, given: lark.Tree, data: str, depth: int) -> tuple[tree.Node, ...]:
        found: list[tree.Node] = []
        while isinstance(given, lark.Tree) and given.data == data and len(given.children) == 2:
            found.append(self.build(given.children[1], depth + 1))
            given = given.children[0]
        found.append(self.build(given, depth + 1))
        return tuple(reversed(found))

    def _operation(
        self, first: lark.Tree, second: lark.Tree, at: tuple[int, int], depth: int
    ) -> tree.Node:
        left = self.build(first.children[0], depth + 1)
        data = str(first.data)
        if data == "relation_in":
            return tree.OneOf(at, None, left, self._choices(second, left, depth))
        right = self.build(second, depth + 1)
        if data in COMPARISONS:
            return tree.Compare(at, None, COMPARISONS[data], left, right)
        return tree.Arithmetic(at, None, ARITHMETIC[data], left, right)

    def _choices(self, given: lark.Tree, item: tree.Node, depth: int) -> tuple[tree.Node, ...]:
        while isinstance(given, lark.Tree) and len(given.children) == 1 and given.data in _PASS:
            given = given.children[0]
        if isinstance(given, lark.Tree) and given.data == "member_dot_arg":
            raise SyntaxWrong(self._instead_of_in(given, item), self._at(given))
        if not isinstance(given, lark.Tree) or given.data != "list_lit" or not given.children:
            raise SyntaxWrong(
                'Write the choices in brackets: state in ["NM", "WY"]', self._at(given)
            )
        return tuple(self._arguments(given.children, depth))

    def _instead_of_in(self, given: lark.Tree, item: tree.Node) -> str:
        """Say how to ask whether a value is in a list."""
        wanted = self.text[slice(*item.at)]
        parts = [part for listed in given.children[2:] for part in listed.children]
        if str(given.children[1]) != "map" or len(parts) != 2:
            return f"Write list.exists(x, x.field == {wanted})."
        items, variable, value = (
            self.text[slice(*self._at(part))] for part in (given.children[0], *parts)
        )
        return f"Write {items}.exists({variable}, {value} == {wanted})."

    def _arguments(self, parts: list[lark.Tree], depth: int) -> list[tree.Node]:
        return [self.build(part, depth + 1) for listed in parts for part in listed.children]

    def _call(self, name: str, arguments: list[tree.Node], at: tuple[int, int]) -> tree.Node:
        if name == "listed":
            return self._listed(arguments, at)
        if name != "lookup":
            return tree.Call(at, None, name, tuple(arguments))
        texts = [a.value for a in arguments[:2] if isinstance(a, tree.Literal)]
        if len(arguments) < 3 or len(texts) < 2 or not all(isinstance(t, str) for t in texts):
            message = 'Write lookup("table", "column", key, ..., day).'
            raise SyntaxWrong(message, at)
        return tree.Lookup(at, None, str(texts[0]), str(texts[1]), tuple(arguments[2:]), None)

    def _listed(self, arguments: list[tree.Node], at: tuple[int, int]) -> tree.Node:
        table = arguments[0].value if arguments and isinstance(arguments[0], tree.Literal) else 0
        if not isinstance(table, str) or len(arguments) < 2:
            raise SyntaxWrong('Write listed("table", key, ..., day).', at)
        return tree.Listed(at, None, table, "", tuple(arguments[1:]), None)

    def _method(self, parts: list[lark.Tree], at: tuple[int, int], depth: int) -> tree.Node:
        items = self.build(parts[0], depth + 1)
        macro = str(parts[1])
        arguments = self._arguments(parts[2:], depth)
        if macro in NOT_METHODS:
            given = self.text[slice(*items.at)]
            raise SyntaxWrong(f"Write {NOT_METHODS[macro]}({given}).", at)
        if macro not in MACROS:
            hint = did_you_mean(macro, list(MACROS))
            message = f"{macro} is not known. Lists have: {', '.join(MACROS)}.{hint}"
            raise SyntaxWrong(message, self._at(parts[1]))
        if not arguments and macro in WITHOUT_RULE:
            name = "size" if macro == "count" else macro
            return tree.Macro(at, None, name, items, "", None)
        beside: tree.Node | None = None
        if macro == "at_least" and len(arguments) == 3:
            beside, *arguments = arguments
        elif macro in ("min", "max") and len(arguments) == 3:
            *arguments, beside = arguments
        elif macro == "at_least":
            raise SyntaxWrong(MACROS[macro], at)
        if macro == "map" and len(arguments) == 3:
            raise SyntaxWrong("Write list.filter(x, rule about x).map(x, value of x).", at)
        if len(arguments) != 2 or not isinstance(arguments[0], tree.Name) or macro == "size":
            raise SyntaxWrong(MACROS[macro], at)
        return tree.Macro(at, None, macro, items, arguments[0].name, arguments[1], beside)

    def _literal(self, token: lark.Token, at: tuple[int, int]) -> tree.Node:
        raw = str(token)
        match token.type:
            case "BOOL_LIT":
                return tree.Literal(at, tree.BOOL, raw == "true")
            case "INT_LIT" | "FLOAT_LIT":
                return self._number(raw, at)
            case "STRING_LIT" | "MLSTRING_LIT":
                return tree.Literal(at, tree.TEXT, self._string(raw, at))
            case "NULL_LIT":
                raise SyntaxWrong("There is no null here: a fact without a value is unknown.", at)
        raise SyntaxWrong(f"{raw} is not used here: write whole numbers or decimals.", at)

    def _number(self, raw: str, at: tuple[int, int]) -> tree.Node:
        sign, digits = (-1, raw[1:]) if raw.startswith("-") else (1, raw)
        whole, _, decimals = digits.partition(".")
        if not (whole + decimals).isdigit():
            raise SyntaxWrong("Write numbers in plain digits, such as 1200 or 0.08.", at)
        if len(decimals) > tree.DECIMALS_MAX:
            raise SyntaxWrong(f"A number has at most {tree.DECIMALS_MAX} decimals.", at)
        if len(whole.lstrip("0")) > tree.WHOLE_DIGITS_MAX:
            raise SyntaxWrong(f"At most {tree.WHOLE_DIGITS_MAX} digits before the point.", at)
        value = sign * int((whole + decimals) or "0")
        return tree.Literal(at, tree.number(len(decimals)), value)

    def _string(self, raw: str, at: tuple[int, int]) -> str:
        plain = raw[0] in "rR"
        body = raw[1:] if plain else raw
        quote = 3 if body[:3] in ('"""', "'''") and len(body) >= 6 else 1
        body = body[quote:-quote]
        if plain or "\\" not in body:
            return body
        out, position = [], 0
        while position < len(body):
            character = body[position]
            if character == "\\":
                position += 1
                if body[position] not in ESCAPES:
                    raise SyntaxWrong(f"\\{body[position]} is not used in texts here.", at)
                character = ESCAPES[body[position]]
            out.append(character)
            position += 1
        return "".join(out)

    def _at(self, given: lark.Tree | lark.Token) -> tuple[int, int]:
        if isinstance(given, lark.Token):
            start = given.start_pos or 0
            return (start, given.end_pos or start + 1)
        if given.meta.empty:
            return (0, 1)
        return (given.meta.start_pos, given.meta.end_pos)


_PASS = {
    "expr",
    "conditionalor",
    "conditionaland",
    "relation",
    "addition",
    "multiplication",
    "unary",
    "member",
    "primary",
    "paren_expr",
}
