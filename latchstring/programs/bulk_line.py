"""A line of the result as one SQL text: far quicker than as a column for every cell."""

from latchstring.programs.bulk import ID
from latchstring.programs.document import Program
from latchstring.rules import tree
from latchstring.rules.many import ManyCompiler, quoted, text_literal

COMBINED_MAX = 8  # criteria whose failing together is listed beforehand: 256 texts


def line(program: Program, compiler: ManyCompiler, plain: bool) -> str:
    """Write the line of a household that is determined, or whose row is invalid."""
    return _Line(program, compiler, plain).written()


class _Line:
    def __init__(self, program: Program, compiler: ManyCompiler, plain: bool) -> None:
        self.program, self.compiler, self.plain = program, compiler, plain

    def written(self) -> str:
        program = self.program
        priority = quoted("is_priority") if program.priority else ""
        every = [self._shown(result.value) for result in program.results]
        known = [self._shown(result.value) if result.always else "" for result in program.results]
        counted = "substr(',' || nextval('invalid_rows'), 1, 1)"
        tests = [quoted("is_" + criterion.id) for criterion in program.criteria]
        lines = {
            "NOT valid": self._cells(",invalid", ["", "", "", *("" for _ in every)])
            + f" || {counted} || {self._cell('wrong')}",
            " AND ".join(tests): self._cells(",eligible", [priority, "", "", *every, ""]),
            # The least of some truths is false where any is, and takes no notice of unknown ones.
            f"NOT least({', '.join(tests)})": self._cells(
                ",ineligible", [priority, self._failed(), "", *known, ""]
            ),
            "TRUE": self._cells(",unknown", [priority, "", self._missing(), *known, ""]),
        }
        return f"CASE {' '.join(f'WHEN {when} THEN {line}' for when, line in lines.items())} END"

    def _cells(self, outcome: str, cells: list[str]) -> str:
        """Join the id, the outcome and the cells with commas; what is NULL is an empty cell."""
        pieces, constant = [self._cell(ID)], outcome
        for cell in cells:
            constant += ","
            if cell:
                pieces += [text_literal(constant), cell]
                constant = ""
        return f"concat({', '.join([*pieces, text_literal(constant)])})"

    def _failed(self) -> str:
        """Write the ids of the false criteria: looked up in lists of every combination of a few."""
        pieces = []
        for start in range(0, len(self.program.criteria), COMBINED_MAX):
            some = self.program.criteria[start : start + COMBINED_MAX]
            lists = [
                ";".join(test.id for place, test in enumerate(some) if number >> place & 1) or None
                for number in range(2 ** len(some))
            ]
            bits = [
                f"CASE WHEN NOT {quoted('is_' + test.id)} THEN {1 << place} ELSE 0 END"
                for place, test in enumerate(some)
            ]
            kept = self.compiler.keep_list(f"failed.{start}", lists, tree.TEXT)
            pieces.append(f"{kept}[{' + '.join(bits)} + 1]")
        return pieces[0] if len(pieces) == 1 else f"concat_ws(';', {', '.join(pieces)})"

    def _missing(self) -> str:
        """Write the unknown facts behind the unknown criteria, in the order of the alphabet."""
        program = self.program
        whens: dict[str, list[str]] = {}
        for criterion in program.criteria:
            unknown = f"{quoted('is_' + criterion.id)} IS NULL"
            for fact in program.uses[criterion.id]:
                whens.setdefault(fact, []).append(f"({unknown} AND {quoted(fact)} IS NULL)")
            for fact, first in program.table_days[criterion.id]:
                before = f"({unknown} AND {quoted(fact)} < DATE '{first}')"
                whens.setdefault(fact, []).append(before)
        pieces = [
            f"CASE WHEN {' OR '.join(tests)} THEN '{fact}' END"
            for fact, tests in sorted(whens.items())
        ]
        return f"concat_ws(';', {', '.join(pieces)})"

    def _shown(self, key: str) -> str:
        """Write a number as it is shown: money with two decimals, counts whole."""
        kind, sql = self.program.types[key], self.compiler.names[key].sql
        if kind.kind != "number" or not self.program.is_money(key):
            return sql
        factor = 10 ** (2 - kind.scale)
        cents = sql if factor == 1 else f"({sql} * {factor})"
        if not self.compiler.wide:
            return f"CAST({cents} AS DECIMAL(15, 0)) * CAST(0.01 AS DECIMAL(3, 2))"
        sign = f"CASE WHEN {cents} < 0 THEN '-' ELSE '' END"
        last = f"lpad(CAST(abs({cents}) % 100 AS VARCHAR), 2, '0')"
        return f"{sign} || CAST(abs({cents}) // 100 AS VARCHAR) || '.' || {last}"

    def _cell(self, sql: str) -> str:
        """Quote a text where it is needed; in a plain file no cell ever needs it."""
        if self.plain:
            return sql
        odd = f"regexp_matches({sql}, '[,\"\n\r]')"
        doubled = f"replace({sql}, '\"', '\"\"')"
        return f"CASE WHEN {odd} THEN '\"' || {doubled} || '\"' ELSE {sql} END"
