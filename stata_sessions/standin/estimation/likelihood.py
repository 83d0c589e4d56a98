"""Maximum likelihood for a yes-or-no outcome, by Newton's method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from stata_sessions.standin.asides import aside
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.estimation.model import Table
from stata_sessions.standin.storage import Numbers

_MOST_TURNS = 100
_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Step:
    """Where an iteration stands: coefficients, log likelihood, scores of the index, information."""

    b: Numbers
    ll: float
    score: Numbers
    information: Table


Evaluate = Callable[[Numbers, Numbers], tuple[float, Numbers, Numbers]]


def logit(index: Numbers, y: Numbers) -> tuple[float, Numbers, Numbers]:
    """Return each observation's log likelihood, score and curvature in the index."""
    p = 1.0 / (1.0 + np.exp(-np.clip(index, -700, 700)))
    value = np.where(y > 0, -np.logaddexp(0, -index), -np.logaddexp(0, index))
    return value, y - p, p * (1 - p)  # type: ignore[return-value]


def probit(index: Numbers, y: Numbers) -> tuple[float, Numbers, Numbers]:
    """Return each observation's log likelihood, score and curvature in the index."""
    from scipy.special import log_ndtr

    sign = np.where(y > 0, 1.0, -1.0)
    value = log_ndtr(sign * index)
    mills = sign * np.exp(-0.5 * index**2 - 0.5 * np.log(2 * np.pi) - value)
    return value, mills, mills * (mills + index)


@aside
def evaluated(evaluate: Evaluate, matrix: Table, y: Numbers, weight: Numbers, b: Numbers) -> Step:
    """Evaluate a likelihood at given coefficients."""
    value, score, curvature = evaluate(matrix @ b, y)
    information = (matrix * (curvature * weight)[:, None]).T @ matrix
    return Step(b, float(weight @ value), score, information)


def iterations(
    evaluate: Evaluate, matrix: Table, y: Numbers, weight: Numbers, start: Numbers
) -> Iterator[Step]:
    """Yield Newton's steps from a start until the log likelihood stays, halving those too long.

    Raises:
        StataError: r(430) if it does not.
    """
    step = evaluated(evaluate, matrix, y, weight, start)
    yield step
    for _ in range(_MOST_TURNS):
        gradient = matrix.T @ (weight * step.score)
        move = np.linalg.lstsq(step.information, gradient, rcond=None)[0]
        following = evaluated(evaluate, matrix, y, weight, step.b + move)
        while following.ll < step.ll - 1e-9 and np.abs(move).max() > 1e-12:
            move = move / 2
            following = evaluated(evaluate, matrix, y, weight, step.b + move)
        gain, step = following.ll - step.ll, following
        yield step
        if abs(gain) <= _TOLERANCE * (1 + abs(step.ll)) * 0.01:
            return
    raise StataError(430, "convergence not achieved")
