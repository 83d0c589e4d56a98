"""import delimited and export delimited."""

from __future__ import annotations

import re
from pathlib import Path

from stata_sessions.standin.commands import command
from stata_sessions.standin.commands.files import data_path, guard_changes
from stata_sessions.standin.delimited import (
    guess_delimiter,
    has_names,
    read_table,
    to_dataset,
    to_rows,
    variable_names,
    write_table,
)
from stata_sessions.standin.errors import StataError, file_exists, file_not_found, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.labels import counted
from stata_sessions.standin.quoting import unquote
from stata_sessions.standin.samples import sample
from stata_sessions.standin.syntax import CommandLine, Options

_KIND = re.compile(r"\s*(\w+)\s*(.*)$", re.DOTALL)
_DELIMITERS = {"tab": "\t", "comma": ",", "space": " ", "\\t": "\t", "whitespace": " "}


def _rest(line: CommandLine) -> CommandLine:
    """Return the command behind `import` or `export`; of what they do only delimited is here."""
    found = _KIND.match(line.raw)
    if found is None or not ("delimited".startswith(found[1]) and len(found[1]) >= 5):
        word = found[1] if found else ""
        raise StataError(199, f"command {line.name} {word} is unrecognized")
    return CommandLine(f"{line.name} delimited", found[2])


@command("import", takes="using")
def import_(interp: Interpreter, line: CommandLine) -> None:
    """Load a text file of delimited values."""
    _load(interp, _rest(line))


def _load(interp: Interpreter, line: CommandLine) -> None:
    options = line.options
    clear = options.flag("clear")
    delimiter = _delimiter(options)
    named, case = options.value("varnames", 4), options.value("case") or "lower"
    doubles = options.flag("asdouble")
    as_text, chosen_encoding = options.value("stringcols", 10), options.value("encoding", 3)
    options.finish()
    path = data_path(line.using if line.using is not None else line.arguments, ".csv")
    given = line.arguments if line.using is not None else ""
    guard_changes(interp, clear=clear)
    text = _text(path, unquote(chosen_encoding or "utf-8"))
    rows = read_table(text, delimiter or guess_delimiter(text))
    names: list[str] = []
    if rows:
        heading = named.strip() if named else ""
        first = heading != "nonames" and (heading.isdigit() or has_names(rows))
        header = rows[int(heading) - 1 if heading.isdigit() else 0] if first else []
        width = max(len(row) for row in rows)
        names = variable_names([*header, *[""] * (width - len(header))], case)
        rows = rows[(int(heading) if heading.isdigit() else 1) if first else 0 :]
    names = given.split() if given else names
    if as_text is not None and as_text != "_all":
        raise invalid_syntax()
    data = to_dataset(rows, names, doubles=doubles, as_text=as_text is not None)
    data.filename = ""
    interp.data = data
    if chosen_encoding is None:
        interp.out.row("(encoding automatically selected: UTF-8)")
    interp.out.row(f"({counted(len(names), 'var')}, {len(rows):,} obs)")


def _text(path: Path, encoding: str) -> str:
    try:
        return path.read_text(encoding, errors="replace").replace("\r\n", "\n").lstrip("\ufeff")
    except FileNotFoundError:
        raise file_not_found(str(path)) from None
    except (OSError, LookupError):
        raise StataError(603, f"file {path} could not be opened") from None


def _delimiter(options: Options) -> str:
    given = options.value("delimiters", 5)
    if given is None:
        return ""
    text = unquote(given.replace(", collapse", ""))
    return _DELIMITERS.get(text, text[:1])


@command("export", takes="if in using")
def export(interp: Interpreter, line: CommandLine) -> None:
    """Write a text file of delimited values."""
    _save(interp, _rest(line))


def _save(interp: Interpreter, line: CommandLine) -> None:
    options, data = line.options, interp.data
    replace, bare = options.flag("replace"), options.flag("nolabel", 3)
    named = not options.flag("novarnames", 6)
    formatted = options.flag("datafmt")
    delimiter = _delimiter(options) or ","
    options.finish()
    chosen = sample(interp, line)
    if line.using is None:
        path, names = data_path(line.arguments, ".csv"), data.variables
    else:
        path = data_path(line.using, ".csv")
        names = data.expand(line.arguments) if line.arguments else data.variables
    if path.exists() and not replace:
        raise file_exists(str(path))
    if replace and not path.exists():
        interp.out.paragraph(f"(file {path} not found)")
    rows = list(to_rows(data, names, chosen, labelled=not bare, formatted=formatted))
    try:
        write_table(path, iter([names, *rows] if named else rows), delimiter)
    except OSError:
        raise StataError(603, f"file {path} could not be opened") from None
    interp.out.paragraph(f"file {path} saved")
