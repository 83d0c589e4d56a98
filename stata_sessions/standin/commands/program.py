"""program: define, drop, list and dir; discard."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, already_defined, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.lines import is_empty, numbered
from stata_sessions.standin.programs import Program
from stata_sessions.standin.syntax import CommandLine

_DEFINE = re.compile(r"\s*(?:def\w*\s+)?([^\W\d]\w*)\s*(?:,(.*))?$")


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    shortest: int


_RETURNS = (_Kind("rclass", 1), _Kind("eclass", 1), _Kind("sclass", 1), _Kind("nclass", 1))


@command("program", shortest=2)
def program(interp: Interpreter, line: CommandLine) -> None:
    """Define, drop, list or name programs."""
    word, _, rest = line.raw.strip().partition(" ")
    if word == "drop":
        _drop(interp, rest.split())
    elif word in ("l", "li", "lis", "list"):
        _list(interp, rest.split())
    elif word in ("dir", "di"):
        for name in sorted(interp.programs):
            interp.out.row(f"{'':>10}{name}")
    else:
        _define(interp, line)


def _define(interp: Interpreter, line: CommandLine) -> None:
    found = _DEFINE.match(line.raw)
    if found is None or line.body is None:
        raise invalid_syntax()
    name = found[1]
    if name in interp.programs:
        raise already_defined(name, "program")
    options = line.options
    returns = [kind.name for kind in _RETURNS if options.flag(kind.name, kind.shortest)]
    kept = {"sortpreserve"} if options.flag("sortpreserve", 5) else set()
    byable = options.value("byable", 2) or ""
    if byable and not byable.startswith("r"):
        raise StataError(198, "option byable() incorrectly specified")
    options.value("properties", 4)
    options.finish()
    # The body is read even when the program is not wanted, or its lines would run.
    lines = [text for text in line.body.until_end(numbered) if not is_empty(text)]
    interp.programs[name] = Program(
        name, tuple(lines), returns[0] if returns else "", frozenset(kept), byable
    )


def _drop(interp: Interpreter, names: list[str]) -> None:
    for name in names:
        if name in ("_all", "_allado"):
            interp.programs.clear()
        elif name not in interp.programs:
            raise StataError(111, f"program {name} not found")
        else:
            del interp.programs[name]


def _list(interp: Interpreter, names: list[str]) -> None:
    for name in names or sorted(interp.programs):
        found = interp.programs.get(name)
        if found is None:
            raise StataError(111, f"program {name} not found")
        interp.out.row(f"\n{name}:")
        for number, text in enumerate(found.lines, 1):
            interp.out.row(numbered(number) + text)


@command("discard", takes="nothing")
def discard(interp: Interpreter, line: CommandLine) -> None:
    """Forget estimation results, as discard does besides what we do not keep."""
    interp.e.clear()
