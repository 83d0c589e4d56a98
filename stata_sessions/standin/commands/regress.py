"""regress: linear regression."""

from __future__ import annotations

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.estimation import least_squares
from stata_sessions.standin.estimation.model import Model, design, notes, wald
from stata_sessions.standin.estimation.sampling import estimation_sample
from stata_sessions.standin.estimation.table import Shown, save_table, show
from stata_sessions.standin.estimation.variance import Choice, chosen_variance, cluster_numbers
from stata_sessions.standin.formats import fixed, general
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.results import Results
from stata_sessions.standin.storage import Mask
from stata_sessions.standin.syntax import CommandLine


@command("regress", shortest=3)
def regress(interp: Interpreter, line: CommandLine) -> None:
    """Fit by least squares, or show the last such fit again."""
    level = line.options.number("level", 1) or interp.settings.level
    if not line.arguments:
        line.options.finish()
        if interp.e.macros.get("cmd") != "regress":
            raise StataError(301, "last estimates not found")
        _show(interp, level)
        return
    constant = not line.options.flag("noconstant", 3)
    header, table = not line.options.flag("noheader", 3), not line.options.flag("notable")
    found = estimation_sample(interp, line, "aweight fweight pweight iweight")
    choice = chosen_variance(interp, line.options, "ols", found.weight_kind)
    line.options.finish()
    line.expect_no("using")
    found = found.without_missing(interp, [choice.cluster] if choice.cluster else [])
    built = design(
        interp.data, found.columns(interp), found.chosen, found.weights, constant=constant
    )
    groups = cluster_numbers(interp, choice, found.chosen)
    y = interp.data.numbers(found.depvar)[found.chosen]
    fit = least_squares.fit(
        built.matrix, y, found.weights, choice, groups, kind=found.weight_kind, constant=constant
    )
    for note in notes(built):
        interp.out.row(note)
    model = Model(
        "regress",
        found.depvar,
        built,
        built.full(fit.b),
        built.full_square(fit.V),
        fit.df_test,
        _VCE_TYPES.get(choice.kind, "Robust") if choice.robust else "",
        (choice.cluster, groups.count) if groups is not None else None,
    )
    _save(interp, line, model, fit, choice, found.chosen)
    _show(interp, level, header=header, table=table)


def _save(
    interp: Interpreter,
    line: CommandLine,
    model: Model,
    fit: least_squares.Fit,
    choice: Choice,
    chosen: Mask,
) -> None:
    results = Results()
    places = [place for place in model.design.estimated if place < len(model.design.columns)]
    statistic, df_m = wald(model, places)
    rss, mss = fit.rss, fit.tss - fit.rss
    df_r = fit.df_residual
    scalars = {"N": fit.count}
    if model.clusters:
        scalars["N_clust"] = float(model.clusters[1])
    r2 = mss / fit.tss if fit.tss > 0 else SYSTEM
    free = fit.count - model.design.constant
    adjusted = 1 - (rss / df_r) / (fit.tss / free) if df_r > 0 and fit.tss > 0 else SYSTEM
    half = fit.count / 2
    scalars |= {
        "df_m": float(df_m if choice.robust else fit.df_m),
        "df_r": fit.df_test,
        "F": statistic / df_m if df_m else SYSTEM,
        "r2": r2,
        "rmse": float(np.sqrt(rss / df_r)) if df_r > 0 else SYSTEM,
        "mss": mss,
        "rss": rss,
        "r2_a": adjusted,
        "ll": -half * (np.log(2 * np.pi) + np.log(rss / fit.count) + 1) if rss > 0 else SYSTEM,
        "ll_0": -half * (np.log(2 * np.pi) + np.log(fit.tss / fit.count) + 1)
        if fit.tss > 0
        else SYSTEM,
        "rank": float(len(model.design.estimated)),
    }
    results.scalars = {name: float(value) for name, value in scalars.items()}
    results.macros = {
        "cmdline": f"regress {line.raw.strip()}",
        "title": "Linear regression",
        "marginsok": "XB default",
        "vce": choice.kind,
        "depvar": model.depvar,
        "cmd": "regress",
        "properties": "b V",
        "predict": "regres_p",
        "model": "ols",
        "estat_cmd": "regress_estat",
    }
    if choice.robust:
        results.macros["vcetype"] = _VCE_TYPES.get(choice.kind, "Robust")
    if choice.cluster:
        results.macros["clustvar"] = choice.cluster
    if line.weight:
        results.macros |= {"wtype": line.weight.kind, "wexp": f"= {line.weight.expression}"}
    results.matrices = model.matrices()
    results.sample, results.details = interp.data.mark(chosen), model
    interp.e.take(results)


_VCE_TYPES = {"hc2": "Robust HC2", "hc3": "Robust HC3"}


def _show(interp: Interpreter, level: float, *, header: bool = True, table: bool = True) -> None:
    model: Model = interp.e.details
    if header:
        _robust_header(interp, model) if model.robust else _header(interp)
    if table:
        if header:
            interp.out.row()
        show(interp, model, Shown(level))
    save_table(interp, model, level)


def _right(interp: Interpreter, *, wide: bool) -> list[str]:
    e = interp.e.scalars
    from scipy.special import fdtrc

    p = fdtrc(e["df_m"], e["df_r"], e["F"]) if e["F"] < SYSTEM else SYSTEM
    label = f"F({e['df_m']:.0f}, {e['df_r']:.0f})"
    return [
        f"{'Number of obs':<18}= {e['N']:>10,.0f}"
        if wide
        else f"Number of obs   = {e['N']:>9,.0f}",
        *(
            f"{name:<{18 if wide else 16}}= {value.rjust(10 if wide else 9)}"
            for name, value in (
                (label, fixed(e["F"], 9, 2).strip()),
                ("Prob > F", fixed(p, 9, 4).strip()),
                ("R-squared", fixed(e["r2"], 9, 4).strip()),
                *(() if wide else (("Adj R-squared", fixed(e["r2_a"], 9, 4).strip()),)),
                ("Root MSE", _root(e["rmse"])),
            )
        ),
    ]


def _root(value: float) -> str:
    return general(value, 7)


def _header(interp: Interpreter) -> None:
    e, out = interp.e.scalars, interp.out
    right = _right(interp, wide=False)
    total_df = e["df_m"] + e["df_r"]

    def row(title: str, ss: float, df: float) -> str:
        ms = ss / df if df else SYSTEM
        return f"{title:>12} |{general(ss, 11):>12}{df:>10,.0f}{general(ms, 11):>12}"

    rule = "-" * 13 + "+" + "-" * 34
    lines = [
        "      Source |       SS           df       MS      ",
        rule,
        row("Model", e["mss"], e["df_m"]),
        row("Residual", e["rss"], e["df_r"]),
        rule,
        row("Total", e["mss"] + e["rss"], total_df),
    ]
    out.row()
    for left, text in zip(lines, right, strict=True):
        out.row(f"{left:<48}   {text}" if left != lines[0] else f"{left}{text}")


def _robust_header(interp: Interpreter, model: Model) -> None:
    out = interp.out
    out.row()
    for place, text in enumerate(_right(interp, wide=True)):
        left = "Linear regression" if not place else ""
        out.row(f"{left:<48}{text}")
