"""Bringing a second data set to the first: adding its observations, or its variables by key."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stata_sessions.standin.asides import aside
from stata_sessions.standin.dataset import Dataset
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.ordering import Groups, Places
from stata_sessions.standin.output import Output
from stata_sessions.standin.storage import Values, blank, promoted, string_width, width


def add_labels(data: Dataset, other: Dataset, out: Output) -> None:
    """Take over value labels; where both define one, the first data set's stays."""
    for name, texts in other.value_labels.items():
        if name in data.value_labels:
            out.row(f"(label {name} already defined)")
        else:
            data.value_labels[name] = texts


def append(data: Dataset, other: Dataset, out: Output, *, force: bool = False) -> None:
    """Add the observations of another data set.

    Raises:
        StataError: r(106) where a variable holds strings in one and numbers in the other.
    """
    before = data.observations
    for name, column in other.columns.items():
        mine = data.columns.get(name)
        if mine and mine.is_text != column.is_text and not force:
            kinds = [_kind(each.is_text) for each in (mine, column)]
            raise StataError(
                106,
                f"variable {name} is {kinds[0]} in master but {kinds[1]} in using data",
                "    You could specify append's force option to ignore this numeric/string "
                "mismatch.",
                "    The using variable would then be treated as if it contained "
                f"{'empty strings' if mine.is_text else 'numeric missing value'}.",
            )
    data.grow(before + other.observations)
    for name, column in other.columns.items():
        mine = data.columns.get(name)
        if mine is None:
            values: Values = np.concatenate([blank(before, column.type), column.values])
            data.columns[name] = replace(column, values=values)
            continue
        if mine.is_text == column.is_text:
            values = np.concatenate([mine.values[:before], column.values])
            kind = accommodated(name, mine.type, column.type, out)
            data.columns[name] = replace(mine, values=values, type=kind)
    add_labels(data, other, out)


def _kind(text: bool) -> str:
    return "string" if text else "numeric"


def accommodated(name: str, mine: str, theirs: str, out: Output) -> str:
    """Return a storage type that holds what both hold, saying so if the first has to change."""
    kind = common_type(mine, theirs)
    if kind != mine:
        out.paragraph(
            f"(variable {name} was {mine}, now {kind} to accommodate using data's values)"
        )
    return kind


def common_type(one: str, other: str) -> str:
    """Return a storage type that holds what both hold."""
    if one.startswith("str"):
        return max(one, other, key=lambda k: 10**6 if k == "strL" else string_width(k))
    if one == other or {one, other} <= {"byte", "int", "long"}:
        return max(one, other, key=width)
    if "double" in (one, other) or "long" in (one, other):
        return "double"
    return "float"


@dataclass(frozen=True)
class Matching:
    """For each observation of the result its place in both data sets (-1: none)."""

    master: Places
    using: Places

    @property
    def codes(self) -> Places:
        """1 from master only, 2 from using only, 3 from both."""
        return np.where(self.using < 0, 1, np.where(self.master < 0, 2, 3))


def match(data: Dataset, other: Dataset, keys: list[str], kind: str) -> Matching:
    """Match observations by key variables.

    Raises:
        StataError: r(459) where keys repeat that must not, r(106) where their types differ.
    """
    for key in keys:
        if data.columns[key].is_text != other.columns[key].is_text:
            mine, theirs = data.columns[key].type, other.columns[key].type
            raise StataError(
                106, f"key variable {key} is {mine} in master but {theirs} in using data"
            )
    size = data.observations
    together = [
        np.concatenate([data.columns[key].values, other.columns[key].values]) for key in keys
    ]
    number = Groups.of(together).number
    left, right = number[:size], number[size:]
    for side, ids, where in ((kind[0], left, "master"), (kind[2], right, "using")):
        if side == "1" and len(np.unique(ids)) < len(ids):
            does = "variables" if len(keys) > 1 else "variable"
            verb = "do" if len(keys) > 1 else "does"
            raise StataError(
                459,
                f"{does} {' '.join(keys)} {verb} not uniquely identify observations in the "
                f"{where} data",
            )
    return _pairs(left, right, kind)


@aside
def _pairs(left: Places, right: Places, kind: str) -> Matching:
    order = np.argsort(left, kind="stable")
    if kind == "1:m":
        found = _look_up(right, left)
        position = np.empty(len(left), dtype=np.intp)
        position[order] = np.arange(len(left))
        rows = np.flatnonzero(found >= 0)
        rows = rows[np.argsort(position[found[rows]], kind="stable")]
        alone = order[~np.isin(left[order], right)]
        master = np.concatenate([found[rows], alone])
        using = np.concatenate([rows, np.full(len(alone), -1)])
        resorted = np.argsort(left[master], kind="stable")
        master, using = master[resorted], using[resorted]
    else:
        master, using = order, _look_up(left[order], right)
    more = np.flatnonzero(~np.isin(right, left))
    return Matching(
        np.concatenate([master, np.full(len(more), -1)]).astype(np.intp),
        np.concatenate([using, more]).astype(np.intp),
    )


def _look_up(wanted: Places, known: Places) -> Places:
    """Return for each wanted number its place among the known, or -1."""
    if not len(known):
        return np.full(len(wanted), -1, dtype=np.intp)
    order = np.argsort(known, kind="stable")
    place = np.searchsorted(known[order], wanted)
    place = np.minimum(place, len(known) - 1)
    found = order[place]
    return np.asarray(np.where(known[found] == wanted, found, -1), dtype=np.intp)


def joined(
    data: Dataset,
    other: Dataset,
    keys: list[str],
    names: list[str],
    matching: Matching,
    out: Output,
) -> Dataset:
    """Return the data with the variables `names` of the other; shared ones keep master's values."""
    result = data.copy()
    result.observations = len(matching.master)
    for name in data.columns:
        theirs = name if name in keys or name in names else None
        values = _gathered(data, other, name, theirs, matching)
        mine = data.columns[name].type
        kind = promoted(mine, values)
        if theirs and mine.startswith("str") == other.columns[name].is_text:
            kind = accommodated(name, mine, other.columns[name].type, out)
        result.columns[name] = replace(data.columns[name], values=values, type=kind)
    for name in names:
        if name not in data.columns:
            column = other.columns[name]
            empty = blank(1, column.type)
            values = np.concatenate([column.values, empty])[matching.using]
            result.columns[name] = replace(column, values=values)
    return result


def _gathered(
    data: Dataset, other: Dataset, name: str, theirs: str | None, matching: Matching
) -> Values:
    column = data.columns[name]
    values = np.concatenate([column.values, blank(1, column.type)])[matching.master]
    if theirs is None or other.columns[theirs].is_text != column.is_text:
        return values
    alone = matching.master < 0
    return np.where(alone, other.columns[theirs].values[matching.using], values)
