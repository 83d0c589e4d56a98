"""The project's own files, as the house tests look at them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "stata_sessions"
TESTS = ROOT / "tests"


@cache
def python_files() -> tuple[Path, ...]:
    """List every Python file of the package, the tests and bin/."""
    found = [*PACKAGE.rglob("*.py"), *TESTS.rglob("*.py"), *(ROOT / "bin").iterdir()]
    return tuple(sorted(file for file in found if _is_python(file)))


def _is_python(file: Path) -> bool:
    return file.is_file() and (
        file.suffix == ".py"
        or (not file.suffix and b"python" in file.read_bytes().partition(b"\n")[0])
    )


@cache
def tree_of(file: Path) -> ast.Module:
    """Parse one file."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def documents() -> list[Path]:
    """List every .rst file: at the top, below docs/ and below tests/."""
    places = (ROOT / "docs", TESTS)
    return sorted(
        [*ROOT.glob("*.rst"), *(file for place in places for file in place.rglob("*.rst"))]
    )


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions and methods of one file."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def shown(file: Path) -> str:
    """Return the path as a reader of a failure wants it."""
    return str(file.relative_to(ROOT))
