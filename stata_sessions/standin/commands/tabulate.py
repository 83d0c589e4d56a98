"""tabulate: frequencies."""

from __future__ import annotations

import numpy as np

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import (
    too_few_variables,
    too_many_variables,
)
from stata_sessions.standin.formats import parse_format
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import shown_value, title_of
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.ordering import Groups
from stata_sessions.standin.results import Matrix
from stata_sessions.standin.samples import sample, weights
from stata_sessions.standin.storage import Mask, Numbers
from stata_sessions.standin.syntax import CommandLine, Options
from stata_sessions.standin.tables.oneway import OneWay
from stata_sessions.standin.tables.twoway import TwoWay


@command("tabulate", shortest=2, takes="if in weight")
def tabulate(interp: Interpreter, line: CommandLine) -> None:
    """Tabulate one or two variables."""
    names = interp.data.expand(line.arguments)
    if not names:
        raise too_few_variables()
    if len(names) > 2:
        raise too_many_variables()
    if len(names) == 1:
        _one_way(interp, line, names[0])
    else:
        _two_way(interp, line, names)


def _sampled(
    interp: Interpreter, line: CommandLine, names: list[str], *, missing: bool
) -> tuple[Mask, Numbers]:
    chosen = sample(interp, line, () if missing else names)
    _, weight = weights(interp, line.weight, chosen, "fweight aweight iweight")
    return chosen, weight


def _one_way(interp: Interpreter, line: CommandLine, name: str) -> None:
    options, data = line.options, interp.data
    missing, labelled = options.flag("missing", 1), not options.flag("nolabel", 3)
    by_count, stem = options.flag("sort"), options.value("generate", 1)
    summary, quiet = options.value("summarize", 3), options.flag("nofreq", 4)
    options.finish()
    chosen, weight = _sampled(interp, line, [name], missing=missing)
    if summary:
        from stata_sessions.standin.tables.means import show_means

        show_means(interp, name, data.single(summary), chosen, weight)
        return
    groups = Groups.of([data.columns[name].values], chosen)
    counts = np.bincount(groups.number[chosen], weight[chosen], groups.count or 1)
    texts = [shown_value(data, name, int(row), labelled=labelled) for row in groups.first]
    levels = list(zip(texts, counts.tolist(), strict=False))
    interp.r.clear()
    interp.r.scalars |= {"N": float(weight[chosen].sum()), "r": float(groups.count)}
    if not groups.count:
        interp.out.row("no observations")
        return
    if by_count:
        levels.sort(key=lambda level: -level[1])
    if not quiet:
        OneWay(title_of(data, name), levels, _width(interp, name)).show(interp.out)
    if stem:
        _indicators(interp, name, stem, groups, texts)


def _width(interp: Interpreter, name: str) -> int:
    """Return the width of a variable's format where it shows strings or labels."""
    variable = interp.data.columns[name]
    texts = variable.is_text or interp.data.texts(name)
    return parse_format(variable.format).width if texts else 0


def _indicators(
    interp: Interpreter, name: str, stem: str, groups: Groups, texts: list[str]
) -> None:
    for place, text in enumerate(texts):
        values = np.where(groups.number < 0, SYSTEM, (groups.number == place).astype(np.float64))
        label = f"{name}=={text}"
        interp.data.add(f"{stem}{place + 1}", values, "byte", label=label)


_CONTENTS = (("expected", 2), ("row", 1), ("column", 3), ("cell", 2))
_TESTS = (("chi2", 2), ("lrchi2", 2), ("V", 1))


def _contents(options: Options) -> list[str]:
    wanted = [word for word, shortest in _CONTENTS if options.flag(word, shortest)]
    return wanted if options.flag("nofreq", 4) else ["freq", *wanted]


def _two_way(interp: Interpreter, line: CommandLine, names: list[str]) -> None:
    options, data = line.options, interp.data
    missing, labelled = options.flag("missing", 1), not options.flag("nolabel", 3)
    contents = _contents(options)
    tests = [word for word, shortest in _TESTS if options.flag(word, shortest)]
    store = options.value("matcell")
    show_key = not options.flag("nokey")
    options.finish()
    chosen, weight = _sampled(interp, line, names, missing=missing)
    if not chosen.any():
        interp.out.row("no observations")
        return
    first, second = (Groups.of([data.columns[name].values], chosen) for name in names)
    counts = np.zeros((first.count, second.count))
    np.add.at(counts, (first.number[chosen], second.number[chosen]), weight[chosen])
    texts = [
        [shown_value(data, name, int(row), labelled=labelled) for row in groups.first]
        for name, groups in zip(names, (first, second), strict=True)
    ]
    titles = title_of(data, names[0]), title_of(data, names[1])
    table = TwoWay(titles, texts[0], texts[1], counts, contents, _width(interp, names[0]))
    interp.r.clear()
    interp.r.scalars |= {
        "N": table.total, "r": float(first.count), "c": float(second.count)
    }  # fmt: skip
    if contents:
        table.show(interp.out, key=show_key)
    _tests(interp, table, tests)
    if store:
        rows, columns = (tuple(f"{k}{n + 1}" for n in range(g.count)) for k, g in
                         (("r", first), ("c", second)))  # fmt: skip
        interp.matrices[store] = Matrix(counts, rows, columns)


def _tests(interp: Interpreter, table: TwoWay, tests: list[str]) -> None:
    if not tests:
        return
    if min(table.counts.shape) < 2:
        return
    for row, results in table.statistics(tests):
        interp.out.row(row)
        interp.r.scalars |= results
