"""isid and duplicates: observations that must be unlike each other."""

from __future__ import annotations

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, already_defined, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import counted
from stata_sessions.standin.ordering import Groups
from stata_sessions.standin.samples import sample
from stata_sessions.standin.storage import missing_in
from stata_sessions.standin.syntax import CommandLine


@command("isid", takes="")
def isid(interp: Interpreter, line: CommandLine) -> None:
    """Fail unless variables identify the observations."""
    allowed = line.options.flag("missok", 1)
    line.options.finish()
    names = interp.data.expand(line.arguments)
    if not names:
        raise StataError(100, "varlist required")
    columns = [interp.data.columns[name].values for name in names]
    if not allowed and any(missing_in(column).any() for column in columns):
        verb = "should never be missing"
        raise StataError(459, f"variable{'s' * (len(names) > 1)} {' '.join(names)} {verb}")
    if Groups.of(columns).count < interp.data.observations:
        does = "do" if len(names) > 1 else "does"
        raise StataError(
            459,
            f"variable{'s' * (len(names) > 1)} {' '.join(names)} {does} not uniquely identify the "
            "observations",
        )


@command("duplicates", shortest=3, takes="if in")
def duplicates(interp: Interpreter, line: CommandLine) -> None:
    """Report, tag or drop observations that occur more than once."""
    word, *rest = line.words or ("",)
    data = interp.data
    names = data.expand(" ".join(rest))
    force = line.options.flag("force")
    new = line.options.value("generate", 3)
    line.options.finish()
    if word == "drop" and names and not force:
        raise StataError(198, "option force required")
    chosen = sample(interp, line)
    keys = [data.columns[name].values for name in names or data.variables]
    groups = Groups.of(keys, chosen)
    counts = np.bincount(groups.number[chosen], minlength=max(1, groups.count))
    interp.out.row()
    interp.out.paragraph(f"Duplicates in terms of {' '.join(names) or 'all variables'}")
    if word == "report":
        _report(interp, counts)
    elif word == "drop":
        extra = chosen.copy()
        extra[groups.first] = False
        interp.out.row()
        if extra.any():
            data.take(~extra)
        interp.out.row(f"({counted(int(np.count_nonzero(extra)), 'observation')} deleted)")
    elif word == "tag" and new:
        if new in data.columns:
            raise already_defined(new)
        copies = np.where(chosen, counts[np.maximum(groups.number, 0)] - 1.0, 2.0**1023)
        data.add(new, copies)
    else:
        raise invalid_syntax()


def _report(interp: Interpreter, counts: np.ndarray[tuple[int], np.dtype[np.intp]]) -> None:
    out = interp.out
    out.row()
    out.row("-" * 38)
    out.row("   Copies | Observations       Surplus")
    out.row("-" * 10 + "+" + "-" * 27)
    for copies in np.unique(counts[counts > 0]):
        groups = int(np.count_nonzero(counts == copies))
        total = groups * int(copies)
        out.row(f"{int(copies):>9} |{total:>13}{total - groups:>14}")
    out.row("-" * 38)
    interp.r.clear()
    interp.r.scalars["unique_value"] = float(np.count_nonzero(counts))
    interp.r.scalars["N"] = float(counts.sum())
