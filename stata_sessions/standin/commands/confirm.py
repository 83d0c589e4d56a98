"""confirm: fail unless something is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import (
    StataError,
    file_exists,
    file_not_found,
    invalid_syntax,
    variable_not_found,
)
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.quoting import path_of, unquote
from stata_sessions.standin.syntax import CommandLine

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
_TYPES = frozenset({"numeric", "string", "byte", "int", "long", "float", "double", "str"})


@command("confirm", shortest=4, takes="")
def confirm(interp: Interpreter, line: CommandLine) -> None:
    """Fail unless a file, variable, number or other thing is as said."""
    words = list(line.words)
    new = "new" in words[:1]
    words = words[1:] if new else words
    kind = words[0] if words else ""
    types = [kind] if kind in _TYPES else []
    if types:
        words = words[1:]
        kind = words[0] if words else ""
    check = next((c for name, c in _CHECKS.items() if kind and name.startswith(kind)), None)
    if check is None or len(kind) < 1:
        raise invalid_syntax()
    exact = line.options.flag("exact", 5)
    line.options.finish()
    check(interp, words[1:], _How(new, types[0] if types else "", exact))


@dataclass(frozen=True, slots=True)
class _How:
    """The words around the kind of thing: `new`, a storage type, the option `exact`."""

    new: bool
    type: str
    exact: bool


def _file(interp: Interpreter, words: list[str], how: _How) -> None:
    path = unquote(" ".join(words))
    there = path_of(path).is_file()
    if how.new and there:
        raise file_exists(path)
    if not how.new and not there:
        raise file_not_found(path)


def _variable(interp: Interpreter, words: list[str], how: _How) -> None:
    if how.new:
        for name in words:
            if interp.has_data and name in interp.data.variables:
                raise StataError(110, f"variable {name} already defined")
        return
    if not words:
        raise invalid_syntax()
    for word in words:
        if how.exact and word not in interp.data.variables:
            raise variable_not_found(word)
        for name in interp.data.expand(word):
            _check_type(name, str(interp.data.storage_type(name)), how.type)


def _check_type(name: str, actual: str, wanted: str) -> None:
    text = actual.startswith("str")
    if wanted == "numeric" and text:
        raise StataError(7, f"'{name}' found where numeric variable expected")
    if wanted in ("string", "str") and not text:
        raise StataError(7, f"'{name}' found where string variable expected")
    if wanted not in ("", "numeric", "string", "str") and wanted != actual:
        raise StataError(7, f"'{name}' found where {wanted} variable expected")


def _number(interp: Interpreter, words: list[str], how: _How) -> None:
    text = unquote(" ".join(words))
    if not _NUMBER.match(text) and not re.match(r"\.[a-z]?$", text):
        raise StataError(7, f"'{text}' found where number expected")


def _integer(interp: Interpreter, words: list[str], how: _How) -> None:
    number = " ".join(words[1:]) if words[:1] and "number".startswith(words[0]) else " ".join(words)
    if not re.match(r"[-+]?\d+$", unquote(number)):
        raise StataError(7, f"'{unquote(number)}' found where integer expected")


def _names(interp: Interpreter, words: list[str], how: _How) -> None:
    for word in words:
        if not re.match(r"[^\W\d]\w{0,31}$", word):
            raise StataError(7, f"'{word}' found where name expected")


def _scalar(interp: Interpreter, words: list[str], how: _How) -> None:
    for word in words:
        if word not in interp.scalars:
            raise StataError(111, f"scalar {word} not found")


def _matrix(interp: Interpreter, words: list[str], how: _How) -> None:
    for word in words:
        found = re.match(r"([er])\((\w+)\)$", word)
        store = getattr(interp, found[1]).matrices if found else interp.matrices
        if (found[2] if found else word) not in store:
            raise StataError(111, f"matrix {word} not found")


def _existence(interp: Interpreter, words: list[str], how: _How) -> None:
    if not " ".join(words).strip('"` '):
        raise StataError(6, "nothing found where something expected")


_CHECKS: dict[str, Callable[[Interpreter, list[str], _How], None]] = {
    "file": _file,
    "variable": _variable,
    "number": _number,
    "integer": _integer,
    "names": _names,
    "scalar": _scalar,
    "matrix": _matrix,
    "existence": _existence,
}
