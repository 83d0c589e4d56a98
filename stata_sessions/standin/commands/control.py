"""if, else, foreach, forvalues, while, continue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stata_sessions.standin.blocks import Body, Lines
from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import LeaveLoop, StataError, invalid_syntax
from stata_sessions.standin.expressions import parse_first
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.macros import format_macro
from stata_sessions.standin.numlists import numlist
from stata_sessions.standin.quoting import split_words, unquote
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.varlists import new_names

_RANGE = re.compile(r"^(.+?)\s*(?:\(([^()]+)\)|/|(?:\bto\b|:))\s*(.+)$")
_FORVALUES = re.compile(r"\s*(\w+)\s*=\s*(.+?)\s*\{\s*$", re.DOTALL)
_FOREACH = re.compile(r"\s*(\w+)\s+(in\b|of\s+\w+)(.*?)\{\s*$", re.DOTALL)


def _guard(interp: Interpreter, holds: bool, text: str, line: CommandLine) -> None:
    """Run or pass over the command or block that a condition guards."""
    if not text.rstrip().endswith("{"):
        if holds:
            interp.execute(text, line.body)
    elif text.strip() == "{" and line.body is not None:
        line.body.run(interp, skip=not holds)
    else:
        raise invalid_syntax()


@command("if")
def if_(interp: Interpreter, line: CommandLine) -> None:
    """Run a command or block where a condition holds."""
    _if(interp, line.raw, line)


def _if(interp: Interpreter, text: str, line: CommandLine) -> None:
    place = parse_first(text)[1]
    holds = interp.truth(text[:place])
    try:
        _guard(interp, holds, text[place:], line)
    finally:
        interp.condition = holds


@command("else")
def else_(interp: Interpreter, line: CommandLine) -> None:
    """Run a command or block where the condition before did not hold."""
    held = interp.condition
    if held is None:
        raise StataError(198, "else not allowed; no preceding if")
    nested = re.match(r"\s*if\b", line.raw)
    if nested and not held:
        _if(interp, line.raw[nested.end() :], line)
    elif nested:
        _guard(interp, False, "{" if line.raw.rstrip().endswith("{") else "", line)
        interp.condition = True
    else:
        _guard(interp, not held, line.raw, line)
        interp.condition = None


def _turn(interp: Interpreter, lines: Lines) -> bool:
    """Run one turn of a loop; tell whether the loop goes on."""
    if interp.break_due is not None:
        interp.poll()
    try:
        interp.run_lines(lines)
    except LeaveLoop as leave:
        return not leave.for_good
    interp.trace_row("}")
    return True


def _body(line: CommandLine) -> Body:
    if line.body is None:
        raise invalid_syntax()
    return line.body


@command("while")
def while_(interp: Interpreter, line: CommandLine) -> None:
    """Run a block as long as a condition holds."""
    # The line comes with its macros: they are expanded anew for each turn.
    condition = line.raw.rstrip().removesuffix("{")
    lines = _body(line).lines()
    while interp.truth(interp.macros.expand(condition)):
        if not _turn(interp, lines):
            break


@command("forvalues", shortest=4)
def forvalues(interp: Interpreter, line: CommandLine) -> None:
    """Run a block for each number of a range."""
    lines = _body(line).lines()
    found = _FORVALUES.match(line.raw)
    if found is None:
        raise invalid_syntax()
    name, macros = found[1], interp.macros
    for value in _values(interp, found[2]):
        macros.locals[name] = value
        if not _turn(interp, lines):
            break
    macros.locals.pop(name, None)


def _values(interp: Interpreter, text: str) -> Iterator[str]:
    found = _RANGE.match(text.strip())
    if found is None:
        raise invalid_syntax()
    first, _, second = found[1].partition(" ")
    start, end = _number(interp, first), _number(interp, found[3])
    if second:
        step = _number(interp, second) - start
    else:
        step = _number(interp, found[2]) if found[2] else 1.0
    if not step:
        raise invalid_syntax()
    count = int((end - start) / step + 1e-9) + 1 if (end - start) / step >= -1e-9 else 0
    whole = start == int(start) and step == int(step)
    for turn in range(count):
        value = start + turn * step
        yield str(int(value)) if whole else format_macro(value)


def _number(interp: Interpreter, text: str) -> float:
    value = interp.evaluate(text)
    if isinstance(value, str):
        raise invalid_syntax()
    return float(value)


@command("foreach")
def foreach(interp: Interpreter, line: CommandLine) -> None:
    """Run a block for each word of a list."""
    lines = _body(line).lines()
    found = _FOREACH.match(line.raw)
    if found is None:
        raise invalid_syntax()
    name, kind, text = found[1], found[2], found[3]
    macros = interp.macros
    for word in _words(interp, kind, text):
        macros.locals[name] = word
        if not _turn(interp, lines):
            break
    macros.locals.pop(name, None)


def _words(interp: Interpreter, kind: str, text: str) -> list[str]:
    if kind == "in":
        return [unquote(word) for word in split_words(text)]
    kind = kind.split()[1]
    name = text.strip()
    if "local".startswith(kind) and len(kind) >= 3:
        return [unquote(w) for w in split_words(interp.macros.locals.get(name, ""))]
    if "global".startswith(kind) and len(kind) >= 3:
        return [unquote(w) for w in split_words(interp.macros.globals.get(name, ""))]
    if "varlist".startswith(kind) and len(kind) >= 3:
        return interp.data.expand(name)
    if "newlist".startswith(kind) and len(kind) >= 3:
        return new_names(name)
    if "numlist".startswith(kind) and len(kind) >= 3:
        return [format_macro(number) for number in numlist(name)]
    raise invalid_syntax()


@command("continue", takes="")
def continue_(interp: Interpreter, line: CommandLine) -> None:
    """Go on with the next turn of a loop, or with `break` leave it."""
    for_good = line.options.flag("break")
    line.options.finish()
    raise LeaveLoop(for_good=for_good)
