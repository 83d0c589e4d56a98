"""by and bysort: a command repeated for each group."""

from __future__ import annotations

import re

from stata_sessions.standin.commands import command, full_name
from stata_sessions.standin.errors import StataError, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import shown_value
from stata_sessions.standin.ordering import by_groups
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
    prefix.options.flag("rc0")
    prefix.options.finish()
    groups, order = _variables(interp, prefix.arguments)
    given = By(groups, order, sort)
    name = _command(text)
    if name in _WHOLE:
        interp.execute(text, line.body, given)
    elif _REPEATED.fullmatch(name):
        _repeat(interp, text, given, line)
    else:
        raise StataError(190, f"{name} may not be combined with by")


def _variables(interp: Interpreter, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before, bracket, rest = text.partition("(")
    groups = interp.data.expand(before)
    if not groups:
        raise StataError(100, "varlist required")
    return tuple(groups), tuple(interp.data.expand(rest.rstrip(" )")) if bracket else ())


def _command(text: str) -> str:
    """Return the full name of the command behind prefixes."""
    for word in split_words(text.replace(":", " ", 1) if "cap" in text[:8] else text):
        name = full_name(word.split(",")[0]) or word.split(",")[0]
        if name not in _PREFIXES:
            return name
    raise invalid_syntax()


def _repeat(interp: Interpreter, text: str, given: By, line: CommandLine) -> None:
    data, out = interp.data, interp.out
    groups = by_groups(data, given)
    try:
        for number in range(groups.count):
            interp.poll()
            row = int(groups.first[number])
            values = [f"{name} = {shown_value(data, name, row)}" for name in given.groups]
            out.row()
            out.rule()
            out.row("-> " + ", ".join(values))
            data.within = groups.number == number
            interp.execute(text, line.body, given)
    finally:
        data.within = None
    out.row()
