"""list: values in boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from stata_sessions.standin.asides import aside
from stata_sessions.standin.commands import command
from stata_sessions.standin.formats import parse_format
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import shown_column
from stata_sessions.standin.ordering import Groups
from stata_sessions.standin.samples import sample
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.varlists import abbreviation


@dataclass(frozen=True)
class _Column:
    """One listed variable: its heading, its texts and how wide they are."""

    heading: str
    texts: list[str]
    left: bool
    width: int

    def padded(self, text: str) -> str:
        return text.ljust(self.width) if self.left else text.rjust(self.width)


@dataclass(frozen=True)
class _Style:
    numbered: bool
    headed: bool
    every: int
    breaks: frozenset[int]


@command("list", shortest=1, takes="if in")
def list_(interp: Interpreter, line: CommandLine) -> None:
    """List values of variables."""
    options = line.options
    labelled = not options.flag("nolabel", 3)
    clean = options.flag("clean")
    room = int(options.number("abbreviate", 2) or (8 if not options.flag("fullnames") else 32))
    divided = options.value("sepby")
    every = options.number("separator", 3)
    numbered, headed = not options.flag("noobs", 3), not options.flag("noheader", 4)
    tabular = options.flag("table", 1) or options.flag("compress")
    options.finish()
    data = interp.data
    names = data.expand(line.arguments) if line.arguments else data.variables
    rows = np.flatnonzero(sample(interp, line))
    if not len(rows) or not names:
        return
    breaks = _breaks(interp, divided, rows) if divided else frozenset[int]()
    every = 0 if divided and every is None else int(5 if every is None else every)
    style = _Style(numbered, headed, every, breaks)
    columns = [_column(interp, name, rows, labelled=labelled, room=room) for name in names]
    interp.out.row()
    numbers = [int(row) + 1 for row in rows]
    inner = sum(column.width for column in columns) + 3 * len(columns) - 1
    margin = _margin(numbers, style)
    if clean:
        _clean(interp, columns, numbers, style)
    elif tabular or margin + inner + 2 <= interp.out.linesize:
        _table(interp, columns, numbers, style)
    else:
        _boxes(interp, columns, numbers, style)


@aside
def _column(
    interp: Interpreter, name: str, rows: np.ndarray[tuple[int], np.dtype[np.intp]], *,
    labelled: bool, room: int,
) -> _Column:  # fmt: skip
    variable = interp.data.columns[name]
    fmt = parse_format(variable.format)
    texts = shown_column(interp.data, name, rows, labelled=labelled)
    if variable.is_text:
        texts = [t if len(t) <= fmt.width else t[: max(1, fmt.width - 2)] + ".." for t in texts]
    heading = abbreviation(name, room)
    width = max(len(heading), *(len(text) for text in texts))
    return _Column(heading, texts, fmt.left, width)


def _breaks(
    interp: Interpreter, text: str, rows: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> frozenset[int]:
    """Return the places before which a group ends."""
    names = interp.data.expand(text)
    number = Groups.of([interp.data.columns[name].values[rows] for name in names]).number
    return frozenset(int(place) for place in np.flatnonzero(np.diff(number)) + 1)


def _margin(numbers: Sequence[int], style: _Style) -> int:
    return max(5, len(str(numbers[-1])) + 2) if style.numbered else 2


def _number(number: int, margin: int, style: _Style) -> str:
    return f"{number:>{margin - 2}}. " if style.numbered else " " * margin


def _separates(place: int, style: _Style) -> bool:
    return place in style.breaks or bool(place and style.every and not place % style.every)


def _table(
    interp: Interpreter, columns: Sequence[_Column], numbers: Sequence[int], style: _Style
) -> None:
    margin = _margin(numbers, style)
    inner = sum(column.width for column in columns) + 3 * len(columns) - 1
    edge, rule = " " * margin + "+" + "-" * inner + "+", " " * margin + "|" + "-" * inner + "|"
    interp.out.row(edge)
    if style.headed:
        heads = "   ".join(column.padded(column.heading) for column in columns)
        interp.out.row(f"{' ' * margin}| {heads} |")
        interp.out.row(rule)
    for place, number in enumerate(numbers):
        if _separates(place, style):
            interp.out.row(rule)
        texts = "   ".join(column.padded(column.texts[place]) for column in columns)
        interp.out.row(f"{_number(number, margin, style)}| {texts} |")
    interp.out.row(edge)


def _clean(
    interp: Interpreter, columns: Sequence[_Column], numbers: Sequence[int], style: _Style
) -> None:
    margin = _margin(numbers, style) + (2 if style.numbered else 2)
    if style.headed:
        heads = "   ".join(column.padded(column.heading) for column in columns)
        interp.out.row(" " * margin + heads + "  ")
    for place, number in enumerate(numbers):
        texts = "   ".join(column.padded(column.texts[place]) for column in columns)
        lead = _number(number, margin - 2, style) + "  "
        interp.out.row(lead + texts + "  ")


def _boxes(
    interp: Interpreter, columns: Sequence[_Column], numbers: Sequence[int], style: _Style
) -> None:
    """Show each observation in a box of its own, its variables on several rows."""
    margin = _margin(numbers, style)
    groups = list(_fitting(columns, interp.out.linesize - margin))
    inner = max(_inner(group) for group in groups)
    for place, number in enumerate(numbers):
        if place:
            interp.out.row()
        before = "+" + "-" * inner + "+"
        interp.out.row(" " * margin + before)
        for turn, group in enumerate(groups):
            heads = _spread(group, [column.heading for column in group], inner)
            if turn:
                interp.out.row(" " * margin + _joint(before, heads))
            lead = _number(number, margin, style) if not turn else " " * margin
            interp.out.row(lead + heads)
            before = _spread(group, [column.texts[place] for column in group], inner)
            interp.out.row(" " * margin + before)
        interp.out.row(" " * margin + "+" + "-" * inner + "+")


def _inner(group: Sequence[_Column]) -> int:
    return sum(column.width for column in group) + 3 * len(group) - 1


def _fitting(columns: Sequence[_Column], room: int) -> Iterator[list[_Column]]:
    group: list[_Column] = []
    for column in columns:
        if group and _inner([*group, column]) + 2 > room:
            yield group
            group = []
        group.append(column)
    yield group


def _spread(group: Sequence[_Column], texts: Sequence[str], inner: int) -> str:
    """Return one row of a box, widened so that all rows end at the same place."""
    share, rest = divmod(inner - _inner(group), len(group))
    parts = []
    for place, (column, text) in enumerate(zip(group, texts, strict=True)):
        extra = share + (place >= len(group) - rest)
        left = extra // 2
        parts.append(" " * (left + 1) + column.padded(text) + " " * (extra - left + 1))
    return "|" + "|".join(parts) + "|"


def _joint(above: str, below: str) -> str:
    """Return the rule between two rows, with a plus where both have a bar."""
    middle = "".join(
        "+" if a == b == "|" else "-" for a, b in zip(above[1:-1], below[1:-1], strict=True)
    )
    return f"|{middle}|"
