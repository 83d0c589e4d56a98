"""scalar: define, list, drop."""

from __future__ import annotations

import re

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, invalid, invalid_syntax
from stata_sessions.standin.formats import format_value
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.results import drop_named
from stata_sessions.standin.syntax import CommandLine

_DEFINE = re.compile(r"(?:def\w*\s+)?([^\W\d]\w*)\s*=\s*(.+)$", re.DOTALL)


@command("scalar", shortest=3)
def scalar(interp: Interpreter, line: CommandLine) -> None:
    """Define, list or drop scalars."""
    text = line.raw.strip()
    word, _, rest = text.partition(" ")
    found = _DEFINE.match(text)
    if found:
        interp.scalars[found[1]] = interp.evaluate(found[2])
    elif word == "drop":
        drop_named(interp.scalars, rest.split(), "scalar")
    elif word in ("", "list", "l", "li", "lis", "dir"):
        _list(interp, rest.split())
    else:
        raise invalid(word) if word else invalid_syntax()


def _list(interp: Interpreter, names: list[str]) -> None:
    for name in [n for n in names if n != "_all" and n not in interp.scalars]:
        raise StataError(111, f"scalar {name} not found")
    wanted = reversed(interp.scalars) if not names or names == ["_all"] else names
    for name in wanted:
        value = interp.scalars[name]
        shown = value if isinstance(value, str) else format_value(value, "%10.0g").rjust(10)
        interp.out.row(f"{name:>10} = {shown}")
