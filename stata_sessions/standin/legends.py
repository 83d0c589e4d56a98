"""The legend of a graph, as `legend(order(1 "a" 2 "b") position(6) rows(1))` asks for it."""

from __future__ import annotations

from dataclasses import dataclass

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.quoting import split_words, unquote
from stata_sessions.standin.syntax import Options

# Where the hours of a clock lie, inside the axes.
_PLACES = {12: "upper center", 1: "upper right", 2: "upper right", 3: "center right",
           4: "lower right", 5: "lower right", 6: "lower center", 7: "lower left",
           8: "lower left", 9: "center left", 10: "upper left", 11: "upper left",
           0: "center"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Legend:
    """Which plots a legend names, counted from 1, and how; `shown` is None if nobody said."""

    shown: bool | None
    order: tuple[int, ...]
    texts: dict[int, str]
    columns: int
    place: str


def legend(text: str) -> Legend:
    """Read the options of a legend.

    Raises:
        StataError: r(198) for an option we do not have.
    """
    options = Options(text)
    off, on = options.flag("off"), options.flag("on")
    texts: dict[int, str] = {}
    order = _numbered(options.value("order", 3) or "", texts)
    columns, rows = options.number("cols", 1), options.number("rows", 1)
    hour = int(options.number("position", 3) or 0)
    options.number("ring", 4)
    for name, value in options.rest():
        if value is None or not ("label".startswith(name) and len(name) >= 3):
            raise StataError(198, f"option {name}{'' if value is None else '()'} not allowed")
        _numbered(value, texts)
    if hour not in _PLACES:
        raise StataError(198, "option position() incorrectly specified")
    count = len(order) or 1
    wide = int(columns or (-(-count // int(rows)) if rows else 1))
    return Legend(
        (on or not off) if off or on else None, tuple(order), texts, wide,
        _PLACES[hour] if hour else "best",
    )  # fmt: skip


def _numbered(text: str, texts: dict[int, str]) -> list[int]:
    """Return the numbers in `1 "one" 3 2 "two"`; the texts behind them go into `texts`."""
    found: list[int] = []
    for word in split_words(text):
        if word.isdigit():
            found.append(int(word))
        elif word.startswith(('"', '`"')) and found:
            texts[found[-1]] = unquote(word)
        else:
            raise StataError(198, f"invalid '{word}' ")
    return found
