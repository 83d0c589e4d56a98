"""by and bysort: a command repeated for each group."""

from __future__ import annotations

import re

import numpy as np

from stata_sessions.standin.commands import command, full_name
from stata_sessions.standin.errors import StataError, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import shown_value
from stata_sessions.standin.ordering import by_groups
from stata_sessions.standin.programs import Program
from stata_sessions.standin.quoting import pieces, split_words
from stata_sessions.standin.syntax import By, CommandLine

# Commands that work on all groups at once and take the prefix themselves.
_WHOLE = frozenset({"generate", "replace", "egen", "drop", "keep"})
_REPEATED = re.compile(
    "assert|correlate|count|describe|display|list|logistic|logit|predict|probit|pwcorr|regress|"
    "summarize|tabstat|tabulate|test|ttest"
)
_PREFIXES = frozenset({"quietly", "capture", "noisily"})


@command("by")
def by(interp: Interpreter, line: CommandLine) -> None:
    """Repeat a command for each group of sorted data."""
    _by(interp, line, sort=False)


@command("bysort", shortest=3)
def bysort(interp: Interpreter, line: CommandLine) -> None:
    """Sort, then repeat a command for each group."""
    _by(interp, line, sort=True)


def _by(interp: Interpreter, line: CommandLine, *, sort: bool) -> None:
    colon = next((place for place, character in pieces(line.raw) if character == ":"), -1)
    if colon < 0:
        raise invalid_syntax()
    prefix, text = CommandLine("by", line.raw[:colon]), line.raw[colon + 1 :]
    sort = prefix.options.flag("sort") or sort
    prefix.options.finish()
    groups, order = _variables(interp, prefix.arguments)
    given = By(groups, order, sort)
    name = _command(interp, text)
    program = interp.programs.get(name)
    if name in _WHOLE and not program:
        interp.execute(text, line.body, given)
    elif program.byable if program else _REPEATED.fullmatch(name):
        _repeat(interp, text, given, program)
    else:
        raise StataError(190, f"{name} may not be combined with by")


def _variables(interp: Interpreter, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before, bracket, rest = text.partition("(")
    groups = interp.data.expand(before)
    if not groups:
        raise StataError(100, "varlist required")
    return tuple(groups), tuple(interp.data.expand(rest.rstrip(" )")) if bracket else ())


def _command(interp: Interpreter, text: str) -> str:
    """Return the full name of the command behind prefixes."""
    for word in split_words(text.replace(":", " ", 1) if "cap" in text[:8] else text):
        name = word.split(",")[0]
        name = name if name in interp.programs else full_name(name) or name
        if name not in _PREFIXES:
            return name
    raise invalid_syntax()


def _repeat(interp: Interpreter, text: str, given: By, program: Program | None) -> None:
    data, out = interp.data, interp.out
    groups = by_groups(data, given)
    marks = [data.mark(groups.number == number) for number in range(groups.count)]
    try:
        for mark in marks:
            interp.poll()
            if not (program and "noheader" in program.byable):
                row = int(np.argmax(mark.rows))
                values = [f"{name} = {shown_value(data, name, row)}" for name in given.groups]
                out.row()
                out.rule()
                out.row("-> " + ", ".join(values))
            if program:
                interp.group = mark
            else:
                data.within = mark.rows
            interp.execute(text)
    finally:
        data.within = interp.group = None
    out.row()
