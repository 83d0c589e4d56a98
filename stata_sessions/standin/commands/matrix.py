"""matrix: define, list, name, drop."""

from __future__ import annotations

import re
from dataclasses import replace

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.matrices import list_matrix, sized
from stata_sessions.standin.matrix_expressions import matrix_value
from stata_sessions.standin.quoting import split_words, unquote
from stata_sessions.standin.results import Matrix, drop_named
from stata_sessions.standin.syntax import CommandLine

_DEFINE = re.compile(r"(?:def\w*\s+)?([^\W\d]\w*)\s*(\[.*?\])?\s*=\s*(.+)$", re.DOTALL)
_STORED = re.compile(r"([re])\((\w+)\)$")


@command("matrix", shortest=3)
def matrix(interp: Interpreter, line: CommandLine) -> None:
    """Define, list, name or drop matrices."""
    word, _, rest = line.raw.strip().partition(" ")
    if found := _DEFINE.match(line.raw.strip()):
        _define(interp, found)
    elif word in ("l", "li", "lis", "list"):
        _list(interp, CommandLine("matrix list", rest))
    elif word == "drop":
        drop_named(interp.matrices, rest.split(), "matrix")
    elif word in ("dir", "d", "di"):
        _directory(interp)
    elif word.startswith(("rown", "coln")):
        _name(interp, word.startswith("row"), rest)
    else:
        raise invalid_syntax()


def _define(interp: Interpreter, found: re.Match[str]) -> None:
    name, place, text = found[1], found[2], found[3]
    if place is None:
        made = matrix_value(interp, text)
        sized(*made.values.shape)
        interp.matrices[name] = made
        return
    target = _matrix(interp, name)
    row, _, column = place.strip("[]").partition(",")
    values = target.values.copy()
    down, across = interp.whole(row), interp.whole(column)
    if not (1 <= down <= values.shape[0] and 1 <= across <= values.shape[1]):
        raise StataError(503, "conformability error")
    values[down - 1, across - 1] = interp.evaluate(text)
    interp.matrices[name] = replace(target, values=values)


def _matrix(interp: Interpreter, name: str) -> Matrix:
    found = _STORED.match(name)
    store = getattr(interp, found[1]).matrices if found else interp.matrices
    key = found[2] if found else name
    if key not in store:
        raise StataError(111, f"matrix {name} not found")
    matrix: Matrix = store[key]
    return matrix


def _list(interp: Interpreter, line: CommandLine) -> None:
    fmt = line.options.value("format", 1) or "%10.0g"
    title = line.options.value("title", 1)
    header = not line.options.flag("noheader", 3)
    line.options.finish()
    for name in line.arguments.split() or sorted(interp.matrices):
        if title and header:
            interp.out.row("\n" + unquote(title))
        list_matrix(interp.out, name, _matrix(interp, name), fmt)


def _directory(interp: Interpreter) -> None:
    for name, found in sorted(interp.matrices.items()):
        height, width = found.values.shape
        interp.out.row(f"{name:>13}[{height},{width}]")


def _name(interp: Interpreter, rows: bool, text: str) -> None:
    """`matrix rownames A = names`."""
    name, sign, names_text = text.partition("=")
    names = tuple(unquote(word) for word in split_words(names_text))
    target = _matrix(interp, name.strip())
    if not sign or not names:
        raise invalid_syntax()
    wanted = target.values.shape[0 if rows else 1]
    names = (names + names[-1:] * wanted)[:wanted]
    interp.matrices[name.strip()] = (
        replace(target, rows=names) if rows else replace(target, columns=names)
    )
