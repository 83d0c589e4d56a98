"""estimates: models stored, taken back and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from weakref import WeakKeyDictionary

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, invalid_syntax
from stata_sessions.standin.estimation.model import Model
from stata_sessions.standin.estimation.table import block_heading, inference, level_label
from stata_sessions.standin.estimation.terms import Column
from stata_sessions.standin.formats import format_value, parse_format
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.numlists import numlist
from stata_sessions.standin.results import Results
from stata_sessions.standin.syntax import CommandLine, Options

_stores: WeakKeyDictionary[Interpreter, dict[str, Results]] = WeakKeyDictionary()
_DEFAULT_FORMAT = "%10.0g"


def stored(interp: Interpreter) -> dict[str, Results]:
    """Return the stored models by name."""
    return _stores.setdefault(interp, {})


@command("estimates", shortest=3)
def estimates(interp: Interpreter, line: CommandLine) -> None:
    """Store, take back, list or compare models."""
    word, part = line.split()
    part.allow("")
    for name, shortest, function in _PIECES:
        if len(word) >= shortest and name.startswith(word):
            function(interp, part)
            return
    if not word:
        _replay(interp, part)
        return
    raise invalid_syntax()


def _store(interp: Interpreter, line: CommandLine) -> None:
    line.options.value("title")
    line.options.finish()
    if not interp.e.macros.get("cmd"):
        raise StataError(301, "last estimates not found")
    name = line.arguments.strip()
    if not name.isidentifier():
        raise StataError(198, f"{name} invalid name")
    interp.e.macros["_estimates_name"] = name
    stored(interp)[name] = interp.e.copy()


def _found(interp: Interpreter, name: str) -> Results:
    if name == ".":
        return interp.e
    if name not in stored(interp):
        raise StataError(111, f"estimation result {name} not found")
    return stored(interp)[name]


def _restore(interp: Interpreter, line: CommandLine) -> None:
    line.options.finish()
    name = line.arguments.strip()
    interp.e.take(_found(interp, name))
    interp.out.row(f"(results {name} are active now)")


def _directory(interp: Interpreter, line: CommandLine) -> None:
    line.options.finish()
    out, models = interp.out, stored(interp)
    if not models:
        return
    rule = "-" * 13 + "-" * 42
    out.row()
    out.row(rule)
    out.row(f"{'Name':>12} | Command      Dependent variable  Number of param.")
    out.row("-" * 13 + "+" + "-" * 41)
    for name, results in models.items():
        depvar = results.macros.get("depvar", "")
        count = len(results.matrices["b"].columns) if "b" in results.matrices else 0
        out.row(f"{name:>12} | {results.macros.get('cmd', ''):<11}  {depvar:<18}  {count:>16}")
    out.row(rule)


def _drop(interp: Interpreter, line: CommandLine) -> None:
    line.options.finish()
    names = list(stored(interp)) if line.arguments == "_all" else line.arguments.split()
    for name in names:
        _found(interp, name)
        del stored(interp)[name]


def _clear(interp: Interpreter, line: CommandLine) -> None:
    line.options.finish()
    stored(interp).clear()


def _replay(interp: Interpreter, line: CommandLine) -> None:
    line.options.finish()
    name = line.arguments.strip()
    if name:
        interp.e.take(_found(interp, name))
        interp.out.row()
        interp.out.rule()
        interp.out.row(f"Model {name}")
        interp.out.rule()
    if not interp.e.macros.get("cmd"):
        raise StataError(301, "last estimates not found")
    if isinstance(interp.e.details, Model):
        interp.execute(interp.e.macros["cmd"])


def _table(interp: Interpreter, line: CommandLine) -> None:
    options = line.options
    formats = {"b": _DEFAULT_FORMAT}
    for what in ("b", "se", "t", "p"):
        given = options.value(what)
        if given is not None or options.flag(what):
            formats[what] = given or formats["b"]
    stars, wanted = _stars(options), (options.value("stats", 1) or "").split()
    keep = options.value("keep")
    dropped = (options.value("drop") or "").split()
    options.finish()
    names = line.arguments.split() or ["."]
    names = list(stored(interp)) if names == ["_all"] else names
    models = [_found(interp, name) for name in names]
    rows = {
        name: column
        for name, column in _coefficients(models).items()
        if name not in dropped and (keep is None or name in keep.split())
    }
    body: list[tuple[str, list[str]]] = []
    for name, labels in _labelled(interp, rows):
        body += [(label, []) for label in labels[:-1]]
        body += _lines(interp, models, name, labels[-1], formats, stars)
    ending = [
        (f"{name[:12]:>12} |", [_statistic(m, name, formats["b"]) for m in models])
        for name in wanted
    ]
    shown = [name if name != "." else "Active" for name in names]
    width = parse_format(formats["b"]).width + 1
    _print(interp, shown, body, ending, width, stars, [what for what in formats])


def _stars(options: Options) -> list[float]:
    given = options.value("star")
    if given is not None:
        return sorted(numlist(given), reverse=True)
    return [0.05, 0.01, 0.001] if options.flag("star") else []


def _coefficients(models: Sequence[Results]) -> dict[str, Column | None]:
    """Return the names of all estimated coefficients, the constant last, with their columns."""
    found: dict[str, Column | None] = {}
    for results in models:
        model: Model = results.details
        for column in model.design.columns:
            if not column.reason:
                found.setdefault(column.name, column)
    if any(results.details.design.constant for results in models):
        found["_cons"] = None
    return found


def _labelled(
    interp: Interpreter, rows: dict[str, Column | None]
) -> Iterator[tuple[str, list[str]]]:
    """Yield each coefficient with the rows above it and, last, the beginning of its own."""
    before: tuple[str, ...] | None = None
    for place, (name, column) in enumerate(rows.items()):
        if column is None or not column.is_factor:
            above = [_BLANK] if before else []
            before = None
            yield name, [*above, f"{name[:12]:>12} |"]
            continue
        above = []
        if column.term != before:
            above = [_BLANK] * (place > 0) + block_heading(column)
        before = column.term
        yield name, [*above, level_label(interp.data, column)]


_BLANK = f"{'':>12} |"


def _lines(
    interp: Interpreter,
    models: Sequence[Results],
    name: str,
    label: str,
    formats: dict[str, str],
    stars: list[float],
) -> list[tuple[str, list[str]]]:
    lines = []
    for what, fmt in formats.items():
        texts = []
        for results in models:
            model: Model = results.details
            place = model.names.index(name) if name in model.names else None
            if place is None or (place < len(model.design.columns)
                                 and model.design.columns[place].reason):  # fmt: skip
                texts.append("")
                continue
            values = inference(model, interp.settings.level)[:, place]
            row = {"b": 0, "se": 1, "t": 2, "p": 3}[what]
            text = format_value(float(values[row]), fmt).strip()
            if stars and what == "b":
                text += ("*" * sum(values[3] < limit for limit in stars)).ljust(3)
            texts.append(text)
        lines.append((label if what == "b" else _BLANK, texts))
    return lines


def _statistic(results: Results, name: str, fmt: str) -> str:
    value = results.scalars.get(name, SYSTEM)
    if name in ("N", "df_m", "df_r", "rank") and value < SYSTEM:
        return f"{value:.0f}"
    return "" if value >= SYSTEM else format_value(value, fmt).strip()


def _print(
    interp: Interpreter,
    names: list[str],
    body: list[tuple[str, list[str]]],
    ending: list[tuple[str, list[str]]],
    width: int,
    stars: list[float],
    contents: list[str],
) -> None:
    out = interp.out
    extra = 3 if stars else 0
    joint = "-" * 13 + "+" + "-" * ((width + extra + 2) * len(names))
    rule = "-" * len(joint)
    heads = "".join(_head(name, width + extra) for name in names)
    out.row()
    out.row(rule)
    out.row(f"{'Variable':>12} |{heads}")
    out.row(joint)
    for name, texts in body:
        shown = "".join(f"{text:>{width + extra}}  " for text in texts)
        out.row(name + shown)
    if ending:
        out.row(joint)
    for name, texts in ending:
        shown = "".join(f"{text:>{width}}{'':>{extra}}  " for text in texts)
        out.row(name + shown)
    out.row(rule)
    if stars:
        marks = "; ".join(f"{'*' * n} p<{f'{p:g}'.lstrip('0')}" for n, p in enumerate(stars, 1))
        out.row(f"Legend: {marks}".rjust(len(rule)))
    elif len(contents) > 1:
        out.row(f"Legend: {'/'.join(contents)}".rjust(len(rule)))


def _head(name: str, width: int) -> str:
    left = (width - len(name) + 1) // 2
    return (" " * left + name).ljust(width + 2)


_Piece = tuple[str, int, Callable[[Interpreter, CommandLine], None]]
_PIECES: tuple[_Piece, ...] = (
    ("store", 3, _store),
    ("restore", 3, _restore),
    ("dir", 3, _directory),
    ("drop", 4, _drop),
    ("clear", 5, _clear),
    ("replay", 3, _replay),
    ("table", 3, _table),
)
