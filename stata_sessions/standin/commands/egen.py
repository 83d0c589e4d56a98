"""egen: variables from statistics of groups and rows."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.commands.generate import add_new
from stata_sessions.standin.dataset import Dataset, strings
from stata_sessions.standin.errors import StataError, already_defined, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import shown_value
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.moments import moments, percentile
from stata_sessions.standin.ordering import Groups, by_groups
from stata_sessions.standin.samples import numeric, sample
from stata_sessions.standin.statistics_by import by_group, split_groups, statistic
from stata_sessions.standin.storage import Mask, Numbers, Values, check_type, is_text, missing_in
from stata_sessions.standin.syntax import CommandLine, Options
from stata_sessions.standin.varlists import check_name
from stata_sessions.standin.vectors import column

_CALL = re.compile(
    r"(?:(?P<type>byte|int|long|float|double|str\d+|strL)\s+)?(?P<name>\w+)\s*="
    r"\s*(?P<function>\w+)\s*\((?P<argument>.*)\)\s*$",
    re.DOTALL,
)


@command("egen", takes="if in")
def egen(interp: Interpreter, line: CommandLine) -> None:
    """Create a variable from statistics."""
    found = _CALL.match(line.arguments)
    if found is None:
        raise invalid_syntax()
    data, name = interp.data, check_name(found["name"])
    if name in data.columns:
        raise already_defined(name)
    by = line.options.value("by")
    function, argument = found["function"], found["argument"].strip()
    if by:
        groups = Groups.of([data.columns[each].values for each in data.expand(by)])
    elif line.by is not None:
        groups = by_groups(data, line.by)
    else:
        groups = Groups.of([np.zeros(data.observations)])
    chosen = sample(interp, line)
    kind = found["type"] or ""
    values, label = _values(interp, function, argument, groups, chosen, line.options)
    line.options.finish()
    kind = check_type(kind) if kind else ("" if is_text(values) else _type(function, values))
    add_new(interp, name, values, chosen, kind)
    data.columns[name].label = label


def _type(function: str, values: Values) -> str:
    numbers = np.asarray(values, dtype=np.float64)
    if function == "tag":
        return "byte"
    known = numbers[numbers < SYSTEM]
    return "double" if known.size and function == "total" and (known > 16777216).any() else "float"


def _values(
    interp: Interpreter,
    function: str,
    argument: str,
    groups: Groups,
    chosen: Mask,
    options: Options,
) -> tuple[Values, str]:
    if function in _ROWS:
        names = numeric(interp, argument)
        return _by_row(interp.data, names, function), ""
    if function in _LISTS:
        return _LISTS[function](interp, argument, chosen, options), _label_of(function, argument)
    number = np.where(chosen, groups.number, -1)
    if function in _WITHIN:
        values = np.asarray(column(interp, argument), dtype=np.float64)
        return _WITHIN[function](values, number, groups.count, options), ""
    return _statistic(interp, function, argument, number, groups.count, options), ""


def _label_of(function: str, argument: str) -> str:
    return f"{function}({' '.join(argument.replace(',', ' ').split())})" if function in (
        "group", "tag"
    ) else ""  # fmt: skip


def _statistic(
    interp: Interpreter,
    function: str,
    argument: str,
    number: np.ndarray[tuple[int], np.dtype[np.intp]],
    count: int,
    options: Options,
) -> Numbers:
    compute = statistic({"pc": "pctile"}.get(function, function))
    if function == "pctile":
        p = options.number("p") or 50.0
        compute = lambda m: percentile(m, p)  # noqa: E731
    if compute is None or function in ("n", "rawsum", "range", "variance", "semean", "cv"):
        raise StataError(133, f"unknown egen function {function}()")
    values = column(interp, argument)
    if is_text(values):
        if function != "count":
            raise StataError(109, "type mismatch")
        values = np.where(missing_in(values), SYSTEM, 1.0)
    found = by_group(np.asarray(values, dtype=np.float64), number, count, compute)
    return np.where(number >= 0, found[np.maximum(number, 0)], SYSTEM) if count else found


def _rank(
    values: Numbers, number: np.ndarray[tuple[int], np.dtype[np.intp]], count: int, options: Options
) -> Numbers:
    from scipy.stats import rankdata

    way = next((w for w in ("field", "track", "unique") if options.flag(w, 1)), "")
    method = {"": "average", "field": "min", "track": "min", "unique": "ordinal"}[way]
    result = np.full(len(values), SYSTEM)
    for rows in split_groups(np.where(values < SYSTEM, number, -1), count):
        sign = -1.0 if way == "field" else 1.0
        result[rows] = rankdata(sign * values[rows], method=method)
    return result


def _standardised(
    values: Numbers, number: np.ndarray[tuple[int], np.dtype[np.intp]], count: int, options: Options
) -> Numbers:
    result = np.full(len(values), SYSTEM)
    for rows in split_groups(np.where(values < SYSTEM, number, -1), count):
        found = moments(values[rows], np.ones(len(rows)))
        if 0 < found.sd < SYSTEM:
            result[rows] = (values[rows] - found.mean) / found.sd
    return result


_WITHIN = {"rank": _rank, "std": _standardised}


def _group(interp: Interpreter, argument: str, chosen: Mask, options: Options) -> Values:
    data, names = interp.data, interp.data.expand(argument)
    rows = chosen.copy()
    if not options.flag("missing", 1):
        for name in names:
            rows &= ~missing_in(data.columns[name].values)
    groups = Groups.of([data.columns[name].values for name in names], rows)
    if options.flag("label", 1):
        texts = (
            " ".join(shown_value(data, name, int(row)) for name in names) for row in groups.first
        )
        data.value_labels["group"] = {n + 1.0: text for n, text in enumerate(texts)}
    return np.where(groups.number >= 0, groups.number + 1.0, SYSTEM)


def _tag(interp: Interpreter, argument: str, chosen: Mask, options: Options) -> Values:
    data, names = interp.data, interp.data.expand(argument)
    rows = chosen.copy()
    if not options.flag("missing", 1):
        for name in names:
            rows &= ~missing_in(data.columns[name].values)
    tags = np.zeros(data.observations)
    tags[Groups.of([data.columns[name].values for name in names], rows).first] = 1.0
    return tags


def _concat(interp: Interpreter, argument: str, chosen: Mask, options: Options) -> Values:
    punctuation = (options.value("punct", 1) or "").strip('"')
    decode = options.flag("decode", 1)
    data, names = interp.data, interp.data.expand(argument)
    return strings(
        [
            punctuation.join(shown_value(data, name, row, labelled=decode) for name in names)
            for row in range(data.observations)
        ]
    )


_LISTS: dict[str, Callable[[Interpreter, str, Mask, Options], Values]] = {
    "group": _group,
    "tag": _tag,
    "concat": _concat,
}


def _by_row(data: Dataset, names: list[str], function: str) -> Numbers:
    table = np.column_stack([data.numbers(name) for name in names])
    known = table < SYSTEM
    count = known.sum(axis=1)
    with np.errstate(all="ignore"):
        result = _ROWS[function](np.where(known, table, np.nan), known, count)
    return np.where(np.isfinite(result), result, SYSTEM)


def _row_sd(table: Numbers, known: Mask, count: Numbers) -> Numbers:
    mean = np.nansum(table, axis=1) / count
    return np.asarray(np.sqrt(np.nansum((table - mean[:, None]) ** 2, axis=1) / (count - 1)))


_Row = Callable[[Numbers, Mask, Numbers], Numbers]
_ROWS: dict[str, _Row] = {
    "rowmean": lambda t, known, n: np.nansum(t, axis=1) / n,
    "rowtotal": lambda t, known, n: np.nansum(t, axis=1),
    "rowmin": lambda t, known, n: np.where(known, t, np.inf).min(axis=1),
    "rowmax": lambda t, known, n: np.where(known, t, -np.inf).max(axis=1),
    "rowmiss": lambda t, known, n: (~known).sum(axis=1).astype(np.float64),
    "rownonmiss": lambda t, known, n: known.sum(axis=1).astype(np.float64),
    "rowsd": _row_sd,
    "rowfirst": lambda t, known, n: t[np.arange(len(t)), known.argmax(axis=1)],
}
