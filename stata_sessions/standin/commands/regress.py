"""regress: linear regression."""

from __future__ import annotations

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.estimation import least_squares
from stata_sessions.standin.estimation.model import Model, design, notes, wald
from stata_sessions.standin.estimation.sampling import estimation_sample
from stata_sessions.standin.estimation.saving import save
from stata_sessions.standin.estimation.table import Shown, save_table, show
from stata_sessions.standin.estimation.variance import Choice, chosen_variance, cluster_numbers
from stata_sessions.standin.formats import fixed, general
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.syntax import CommandLine


@command("regress", shortest=3, takes="if in weight")
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
    save(interp, line, model, choice, found.chosen, _scalars(model, fit, choice), _MACROS)
    _show(interp, level, header=header, table=table)


def _scalars(model: Model, fit: least_squares.Fit, choice: Choice) -> dict[str, float]:
    places = [place for place in model.design.estimated if place < len(model.design.columns)]
    statistic, df_m = wald(model, places)
    rss, tss, df_r = fit.rss, fit.tss, fit.df_residual
    free = fit.count - model.design.constant
    known, spread = df_r > 0, tss > 0
    return {
        "N": fit.count,
        "df_m": df_m if choice.robust else fit.df_m,
        "df_r": fit.df_test,
        "F": statistic / max(df_m, 1) if statistic < SYSTEM else SYSTEM,
        "r2": 1 - rss / tss if spread else SYSTEM,
        "rmse": (rss / df_r) ** 0.5 if known else SYSTEM,
        "mss": tss - rss if places else 0.0,
        "rss": rss,
        "r2_a": 1 - (rss / df_r) / (tss / free) if known and spread else SYSTEM,
        "ll": _log_likelihood(rss, fit.count),
        "ll_0": _log_likelihood(tss, fit.count),
        "rank": len(model.design.estimated),
    }


def _log_likelihood(squares: float, count: float) -> float:
    if squares <= 0:
        return SYSTEM
    return float(-count / 2 * (np.log(2 * np.pi) + np.log(squares / count) + 1))


_MACROS = {
    "title": "Linear regression",
    "marginsok": "XB default",
    "predict": "regres_p",
    "model": "ols",
    "estat_cmd": "regress_estat",
}
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

    tested = e["df_m"] and e["F"] < SYSTEM
    p = fdtrc(e["df_m"], e["df_r"], e["F"]) if tested else SYSTEM
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
