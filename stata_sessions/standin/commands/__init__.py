"""The table of commands: one file for each family, found without importing it.

A command is a function under `@command("generate", shortest=1)`, the decorator alone on its line.
The table is read from the source text of this folder, so that a command costs nothing before it
is first used, and adding one means adding one file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter
    from stata_sessions.standin.syntax import CommandLine

Command = Callable[["Interpreter", "CommandLine"], None]

_DECLARATION = re.compile(r'^@command\("([\w ]+)"(?:, shortest=(\d+))?', re.MULTILINE)
_loaded: dict[str, Command] = {}


def command(
    name: str, *, shortest: int | None = None, takes: str | None = None
) -> Callable[[Command], Command]:
    """Register a function as the command of this name; `shortest` is its least abbreviation.

    `takes` names the clauses it may have, of `if in weight using`; others are refused before it
    runs. It is None for a command that reads its text itself.
    """

    def register(function: Command) -> Command:
        @wraps(function)
        def checked(interp: Interpreter, line: CommandLine) -> None:
            line.allow(takes or "")
            function(interp, line)

        _loaded[name] = function if takes is None else checked
        return function

    return register


@cache
def abbreviations() -> dict[str, tuple[str, str]]:
    """Return every way to write a command: its full name and the module that holds it."""
    table: dict[str, tuple[str, str]] = {}
    exact: dict[str, tuple[str, str]] = {}
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        for name, shortest in _DECLARATION.findall(path.read_text("utf-8")):
            exact[name] = (name, path.stem)
            for length in range(int(shortest or len(name)), len(name)):
                table[name[:length]] = (name, path.stem)
    return table | exact


def names() -> list[str]:
    """Return the full names of all commands."""
    return sorted({name for name, _ in abbreviations().values() if " " not in name})


def full_name(word: str) -> str | None:
    """Return the command that a word abbreviates, or None."""
    found = abbreviations().get(word)
    return found[0] if found else None


def find(word: str) -> tuple[str, Command] | None:
    """Return a command's full name and function, importing its module when first needed."""
    found = abbreviations().get(word)
    if found is None:
        return None
    name, module = found
    if name not in _loaded:
        import_module(f"{__name__}.{module}")
    return name, _loaded[name]
