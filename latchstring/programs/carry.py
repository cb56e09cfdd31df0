"""Carry a program from one catalog to another as one file: all it stands on, and nothing lost.

The file is YAML: the resolved document, the facts, questions, papers and tables that it names, and
its test households. What a catalog has already must say the same there; what it lacks is added.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from latchstring.programs.document import Program, resolved
from latchstring.programs.errors import CatalogError
from latchstring.programs.households import household_files
from latchstring.programs.reading import Marked, catalog_folder, read_yaml
from latchstring.programs.shape import held

PARTS = ("program", "lists", "facts", "questions", "papers", "tables", "figures", "households")
WORD = re.compile(r"[a-z][a-z0-9_]*")
WIDE = 10**6  # no line is broken


class _Plain(yaml.SafeDumper):
    """Writes each thing out in full, figures as the lines they are."""

    def ignore_aliases(self, data: Any) -> bool:
        """Say that nothing is written as a reference to what stands above."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists too, as the catalog does."""
        super().increase_indent(flow, False)


def _lines(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value and not any(" \n" in value or c in value for c in "\t\r") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Plain.add_representer(str, _lines)
_Plain.add_representer(Marked, lambda dumper, value: dumper.represent_dict(value.items()))


def dumped(value: Any) -> str:
    """Write plain values as YAML that reads back as the same."""
    return yaml.dump(value, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=WIDE)


def exported(program: Program) -> str:
    """Return a program and all that it stands on as the text of one file."""
    folder = catalog_folder()
    households = household_files().get(program.slug)
    document = program.document
    named = set(WORD.findall(dumped([document, households])))
    bank = _questions(folder)
    asked = {entry["id"] for entry in document.get("questions", [])}
    questions = [bank[id] for id in sorted(asked)]
    papers = read_yaml(folder / "papers.yaml")
    pages = [page for page in papers["pages"] if page["id"] in named]
    kinds = [paper for paper in papers["papers"] if paper["kind"] in named]
    named |= set(WORD.findall(dumped([questions, pages, kinds])))
    known = read_yaml(folder / "facts.yaml")
    lists = {key: one for key, one in known.get("lists", {}).items() if key in program.lists}
    facts = known["facts"]
    while more := set(WORD.findall(dumped([facts[key] for key in named & set(facts)]))) - named:
        named |= more
    facts = {key: facts[key] for key in sorted(named & set(facts))}
    tables = read_yaml(folder / "tables" / "tables.yaml")
    used = sorted(named & set(tables))
    return dumped(
        {
            "program": document,
            "lists": lists,
            "facts": facts,
            "questions": questions,
            "papers": {"pages": pages, "papers": kinds},
            "tables": {name: tables[name] for name in used},
            "figures": {name: _figures(folder, name) for name in used},
            "households": households,
        }
    )


def _questions(folder: Path) -> dict[str, Marked]:
    files = sorted((folder / "questions").glob("*.yaml"))
    return {raw["id"]: raw for file in files for raw in read_yaml(file)["questions"]}


def _figures(folder: Path, name: str) -> str:
    with open(folder / "tables" / f"{name}.csv", encoding="utf-8", newline="") as file:
        return file.read()


def taken_in(carried: Marked, folder: Path) -> dict[Path, str]:
    """Return the files, by their path in a catalog, that take a carried program in.

    CatalogError where a part is missing or of no known shape, or the catalog says otherwise of
    something that both have. Nothing is written.
    """
    for part in PARTS:
        if part not in carried:
            raise CatalogError(f"{part} is missing: this is no exported program.", carried.file, 1)
    document = held(carried["program"], "program")
    slug, state = str(document["slug"]), str(document["state"]).lower()
    home = Path(state) / slug.removeprefix(f"{state}-")
    changed = {home.with_suffix(".yaml"): dumped(document)}
    if carried["households"] is not None:
        changed[home.with_suffix(".households.yaml")] = dumped(
            held(carried["households"], "households")
        )
    for path, text in changed.items():
        if (folder / path).exists() and dumped(resolved(read_yaml(folder / path))) != text:
            raise CatalogError(f"{path} is there and says otherwise. Take it away first.")
    return {
        **{path: text for path, text in changed.items() if not (folder / path).exists()},
        **_added_facts(folder, carried["lists"], carried["facts"]),
        **_added_questions(folder, slug, carried["questions"]),
        **_added_papers(folder, carried["papers"]),
        **_added_tables(folder, carried),
    }


def _new(kind: str, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the catalog lacks; CatalogError where it has a thing that says otherwise."""
    for key in mine.keys() & theirs.keys():
        if dumped(mine[key]) != dumped(theirs[key]):
            raise CatalogError(f"The {kind} {key} of this catalog says otherwise. Make them agree.")
    return {key: value for key, value in theirs.items() if key not in mine}


def _by(key: str, things: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {str(one[key]): one for one in things}


def _added_facts(folder: Path, lists: Marked, facts: Marked) -> dict[Path, str]:
    """Add facts at the end of their file, and lists before the facts; its comments stay."""
    carried = {"lists": lists, "facts": facts}
    held(_marked(carried, facts), "facts")
    path = folder / "facts.yaml"
    if not path.exists():
        return {Path("facts.yaml"): dumped(carried)}
    mine = read_yaml(path)
    new = _new("fact", mine["facts"], facts)
    listed = _new("list", mine.get("lists", {}), lists)
    if not new and not listed:
        return {}
    before, mark, after = f"\n{_longer(path, '')}".partition("\nfacts:\n")
    if listed:
        before += ("" if "lists" in mine else "\nlists:") + "\n" + _indented(listed).rstrip("\n")
    text = before + mark + after + (_indented(new) if new else "")
    return {Path("facts.yaml"): text[1:]}


def _added_questions(folder: Path, slug: str, theirs: list[Marked]) -> dict[Path, str]:
    for one in theirs:
        held(_marked({"questions": [one]}, one), "questions")
    new = _new("question", _questions(folder), _by("id", theirs))
    path = Path("questions") / f"{slug}.yaml"
    if new and (folder / path).exists():
        raise CatalogError(f"{path} is there already. Take it away or give it another name.")
    return {path: dumped({"questions": list(new.values())})} if new else {}


def _added_papers(folder: Path, theirs: Marked) -> dict[Path, str]:
    held(theirs, "papers")
    path = folder / "papers.yaml"
    if not path.exists():
        return {Path("papers.yaml"): dumped(theirs)}
    mine = read_yaml(path)
    pages = _new("page", _by("id", mine["pages"]), _by("id", theirs["pages"]))
    kinds = _new("paper", _by("kind", mine["papers"]), _by("kind", theirs["papers"]))
    if not pages and not kinds:
        return {}
    before, mark, after = path.read_text(encoding="utf-8").partition("\npapers:\n")
    more = [_indented(list(found.values())) if found else "" for found in (pages, kinds)]
    whole = before.rstrip("\n") + "\n" + more[0] + mark[1:] + after.rstrip("\n") + "\n" + more[1]
    return {Path("papers.yaml"): whole}


def _added_tables(folder: Path, carried: Marked) -> dict[Path, str]:
    held(carried["tables"], "tables")
    path = folder / "tables" / "tables.yaml"
    mine = read_yaml(path) if path.exists() else Marked()
    new = _new("table", mine, carried["tables"])
    here = {name: _figures(folder, name) for name in mine if name in carried["tables"]}
    figures = _new("table", here, carried["figures"])
    changed = {Path("tables") / f"{name}.csv": figures[name] for name in new}
    if new:
        text = _longer(path, dumped(new)) if path.exists() else dumped(new)
        changed[Path("tables") / "tables.yaml"] = text
    return changed


def _marked(content: dict[str, Any], like: Marked) -> Marked:
    found = Marked(content)
    found.file, found.line, found.lines = like.file, like.line, {}
    return found


def _indented(value: Any) -> str:
    return "".join(f"  {line}\n" for line in dumped(value).splitlines())


def _longer(path: Path, more: str) -> str:
    return path.read_text(encoding="utf-8").rstrip("\n") + "\n" + more
