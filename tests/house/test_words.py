"""One word, one meaning: these words stay out of the names that we give."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import python_files, shown, tree_of

INTRUDERS = {
    "kernel": "session",
    "cell": "code",
    "statement": "command",
    "snippet": "code",
    "spawner": "launcher",
    "provisioner": "launcher",
    "nonce": "token",
    "md5": "token",
    "tty": "terminal",
    "pager": "more",
}
WORD = re.compile(r"[A-Z]?[a-z]+[0-9]?|[A-Z]+[0-9]?(?![a-z])")


def words_of(name: str) -> set[str]:
    """Split snake_case and CamelCase, and drop the plural."""
    words = {word.lower() for word in WORD.findall(name)}
    return words | {word.removesuffix("s") for word in words}


def names_given(file: Path) -> Iterator[str]:
    """Yield the names that a file defines; those that it only uses belong to others."""
    yield file.stem
    for node in ast.walk(tree_of(file)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("open_tty", {"open", "tty"}),
        ("KernelSpawner", {"kernel", "spawner"}),
        ("cells", {"cells", "cell"}),
        ("MD5_NAME", {"md5", "name"}),
        ("isatty", {"isatty"}),
    ],
)
def test_names_are_split_into_words(name: str, words: set[str]) -> None:
    assert words <= words_of(name)


def test_no_intruder_among_our_names() -> None:
    found = [
        f"{shown(file)}: {name}: say {INTRUDERS[word]}"
        for file in python_files()
        for name in names_given(file)
        for word in words_of(name) & INTRUDERS.keys()
    ]
    assert found == []
