"""scatter, line, histogram, twoway and graph."""

from __future__ import annotations

from pathlib import Path

from stata_sessions.standin.commands import command
from stata_sessions.standin.commands.files import data_path
from stata_sessions.standin.errors import StataError, file_exists, invalid_syntax
from stata_sessions.standin.graphs import Graph, Layer, keep, kept
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.plots import PLOTS, layers, read_settings, split_plots
from stata_sessions.standin.quoting import split_words
from stata_sessions.standin.syntax import CommandLine

_FORMATS = ("png", "svg", "pdf")


def _plot_kind(word: str) -> str | None:
    for kind, shortest in PLOTS.items():
        if len(word) >= shortest and kind.startswith(word):
            return kind
    return None


@command("scatter", shortest=2)
def scatter(interp: Interpreter, line: CommandLine) -> None:
    """Draw points."""
    _draw(interp, f"scatter {line.raw}")


@command("line")
def line_(interp: Interpreter, line: CommandLine) -> None:
    """Draw a line."""
    _draw(interp, f"line {line.raw}")


@command("histogram", shortest=4)
def histogram(interp: Interpreter, line: CommandLine) -> None:
    """Draw a histogram."""
    _draw(interp, f"histogram {line.raw}")


@command("twoway", shortest=2)
def twoway(interp: Interpreter, line: CommandLine) -> None:
    """Draw several plots in one graph."""
    _draw(interp, line.raw)


def _draw(interp: Interpreter, text: str) -> None:
    settings: dict[str, str] = {}
    found: list[Layer] = []
    for piece in split_plots(text):
        if piece.startswith(","):
            whole = CommandLine("twoway", piece)
            read_settings(interp, whole.options, settings)
            whole.options.finish()
            continue
        word, _, rest = piece.partition(" ")
        kind = _plot_kind(word)
        if kind is None:
            raise StataError(198, f"{word} is not a twoway plot type")
        found += layers(interp, kind, CommandLine(kind, rest), settings)
    if not found:
        raise invalid_syntax()
    name, _, more = settings.pop("name", "Graph, replace").partition(",")
    if name.strip() in kept(interp) and "replace" not in more:
        raise StataError(110, f"graph {name.strip()} already exists")
    keep(interp, name.strip(), Graph(tuple(found), settings))


@command("graph", shortest=2)
def graph(interp: Interpreter, line: CommandLine) -> None:
    """Draw, export, list or drop graphs."""
    word, part = line.split()
    if word in ("twoway", "tw", "two"):
        _draw(interp, part.raw)
        return
    part.allow("")
    if word in ("export", "exp"):
        _export(interp, part)
    elif word == "dir":
        _directory(interp, part)
    elif word == "drop":
        _drop(interp, part)
    elif word in ("display", "describe", "close"):
        part.options.finish()
    else:
        raise StataError(198, f"graph {word} not allowed" if word else "invalid syntax")


def _current(interp: Interpreter, name: str | None) -> Graph:
    graphs = kept(interp)
    if name is not None and name not in graphs:
        raise StataError(111, f"graph {name} not found")
    if not graphs:
        raise StataError(693, "could not find Graph window")
    return graphs[name] if name is not None else list(graphs.values())[-1]


def _export(interp: Interpreter, line: CommandLine) -> None:
    options = line.options
    replace, name = options.flag("replace"), options.value("name")
    given = options.value("as")
    width, height = options.number("width"), options.number("height")
    options.finish()
    path = data_path(next(iter(split_words(line.arguments)), ""), f".{given or 'png'}")
    suffix = given or path.suffix.removeprefix(".").lower()
    if suffix == "png" and not interp.faults.on("graph_png"):
        raise StataError(111, "translator Graph2png not found")
    if suffix not in _FORMATS:
        raise StataError(
            198,
            f'output-file suffix "{suffix}" not recognized',
            "    specify correct suffix or specify file-type option",
        )
    chosen = _current(interp, name)
    if path.exists() and not replace:
        raise file_exists(str(path))
    if replace and not path.exists():
        interp.out.paragraph(f"(file {path} not found)")
    _write(chosen, path, suffix, int(width or 0), int(height or 0))
    if interp.faults["graph_note"] == "old":
        interp.out.paragraph(f"(file {path} written in {suffix.upper()} format)")
    else:
        interp.out.paragraph(f"file {path} saved as {suffix.upper()} format")


def _write(chosen: Graph, path: Path, suffix: str, width: int, height: int) -> None:
    try:
        chosen.export(path, suffix, width=width, height=height)
    except ImportError:
        raise StataError(198, "graph export needs matplotlib, which is not installed") from None
    except OSError:
        raise StataError(603, f"file {path} could not be opened") from None


def _directory(interp: Interpreter, line: CommandLine) -> None:
    line.options.flag("memory", 1)
    line.options.finish()
    names = list(kept(interp))
    if names:
        interp.out.row("\n".join(f"    {name}" for name in sorted(names)))
    interp.r.clear()
    interp.r.macros["list"] = " ".join(names)


def _drop(interp: Interpreter, line: CommandLine) -> None:
    line.options.finish()
    graphs = kept(interp)
    for name in list(graphs) if line.arguments == "_all" else line.arguments.split():
        if name not in graphs:
            raise StataError(111, f"graph {name} not found")
        del graphs[name]
