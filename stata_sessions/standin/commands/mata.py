"""mata: one page of it, for scalars, strings and small matrices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.syntax import CommandLine

if TYPE_CHECKING:
    from stata_sessions.standin.mata import Mata

_HEADER = "-" * 49 + " mata (type end to exit) "


@command("mata")
def mata(interp: Interpreter, line: CommandLine) -> None:
    """Run Mata: one command behind the colon, or what follows up to `end`."""
    text = line.raw.strip()
    leaves = text.startswith(":")
    text = text.lstrip(": ")
    if text:
        _one(interp, text)
    elif line.body is not None:
        _session(interp, line, leaves_on_error=leaves)


def _one(interp: Interpreter, text: str) -> None:
    if re.match(r"(?:mata\s+)?(?:clear|drop)\b", text):
        interp.mata.clear()
    else:
        _machine(interp).run(text)


def _machine(interp: Interpreter) -> Mata:
    from stata_sessions.standin.mata import Mata

    return Mata(interp)


def _session(interp: Interpreter, line: CommandLine, *, leaves_on_error: bool) -> None:
    out, machine = interp.out, _machine(interp)
    out.echo(_HEADER + "-" * max(out.linesize - len(_HEADER), 0) + "\n")
    pending = ""

    def prompt(number: int) -> str:
        return "> " if machine.is_open(pending) else ": "

    assert line.body is not None
    failed: StataError | None = None
    for text in line.body.until_end(prompt):
        pending = f"{pending}\n{text}" if pending else text
        if failed or machine.is_open(pending):
            continue
        done, pending = pending.strip(), ""
        try:
            machine.run(interp.macros.expand(done))
        except StataError as error:
            if leaves_on_error:
                raise
            interp.report(error)
            interp.out.error_row(f"r({error.code});")
        if done:
            out.echo("\n")
    out.echo("-" * out.linesize + "\n")
