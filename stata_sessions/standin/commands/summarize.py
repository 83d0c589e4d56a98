"""summarize: means, standard deviations, percentiles."""

from __future__ import annotations

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.formats import format_value, general
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import title_of
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.moments import PERCENTILES, Moments, moments, percentile
from stata_sessions.standin.samples import sample, weights
from stata_sessions.standin.storage import Numbers, missing_in
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.varlists import abbreviation


@command("summarize", shortest=2, takes="if in weight")
def summarize(interp: Interpreter, line: CommandLine) -> None:
    """Summarise variables."""
    detail = line.options.flag("detail", 1)
    meanonly = line.options.flag("meanonly", 3)
    formatted = line.options.flag("format", 1)
    every = line.options.number("separator", 3)
    line.options.finish()
    data, out = interp.data, interp.out
    names = data.expand(line.arguments) if line.arguments else data.variables
    chosen = sample(interp, line)
    kind, weight = weights(interp, line.weight, chosen, "aweight fweight iweight")
    if not (meanonly or detail):
        _head(interp, kind)
    for place, name in enumerate(names):
        found = _found(interp, name, chosen, weight, kind)
        interp.r.clear()
        _save(interp, found, kind, short=meanonly)
        if meanonly:
            continue
        if detail:
            _detail(interp, name, found)
            continue
        if place and every != 0 and not place % int(every or 5):
            out.row(_RULES[bool(kind)])
        _row(interp, name, found, kind, data.columns[name].format if formatted else "")
    if detail and not meanonly and names and found.count:
        _save_detail(interp, found)


_RULES = {
    False: "-" * 13 + "+" + "-" * 57,
    True: "-" * 13 + "+" + "-" * 65,
}


def _found(
    interp: Interpreter, name: str, chosen: np.ndarray, weight: Numbers, kind: str
) -> Moments:
    variable = interp.data.columns[name]
    if variable.is_text:
        return moments(np.zeros(0), np.zeros(0), kind)
    rows = chosen & ~missing_in(variable.values)
    values = np.asarray(variable.values[rows], dtype=np.float64)
    return moments(values, weight[rows], kind)


def _head(interp: Interpreter, kind: str) -> None:
    interp.out.row()
    if kind in ("aweight", "iweight"):
        interp.out.row(
            "    Variable |     Obs      Weight        Mean   Std. dev.       Min        Max"
        )
        interp.out.row(_RULES[True])
        return
    interp.out.row("    Variable |        Obs        Mean    Std. dev.       Min        Max")
    interp.out.row(_RULES[False])


def _row(interp: Interpreter, name: str, found: Moments, kind: str, fmt: str) -> None:
    def text(value: float, width: int) -> str:
        shown = format_value(value, fmt).strip() if fmt else general(value)
        return shown.rjust(width)

    lead = f"{abbreviation(name, 12):>12} |"
    if kind in ("aweight", "iweight"):
        lead += f"{found.count:>8,}{text(found.weight, 12)}"
        widths = (12, 11, 11, 11)
    else:
        lead += f"{found.total:>11,.0f}"
        widths = (12, 12, 11, 11)
    if not found.count:
        interp.out.row(lead)
        return
    values = (found.mean, found.sd, found.min, found.max)
    texts = [
        ".".rjust(width) if value >= SYSTEM else text(value, width)
        for value, width in zip(values, widths, strict=True)
    ]
    interp.out.row(lead + "".join(texts))


def _save(interp: Interpreter, found: Moments, kind: str, *, short: bool) -> None:
    scalars = interp.r.scalars
    scalars["N"], scalars["sum_w"] = found.total, found.weight
    if not found.count:
        scalars["sum"] = 0.0
        return
    scalars["mean"] = found.mean
    if not short:
        scalars["Var"], scalars["sd"] = found.variance, found.sd
    scalars["min"], scalars["max"], scalars["sum"] = found.min, found.max, found.sum


def _save_detail(interp: Interpreter, found: Moments) -> None:
    before = dict(interp.r.scalars)
    order = ("N", "sum_w", "mean", "Var", "sd")
    scalars = {name: before[name] for name in order}
    scalars |= {"skewness": found.skewness, "kurtosis": found.kurtosis}
    scalars |= {name: before[name] for name in ("sum", "min", "max")}
    scalars |= {f"p{p}": percentile(found, p) for p in PERCENTILES}
    interp.r.scalars = scalars


def _detail(interp: Interpreter, name: str, found: Moments) -> None:
    out = interp.out
    out.row()
    out.row(title_of(interp.data, name).center(61).rstrip())
    out.row("-" * 61)
    if not found.count:
        out.row("no observations")
        return
    shown = {p: general(percentile(found, p)) for p in PERCENTILES}
    low, high = _ends(found)
    out.row("      Percentiles      Smallest")
    for place, p in enumerate((1, 5, 10, 25)):
        row = f"{p:>2}%    {shown[p]:>9}      {low[place]:>9}"
        if p == 10:
            row += f"       Obs         {found.total:>11,.0f}"
        elif p == 25:
            row += f"       Sum of wgt. {general(found.weight):>11}"
        out.row(row)
    out.row()
    out.row(f"50%    {shown[50]:>9}{'':>22}Mean      {general(found.mean):>13}")
    out.row(f"{'':>24}Largest       Std. dev. {general(found.sd):>13}")
    sides = {
        90: f"       Variance  {general(found.variance):>13}",
        95: f"       Skewness  {general(found.skewness):>13}",
        99: f"       Kurtosis  {general(found.kurtosis):>13}",
    }
    for place, p in enumerate((75, 90, 95, 99)):
        out.row(f"{p:>2}%    {shown[p]:>9}      {high[place]:>9}{sides.get(p, '')}")


def _ends(found: Moments) -> tuple[list[str], list[str]]:
    values = found.sorted
    low = [general(value) for value in values[:4]]
    high = [general(value) for value in values[-4:]]
    return low + [""] * (4 - len(low)), [""] * (4 - len(high)) + high
