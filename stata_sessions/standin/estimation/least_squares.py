"""Ordinary and weighted least squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stata_sessions.standin.asides import aside
from stata_sessions.standin.estimation.model import Table
from stata_sessions.standin.estimation.variance import Choice, leverage_factor, sandwich
from stata_sessions.standin.ordering import Groups
from stata_sessions.standin.storage import Numbers


@dataclass(frozen=True)
class Fit:
    """Least squares: coefficients, their variance, sums of squares and degrees of freedom."""

    b: Numbers
    V: Table
    rss: float
    tss: float
    count: float
    df_m: int
    df_residual: float
    df_test: float


@aside
def fit(
    matrix: Table,
    y: Numbers,
    weight: Numbers,
    choice: Choice,
    groups: Groups | None,
    *,
    kind: str,
    constant: bool,
) -> Fit:
    """Fit by least squares; analytic and sampling weights are scaled to sum to the observations."""
    rows, rank = matrix.shape
    count = float(weight.sum()) if kind == "fweight" else float(rows)
    scaled = weight if kind in ("", "fweight") else weight * rows / weight.sum()
    roots = np.sqrt(scaled)
    b, bread = _solve(matrix * roots[:, None], y * roots)
    residual = y - matrix @ b
    rss = float((scaled * residual**2).sum())
    mean = float((scaled * y).sum() / scaled.sum()) if constant else 0.0
    tss = float((scaled * (y - mean) ** 2).sum())
    df_residual = count - rank
    if not choice.robust:
        variance = bread * (rss / df_residual) if df_residual > 0 else bread * 0.0
    else:
        variance = _robust(matrix, bread, residual, scaled, choice, groups, kind, count)
    df_test = float(groups.count - 1) if groups is not None else df_residual
    return Fit(b, variance, rss, tss, count, rank - constant, df_residual, df_test)


def _solve(matrix: Table, y: Numbers) -> tuple[Numbers, Table]:
    # Columns of equal length make the triangle well conditioned whatever the units are.
    lengths = np.linalg.norm(matrix, axis=0)
    lengths = np.where(lengths == 0, 1.0, lengths)
    q, r = np.linalg.qr(matrix / lengths)
    inverse = np.linalg.solve(r, np.eye(r.shape[1]))
    b = inverse @ (q.T @ y) / lengths
    return b, (inverse @ inverse.T) / np.outer(lengths, lengths)


def _robust(
    matrix: Table,
    bread: Table,
    residual: Numbers,
    weight: Numbers,
    choice: Choice,
    groups: Groups | None,
    kind: str,
    count: float,
) -> Table:
    rank = matrix.shape[1]
    residual = residual * leverage_factor(choice.kind, matrix, bread, weight)
    # A frequency repeats an observation, so its score counts that often, not its square.
    strength = np.sqrt(weight) if kind == "fweight" and groups is None else weight
    middle = sandwich(bread, matrix * (residual * strength)[:, None], groups)
    if groups is not None:
        factor = groups.count / (groups.count - 1) * (count - 1) / (count - rank)
    else:
        factor = count / (count - rank) if choice.kind == "robust" else 1.0
    return np.asarray(middle * factor, dtype=np.float64)
