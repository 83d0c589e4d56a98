"""Variances of estimates: from the model, robust, and clustered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stata_sessions.standin.errors import StataError, invalid
from stata_sessions.standin.estimation.model import Table
from stata_sessions.standin.ordering import Groups
from stata_sessions.standin.storage import Mask, Numbers

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter
    from stata_sessions.standin.syntax import Options


@dataclass(frozen=True)
class Choice:
    """Which variance was asked for: `ols`, `oim`, `robust`, `hc2`, `hc3` or `cluster`."""

    kind: str
    cluster: str = ""

    @property
    def robust(self) -> bool:
        """Whether it does without the model's own variance."""
        return self.kind in ("robust", "hc2", "hc3", "cluster")


def chosen_variance(interp: Interpreter, options: Options, default: str, weight: str) -> Choice:
    """Read the options robust, cluster() and vce().

    Raises:
        StataError: r(198) for a variance we do not have.
    """
    robust = options.flag("robust", 1)
    cluster = options.value("cluster", 2)
    vce = options.value("vce")
    if vce is not None:
        kind, _, rest = vce.partition(" ")
        if kind and "cluster".startswith(kind) and len(kind) >= 2:
            cluster = rest
        elif kind and "robust".startswith(kind):
            robust = True
        elif kind in ("hc2", "hc3") and default == "ols":
            return Choice(kind)
        elif kind != default:
            raise invalid(vce)
    if cluster is not None:
        names = interp.data.expand(cluster)
        if len(names) != 1:
            raise StataError(198, "option cluster() incorrectly specified")
        return Choice("cluster", names[0])
    return Choice("robust" if robust or weight == "pweight" else default)


def cluster_numbers(interp: Interpreter, choice: Choice, chosen: Mask) -> Groups | None:
    """Return the clusters of a sample."""
    if not choice.cluster:
        return None
    return Groups.of([interp.data.columns[choice.cluster].values[chosen]])


def sandwich(bread: Table, scores: Table, groups: Groups | None) -> Table:
    """Return bread times the scores' variance times bread, without small-sample factors."""
    if groups is not None:
        number, count = groups.number, groups.count
        scores = np.column_stack([np.bincount(number, score, count) for score in scores.T])
    return bread @ (scores.T @ scores) @ bread


def leverage_factor(kind: str, matrix: Table, bread: Table, weight: Numbers) -> Numbers:
    """Return what residuals are multiplied by for hc2 and hc3."""
    power = {"hc2": 0.5, "hc3": 1.0}.get(kind)
    if power is None:
        return np.ones(len(weight))
    leverage = weight * ((matrix @ bread) * matrix).sum(axis=1)
    return np.asarray((1.0 - leverage) ** -power)
