"""Do-files: their lines, their echo, and how one runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stata_sessions.standin.blocks import ReadBody
from stata_sessions.standin.errors import ExitFile, StataError, file_not_found
from stata_sessions.standin.lines import CommandReader
from stata_sessions.standin.programs import Frame, argument_macros, framed

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

PROMPT = ". "


class FileSource:
    """The lines of a do-file, echoed as they are read."""

    in_file = True

    def __init__(self, interpreter: Interpreter, text: str, *, tail: bool = True) -> None:
        lines = text.split("\n")
        last = lines.pop()
        if last and interpreter.faults.on("last_line"):
            lines.append(last)
        self._lines = iter(lines)
        self._interpreter, self._tail = interpreter, tail
        self._pause_s = interpreter.faults.seconds("echo_pause")

    def physical(self, prompt: str) -> str | None:
        """Return the next line, echoed behind the prompt."""
        line = next(self._lines, None)
        if line is None:
            if prompt != PROMPT and self._interpreter.faults["open_end"] == "asks":
                return self._interpreter.ask(prompt)
            if prompt == PROMPT and self._tail:
                self._interpreter.out.echo(prompt + "\n")
            return None
        line = line.rstrip("\r")
        self._interpreter.out.echo(prompt + line.expandtabs(8) + "\n")
        if self._pause_s:
            self._interpreter.wait(self._pause_s)
        return line


@dataclass(frozen=True, slots=True)
class DoFile:
    """A do-file to run: its path, its arguments, and how."""

    path: str
    arguments: str = ""
    nostop: bool = False
    included: bool = False


def find_file(path: str) -> Path:
    """Return the file that a name given to do, run or include means.

    Raises:
        StataError: r(601) if it is not there.
    """
    name = os.path.expanduser(path)
    if not Path(name).suffix:
        name += ".do"
    found = Path(name)
    if not found.is_file():
        raise file_not_found(name)
    return found


def run_commands(
    interpreter: Interpreter, reader: CommandReader, nostop: bool
) -> StataError | None:
    """Run the commands of a do-file until its end or its first error, which is returned."""
    out = interpreter.out
    blank = True
    while True:
        if blank:
            out.echo("\n")
        text = reader.next(PROMPT)
        if text is None:
            return None
        error = interpreter.attempt(text, ReadBody(reader, PROMPT))
        if error and not nostop:
            return error
        blank = interpreter.executed
        if out.column:
            out.echo("\n")


def run_file(interpreter: Interpreter, file: DoFile) -> None:
    """Run a do-file.

    Raises:
        StataError: r(601) if it is not there, or as its first failing command fails.
    """
    text = find_file(file.path).read_text("utf-8-sig", errors="surrogateescape")
    tail = not file.included or interpreter.faults.on("include_tail")
    reader = CommandReader(FileSource(interpreter, text, tail=tail))
    reader.on_delimit = lambda delimiter: interpreter.out.echo(f"delimiter now {delimiter}\n")
    locals_ = interpreter.frame.locals if file.included else argument_macros(file.arguments)
    error = None
    shows_codes = interpreter.shows_codes
    interpreter.shows_codes = shows_codes or interpreter.faults.on("inner_codes")
    with framed(interpreter, Frame(locals_, level=interpreter.frame.level)):
        try:
            error = run_commands(interpreter, reader, file.nostop)
        except ExitFile:
            interpreter.out.echo("\n")
        finally:
            interpreter.shows_codes = shows_codes
    _say_end(interpreter, file, error)
    if error:
        raise error


def _say_end(interpreter: Interpreter, file: DoFile, error: StataError | None) -> None:
    if file.included and not interpreter.faults.on("include_eof"):
        return
    if error:
        interpreter.out.echo("\n")
    interpreter.out.echo("end of do-file\n")
