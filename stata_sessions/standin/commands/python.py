"""python: Python's own prompt inside the console."""

from __future__ import annotations

import code
import contextlib
import io

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.syntax import CommandLine

_HEADER = "-" * 47 + " python (type end to exit) "


class _Machine(code.InteractiveInterpreter):
    """Runs lines, notes failures, and leaves the text of them to us."""

    def __init__(self, interp: Interpreter) -> None:
        super().__init__(interp.python)
        self._out = interp.out
        self.failed = False

    def write(self, data: str) -> None:
        self.failed = True
        self._out.text(data, error=True)

    def push(self, text: str) -> bool:
        """Run text; tell whether more lines are needed."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            goes_on = self.runsource(text, "<stdin>")
        self._out.text(printed.getvalue())
        return goes_on


@command("python")
def python(interp: Interpreter, line: CommandLine) -> None:
    """Run Python: one line behind the colon, or what follows up to `end`."""
    text = line.raw.strip()
    leaves = text.startswith(":")
    text = text.lstrip(": ")
    machine = _Machine(interp)
    if text:
        if machine.push(text) or machine.failed:
            raise StataError(7102)
    elif line.body is not None:
        _session(interp, line, machine, leaves)
    else:
        raise invalid_syntax()


def _session(interp: Interpreter, line: CommandLine, machine: _Machine, leaves: bool) -> None:
    out = interp.out
    out.echo(_HEADER + "-" * max(out.linesize - len(_HEADER), 0) + "\n")
    pending: list[str] = []
    assert line.body is not None
    for text in line.body.until_end(lambda number: "... " if pending else ">>> ", raw=True):
        pending.append(text)
        if machine.push("\n".join(pending)):
            continue
        pending.clear()
        if machine.failed and leaves:
            raise StataError(7102)
    out.echo("-" * out.linesize + "\n")
