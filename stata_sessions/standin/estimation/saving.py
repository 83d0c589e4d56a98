"""What an estimation command leaves in e()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stata_sessions.standin.estimation.model import Model
from stata_sessions.standin.estimation.variance import Choice
from stata_sessions.standin.results import Results
from stata_sessions.standin.storage import Mask

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter
    from stata_sessions.standin.syntax import CommandLine


def save(
    interp: Interpreter,
    line: CommandLine,
    model: Model,
    choice: Choice,
    chosen: Mask,
    scalars: dict[str, float],
    macros: dict[str, str],
) -> None:
    """Save a model with its sample; scalars and macros keep their order."""
    results = Results()
    results.scalars = {name: float(value) for name, value in scalars.items()}
    results.macros = {
        "cmdline": f"{model.command} {line.raw.strip()}",
        **macros,
        "vce": choice.kind,
        "depvar": model.depvar,
        "cmd": model.command,
        "properties": "b V",
    }
    if choice.robust:
        results.macros["vcetype"] = model.robust
    if model.clusters:
        results.macros["clustvar"] = model.clusters[0]
        results.scalars["N_clust"] = float(model.clusters[1])
    if line.weight:
        results.macros |= {"wtype": line.weight.kind, "wexp": f"= {line.weight.expression}"}
    results.matrices = model.matrices()
    results.sample, results.details = interp.data.mark(chosen), model
    interp.e.take(results)
