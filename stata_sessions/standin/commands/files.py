"""use, save, sysuse: data from and to files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from stata_sessions.standin import dta, dta_writing
from stata_sessions.standin.commands import command
from stata_sessions.standin.dataset import Dataset
from stata_sessions.standin.errors import (
    StataError,
    changed_data,
    file_exists,
    file_not_found,
    invalid_syntax,
)
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.quoting import path_of, unquote
from stata_sessions.standin.samples import sample
from stata_sessions.standin.syntax import CommandLine

SHIPPED = Path(__file__).parent.parent / "data"


def data_path(text: str, suffix: str = ".dta") -> Path:
    """Return the path a file name stands for, with a suffix if it has none."""
    name = unquote(text)
    if not name:
        raise invalid_syntax()
    return path_of(name if Path(name).suffix else name + suffix)


def guard_changes(interp: Interpreter, *, clear: bool) -> None:
    """Refuse to lose data that were not saved.

    Raises:
        StataError: r(4).
    """
    if not clear and interp.has_data and interp.data.changed:
        raise changed_data()


def load(interp: Interpreter, path: Path, shown: str = "") -> Dataset:
    """Read a `.dta` file.

    Raises:
        StataError: r(601) if it is not there, r(603) if it cannot be read.
    """
    if not path.exists():
        raise file_not_found(shown or str(path))
    interp.poll()
    try:
        data = dta.read(path)
    except OSError:
        raise StataError(603, f"file {shown or path} could not be opened") from None
    data.filename = str(path)
    return data


def _adopt(interp: Interpreter, data: Dataset) -> None:
    interp.data = data
    data.changed = False
    if data.label:
        interp.out.row(f"({data.label})")


@command("use", shortest=1, takes="if in using")
def use(interp: Interpreter, line: CommandLine) -> None:
    """Load a file, or with `using` some of it."""
    clear = line.options.flag("clear")
    bare = line.options.flag("nolabel", 3)
    line.options.finish()
    partly = line.using is not None
    if not partly:
        line.allow("")
    path = data_path(line.using if line.using is not None else line.arguments)
    guard_changes(interp, clear=clear)
    data = load(interp, path)
    if bare:
        data.value_labels = {}
        for variable in data.columns.values():
            variable.value_label = ""
    if partly:
        before, interp.data = interp.data, data
        try:
            data.take(sample(interp, line))
            names = data.expand(line.arguments) if line.arguments else data.variables
        except StataError:
            interp.data = before
            raise
        data.columns = {name: data.columns[name] for name in data.variables if name in names}
        data.sorted_by = [name for name in data.sorted_by if name in names]
    _adopt(interp, data)


@command("sysuse", shortest=4, takes="")
def sysuse(interp: Interpreter, line: CommandLine) -> None:
    """Load one of the data sets that come with the console."""
    clear = line.options.flag("clear")
    line.options.finish()
    name = unquote(line.arguments)
    if name == "dir":
        for path in sorted(SHIPPED.glob("*.dta")):
            interp.out.row(f"  {path.name}")
        return
    path = SHIPPED / Path(name if name.endswith(".dta") else name + ".dta").name
    if not path.exists():
        raise StataError(601, f'file "{path.name}" not found')
    guard_changes(interp, clear=clear)
    _adopt(interp, load(interp, path))


@command("save", shortest=2, takes="")
def save(interp: Interpreter, line: CommandLine) -> None:
    """Write the data to a file."""
    replace = line.options.flag("replace")
    emptyok = line.options.flag("emptyok")
    line.options.finish()
    data = interp.data
    if not data.columns and not emptyok:
        raise StataError(111, "no variables defined")
    named = line.arguments or (f'"{data.filename}"' if data.filename else "")
    if not named:
        raise StataError(198, "invalid file specification")
    path = data_path(named)
    if path.resolve().parent == SHIPPED.resolve():
        raise StataError(608, f"file {path} is read-only; cannot be modified or erased")
    if path.exists() and not replace:
        raise file_exists(str(path))
    if replace and not path.exists():
        interp.out.paragraph(f"(file {path} not found)")
    try:
        data.filedate = dta_writing.write(data, path)
    except OSError:
        raise StataError(603, f"file {path} could not be opened") from None
    data.filename, data.changed = str(path), False
    interp.out.paragraph(f"file {path} saved")


@command("set obs", takes="")
def set_obs(interp: Interpreter, line: CommandLine) -> None:
    """Set the number of observations."""
    line.options.finish()
    data, count = interp.data, interp.whole(line.arguments)
    before = data.observations
    if count < before:
        raise StataError(198, f"Number of observations (_N) must be at least {before:,}")
    data.grow(count)
    if count != before:
        was = f"{before:,}"
        interp.out.row(f"Number of observations (_N) was {was}, now {count:,}.")


@command("count", shortest=3, takes="if in")
def count(interp: Interpreter, line: CommandLine) -> None:
    """Count observations."""
    line.options.finish()
    if line.arguments:
        raise invalid_syntax()
    found = int(np.count_nonzero(sample(interp, line)))
    interp.r.clear()
    interp.r.scalars["N"] = float(found)
    interp.out.row(f"  {found:,}")
