"""rename, order, sort, gsort, compress, format: variables as such."""

from __future__ import annotations

import re
from dataclasses import replace as changed

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, already_defined, invalid_syntax
from stata_sessions.standin.formats import parse_format
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.ordering import sort as sort_data
from stata_sessions.standin.storage import (
    default_format,
    smallest_type,
    width,
)
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.varlists import check_name

_PAIR = re.compile(r"\(([^()]*)\)\s*\(([^()]*)\)$")


@command("sort", shortest=2, takes="")
def sort(interp: Interpreter, line: CommandLine) -> None:
    """Sort the observations."""
    line.options.flag("stable")
    line.options.finish()
    names = interp.data.expand(line.arguments)
    if not names:
        raise StataError(100, "varlist required")
    sort_data(interp.data, names)


@command("gsort", shortest=2, takes="")
def gsort(interp: Interpreter, line: CommandLine) -> None:
    """Sort the observations, variables after a minus descending."""
    line.options.finish()
    names: list[str] = []
    down: list[bool] = []
    for sign, text in re.findall(r"([-+]?)\s*([^\s+-]+)", line.arguments):
        found = interp.data.expand(text)
        names += found
        down += [sign == "-"] * len(found)
    if not names:
        raise StataError(100, "varlist required")
    sort_data(interp.data, names, down)


@command("rename", shortest=3, takes="")
def rename(interp: Interpreter, line: CommandLine) -> None:
    """Rename variables: one, a list in parentheses, a pattern, or all to upper or lower case."""
    case = next((w for w in ("upper", "lower", "proper") if line.options.flag(w, 1)), "")
    line.options.finish()
    data = interp.data
    if case:
        old = data.expand(line.arguments)
        new = [getattr(name, "title" if case == "proper" else case)() for name in old]
    elif found := _PAIR.match(line.arguments.strip()):
        old, new = data.expand(found[1]), found[2].split()
    elif len(line.words) == 2:
        old, new = _one_pair(interp, *line.words)
    else:
        raise invalid_syntax()
    if len(old) != len(new):
        raise StataError(198, "numbers of old and new variable names must be equal")
    _rename(interp, dict(zip(old, new, strict=True)))


def _one_pair(interp: Interpreter, old: str, new: str) -> tuple[list[str], list[str]]:
    if "*" not in new:
        return interp.data.expand(old)[:1], [new]
    names = interp.data.expand(old)
    pattern = re.compile(re.escape(old).replace(r"\*", "(.*)") + "$")
    parts = [found[1] for name in names if (found := pattern.match(name)) and found.groups()]
    return names, [new.replace("*", part) for part in parts]


def _rename(interp: Interpreter, pairs: dict[str, str]) -> None:
    data = interp.data
    for old, new in pairs.items():
        check_name(new)
        if new != old and new in data.columns and new not in pairs:
            raise already_defined(new)
    data.columns = {pairs.get(name, name): column for name, column in data.columns.items()}
    data.sorted_by = [pairs.get(name, name) for name in data.sorted_by]
    data.notes = {pairs.get(owner, owner): notes for owner, notes in data.notes.items()}
    data.changed = True


@command("order", takes="")
def order(interp: Interpreter, line: CommandLine) -> None:
    """Move variables to the front, the end, or beside another."""
    last = line.options.flag("last")
    first = line.options.flag("first")
    before, after = line.options.value("before", 1), line.options.value("after", 1)
    alphabetic = line.options.flag("alphabetic", 5)
    line.options.finish()
    if first + last + bool(before) + bool(after) > 1:
        raise StataError(198, "options first, last, before(), and after() may not be combined")
    data = interp.data
    moved = data.expand(line.arguments)
    moved = sorted(moved) if alphabetic else moved
    rest = [name for name in data.variables if name not in moved]
    place = len(rest) if last else 0
    if before or after:
        place = rest.index(data.single(before or after or "")) + (0 if before else 1)
    names = [*rest[:place], *moved, *rest[place:]]
    data.columns = {name: data.columns[name] for name in names}
    data.changed = True


@command("format", shortest=4, takes="")
def format_(interp: Interpreter, line: CommandLine) -> None:
    """Give variables a display format, or list the formats."""
    line.options.finish()
    data, words = interp.data, line.arguments.split()
    formats = [word for word in words if word.startswith("%")]
    names = data.expand(" ".join(word for word in words if not word.startswith("%")))
    if not formats:
        for name in names or data.variables:
            interp.out.row(f"  {name:<12}  {data.columns[name].format}")
        return
    parse = parse_format(formats[0])
    for name in names:
        if data.columns[name].is_text != (parse.kind == "s"):
            raise StataError(120, "invalid %format")
        data.columns[name].format = formats[0]
    data.changed = True


@command("compress", takes="")
def compress(interp: Interpreter, line: CommandLine) -> None:
    """Store variables in the smallest type that keeps their values."""
    line.options.finish()
    data = interp.data
    saved = 0
    for name in data.expand(line.arguments) if line.arguments else data.variables:
        variable = data.columns[name]
        kind = smallest_type(variable.values)
        if variable.type == "float" and kind == "double" or width(kind) >= width(variable.type):
            continue
        saved += (width(variable.type) - width(kind)) * data.observations
        interp.out.row(f"  variable {name} was {variable.type} now {kind}")
        fmt = variable.format
        if variable.is_text and fmt == default_format(variable.type):
            fmt = default_format(kind)
        data.columns[name] = changed(variable, type=kind, format=fmt)
    interp.out.row(f"  ({saved:,} bytes saved)")
