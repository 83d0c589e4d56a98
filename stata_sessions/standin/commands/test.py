"""test, testparm and lincom: hypotheses about the last model's coefficients."""

from __future__ import annotations

import re

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, invalid_syntax
from stata_sessions.standin.estimation.constraints import Linear, combination
from stata_sessions.standin.estimation.model import Model, quadratic
from stata_sessions.standin.formats import fixed, general
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.quoting import split_words
from stata_sessions.standin.storage import Numbers
from stata_sessions.standin.syntax import CommandLine


def _model(interp: Interpreter) -> Model:
    if not isinstance(interp.e.details, Model):
        raise StataError(301, "last estimates not found")
    return interp.e.details


@command("test", shortest=3)
def test(interp: Interpreter, line: CommandLine) -> None:
    """Test linear hypotheses."""
    line.options.finish()
    model = _model(interp)
    found: list[Linear] = []
    for text in _hypotheses(line.raw.split(",")[0].strip()):
        sides = re.split(r"==?", text)
        first = combination(model, sides[0])
        rest = [combination(model, side) for side in sides[1:]]
        found += [first.minus(other) for other in rest] if rest else [first]
    if not found:
        raise invalid_syntax()
    _report(interp, model, found)


def _hypotheses(text: str) -> list[str]:
    """Return each hypothesis: those in parentheses, one equation, or a list of names."""
    if text.startswith("(") and re.search(r"\)\s*(\(|$)", text):
        return re.findall(r"\(((?:[^()]|\([^()]*\))*)\)", text)
    if "=" in text:
        return [text]
    return list(split_words(text))


@command("testparm", takes="")
def testparm(interp: Interpreter, line: CommandLine) -> None:
    """Test that the coefficients of variables are all zero."""
    line.options.finish()
    model, found = _model(interp), []
    wanted = [
        {re.sub(r"^\w*\.", "", part) for part in word.split("#")}
        for word in split_words(line.arguments)
    ]
    for place, column in enumerate(model.design.columns):
        if not column.reason and {name for name, _ in column.parts} in wanted:
            weights = np.zeros(len(model.names))
            weights[place] = 1.0
            found.append(Linear(weights, 0.0))
    if not found:
        raise StataError(
            111,
            "no such variables;",
            "the specified varlist does not identify any testable coefficients",
        )
    _report(interp, model, found)


def _report(interp: Interpreter, model: Model, found: list[Linear]) -> None:
    from scipy.special import chdtrc, fdtrc

    out = interp.out
    out.row()
    for number, linear in enumerate(found, 1):
        out.row(f"{f'({number:>2})':>5}  {linear.text(model)}")
    weights = np.array([linear.weights for linear in found])
    gap = weights @ model.b + np.array([linear.constant for linear in found])
    spread = weights @ model.V @ weights.T
    chi2, df = quadratic(gap, spread)
    dropped = _dependent(spread)
    for number in dropped:
        out.row(f"{'':7}Constraint {number} dropped")
    out.row()
    interp.r.clear()
    if model.df is None:
        p = float(chdtrc(df, chi2)) if df else SYSTEM
        out.row(f"{f'chi2({df:>3})':>20} ={fixed(chi2 if df else SYSTEM, 8, 2)}")
        out.row(f"{'Prob > chi2':>20} ={fixed(p, 10, 4)}")
        interp.r.scalars |= {"p": p, "chi2": chi2, "df": float(df)}
        return
    value = chi2 / df if df else SYSTEM
    p = float(fdtrc(df, model.df, value)) if df else SYSTEM
    label = f"F({df:>3},{model.df:>6.0f})"
    out.row(f"{label:>20} ={fixed(value, 8, 2)}")
    out.row(f"{'Prob > F':>20} ={fixed(p, 10, 4)}")
    interp.r.scalars |= {
        "drop": float(bool(dropped)),
        "df_r": model.df,
        "F": value,
        "df": float(df),
        "p": p,
    }


def _dependent(spread: Numbers) -> list[int]:
    """Return which constraints, counted from 1, say nothing that those before do not."""
    sizes = range(1, len(spread) + 1)
    ranks = [0, *(quadratic(np.zeros(n), spread[:n, :n])[1] for n in sizes)]
    return [n for n in sizes if ranks[n] == ranks[n - 1]]


@command("lincom", shortest=3, takes="")
def lincom(interp: Interpreter, line: CommandLine) -> None:
    """Estimate a linear combination of coefficients."""
    from scipy.special import ndtr, ndtri, stdtr, stdtrit

    level = line.options.number("level", 1) or interp.settings.level
    line.options.finish()
    model, out = _model(interp), interp.out
    linear = combination(model, line.arguments)
    value = float(linear.weights @ model.b + linear.constant)
    se = max(0.0, float(linear.weights @ model.V @ linear.weights)) ** 0.5
    if not se:
        raise invalid_syntax()
    ratio, tail = value / se, 0.5 + level / 200
    if model.df is None:
        p, critical, letter = 2 * ndtr(-abs(ratio)), ndtri(tail), "z"
    else:
        p, critical = 2 * stdtr(model.df, -abs(ratio)), stdtrit(model.df, tail)
        letter = "t"
    out.row()
    out.row(f" ( 1)  {linear.text(model)}")
    out.row()
    out.row("-" * 78)
    out.row(f"{model.depvar[:12]:>12} | Coefficient  Std. err.      {letter}    P>|{letter}|     "
            f"[{level:g}% conf. interval]")  # fmt: skip
    out.row("-" * 13 + "+" + "-" * 64)
    low, high = value - critical * se, value + critical * se
    out.row(f"{'(1)':>12} |{general(value):>11}{general(se):>11}{fixed(ratio, 9, 2)}"
            f"{fixed(p, 8, 3)}{general(low):>13}{general(high):>12}")  # fmt: skip
    out.row("-" * 78)
    interp.r.clear()
    interp.r.scalars |= {"estimate": value, "se": se, "p": float(p), "lb": low, "ub": high,
                         "level": level, letter: ratio}  # fmt: skip
