"""display: text, expressions and where they go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, invalid_syntax, repeated
from stata_sessions.standin.expressions import evaluate, parse_first
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.missing import is_missing, missing_name
from stata_sessions.standin.quoting import end_of_string, unquote
from stata_sessions.standin.scalars import ScalarEnvironment
from stata_sessions.standin.smcl import rendered
from stata_sessions.standin.syntax import CommandLine

_DIRECTIVE = re.compile(
    r"(?P<word>_(?:n(?:ewline)?|c(?:ol(?:umn)?|ont(?:inue)?|har)?|s(?:kip)?|d(?:up)?|"
    r"r(?:equest)?|request2))(?![\w])(?:\s*\((?P<argument>[^()]*(?:\([^()]*\))?[^()]*)\))?"
)
_STYLE = re.compile(r"(?:as|in)\s+(?P<style>\w+)(?!\w)")
_STYLES = frozenset(
    {
        "e",
        "er",
        "err",
        "error",
        "i",
        "in",
        "inp",
        "input",
        "r",
        "re",
        "res",
        "result",
        "smcl",
        "t",
        "te",
        "tex",
        "text",
        "tx",
        "txt",
    }
)
_COLOURS = frozenset({"asis", "blue", "green", "red", "smcl", "white", "yellow"})
_FORMAT = re.compile(r"%[-~]?0?\d*(?:[.,]\d+)?(?:t\w[^\s]*|[a-z]\w*)?c?")


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    error: bool


@dataclass
class _Shown:
    """What one display has put together so far."""

    start: int
    pieces: list[_Piece] = field(default_factory=list)
    copies: int = 1
    error: bool = False
    goes_on: bool = False
    request: str | None = None

    def column(self) -> int:
        text = "".join(piece.text for piece in self.pieces)
        before, found, last = text.rpartition("\n")
        return len(last) + (0 if found else self.start)

    def add(self, text: str) -> None:
        self.pieces.append(_Piece(repeated(text, self.copies), self.error))
        self.copies = 1


@command("display", shortest=2)
def display(interp: Interpreter, line: CommandLine) -> None:
    """Print strings and values of expressions."""
    out = interp.out
    shown = _compose(interp, line.raw, out.column)
    if not shown.goes_on:
        shown.add("\n")
    for error, pieces in groupby(shown.pieces, key=lambda piece: piece.error):
        out.text("".join(piece.text for piece in pieces), error=error)
    if shown.request is not None:
        interp.macros.globals[shown.request] = interp.keyboard.read_line("") or ""


def composed(interp: Interpreter, text: str) -> str:
    """Return what display would print, for `local x : display ...`."""
    return "".join(piece.text for piece in _compose(interp, text, 0).pieces)


def _compose(interp: Interpreter, text: str, column: int) -> _Shown:
    shown = _Shown(column)
    place = 0
    while place < len(text):
        place = _item(interp, shown, text, place)
    return shown


def _item(interp: Interpreter, shown: _Shown, text: str, place: int) -> int:
    """Show what stands at a place; return the place behind it."""
    character = text[place]
    if character.isspace():
        return place + 1
    if character == ",":
        double = text.startswith(",,", place)
        shown.add("" if double else " ")
        return place + (2 if double else 1)
    if character == "_" and (found := _DIRECTIVE.match(text, place)):
        _direct(interp, shown, found["word"], found["argument"])
        return found.end()
    found = _STYLE.match(text, place)
    if found and (found["style"] in _STYLES or found["style"] in _COLOURS):
        shown.error = found["style"].startswith("e") or found["style"] == "red"
        return found.end()
    return _value(interp, shown, text, place)


def _value(interp: Interpreter, shown: _Shown, text: str, place: int) -> int:
    fmt = ""
    if text[place] == "%" and (found := _FORMAT.match(text, place)):
        fmt, place = found.group(), found.end()
        place += len(text[place:]) - len(text[place:].lstrip())
    if text.startswith("=", place):
        place += 1
    if text.startswith(('"', '`"'), place):
        end = end_of_string(text, place)
        following = text[end:].lstrip()[:2]
        if not following or following[0] not in "=<>!~*&|" or following == "!":
            string = rendered(unquote(text[place:end]), shown.column(), interp.out)
            shown.add(_formatted(string, fmt))
            return end
    node, end = parse_first(text[place:])
    if end == 0:
        raise invalid_syntax()
    shown.add(_formatted(evaluate(node, ScalarEnvironment(interp)), fmt))
    return place + end


def _formatted(value: float | str, fmt: str) -> str:
    if isinstance(value, str) and not fmt:
        return value
    if not fmt and not isinstance(value, str):
        if is_missing(value):
            return missing_name(value)
        if value == int(value) and abs(value) < 1e7:
            return str(int(value))
    from stata_sessions.standin.formats import format_value

    if isinstance(value, str) != (fmt.rstrip().endswith("s") if fmt else isinstance(value, str)):
        raise StataError(109, "type mismatch")
    return format_value(value, fmt) if fmt else format_value(value, "%10.0g").strip()


def _direct(interp: Interpreter, shown: _Shown, word: str, argument: str | None) -> None:
    kind = word[1]
    if word.startswith("_r"):
        shown.request = (argument or "").strip()
        shown.goes_on = True
    elif word in ("_c", "_cont", "_continue"):
        shown.goes_on = True
    else:
        number = interp.whole(argument) if argument else 1
        if kind == "n":
            shown.add(repeated("\n", number))
        elif kind == "s":
            shown.add(repeated(" ", number))
        elif kind == "d":
            shown.copies = number
        elif word == "_char":
            shown.add(chr(number) if 0 <= number < 256 else "")
        else:
            shown.add(repeated(" ", number - 1 - shown.column()))
