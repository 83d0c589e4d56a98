"""The part of SMCL that people put into `display`: styles vanish, lines and columns appear."""

from __future__ import annotations

import re
from collections.abc import Callable

from stata_sessions.standin.errors import repeated
from stata_sessions.standin.output import Output

_TAG = re.compile(r"\{([^{}]*)\}")
_STYLES = frozenset(
    {
        "bf",
        "cmd",
        "com",
        "err",
        "error",
        "hi",
        "hilite",
        "inp",
        "input",
        "it",
        "p_end",
        "res",
        "reset",
        "result",
        "sf",
        "smcl",
        "text",
        "txt",
        "ul",
        "ul_off",
        "ul_on",
    }
)
_CHARACTERS = {"-": "-", "|": "|", "+": "+", "c -(": "{", ")-": "}", "-(": "{", "S|": "$"}


def rendered(text: str, column: int, out: Output) -> str:
    """Return text with its SMCL tags acted upon; what is no tag stays as it is."""
    if "{" not in text:
        return text
    place = 0
    while found := _TAG.search(text, place):
        shown = _tag(found, column, out)
        text = text[: found.start()] + (found[0] if shown is None else shown) + text[found.end() :]
        # What a tag leaves may hold tags itself; text that is no tag is passed over.
        place = found.end() if shown is None else 0
    return text


def _tag(found: re.Match[str], column: int, out: Output) -> str | None:
    name, colon, inside = found[1].partition(":")
    word, _, argument = name.strip().partition(" ")
    if word in _STYLES:
        return inside
    action = _ACTIONS.get(word)
    if action is None:
        return None
    at = column + found.start()
    return action(argument.strip(), inside, at, out)


def _hline(argument: str, inside: str, at: int, out: Output) -> str:
    return repeated("-", int(argument) if argument.isdigit() else max(0, out.linesize - at))


def _column(argument: str, inside: str, at: int, out: Output) -> str:
    return repeated(" ", int(argument or 1) - 1 - at)


def _space(argument: str, inside: str, at: int, out: Output) -> str:
    return repeated(" ", int(argument or 1))


def _dup(argument: str, inside: str, at: int, out: Output) -> str:
    return repeated(inside, int(argument or 1))


def _center(argument: str, inside: str, at: int, out: Output) -> str:
    return inside.center(int(argument)) if argument else inside.center(out.linesize).rstrip()


def _character(argument: str, inside: str, at: int, out: Output) -> str:
    if argument in _CHARACTERS:
        return _CHARACTERS[argument]
    return chr(int(argument, 0)) if argument[:1].isdigit() else ("+" if argument else "")


_ACTIONS: dict[str, Callable[[str, str, int, Output], str]] = {
    "hline": _hline,
    "col": _column,
    "space": _space,
    "dup": _dup,
    "center": _center,
    "c": _character,
    "char": _character,
}
