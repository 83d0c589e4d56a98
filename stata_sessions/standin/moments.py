"""Means, variances and percentiles, with weights as Stata uses them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stata_sessions.standin.asides import aside
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.storage import Numbers

PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)


@dataclass(frozen=True)
class Moments:
    """A sample summarised. `total` counts frequencies, `count` observations."""

    count: int
    total: float
    weight: float
    sum: float
    mean: float
    variance: float
    skewness: float
    kurtosis: float
    sorted: Numbers
    sorted_weights: Numbers

    @property
    def sd(self) -> float:
        """The standard deviation."""
        return self.variance**0.5 if self.variance < SYSTEM else SYSTEM

    @property
    def min(self) -> float:
        """The smallest value."""
        return float(self.sorted[0])

    @property
    def max(self) -> float:
        """The greatest value."""
        return float(self.sorted[-1])


@aside
def moments(values: Numbers, weights: Numbers, kind: str = "") -> Moments:
    """Summarise values; `kind` is the kind of the weights, empty for none."""
    count, weight = len(values), float(weights.sum())
    total = weight if kind in ("fweight", "iweight") else float(count)
    order = np.argsort(values, kind="stable")
    ends = values[order], weights[order]
    if not count:
        return Moments(0, 0.0, 0.0, 0.0, SYSTEM, SYSTEM, SYSTEM, SYSTEM, *ends)
    mean = float((weights * values).sum() / weight)
    centred = values - mean
    second, third, fourth = (float((weights * centred**n).sum() / weight) for n in (2, 3, 4))
    variance = second * total / (total - 1) if total > 1 else SYSTEM
    skewness = third / second**1.5 if second > 0 else SYSTEM
    kurtosis = fourth / second**2 if second > 0 else SYSTEM
    sums = float((weights * values).sum())
    return Moments(count, total, weight, sums, mean, variance, skewness, kurtosis, *ends)


def percentile(found: Moments, p: float) -> float:
    """Return a percentile: the value where the weights pass p, or the mean of two."""
    if not found.count:
        return SYSTEM
    sums = np.cumsum(found.sorted_weights)
    target = sums[-1] * p / 100
    place = int(np.searchsorted(sums, target * (1 - 1e-14), side="left"))
    if np.isclose(sums[min(place, len(sums) - 1)], target, rtol=1e-12) and place + 1 < len(sums):
        return float((found.sorted[place] + found.sorted[place + 1]) / 2)
    return float(found.sorted[min(place, len(sums) - 1)])
