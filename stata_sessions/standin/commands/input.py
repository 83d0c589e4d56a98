"""input: data typed line by line."""

from __future__ import annotations

import re

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.dataset import Dataset, strings
from stata_sessions.standin.errors import StataError, already_defined, invalid_syntax
from stata_sessions.standin.formats import parse_format
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.lines import numbered
from stata_sessions.standin.missing import SYSTEM, is_missing
from stata_sessions.standin.quoting import split_words, unquote
from stata_sessions.standin.storage import check_type, default_format
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.text_functions import real
from stata_sessions.standin.varlists import new_names

# A name, perhaps behind a type, or several in parentheses, as `int(mpg rep78)`.
_ITEM = re.compile(
    r"\s*(?:(?P<type>byte|int|long|float|double|str\d+|strL)(?=[\s(]))?\s*"
    r"(?:\((?P<list>[^()]+)\)|(?P<name>[^\W\d]\w*(?:-[^\W\d]\w*)?))"
)


@command("input", shortest=3)
def input_(interp: Interpreter, line: CommandLine) -> None:
    """Read observations up to `end`."""
    line.options.finish()
    data = interp.data
    types = _types(interp, line.arguments)
    if not types or line.body is None:
        raise invalid_syntax()
    if line.arguments:
        for name in types:
            if name in data.columns:
                raise already_defined(name)
    interp.out.row()
    interp.out.row("   " + "".join(_heading(name, kind) for name, kind in types.items()))
    rows: list[list[float | str]] = []
    most = data.observations if line.arguments and data.observations else None
    for text in line.body.until_end(numbered):
        values = _values(interp, text, list(types.values()))
        if values is not None and (most is None or len(rows) < most):
            rows.append(values)
    _add(data, types, rows, new=bool(line.arguments))


def _types(interp: Interpreter, text: str) -> dict[str, str]:
    """Return the storage type of each variable to be read."""
    if not text:
        return {name: column.type for name, column in interp.data.columns.items()}
    found: dict[str, str] = {}
    for item in _ITEM.finditer(text):
        kind = check_type(item["type"]) if item["type"] else interp.settings.type
        for name in (item["list"] or item["name"]).split():
            found |= dict.fromkeys(new_names(name), kind)
    if _ITEM.sub("", text).strip():
        raise invalid_syntax()
    return found


def _heading(name: str, kind: str) -> str:
    return name.rjust(parse_format(default_format(kind)).width + 2)


def _values(interp: Interpreter, text: str, kinds: list[str]) -> list[float | str] | None:
    """Return the values of a line, missing where it is too short; None if it cannot be read."""
    words = [word for part in split_words(text) for word in _separate(part)]
    if not text.strip():
        return None
    values: list[float | str] = []
    for place, kind in enumerate(kinds):
        word = unquote(words[place]) if place < len(words) else ""
        if kind.startswith("str"):
            values.append(word)
            continue
        value = real(word)
        if is_missing(value) and not re.fullmatch(r"|\.[a-z]?", word):
            interp.out.error_row(f"'{word}' cannot be read as a number")
            return None
        values.append(value)
    return values


def _separate(word: str) -> list[str]:
    """Split a word at commas, which separate as blanks do."""
    return [word] if word.startswith(('"', "`")) else [w for w in word.split(",") if w]


def _add(data: Dataset, types: dict[str, str], rows: list[list[float | str]], *, new: bool) -> None:
    before = data.observations
    if not new:
        if not rows:
            raise StataError(2000, "no observations")
        data.grow(before + len(rows))
    count = data.observations or len(rows)
    for place, (name, kind) in enumerate(types.items()):
        typed = [row[place] for row in rows]
        if kind.startswith("str"):
            texts = [str(value) for value in typed]
            if new:
                data.add(name, strings(texts + [""] * (count - len(texts))), kind)
            else:
                data.replace(name, strings([*data.columns[name].values[:before], *texts]))
            continue
        numbers = np.array(typed, dtype=np.float64)
        if new:
            data.add(name, np.concatenate([numbers, np.full(count - len(typed), SYSTEM)]), kind)
        else:
            data.replace(name, np.concatenate([data.numbers(name)[:before], numbers]))
