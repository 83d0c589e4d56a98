"""Each promise about faults names a test that exists."""

import ast
import re

import pytest

from tests.house.source import ROOT, tree_of

NAMED = re.findall(
    r"``(tests/[\w/]+\.py)::(\w+)``", (ROOT / "docs" / "reliability.rst").read_text("utf-8")
)


def test_the_table_names_tests() -> None:
    assert len(NAMED) > 20


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_named_test_exists(file: str, name: str) -> None:
    defined = set()
    for node in tree_of(ROOT / file).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.Assign):
            defined |= {each.id for each in node.targets if isinstance(each, ast.Name)}
    assert name in defined


def test_every_row_of_the_table_names_its_test() -> None:
    text = (ROOT / "docs" / "reliability.rst").read_text("utf-8")
    rows = text.count("\n   * - ") - 1
    assert rows == len(NAMED)
