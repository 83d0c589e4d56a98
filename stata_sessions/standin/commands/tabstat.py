"""tabstat: a compact table of statistics."""

from __future__ import annotations

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.dataset import Dataset
from stata_sessions.standin.errors import invalid
from stata_sessions.standin.formats import format_value, general
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import shown_value
from stata_sessions.standin.moments import moments
from stata_sessions.standin.ordering import Groups
from stata_sessions.standin.results import Matrix
from stata_sessions.standin.samples import numeric, sample, some, weights
from stata_sessions.standin.statistics_by import known_statistic
from stata_sessions.standin.storage import Mask, Numbers, missing_in
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.varlists import abbreviation

_TITLES = {"mean": "Mean", "sd": "SD", "count": "N", "n": "N", "min": "Min", "max": "Max",
           "sum": "Sum", "median": "p50", "variance": "Variance", "semean": "SE(mean)",
           "cv": "CV", "range": "Range", "iqr": "IQR", "skewness": "Skewness",
           "kurtosis": "Kurtosis"}  # fmt: skip
_SHORT = {"v": "variance", "var": "variance", "q": "p25 p50 p75", "med": "median", "su": "sum",
          "me": "mean", "mi": "min", "ma": "max", "sem": "semean", "sk": "skewness",
          "k": "kurtosis", "r": "range", "co": "count", "N": "n"}  # fmt: skip


@command("tabstat", shortest=4, takes="if in weight")
def tabstat(interp: Interpreter, line: CommandLine) -> None:
    """Show statistics of variables."""
    options, data = line.options, interp.data
    wanted = options.value("statistics", 1) or options.value("stats", 4) or "mean"
    by, columns = options.value("by"), options.value("columns", 1) or ""
    fmt, total = options.value("format", 1), not options.flag("nototal", 3)
    fmt = "" if options.flag("format", 1) else fmt
    save, missing = options.flag("save"), options.flag("missing", 4)
    options.finish()
    names = numeric(interp, line.arguments)
    # One variable alone has its statistics side by side.
    sideways = _sideways(columns or ("statistics" if len(names) == 1 else "variables"))
    group = data.single(by) if by else ""
    chosen = some(sample(interp, line, [group] if group and not missing else []))
    weighting = weights(interp, line.weight, chosen, "aweight fweight")
    statistics = " ".join(_SHORT.get(word, word) for word in wanted.split()).split()
    blocks: list[tuple[str, Numbers]] = []
    if group:
        groups = Groups.of([data.columns[group].values], chosen)
        for number, row in enumerate(groups.first):
            interp.poll()
            found = _block(data, names, statistics, groups.number == number, weighting)
            blocks.append((shown_value(data, group, int(row)), found))
    if total or not group:
        blocks.append(("Total", _block(data, names, statistics, chosen, weighting)))
    titles = [_TITLES.get(word, word) for word in statistics]
    _show(interp, blocks, titles, names, group, sideways, fmt)
    interp.r.clear()
    if save:
        interp.r.matrices["StatTotal"] = Matrix(blocks[-1][1], tuple(titles), tuple(names))


def _block(
    data: Dataset, names: list[str], statistics: list[str], rows: Mask,
    weighting: tuple[str, Numbers],
) -> Numbers:  # fmt: skip
    """Return statistics (down) of variables (across)."""
    kind, weight = weighting
    found = np.empty((len(statistics), len(names)))
    for column, name in enumerate(names):
        values = data.numbers(name)
        known = rows & ~missing_in(values)
        summary = moments(values[known], weight[known], kind)
        found[:, column] = [known_statistic(word)(summary) for word in statistics]
    return found


def _sideways(columns: str) -> bool:
    """Tell whether statistics are the columns.

    Raises:
        StataError: r(198) for a word that is neither variables nor statistics.
    """
    if "variables".startswith(columns):
        return False
    if "statistics".startswith(columns):
        return True
    raise invalid(columns)


def _show(
    interp: Interpreter,
    blocks: list[tuple[str, Numbers]],
    titles: list[str],
    names: list[str],
    group: str,
    sideways: bool,
    fmt: str | None,
) -> None:
    out = interp.out
    heads, stubs = (titles, names) if sideways else (names, titles)
    out.row()
    if group:
        _say_group(interp, titles, names, group, sideways)
    room = _room(blocks, stubs, group, sideways)
    stub = group if group else ("Variable" if sideways else "Stats")
    texts = "".join(f"{abbreviation(head, 8):>10}" for head in heads)
    out.row(f"{abbreviation(stub, room):>{room}} |{texts}")
    joint = "-" * (room + 1) + "+" + "-" * (10 * len(heads))
    out.row(joint)
    for place, (text, values) in enumerate(blocks):
        table = values.T if sideways else values
        for turn, row in enumerate(table):
            left = (text if not turn else "") if group else stubs[turn]
            texts = "".join(
                f"{_text(interp, value, names[turn if sideways else n], fmt):>10}"
                for n, value in enumerate(row)
            )
            out.row(f"{left[:room]:>{room}} |{texts}")
        if group and place + 1 < len(blocks) and (len(table) > 1 or place + 2 == len(blocks)):
            out.row(joint)
    out.row("-" * len(joint))


def _say_group(
    interp: Interpreter, titles: list[str], names: list[str], group: str, sideways: bool
) -> None:
    label = interp.data.columns[group].label
    interp.out.row(
        f"Summary for variables: {' '.join(names)}"
        if sideways
        else f"Summary statistics: {', '.join(titles)}"
    )
    interp.out.row(f"Group variable: {group}" + (f" ({label})" if label else ""))
    interp.out.row()


def _room(blocks: list[tuple[str, Numbers]], stubs: list[str], group: str, sideways: bool) -> int:
    texts = [text for text, _ in blocks] if group else stubs
    least = 12 if sideways and not group else 8
    return min(16, max([least, len(group) if len(group) <= 16 else 0, *(len(t) for t in texts)]))


def _text(interp: Interpreter, value: float, name: str, fmt: str | None) -> str:
    if fmt is None or value >= 2.0**1023:
        return general(value)
    return format_value(value, fmt or interp.data.columns[name].format).strip()
