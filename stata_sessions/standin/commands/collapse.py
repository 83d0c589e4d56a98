"""collapse: data made of statistics of groups."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.dataset import Dataset, Variable
from stata_sessions.standin.errors import StataError, already_defined, invalid_syntax, type_mismatch
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.ordering import Groups
from stata_sessions.standin.samples import sample, some, weights
from stata_sessions.standin.statistics_by import by_group, known_statistic, split_groups
from stata_sessions.standin.storage import Numbers, Values, missing_in, settled
from stata_sessions.standin.syntax import CommandLine

_TOKEN = re.compile(
    r"\(\s*(?P<statistic>\w+)\s*\)|(?P<target>\w+)\s*=\s*(?P<source>\w+)|(?P<names>\S+)"
)
_KEPT = frozenset({"first", "last", "firstnm", "lastnm", "max", "min", "median", "iqr"})


@command("collapse", takes="if in weight")
def collapse(interp: Interpreter, line: CommandLine) -> None:
    """Replace the data by statistics, one observation for each group."""
    by = line.options.value("by")
    casewise = line.options.flag("cw")
    line.options.flag("fast")
    line.options.finish()
    data = interp.data
    wanted = list(_wanted(data, line.arguments))
    if not wanted:
        raise invalid_syntax()
    names = data.expand(by) if by else []
    sources = [source for _, _, source in wanted]
    chosen = some(sample(interp, line, sources if casewise else ()))
    kind, weight = weights(interp, line.weight, chosen, "aweight fweight iweight pweight")
    keys = [data.columns[name].values for name in names] or [np.zeros(data.observations)]
    groups = Groups.of(keys, chosen)
    new = Dataset(observations=groups.count, label=data.label, value_labels=data.value_labels)
    for name in names:
        old = data.columns[name]
        new.columns[name] = replace(old, values=old.values[groups.first])
    for target, statistic, source in wanted:
        if target in new.columns:
            raise already_defined(target)
        new.columns[target] = _column(data, groups, statistic, source, weight, kind)
    new.notes, new.sorted_by, new.changed = dict(data.notes), names, True
    interp.data = new


def _wanted(data: Dataset, text: str) -> list[tuple[str, str, str]]:
    """Return (new name, statistic, variable) for each that is asked for."""
    statistic, found = "mean", []
    for token in _TOKEN.finditer(text):
        if token["statistic"]:
            statistic = token["statistic"]
            if statistic not in _KEPT:
                known_statistic(statistic)
        elif token["target"]:
            found.append((token["target"], statistic, data.single(token["source"])))
        else:
            found += [(name, statistic, name) for name in data.expand(token["names"])]
    return found


def _column(
    data: Dataset, groups: Groups, statistic: str, source: str, weight: Numbers, kind: str
) -> Variable:
    old = data.columns[source]
    label = f"({statistic}) {source}"
    if statistic in ("first", "last", "firstnm", "lastnm"):
        values = _edge(old.values, groups, statistic)
        return replace(old, values=values, label=label)
    if old.is_text:
        if statistic != "count":
            raise type_mismatch()
        numbers = np.where(missing_in(old.values), 2.0**1023, 1.0)
    else:
        numbers = data.numbers(source)
    found = by_group(numbers, groups.number, groups.count, known_statistic(statistic), weight, kind)
    storage = _storage(statistic, old.type)
    fmt = "%8.0g" if old.is_text else old.format
    value_label = "" if statistic in ("count", "sum", "mean", "sd") else old.value_label
    return Variable(storage, settled(found, storage), fmt, label, value_label)


def _storage(statistic: str, kind: str) -> str:
    if statistic == "count":
        return "long"
    if statistic in ("sum", "rawsum", "total"):
        return "double"
    if statistic in ("max", "min"):
        return kind
    return "double" if kind in ("double", "long") else "float"


def _edge(values: Values, groups: Groups, statistic: str) -> Values:
    number = groups.number
    if statistic.endswith("nm"):
        number = np.where(missing_in(values), -1, number)
    place = -1 if statistic.startswith("last") else 0
    picked = [int(rows[place]) if len(rows) else -1 for rows in split_groups(number, groups.count)]
    if min(picked, default=0) < 0:
        raise StataError(2000, "no observations")
    edges: Values = values[picked]
    return edges
