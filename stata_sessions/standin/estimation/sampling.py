"""The dependent variable, regressors and sample of an estimation command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.estimation import terms
from stata_sessions.standin.formats import general
from stata_sessions.standin.quoting import split_words
from stata_sessions.standin.samples import sample, weights
from stata_sessions.standin.storage import Mask, Numbers, missing_in

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter
    from stata_sessions.standin.syntax import CommandLine


@dataclass(frozen=True)
class EstimationSample:
    """What to explain by what, in which observations. `weights` covers the sample only."""

    depvar: str
    regressors: str
    chosen: Mask
    weight_kind: str
    weights: Numbers

    def columns(self, interp: Interpreter) -> list[terms.Column]:
        """Return the columns of the regressors."""
        return terms.columns(interp.data, self.regressors, self.chosen)

    def without_missing(self, interp: Interpreter, names: list[str]) -> EstimationSample:
        """Return the sample without observations where one of more variables is missing.

        Raises:
            StataError: r(2000), r(2001) if too few observations are left.
        """
        chosen = self.chosen.copy()
        for name in names:
            chosen &= ~missing_in(interp.data.columns[name].values)
        count = int(np.count_nonzero(chosen))
        if count < 2:
            raise StataError(2000 if not count else 2001, _TOO_FEW[count])
        return replace(self, chosen=chosen, weights=self.weights[chosen[self.chosen]])


_TOO_FEW = ("no observations", "insufficient observations")


def estimation_sample(
    interp: Interpreter, line: CommandLine, allowed_weights: str
) -> EstimationSample:
    """Read `depvar [regressors] [if] [in] [weight]`.

    Raises:
        StataError: r(100) or r(111) without a dependent variable, r(109) if it is a string.
    """
    data = interp.data
    words = list(split_words(line.arguments)) if line.arguments.strip() else []
    if not words:
        raise StataError(100, "varlist required")
    first = data.expand(words[0])
    if not first:
        raise StataError(111, "no variables defined")
    depvar = first[0]
    if data.columns[depvar].is_text:
        raise StataError(109, f"{depvar}:  string variable may not be used here")
    regressors = " ".join([*first[1:], *words[1:]])
    names = [depvar, *terms.variables(data, regressors)]
    chosen = sample(interp, line, names)
    kind, values = weights(interp, line.weight, chosen, allowed_weights)
    if kind in ("aweight", "pweight"):
        total = float(values[chosen].sum())
        shown = f"{total:,.0f}" if total == int(total) else general(total)
        interp.out.row(f"(sum of wgt is {shown})")
    return EstimationSample(depvar, regressors, chosen, kind, values[chosen])
