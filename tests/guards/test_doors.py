"""Rooms import one another by the door only, and never up."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "latchstring"
ROOMS = {p.name for p in ROOT.iterdir() if (p / "__init__.py").exists() and p.name != "tests"}
# kernel and rules are what all stand on; publication is the database side of programs' door, apart
# so that `determine` needs no database.
OPEN = {"kernel", "rules"}
DOORS = {"door", "publication"}
# Outside the rooms: the commands and the demo, which may open every door.


def _imports(file: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                found.append((node.lineno, f"{node.module}.{alias.name}"))
    return found


def _trespasses(files: list[Path], own_room: str | None) -> list[str]:
    wrong = []
    for file in files:
        for line, name in _imports(file):
            parts = name.split(".")
            if parts[0] != "latchstring" or len(parts) < 3 or parts[1] not in ROOMS:
                continue
            room, what = parts[1], parts[2]
            if room == own_room or room in OPEN or what in DOORS:
                continue
            wrong.append(f"{file.relative_to(ROOT.parent)}:{line} imports {name}")
    return wrong


def test_rooms_use_one_anothers_doors_only():
    wrong = []
    for room in sorted(ROOMS):
        files = [
            f
            for f in (ROOT / room).rglob("*.py")
            if "migrations" not in f.parts and "tests" not in f.parts
        ]
        wrong += _trespasses(files, room)
    assert not wrong, "\n".join(wrong)


def test_the_guard_sees_a_trespass(tmp_path):
    file = ROOT / "kernel" / "ids.py"
    probe = tmp_path / "latchstring" / "probe.py"
    probe.parent.mkdir()
    probe.write_text("from latchstring.people.models import Person\n" + file.read_text())
    names = [name for _, name in _imports(probe)]
    assert "latchstring.people.models.Person" in names
