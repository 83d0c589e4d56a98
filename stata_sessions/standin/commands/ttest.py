"""ttest: means against a value, a second variable or a second group."""

from __future__ import annotations

import re

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, invalid_syntax
from stata_sessions.standin.formats import general
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import shown_value
from stata_sessions.standin.moments import Moments, moments
from stata_sessions.standin.ordering import Groups
from stata_sessions.standin.samples import one_numeric, sample
from stata_sessions.standin.storage import Numbers
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.varlists import abbreviation

_AGAINST = re.compile(r"(\w+)\s*==\s*(.+)$")
_RULE, _JOINT = "-" * 78, "-" * 9 + "+" + "-" * 68


@command("ttest", takes="if in")
def ttest(interp: Interpreter, line: CommandLine) -> None:
    """Test the equality of means."""
    options = line.options
    by, level = options.value("by"), options.number("level", 1) or interp.settings.level
    unequal, welch = options.flag("unequal", 4), options.flag("welch", 1)
    unpaired = options.flag("unpaired", 3)
    options.finish()
    if by:
        _by(interp, line, by, level, unequal=unequal or welch, welch=welch)
        return
    found = _AGAINST.match(line.arguments)
    if found is None:
        raise StataError(100, "by() option required")
    name = one_numeric(interp, found[1])
    second = found[2].strip()
    other = interp.data.find(second) if re.fullmatch(r"[^\W\d]\w*", second) else None
    other = one_numeric(interp, other) if other else None
    if other is None:
        _one(interp, line, name, found[2], level)
    elif unpaired:
        both = [_values(interp, line, each) for each in (name, other)]
        _two(interp, both, [name, other], "Variable", level, unequal=unequal or welch, welch=welch)
    else:
        _paired(interp, line, name, other, level)


def _values(interp: Interpreter, line: CommandLine, *names: str) -> Numbers:
    rows = sample(interp, line, names)
    return interp.data.numbers(names[0])[rows]


def _summary(values: Numbers) -> Moments:
    return moments(values, np.ones(len(values)))


def _row(name: str, m: Moments, level: float) -> str:
    from scipy.special import stdtrit

    se = m.sd / m.count**0.5
    gap = stdtrit(m.count - 1, 0.5 + level / 200) * se
    texts = "".join(
        f"{general(value):>{w}}"
        for value, w in ((m.mean, 12), (se, 12), (m.sd, 12), (m.mean - gap, 12), (m.mean + gap, 12))
    )
    return f"{abbreviation(name, 8):>8} |{m.count:>8,}{texts}"


def _head(interp: Interpreter, title: str, stub: str, level: float) -> None:
    out = interp.out
    out.row()
    out.row(title)
    out.row(_RULE)
    out.row(
        f"{stub:>8} |     Obs        Mean    Std. err.   Std. dev.   [{level:g}% conf. interval]"
    )
    out.row(_JOINT)


def _ending(interp: Interpreter, what: str, value: str, t: float, df: float, label: str) -> None:
    from scipy.special import stdtr

    out = interp.out
    below, above = float(stdtr(df, t)), float(stdtr(df, -t))
    both = 2 * min(below, above)
    out.row(f"{what:<66}t ={t:>9.4f}")
    null = f"H0: {value}"
    shown_df = f"{df:.0f}" if df == int(df) else general(df, 9)
    out.row(f"{null:<33}{label:>34} ={shown_df:>9}".rstrip())
    out.row()
    sides = value.rsplit(" = ", 1)
    heads = [f"Ha: {sides[0]} {sign} {sides[1]}" for sign in ("<", "!=", ">")]
    texts = [f"Pr(T < t) = {below:.4f}", f"Pr(|T| > |t|) = {both:.4f}", f"Pr(T > t) = {above:.4f}"]
    out.row(_thirds(heads))
    out.row(_thirds(texts))
    scalars = interp.r.scalars
    samples = {name: scalars.pop(name) for name in list(scalars) if name[:2] in ("mu", "N_")}
    scalars |= {"p_u": above, "p_l": below, "p": both, "t": t, "df_t": df}
    scalars |= dict(sorted(samples.items(), key=lambda each: (-int(each[0][-1]), each[0] < "a")))


def _thirds(texts: list[str]) -> str:
    """Return a row of three texts, each around its own column."""
    row = ""
    for text, centre in zip(texts, (10.5, 39.5, 69.5), strict=True):
        row = row.ljust(int(centre - len(text) / 2)) + text
    return row


def _keep(interp: Interpreter, level: float, *samples: Moments) -> None:
    interp.r.clear()
    scalars = interp.r.scalars
    scalars["level"] = level
    for number, m in reversed(list(enumerate(samples, 1))):
        scalars |= {f"sd_{number}": m.sd, f"mu_{number}": m.mean, f"N_{number}": float(m.count)}


def _one(interp: Interpreter, line: CommandLine, name: str, text: str, level: float) -> None:
    value = interp.evaluate(text)
    if isinstance(value, str):
        raise invalid_syntax()
    m = _summary(_values(interp, line, name))
    _check(m)
    _keep(interp, level, m)
    _head(interp, "One-sample t test", "Variable", level)
    interp.out.row(_row(name, m, level))
    interp.out.row(_RULE)
    t = (m.mean - value) / (m.sd / m.count**0.5)
    _ending(interp, f"    mean = mean({name})", f"mean = {general(value)}", t, m.count - 1.0,
            "Degrees of freedom")  # fmt: skip


def _paired(interp: Interpreter, line: CommandLine, one: str, two: str, level: float) -> None:
    rows = sample(interp, line, (one, two))
    first, second = (interp.data.numbers(name)[rows] for name in (one, two))
    samples = [_summary(values) for values in (first, second, first - second)]
    _check(samples[2])
    _keep(interp, level, *samples[:2])
    _head(interp, "Paired t test", "Variable", level)
    for name, m in zip((one, two), samples, strict=False):
        interp.out.row(_row(name, m, level))
    interp.out.row(_JOINT)
    interp.out.row(_row("diff", samples[2], level))
    interp.out.row(_RULE)
    m = samples[2]
    t = m.mean / (m.sd / m.count**0.5)
    _ending(interp, f"     mean(diff) = mean({one} - {two})", "mean(diff) = 0", t, m.count - 1.0,
            "Degrees of freedom")  # fmt: skip


def _check(m: Moments) -> None:
    if m.count < 2:
        raise StataError(2001, "insufficient observations")


def _by(
    interp: Interpreter, line: CommandLine, by: str, level: float, *, unequal: bool, welch: bool
) -> None:
    data = interp.data
    name, group = one_numeric(interp, line.arguments), data.single(by)
    rows = sample(interp, line, (name, group))
    groups = Groups.of([data.columns[group].values], rows)
    if groups.count != 2:
        raise StataError(
            420, f"{'more than 2' if groups.count > 2 else groups.count} groups found, 2 required"
        )
    values = data.numbers(name)
    both = [values[groups.number == number] for number in (0, 1)]
    names = [shown_value(data, group, int(row)) for row in groups.first]
    _two(interp, both, names, "Group", level, unequal=unequal, welch=welch)


def _two(
    interp: Interpreter,
    both: list[Numbers],
    names: list[str],
    stub: str,
    level: float,
    *,
    unequal: bool,
    welch: bool,
) -> None:
    one, two = (_summary(values) for values in both)
    _check(one)
    _check(two)
    _keep(interp, level, one, two)
    kind = "unequal" if unequal else "equal"
    _head(interp, f"Two-sample t test with {kind} variances", stub, level)
    names = [abbreviation(name, 8) for name in names]
    for name, m in zip(names, (one, two), strict=True):
        interp.out.row(_row(name, m, level))
    interp.out.row(_JOINT)
    together = _summary(np.concatenate(both))
    interp.out.row(_row("Combined", together, level))
    interp.r.scalars = {"level": level, "sd": together.sd} | interp.r.scalars
    interp.out.row(_JOINT)
    se, df = _spread(one, two, unequal=unequal, welch=welch)
    diff = one.mean - two.mean
    interp.out.row(_difference(diff, se, df, level))
    interp.out.row(_RULE)
    label = "Degrees of freedom"
    if unequal:
        label = ("Welch's" if welch else "Satterthwaite's") + " degrees of freedom"
    interp.r.scalars["se"] = se
    _ending(
        interp, f"    diff = mean({names[0]}) - mean({names[1]})", "diff = 0", diff / se, df, label
    )


def _difference(diff: float, se: float, df: float, level: float) -> str:
    from scipy.special import stdtrit

    gap = float(stdtrit(df, 0.5 + level / 200)) * se
    low, high = general(diff - gap), general(diff + gap)
    return f"{'diff':>8} |{general(diff):>20}{general(se):>12}{low:>24}{high:>12}"


def _spread(one: Moments, two: Moments, *, unequal: bool, welch: bool) -> tuple[float, float]:
    """Return the standard error of a difference of means and its degrees of freedom."""
    n, m = one.count, two.count
    if not unequal:
        pooled = ((n - 1) * one.variance + (m - 1) * two.variance) / (n + m - 2)
        return (pooled * (1 / n + 1 / m)) ** 0.5, n + m - 2.0
    a, b = one.variance / n, two.variance / m
    extra = 1 if welch else -1
    df = (a + b) ** 2 / (a * a / (n + extra) + b * b / (m + extra))
    return (a + b) ** 0.5, df - 2 if welch else df
