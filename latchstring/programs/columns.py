"""What a file of households holds for a program, and what comes out: a page beside its document."""

from pathlib import Path

from latchstring.programs.dictionary import FactDefinition, dictionary
from latchstring.programs.document import Program, slugs, versions
from latchstring.programs.reading import catalog_folder
from latchstring.programs.tables import table

KINDS = {
    "yes_no": "`true` or `false`",
    "money": "dollars, at most two decimals, not negative",
    "date": "date, `YYYY-MM-DD`",
    "text": "text",
}


def pages() -> dict[Path, str]:
    """Return the page of each program by the path where it stands, beside the newest document."""
    newest = [versions(slug)[-1] for slug in slugs()]
    return {page_path(program): page(program) for program in newest}


def page_path(program: Program) -> Path:
    """Return where a program's page stands: `nm-erap` has catalog/nm/erap.columns.md."""
    folder, _, name = program.slug.partition("-")
    return catalog_folder() / folder / f"{name}.columns.md"


def page(program: Program) -> str:
    """Write a program's page of columns, in Markdown."""
    slug = program.slug
    lines = [
        f"# The columns of `{slug}`",
        "",
        f"{program.name['en']}. Written from its document; `latchstring program columns` writes it",
        "again after a change of the rules.",
        "",
        f"    latchstring determine {slug} --households IN.csv --out OUT.csv",
        f"    latchstring explain {slug} --facts FACTS.json",
        "",
        "## In",
        "",
        "UTF-8, in any order. An empty cell or a column left out is unknown, not zero or false.",
        "A value not of its column's type makes its row `invalid`.",
        "",
        "| column | type | what it is |",
        "|---|---|---|",
        "| household_id | text, unique, not empty | |",
    ]
    for key in program.columns:
        definition = dictionary()[key]
        told = definition.words["en"] + ("" if key in program.readers else " (checked, not used)")
        lines.append(f"| {key} | {_kind(definition)} | {told} |")
    lines += [
        "",
        "## Criteria",
        "",
        "In `failed` by these ids, in this order. In `missing`: the unknown facts of the unknown",
        "ones, in the order of the alphabet.",
        "",
        "| id | rule | uses |",
        "|---|---|---|",
    ]
    for test in program.criteria:
        rule = _rule(test.text).replace("|", "\\|")
        lines.append(f"| {test.id} | {rule} | {', '.join(program.uses[test.id])} |")
    if program.priority:
        lines += ["", f"`priority`: {_rule(program.priority.text)}"]
    lines += ["", "## Out", "", "| column | given | what it is |", "|---|---|---|"]
    lines += [f"| {name} | {when} | {told} |" for name, when, told in _results(program)]
    return "\n".join(lines) + "\n"


def _kind(definition: FactDefinition) -> str:
    if definition.table:
        agreeing = "".join(
            f", of the row's {key}" for key in (definition.must_agree or {}).values()
        )
        return f"a code of `{table(definition.table).id}`{agreeing}"
    if definition.type == "choice":
        return ", ".join(f"`{choice}`" for choice in definition.choices)
    if definition.type == "whole":
        return f"whole number from {definition.minimum}"
    return KINDS[definition.type]


def _rule(text: str) -> str:
    """Write a rule on one line."""
    return f"`{' '.join(text.split())}`"


def _results(program: Program) -> list[tuple[str, str, str]]:
    """Return name, when it is given, and what it is, for each column that comes out."""
    words = {derived.id: derived.words["en"] for derived in program.derived}
    found = [
        ("household_id", "always", "as it came in"),
        ("outcome", "always", "`eligible`, `ineligible`, `unknown` or `invalid`"),
        ("priority", "valid rows, where known", "`true` or `false`"),
        ("failed", "ineligible", "ids of the false criteria, joined by `;`"),
        ("missing", "unknown", "facts that are not known, joined by `;`"),
    ]
    for result in program.results:
        when = "valid rows, where known" if result.always else "eligible, where known"
        kind = "dollars: " if program.is_money(result.value) else ""
        told = words.get(result.value) or dictionary()[result.value].words["en"]
        found.append((result.id, when, kind + told))
    return [*found, ("errors", "invalid", "`column=value`, joined by `;`")]
