"""Means of one variable over the levels of another: `tabulate x, summarize(y)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stata_sessions.standin.formats import general
from stata_sessions.standin.labels import shown_value, title_of
from stata_sessions.standin.moments import Moments, moments
from stata_sessions.standin.ordering import Groups
from stata_sessions.standin.storage import Mask, Numbers, missing_in
from stata_sessions.standin.tables.oneway import side_by_side

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

_ROOM, _INNER = 11, 36


def show_means(interp: Interpreter, name: str, of: str, chosen: Mask, weight: Numbers) -> None:
    """Print the mean, standard deviation and frequency of `of` at each level of `name`."""
    data, out = interp.data, interp.out
    chosen = chosen & ~missing_in(data.columns[of].values)
    values = data.numbers(of)
    groups = Groups.of([data.columns[name].values], chosen)
    title = f"Summary of {title_of(data, of)}"
    *titles, stub = side_by_side(title_of(data, name), _ROOM, title, _INNER)
    out.row("\n".join(["", *titles]))
    out.row(f"{stub}        Mean   Std. dev.       Freq.")
    rule = "-" * (_ROOM + 1) + "+" + "-" * _INNER
    out.row(rule)
    for number in range(groups.count):
        rows = groups.number == number
        text = shown_value(data, name, int(groups.first[number]))
        out.row(_row(text, moments(values[rows], weight[rows], "fweight")))
    out.row(rule)
    out.row(_row("Total", moments(values[chosen], weight[chosen], "fweight")))


def _row(text: str, found: Moments) -> str:
    mean, sd = general(found.mean, 10), general(found.sd, 10)
    return f"{text[:_ROOM]:>{_ROOM}} |{mean:>12}{sd:>12}{found.total:>12,.0f}"
