"""logit, logistic and probit: models of a yes-or-no outcome."""

from __future__ import annotations

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.estimation.likelihood import Step, iterations, logit, probit
from stata_sessions.standin.estimation.model import Design, Model, design, notes, wald
from stata_sessions.standin.estimation.sampling import estimation_sample
from stata_sessions.standin.estimation.saving import save
from stata_sessions.standin.estimation.table import Shown, save_table, show
from stata_sessions.standin.estimation.variance import (
    Choice,
    chosen_variance,
    cluster_numbers,
    sandwich,
)
from stata_sessions.standin.formats import fixed, general
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.ordering import Groups
from stata_sessions.standin.storage import Numbers
from stata_sessions.standin.syntax import CommandLine

_LIKELIHOODS = {"logit": logit, "logistic": logit, "probit": probit}
_TITLES = {
    "logit": "Logistic regression",
    "logistic": "Logistic regression",
    "probit": "Probit regression",
}


@command("logit", shortest=4, takes="if in weight")
def logit_(interp: Interpreter, line: CommandLine) -> None:
    """Fit a logit model."""
    _fit(interp, line, "logit")


@command("logistic", shortest=8, takes="if in weight")
def logistic(interp: Interpreter, line: CommandLine) -> None:
    """Fit a logit model and show odds ratios."""
    _fit(interp, line, "logistic")


@command("probit", shortest=4, takes="if in weight")
def probit_(interp: Interpreter, line: CommandLine) -> None:
    """Fit a probit model."""
    _fit(interp, line, "probit")


def _fit(interp: Interpreter, line: CommandLine, name: str) -> None:
    options = line.options
    level = options.number("level", 1) or interp.settings.level
    odds = name != "probit" and (options.flag("or") or name == "logistic")
    odds = odds and not options.flag("coef")
    shown = Shown(level, "Odds ratio" if odds else "")
    if line.arguments:
        _estimate(interp, line, name)
    else:
        options.finish()
        if interp.e.macros.get("cmd") != name:
            raise StataError(301, "last estimates not found")
    _show(interp, shown)


def _estimate(interp: Interpreter, line: CommandLine, name: str) -> None:
    options = line.options
    quiet = options.flag("nolog") or name == "logistic"
    constant = not options.flag("noconstant", 3)
    found = estimation_sample(interp, line, "fweight pweight iweight")
    choice = chosen_variance(interp, options, "oim", found.weight_kind)
    options.finish()
    found = found.without_missing(interp, [choice.cluster] if choice.cluster else [])
    y = _outcome(interp.data.numbers(found.depvar)[found.chosen])
    built = design(
        interp.data, found.columns(interp), found.chosen, found.weights, constant=constant
    )
    for note in notes(built):
        interp.out.row(note)
    weight = found.weights
    steps = _iterate(interp, name, built, y, weight, quiet=quiet, robust=choice.robust)
    groups, last = cluster_numbers(interp, choice, found.chosen), steps[-1]
    variance = np.asarray(np.linalg.inv(last.information), dtype=np.float64)
    if choice.robust:
        variance = _robust(variance, built, last, weight, groups)
    model = Model(
        name, found.depvar, built, built.full(last.b), built.full_square(variance), None,
        "Robust" if choice.robust else "",
        (choice.cluster, groups.count) if groups is not None else None,
    )  # fmt: skip
    scalars = _scalars(model, steps, choice, float(weight.sum()))
    save(interp, line, model, choice, found.chosen, scalars, _macros(model, choice))


def _outcome(values: Numbers) -> Numbers:
    """Return 1 for a positive outcome, 0 for a negative one.

    Raises:
        StataError: r(2000) if all are the same.
    """
    y: Numbers = np.asarray(values != 0, dtype=np.float64)
    if y.min() == y.max():
        raise StataError(
            2000,
            "outcome does not vary; remember:",
            "                                  0 = negative outcome,",
            "        all other nonmissing values = positive outcome",
        )
    return y


def _iterate(
    interp: Interpreter,
    name: str,
    built: Design,
    y: Numbers,
    weight: Numbers,
    *,
    quiet: bool,
    robust: bool,
) -> list[Step]:
    """Fit from the constant-only model, showing each step."""
    evaluate, start = _LIKELIHOODS[name], np.zeros(built.matrix.shape[1])
    if built.constant:
        ones = np.ones((len(y), 1))
        null = list(iterations(evaluate, ones, y, weight, np.zeros(1)))[-1]
        start[-1] = null.b[0]
    word = "Log pseudolikelihood" if robust else "Log likelihood"
    steps: list[Step] = []
    if not quiet:
        interp.out.row()
    for turn, step in enumerate(iterations(evaluate, built.matrix, y, weight, start)):
        interp.poll()
        steps.append(step)
        if not quiet:
            interp.out.row(f"Iteration {turn}:  {word} = {general(step.ll, 10):>10}  ")
    return steps


def _robust(
    variance: Numbers, built: Design, last: Step, weight: Numbers, groups: Groups | None
) -> Numbers:
    scores = built.matrix * (weight * last.score)[:, None]
    count = groups.count if groups is not None else len(weight)
    return np.asarray(sandwich(variance, scores, groups) * count / (count - 1), np.float64)


def _scalars(model: Model, steps: list[Step], choice: Choice, count: float) -> dict[str, float]:
    from scipy.special import chdtrc

    places = [place for place in model.design.estimated if place < len(model.design.columns)]
    ll, ll_0 = steps[-1].ll, steps[0].ll
    chi2, df = wald(model, places)
    if not choice.robust and model.design.constant:
        chi2 = 2 * (ll - ll_0)
    return {
        "rank": len(model.design.estimated),
        "N": count,
        "ic": len(steps) - 1,
        "k": len(model.names),
        "k_eq": 1,
        "k_dv": 1,
        "converged": 1,
        "rc": 0,
        "ll": ll,
        "k_eq_model": 1,
        "ll_0": ll_0,
        "df_m": df,
        "chi2": chi2,
        "p": float(chdtrc(df, chi2)) if df and chi2 < SYSTEM else SYSTEM,
        "N_cdf": 0,
        "N_cds": 0,
        "r2_p": 1 - ll / ll_0,
    }


def _macros(model: Model, choice: Choice) -> dict[str, str]:
    family = "probit" if model.command == "probit" else "logit"
    return {
        "estat_cmd": f"{family}_estat",
        "predict": f"{family}_p",
        "title": _TITLES[model.command],
        "chi2type": "Wald" if choice.robust or not model.design.constant else "LR",
        "opt": "moptimize",
        "technique": "nr",
    }


def _show(interp: Interpreter, shown: Shown) -> None:
    model: Model = interp.e.details
    e, macros, out = interp.e.scalars, interp.e.macros, interp.out
    word = "Log pseudolikelihood" if model.robust else "Log likelihood"
    right = [
        ("Number of obs", f"{e['N']:,.0f}"),
        (f"{macros['chi2type']} chi2({e['df_m']:.0f})", fixed(e["chi2"], 8, 2).strip()),
        ("Prob > chi2", fixed(e["p"], 6, 4).strip()),
        ("Pseudo R2", fixed(e["r2_p"], 6, 4).strip()),
    ]
    left = [macros["title"], "", "", f"{word} = {general(e['ll'], 10)}"]
    names, values = (max(len(text) for text in texts) for texts in zip(*right, strict=True))
    values = max(6, values)
    out.row()
    for text, (name, value) in zip(left, right, strict=True):
        out.row(f"{text:<{78 - names - values - 3}}{name:<{names}} = {value:>{values}}")
    out.row()
    show(interp, model, shown)
    if shown.eform:
        out.row("Note: _cons estimates baseline odds.")
    save_table(interp, model, shown.level)
