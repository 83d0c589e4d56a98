"""describe: what the data hold."""

from __future__ import annotations

import textwrap

from stata_sessions.standin.commands import command
from stata_sessions.standin.commands.files import data_path, load
from stata_sessions.standin.dataset import Dataset
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.quoting import unquote
from stata_sessions.standin.syntax import CommandLine
from stata_sessions.standin.varlists import abbreviation


@command("describe", shortest=1, takes="using")
def describe(interp: Interpreter, line: CommandLine) -> None:
    """Describe the data in memory or in a file."""
    short = line.options.flag("short", 1)
    simple = line.options.flag("simple", 3)
    line.options.flag("fullnames", 1)
    line.options.finish()
    data = interp.data
    if line.using is not None:
        data = load(interp, data_path(line.using))
    names = data.expand(line.arguments) if line.arguments else data.variables
    if simple:
        _simple(interp, names)
        return
    if not line.arguments:
        _heading(interp, data)
    if not short:
        _table(interp, data, names, whole=not line.arguments)
    if not line.arguments or short:
        _ending(interp, data)
    interp.r.clear()
    interp.r.scalars.update(
        N=float(data.observations),
        k=float(len(data.columns)),
        width=float(data.width),
        changed=float(data.changed),
    )


def _heading(interp: Interpreter, data: Dataset) -> None:
    out = interp.out
    out.row()
    if data.filename:
        out.text(f"Contains data from {unquote(data.filename)}\n")
    else:
        out.row("Contains data")
    notes = "(_dta has notes)" if data.notes.get("_dta") else ""
    # Without a label or date these rows still reach the column where one would stand.
    out.row(f" Observations:{data.observations:>14,}{'':18}{data.label}")
    out.row(f"    Variables:{len(data.columns):>14,}{'':18}{data.filedate.strip()}")
    if notes:
        out.row(f"{'':<46}{notes}")


def _table(interp: Interpreter, data: Dataset, names: list[str], *, whole: bool) -> None:
    out = interp.out
    if not whole:
        out.row()
    elif not data.columns:
        return
    else:
        out.rule()
    out.row("Variable      Storage   Display    Value")
    out.row("    name         type    format    label      Variable label")
    out.rule()
    for name in names:
        v = data.columns[name]
        mark = "*" if data.notes.get(name) else " "
        row = (
            f"{abbreviation(name, 15):<16}{v.type:<8}{v.format:<11}"
            f"{abbreviation(v.value_label, 9):<9}{mark} "
        )
        _label(interp, row, v.label)
    if whole:
        out.rule()


def _label(interp: Interpreter, row: str, label: str) -> None:
    """Print a row and its label; what does not fit goes below, indented by two."""
    room = max(interp.out.linesize - len(row), 10)
    lines = textwrap.wrap(label, room, subsequent_indent="  ") or [""]
    interp.out.row(row + lines[0])
    for more in lines[1:]:
        interp.out.row(" " * len(row) + more)


def _ending(interp: Interpreter, data: Dataset) -> None:
    interp.out.row("Sorted by: " + "  ".join(data.sorted_by))
    if data.changed:
        interp.out.row("     Note: Dataset has changed since last saved.")


def _simple(interp: Interpreter, names: list[str]) -> None:
    if not names:
        return
    width = max(len(name) for name in names) + 2
    per_row = max(1, interp.out.linesize // width)
    depth = -(-len(names) // per_row)
    for row in range(depth):
        interp.out.row("".join(name.ljust(width) for name in names[row::depth]).rstrip())
