"""Statistics of groups, by name: what egen, collapse and tabstat compute."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np

from stata_sessions.standin.asides import aside
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.moments import Moments, moments, percentile
from stata_sessions.standin.ordering import Places
from stata_sessions.standin.storage import Numbers

Statistic = Callable[[Moments], float]


def _quantile(p: float) -> Statistic:
    return lambda m: percentile(m, p)


def _if_any(function: Statistic) -> Statistic:
    return lambda m: function(m) if m.count else SYSTEM


def _standard_error(m: Moments) -> float:
    return m.sd / m.total**0.5 if m.sd < SYSTEM else SYSTEM


_STATISTICS: dict[str, Statistic] = {
    "mean": lambda m: m.mean,
    "count": lambda m: m.total,
    "n": lambda m: m.total,
    "sum": lambda m: m.sum,
    "total": lambda m: m.sum,
    "rawsum": lambda m: float(m.sorted.sum()),
    "max": _if_any(lambda m: m.max),
    "min": _if_any(lambda m: m.min),
    "range": _if_any(lambda m: m.max - m.min),
    "sd": lambda m: m.sd,
    "variance": lambda m: m.variance,
    "semean": _standard_error,
    "cv": lambda m: m.sd / m.mean if m.sd < SYSTEM and m.mean else SYSTEM,
    "skewness": lambda m: m.skewness,
    "kurtosis": lambda m: m.kurtosis,
    "median": _quantile(50),
    "iqr": lambda m: percentile(m, 75) - percentile(m, 25) if m.count else SYSTEM,
}
_PERCENTILE = re.compile(r"p([1-9]\d?)$")


def statistic(name: str) -> Statistic | None:
    """Return a statistic by its name, or None."""
    found = _PERCENTILE.match(name)
    return _quantile(int(found[1])) if found else _STATISTICS.get(name)


def known_statistic(name: str) -> Statistic:
    """Return a statistic by its name.

    Raises:
        StataError: r(198) if there is none.
    """
    found = statistic(name)
    if found is None:
        raise StataError(198, f"unknown statistic: {name}")
    return found


def split_groups(number: Places, count: int) -> Iterator[Places]:
    """Yield the places of each group's members, in order; negative numbers belong to none."""
    order = np.argsort(number, kind="stable")
    order = order[number[order] >= 0]
    ends = np.cumsum(np.bincount(number[order], minlength=count))
    start = 0
    for end in ends:
        yield order[start:end]
        start = int(end)


@aside
def by_group(
    values: Numbers,
    number: Places,
    count: int,
    function: Statistic,
    weights: Numbers | None = None,
    kind: str = "",
) -> Numbers:
    """Return a statistic of the values known in each group."""
    weights = np.ones(len(values)) if weights is None else weights
    members = np.where(values < SYSTEM, number, -1)
    found = [
        function(moments(values[rows], weights[rows], kind))
        for rows in split_groups(members, count)
    ]
    return np.array(found, dtype=np.float64)
