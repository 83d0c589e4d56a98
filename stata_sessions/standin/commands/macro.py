"""local, global, macro and the temporary names."""

from __future__ import annotations

import fnmatch
import re
from functools import partial

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import invalid, invalid_syntax
from stata_sessions.standin.extended import extended_function
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.macros import format_macro, put
from stata_sessions.standin.quoting import unquote
from stata_sessions.standin.syntax import CommandLine

_STEP = re.compile(r"(\+\+|--)\s*(\w+)$")
_NAME = re.compile(r"\w+$")
_LONGEST_LOCAL = 31


def assigned(interp: Interpreter, text: str) -> str:
    """Return the value that stands behind a macro's name: text, `= exp` or `: function`."""
    text = text.strip()
    if text.startswith("="):
        return format_macro(interp.evaluate(text[1:]))
    if text.startswith(":"):
        return extended_function(interp, text[1:].strip())
    return unquote(text)


@command("local", shortest=3)
def local(interp: Interpreter, line: CommandLine) -> None:
    """Set a local macro."""
    text = line.raw.strip()
    stepped = _STEP.match(text)
    if stepped:
        name, sign = stepped[2], stepped[1][0]
        old = interp.macros.locals.get(name, "") or "0"
        interp.macros.locals[name] = format_macro(interp.evaluate(f"({old}){sign}1"))
        return
    name, rest = _name_and_rest(text)
    if len(name) > _LONGEST_LOCAL:
        raise invalid(name)
    put(interp.macros.locals, name, assigned(interp, rest))


@command("global", shortest=2)
def global_(interp: Interpreter, line: CommandLine) -> None:
    """Set a global macro."""
    name, rest = _name_and_rest(line.raw.strip())
    put(interp.macros.globals, name, assigned(interp, rest))


def _name_and_rest(text: str) -> tuple[str, str]:
    found = re.match(r"\w+", text)
    if found is None:
        raise invalid_syntax() if not text else invalid(text.split()[0])
    rest = text[found.end() :]
    if rest and rest[0] not in ' \t=:"`':
        raise invalid(text.split()[0])
    return found.group(), rest


@command("macro", shortest=3)
def macro(interp: Interpreter, line: CommandLine) -> None:
    """List, drop or shift macros."""
    word, _, rest = line.raw.strip().partition(" ")
    if "list".startswith(word) and word or "dir".startswith(word) and word:
        _list(interp, rest.split())
    elif word == "drop":
        _drop(interp, rest.split())
    elif "shift".startswith(word) and len(word) >= 2:
        _shift(interp, int(rest or 1))
    else:
        raise invalid_syntax()


def _list(interp: Interpreter, names: list[str]) -> None:
    shown = {name: value for name, value in sorted(interp.macros.globals.items())}
    shown |= {f"_{name}": value for name, value in sorted(interp.macros.locals.items())}
    for name, value in shown.items():
        if not names or name in names or "_all" in names:
            interp.out.row(f"{name + ':':<16}{value}")


def _drop(interp: Interpreter, names: list[str]) -> None:
    for name in names:
        if name == "_all":
            interp.macros.globals.clear()
            interp.macros.locals.clear()
        elif name.startswith("_"):
            interp.macros.locals.pop(name[1:], None)
        else:
            for known in fnmatch.filter(list(interp.macros.globals), name):
                del interp.macros.globals[known]


def _shift(interp: Interpreter, places: int) -> None:
    macros = interp.macros.locals
    for _ in range(places):
        number = 1
        while str(number) in macros:
            following = macros.get(str(number + 1))
            if following is None:
                del macros[str(number)]
            else:
                macros[str(number)] = following
            number += 1
    words = []
    number = 1
    while str(number) in macros:
        words.append(macros[str(number)])
        number += 1
    put(macros, "*", " ".join(words))


def _names(line: CommandLine) -> list[str]:
    names = line.raw.split()
    for name in names:
        if not _NAME.match(name):
            raise invalid(name)
    return names


@command("tempname")
def tempname(interp: Interpreter, line: CommandLine) -> None:
    """Give scalars and matrices names that end with the program."""
    for name in _names(line):
        temporary = interp.macros.locals[name] = interp.temporary_name()
        interp.frame.exits.append(partial(_forget, interp, temporary))


def _forget(interp: Interpreter, name: str) -> None:
    interp.scalars.pop(name, None)
    interp.matrices.pop(name, None)


@command("tempvar")
def tempvar(interp: Interpreter, line: CommandLine) -> None:
    """Give variables names that end with the program."""
    for name in _names(line):
        temporary = interp.macros.locals[name] = interp.temporary_name()
        interp.frame.exits.append(partial(drop_variable, interp, temporary))


def drop_variable(interp: Interpreter, name: str) -> None:
    """Drop a temporary variable that may be gone already."""
    if interp.has_data and name in interp.data.variables:
        interp.data.drop([name])


@command("tempfile")
def tempfile(interp: Interpreter, line: CommandLine) -> None:
    """Give files names that end with the program."""
    for name in _names(line):
        path = interp.temporary_file()
        interp.macros.locals[name] = str(path)
        interp.frame.exits.append(partial(path.unlink, missing_ok=True))
