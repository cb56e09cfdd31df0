"""The stand-ins and the product know nothing of each other but HTTP and SMTP."""

import ast

from standins.start import ROOT


def _imported(folder):
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                yield from ((file, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield file, node.module


def test_stand_ins_import_nothing_of_the_product():
    found = list(_imported("standins"))
    assert len(found) > 50
    assert [pair for pair in found if pair[1].split(".")[0] in ("latchstring", "django")] == []


def test_the_product_imports_no_stand_in():
    ours = [pair for pair in _imported("latchstring") if "tests" not in pair[0].parts]
    assert [pair for pair in ours if pair[1].split(".")[0] == "standins"] == []
