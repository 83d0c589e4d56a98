"""preserve and restore: data put aside and taken back."""

from __future__ import annotations

from dataclasses import dataclass

from stata_sessions.standin.commands import command
from stata_sessions.standin.dataset import Dataset
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.syntax import CommandLine


@dataclass(eq=False)
class Preserved:
    """Data put aside by a program or do-file, taken back when it ends."""

    interpreter: Interpreter
    data: Dataset

    def __call__(self) -> None:
        """Take the data back."""
        self.interpreter.data = self.data.revive()


def _preserved(interp: Interpreter) -> Preserved | None:
    return next((each for each in interp.frame.exits if isinstance(each, Preserved)), None)


@command("preserve", takes="")
def preserve(interp: Interpreter, line: CommandLine) -> None:
    """Put the data aside until restore, or until the program or do-file ends."""
    line.options.finish()
    if _preserved(interp):
        raise StataError(621, "already preserved")
    interp.frame.exits.append(Preserved(interp, interp.data.copy()))


@command("restore", takes="")
def restore(interp: Interpreter, line: CommandLine) -> None:
    """Take preserved data back, or forget them."""
    forget, keep = line.options.flag("not"), line.options.flag("preserve")
    line.options.finish()
    preserved = _preserved(interp)
    if preserved is None:
        raise StataError(622, "nothing to restore")
    if not forget:
        interp.data = (preserved.data.copy() if keep else preserved.data).revive()
    if not keep:
        interp.frame.exits.remove(preserved)
