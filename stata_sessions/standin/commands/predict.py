"""predict: what the last model says of each observation."""

from __future__ import annotations

import re

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.commands.generate import add_new
from stata_sessions.standin.errors import StataError, invalid_syntax
from stata_sessions.standin.estimation.model import Model
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.samples import sample
from stata_sessions.standin.storage import Mask, Numbers, missing_in
from stata_sessions.standin.syntax import CommandLine

_ARGUMENTS = re.compile(r"(?:(?P<type>byte|int|long|float|double)\s+)?(?P<name>\w+)$")
_KINDS = {
    "regress": (
        ("xb", 2),
        ("residuals", 1),
        ("stdp", 4),
        ("stdf", 4),
        ("rstandard", 4),
        ("hat", 3),
    ),
    "": (("pr", 1), ("xb", 2), ("stdp", 4)),
}
_ASSUMED = {"regress": "(option xb assumed; fitted values)"}
_LABELS = {
    "residuals": "Residuals",
    "stdp": "S.E. of the prediction",
    "stdf": "S.E. of the forecast",
    "rstandard": "Standardized residuals",
    "hat": "Leverage",
}


@command("predict", shortest=4, takes="if in")
def predict(interp: Interpreter, line: CommandLine) -> None:
    """Create a variable of predictions, residuals or their like."""
    model = interp.e.details
    if not isinstance(model, Model):
        raise StataError(301, "last estimates not found")
    kinds = _KINDS.get(model.command, _KINDS[""])
    given = [kind for kind, shortest in kinds if line.options.flag(kind, shortest)]
    if model.command == "regress" and line.options.flag("score", 2):
        given.append("residuals")
    line.options.finish()
    found = _ARGUMENTS.match(line.arguments.strip())
    if found is None or len(given) > 1:
        raise invalid_syntax()
    data = interp.data
    kind = given[0] if given else kinds[0][0]
    if not given:
        assumed = f"(option pr assumed; Pr({model.depvar}))"
        interp.out.row(_ASSUMED.get(model.command, assumed))
    chosen = sample(interp, line)
    for name in model.variables():
        data.one(name)
        chosen &= ~missing_in(data.columns[name].values)
    values = _values(interp, model, kind, chosen)
    known = np.where(chosen, values, SYSTEM)
    restricted = sample(interp, line)
    add_new(interp, found["name"], known, restricted, found["type"] or "")
    data.columns[found["name"]].label = _label(model, kind)


def _label(model: Model, kind: str) -> str:
    if kind == "xb":
        return "Fitted values" if model.command == "regress" else "Linear prediction"
    return _LABELS.get(kind) or f"Pr({model.depvar})"


def _values(interp: Interpreter, model: Model, kind: str, chosen: Mask) -> Numbers:
    index = model.linear(interp.data)
    if kind == "xb":
        return index
    if kind == "pr":
        from stata_sessions.standin.functions import call

        name = "normal" if model.command == "probit" else "invlogit"
        return np.asarray(call(name, [np.where(chosen, index, SYSTEM)]), dtype=np.float64)
    rows = np.where(chosen[:, None], model.rows(interp.data), 0.0)
    spread = np.asarray(np.einsum("ij,jk,ik->i", rows, model.V, rows), dtype=np.float64)
    if kind == "stdp":
        return np.sqrt(spread)
    return _residuals(interp, model, kind, chosen, index, spread)


def _residuals(
    interp: Interpreter, model: Model, kind: str, chosen: Mask, index: Numbers, spread: Numbers
) -> Numbers:
    y = interp.data.numbers(model.depvar)
    mse = interp.e.scalars["rmse"] ** 2
    leverage = spread / mse
    if kind in ("stdf", "hat"):
        return np.sqrt(spread + mse) if kind == "stdf" else leverage
    chosen &= ~missing_in(y)
    residual = np.where(chosen, y, index) - index
    if kind == "residuals":
        return residual
    with np.errstate(all="ignore"):
        return residual / np.sqrt(mse * (1 - leverage))
