"""The table of coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stata_sessions.standin.dataset import Dataset
from stata_sessions.standin.estimation.model import Model, Table
from stata_sessions.standin.estimation.terms import Column
from stata_sessions.standin.formats import fixed, general
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.results import Matrix
from stata_sessions.standin.varlists import abbreviation

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

# The least width of the names, and what the numbers take of a row besides.
NARROW, _NUMBERS_WIDTH = 12, 67
_ROWS = ("b", "se", "t", "pvalue", "ll", "ul", "df", "crit", "eform")


@dataclass(frozen=True)
class Shown:
    """How a table is shown: its level, whether coefficients are exponentiated, and as what."""

    level: float
    eform: str = ""


def inference(model: Model, level: float) -> Table:
    """Return b, se, t, p, lower, upper, df and critical value, a column for each coefficient."""
    from scipy.special import ndtr, ndtri, stdtr, stdtrit

    tail = 1 - (1 - level / 100) / 2
    critical = ndtri(tail) if model.df is None else stdtrit(model.df, tail)
    b, se = model.b, model.se
    known = se > 0
    with np.errstate(all="ignore"):
        ratio = np.where(known, b / se, SYSTEM)
        below = ndtr(-abs(ratio)) if model.df is None else stdtr(model.df, -abs(ratio))
    gaps = critical * se
    rows = [
        b,
        np.where(known, se, SYSTEM),
        ratio,
        np.where(known, 2 * below, SYSTEM),
        np.where(known, b - gaps, SYSTEM),
        np.where(known, b + gaps, SYSTEM),
        np.full(len(b), SYSTEM if model.df is None else model.df),
        np.full(len(b), critical),
    ]
    return np.vstack(rows)


def save_table(interp: Interpreter, model: Model, level: float) -> None:
    """Leave r(level) and r(table)."""
    values = np.vstack([inference(model, level), np.zeros(len(model.b))])
    rows = tuple("z" if name == "t" and model.df is None else name for name in _ROWS)
    interp.r.clear()
    interp.r.scalars["level"] = level
    interp.r.matrices["table"] = Matrix(values, rows, tuple(model.names))


def show(interp: Interpreter, model: Model, shown: Shown) -> None:
    """Print the table of coefficients."""
    out = interp.out
    room = _room(interp.data, model, out.linesize - _NUMBERS_WIDTH)
    if model.clusters:
        name, count = model.clusters
        note = f"(Std. err. adjusted for {count:,} clusters in {name})"
        out.row(note.rjust(room + 66))
    for row in _heading(model, shown, room):
        out.row(row)
    values = inference(model, shown.level)
    if shown.eform:
        values = _exponentiated(values)
    for row in _body(interp.data, model, values, room):
        out.row(row)
    out.row("-" * (room + 66))


def _room(data: Dataset, model: Model, most: int) -> int:
    """Return how wide the column of names is: as they need, if the rows are long enough."""
    texts = [model.depvar]
    for column in model.design.columns:
        if column.reason != "base":
            texts.append("#".join(column.term))
            texts += [f"{level_text(data, column)} "] if has_levels(column) else []
    return max(NARROW, min(most, max(len(text) for text in texts)))


def _exponentiated(values: Table) -> Table:
    values = values.copy()
    estimated = values[1] < SYSTEM
    values[0] = np.where(estimated, np.exp(values[0]), 1.0)
    values[1] = np.where(estimated, values[1] * values[0], SYSTEM)
    for row in (4, 5):
        values[row] = np.where(estimated, np.exp(np.where(estimated, values[row], 0)), SYSTEM)
    return values


def _heading(model: Model, shown: Shown, room: int) -> Iterator[str]:
    letter = "z" if model.df is None else "t"
    level = f"{shown.level:g}% conf. interval"
    errors = "std. err." if model.robust else "Std. err."
    yield "-" * (room + 66)
    if model.robust:
        yield f"{'':>{room}} | {model.robust:>20}"
    depvar = abbreviation(model.depvar, room)
    head = f"{depvar:>{room}} | {shown.eform or 'Coefficient':<11}  {errors}"
    yield f"{head}      {letter}    P>|{letter}|     [{level}]"
    yield "-" * (room + 1) + "+" + "-" * 64


def _body(data: Dataset, model: Model, values: Table, room: int) -> Iterator[str]:
    before: tuple[str, ...] | None = None
    open_block = False
    for place, column in enumerate(model.design.columns):
        if column.reason == "base":
            continue
        if column.is_factor and column.term != before:
            if place and _anything(model, place):
                yield f"{'':>{room}} |"
            yield from block_heading(column, room)
            open_block = _closes_with_gap(model, column)
        elif not column.is_factor and before is not None and open_block:
            yield f"{'':>{room}} |"
            open_block = False
        before = column.term if column.is_factor else None
        open_block = open_block and column.is_factor
        label = level_label(data, column, room) if column.is_factor else _plain(column, room)
        yield label + _numbers(values[:, place], column.reason)
    if model.design.constant:
        if open_block:
            yield f"{'':>{room}} |"
        yield f"{'_cons':>{room}} |" + _numbers(values[:, -1], "")


def _anything(model: Model, place: int) -> bool:
    return any(column.reason != "base" for column in model.design.columns[:place])


def _closes_with_gap(model: Model, column: Column) -> bool:
    """Tell whether a blank row follows a block: not behind a factor with a single row."""
    rows = [c for c in model.design.columns if c.term == column.term and c.reason != "base"]
    return len(column.parts) > 1 or len(rows) > 1


def _plain(column: Column, room: int) -> str:
    return f"{abbreviation(column.parts[0][0], room):>{room}} |"


def _heading_rows(column: Column, room: int) -> list[str]:
    """Return the rows that name a term, as far as they need: one if it fits."""
    whole = "#".join(column.term)
    if len(whole) <= room:
        return [f"{whole:>{room}} |"]
    rows: list[str] = []
    for place, name in enumerate(column.term):
        if len(name) > room and name.startswith("c."):
            rows.append(f"{'c.':>{room}} |")
            name = name.removeprefix("c.")
        mark = "#" if place + 1 < len(column.term) else " "
        rows.append(f"{abbreviation(name, room) + mark:>{room + 1}}|")
    return rows


def block_heading(column: Column, room: int = NARROW) -> list[str]:
    """Return the rows above a term's levels; a term without levels keeps its last for numbers."""
    rows = _heading_rows(column, room)
    return rows if has_levels(column) else rows[:-1]


def has_levels(column: Column) -> bool:
    """Tell whether a term has factors in it."""
    return any(level is not None for _, level in column.parts)


def level_label(data: Dataset, column: Column, room: int = NARROW) -> str:
    """Return how a term's row with numbers begins."""
    if not has_levels(column):
        return _heading_rows(column, room)[-1]
    return f"{abbreviation(level_text(data, column), room - 1):>{room - 1}}  |"


def level_text(data: Dataset, column: Column) -> str:
    """Return the levels a column stands for, by their labels."""
    return "#".join(
        data.texts(name).get(level) or f"{level:.0f}"
        for name, level in column.parts
        if level is not None
    )


def _numbers(values: Table, reason: str) -> str:
    b, se, ratio, p, low, high = values[:6]
    if reason:
        return f"{'0':>11}  ({reason})"
    return (
        f"{general(b):>11}{general(se):>11}{fixed(ratio, 9, 2)}{fixed(p, 8, 3)}"
        f"{general(low):>13}{general(high):>12}"
    )
