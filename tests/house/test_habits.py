"""Habits of the tests and scripts that no linter knows."""

import ast
import os
from pathlib import Path

import pytest

from tests.house.source import ROOT, TESTS, python_files, shown, tree_of

# Programs that play an ill-behaved console sleep because that is their vice.
CONSOLES = TESTS / "consoles"


def uses(file: Path, module: str, name: str) -> bool:
    """Tell whether a file says ``module.name`` or imports ``name`` from ``module``."""
    for node in ast.walk(tree_of(file)):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
                found = (owner, attribute) == (module, name)
            case ast.ImportFrom(module=str(source), names=names):
                found = source.split(".")[-1] == module and name in {each.name for each in names}
            case _:
                found = False
        if found:
            return True
    return False


def where_used(module: str, name: str) -> list[str]:
    return [
        shown(file)
        for file in python_files()
        if file.is_relative_to(TESTS)
        and not file.is_relative_to(CONSOLES)
        and uses(file, module, name)
    ]


def test_no_test_sleeps() -> None:
    assert where_used("time", "sleep") == []


def test_no_test_patches_our_names() -> None:
    assert where_used("mock", "patch") == []


def test_every_test_file_is_collected() -> None:
    strays = [
        shown(file)
        for file in python_files()
        if file.is_relative_to(TESTS)
        and not file.name.startswith("test_")
        and any(
            isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
            for node in tree_of(file).body
        )
    ]
    assert strays == []


SCRIPTS = [file for file in sorted((ROOT / "bin").iterdir()) if file.is_file()]


@pytest.mark.parametrize("script", [*SCRIPTS, ROOT / ".ci" / "run"], ids=shown)
def test_scripts_can_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").startswith("#!/usr/bin/env ")
