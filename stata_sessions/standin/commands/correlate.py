"""correlate and pwcorr."""

from __future__ import annotations

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import too_few_variables
from stata_sessions.standin.formats import fixed, general
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.results import Matrix
from stata_sessions.standin.samples import numeric, sample, some, weights
from stata_sessions.standin.storage import Mask, Numbers, missing_in
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.varlists import abbreviation


def _moments(interp: Interpreter, names: list[str], rows: Mask, weight: Numbers) -> Numbers:
    """Return the covariance matrix."""
    table = np.column_stack([interp.data.numbers(name)[rows] for name in names])
    weight = weight[rows]
    centred = table - (weight @ table) / weight.sum()
    scale = len(table) / weight.sum() if not (weight == np.trunc(weight)).all() else 1.0
    return np.asarray(
        (centred * (weight * scale)[:, None]).T @ centred / (weight.sum() * scale - 1)
    )


def _correlations(covariance: Numbers) -> Numbers:
    root = np.sqrt(np.diag(covariance))
    with np.errstate(all="ignore"):
        return np.asarray(
            np.where(np.outer(root, root) > 0, covariance / np.outer(root, root), SYSTEM)
        )


@command("correlate", shortest=3, takes="if in weight")
def correlate(interp: Interpreter, line: CommandLine) -> None:
    """Show correlations in the observations where all variables are known."""
    covariance = line.options.flag("covariance", 1)
    line.options.finish()
    data = interp.data
    names = numeric(interp, line.arguments) if line.arguments else [
        name for name in data.variables if not data.columns[name].is_text
    ]  # fmt: skip
    if not names:
        raise too_few_variables()
    chosen = some(sample(interp, line, names))
    kind, weight = weights(interp, line.weight, chosen, "aweight fweight")
    square = _moments(interp, names, chosen, weight)
    shown = square if covariance else _correlations(square)
    total = weight[chosen].sum() if kind == "fweight" else chosen.sum()
    interp.out.row(f"(obs={total:,.0f})")
    interp.out.row()
    _table(interp, names, [
        [general(v, 8) if covariance else fixed(v, 8, 4).strip() for v in row[: n + 1]]
        for n, row in enumerate(shown)
    ])  # fmt: skip
    interp.out.row()
    interp.r.clear()
    interp.r.scalars["N"] = float(total)
    if len(names) > 1:
        key = "cov_12" if covariance else "rho"
        interp.r.scalars[key] = float(shown[1, 0])
    interp.r.matrices["C"] = Matrix(np.asarray(shown), tuple(names), tuple(names))


def _table(interp: Interpreter, names: list[str], rows: list[list[str]], ending: str = "") -> None:
    """Print the lower triangle, in parts if it is wider than a row."""
    per_part = max(1, (interp.out.linesize - 15) // 9)
    for start in range(0, len(names), per_part):
        part = names[start : start + per_part]
        heads = "".join(f"{abbreviation(name, 8):>9}" for name in part)
        if start:
            interp.out.row()
        interp.out.row(f"{'':>12} |{heads}")
        interp.out.row("-" * 13 + "+" + "-" * (9 * len(part)))
        for place, name in enumerate(names[start:], start):
            texts = "".join(f"{text:>9}" for text in rows[place][start : start + per_part])
            interp.out.row(f"{abbreviation(name, 12):>12} |{texts}{ending}")


@command("pwcorr", takes="if in weight")
def pwcorr(interp: Interpreter, line: CommandLine) -> None:
    """Show correlations of each pair in the observations where both are known."""
    show_p, show_n = line.options.flag("sig"), line.options.flag("obs", 1)
    star = line.options.number("star", 2)
    line.options.finish()
    names = numeric(interp, line.arguments) if line.arguments else [
        name for name in interp.data.variables if not interp.data.columns[name].is_text
    ]  # fmt: skip
    chosen = some(sample(interp, line))
    weight, out = np.ones(interp.data.observations), interp.out
    heads = "".join(f"{abbreviation(name, 8):>9}" for name in names)
    out.row()
    out.row(f"{'':>12} |{heads}")
    out.row("-" * 13 + "+" + "-" * (9 * len(names)))
    for place, name in enumerate(names):
        texts, ps, counts = "", "", ""
        for other in names[: place + 1]:
            rows = chosen & ~missing_in(interp.data.columns[name].values)
            rows &= ~missing_in(interp.data.columns[other].values)
            rho = float(_correlations(_moments(interp, [other, name], rows, weight))[1, 0])
            n = int(rows.sum())
            p = _significance(rho, n) if other != name else None
            mark = (
                "*" if star and p is not None and p < (star / 100 if star >= 1 else star) else " "
            )
            texts += f"{fixed(rho, 8, 4):>8}{mark}".rjust(9)
            ps += fixed(p, 8, 4) + " " if p is not None else " " * 9
            counts += f"{n:>8} "
        out.row(f"{abbreviation(name, 12):>12} | {texts}")
        for wanted, row in ((show_p, ps), (show_n, counts)):
            if wanted:
                out.row(f"{'':>12} | {row}")
        if show_p or show_n:
            out.row(f"{'':>12} |")
    out.row()


def _significance(rho: float, n: int) -> float:
    from scipy.special import stdtr

    if n < 3 or rho >= SYSTEM:
        return SYSTEM
    t = abs(rho) * ((n - 2) / max(1e-300, 1 - rho * rho)) ** 0.5
    return float(2 * stdtr(n - 2, -t))
