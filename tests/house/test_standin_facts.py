"""Each fact of the console that docs/standin.rst states names a test that exists."""

import ast
import re

import pytest

from tests.house.source import ROOT, tree_of

TEXT = (ROOT / "docs" / "standin.rst").read_text("utf-8")
NAMED = re.findall(r"     - ``(tests/[\w/]+\.py)::(\w+)``", TEXT)


def test_every_fact_names_its_test() -> None:
    assert len(NAMED) == TEXT.count("\n   * - ") - 1 > 60
    assert len(set(NAMED)) == len(NAMED)


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_named_test_exists(file: str, name: str) -> None:
    assert name in {
        node.name for node in tree_of(ROOT / file).body if isinstance(node, ast.FunctionDef)
    }
