"""Sorting and groups of observations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stata_sessions.standin.asides import aside
from stata_sessions.standin.dataset import Dataset
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.functions import Rows
from stata_sessions.standin.storage import Mask, Values, is_text

if TYPE_CHECKING:
    from stata_sessions.standin.syntax import By

Places = NDArray[np.intp]


def ranks(values: Values) -> NDArray[np.float64]:
    """Return numbers that order as a column does."""
    if is_text(values):
        return np.unique(values.astype(str), return_inverse=True)[1].astype(np.float64)
    return np.asarray(values, dtype=np.float64)


@aside
def _order(columns: list[Values], signs: Sequence[float]) -> Places:
    keys = [sign * ranks(column) for sign, column in zip(signs, columns, strict=True)]
    return np.lexsort(keys[::-1])


def sort(data: Dataset, names: Sequence[str], descending: Sequence[bool] = ()) -> None:
    """Sort the observations; those that tie keep their order."""
    signs = [-1.0 if down else 1.0 for down in descending] or [1.0] * len(names)
    order = _order([data.columns[name].values for name in names], signs)
    if not (order == np.arange(len(order))).all():
        data.take(order)
    data.sorted_by = [] if any(descending) else list(names)


@dataclass(frozen=True)
class Groups:
    """Observations by the values of some variables: a number for each, from 0 in sorted order."""

    number: Places
    count: int
    first: Places

    @classmethod
    @aside
    def of(cls, columns: Sequence[Values], rows: Mask | None = None) -> Groups:
        """Number the groups; outside `rows` the number is -1."""
        size = len(columns[0]) if columns else 0 if rows is None else len(rows)
        chosen = np.arange(size) if rows is None else np.flatnonzero(rows)
        number = np.full(size, -1, dtype=np.intp)
        if not len(chosen):
            return cls(number, 0, np.zeros(0, dtype=np.intp))
        codes = np.zeros(len(chosen), dtype=np.intp)
        for column in columns:
            inverse = np.unique(ranks(column[chosen]), return_inverse=True)[1].astype(np.intp)
            codes = codes * (int(inverse.max()) + 1) + inverse
            codes = np.unique(codes, return_inverse=True)[1].astype(np.intp)
        number[chosen] = codes
        count = int(codes.max()) + 1
        first = np.zeros(count, dtype=np.intp)
        first[codes[::-1]] = chosen[::-1]
        return cls(number, count, first)


def by_rows(data: Dataset, by: By | None) -> Rows:
    """Return where each observation stands in its group of a by prefix, sorting if asked.

    Raises:
        StataError: r(5) if the data are not sorted as the prefix needs.
    """
    if by is None:
        return Rows.whole(data.observations)
    return Rows.grouped(by_groups(data, by).number)


def by_groups(data: Dataset, by: By) -> Groups:
    """Return the groups of a by prefix, sorting first if it asks for it.

    Raises:
        StataError: r(5) if the data are not sorted as the prefix needs.
    """
    groups, order = list(by.groups), [*by.groups, *by.order]
    if by.sort:
        if data.sorted_by[: len(order)] != order:
            changed = data.changed
            sort(data, order)
            data.changed = changed or data.changed
    elif data.sorted_by[: len(order)] != order:
        raise StataError(5, "not sorted")
    return Groups.of([data.columns[name].values for name in groups])
