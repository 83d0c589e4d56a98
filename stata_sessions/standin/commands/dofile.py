"""do, run, include, exit, error."""

from __future__ import annotations

from stata_sessions.standin.commands import command
from stata_sessions.standin.dofiles import DoFile, run_file
from stata_sessions.standin.errors import (
    ExitConsole,
    ExitFile,
    StataError,
    changed_data,
    invalid_syntax,
)
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.messages import MESSAGES
from stata_sessions.standin.quoting import split_words, unquote
from stata_sessions.standin.syntax import CommandLine


def _file(line: CommandLine, *, included: bool = False) -> DoFile:
    words = list(split_words(line.arguments))
    if not words:
        raise invalid_syntax()
    nostop = line.options.flag("nostop")
    line.options.finish()
    arguments = line.arguments.strip()[len(words[0]) :].strip()
    return DoFile(unquote(words[0]), arguments, nostop, included)


@command("do")
def do(interp: Interpreter, line: CommandLine) -> None:
    """Run a do-file and show its lines."""
    run_file(interp, _file(line))


@command("run", shortest=2)
def run(interp: Interpreter, line: CommandLine) -> None:
    """Run a do-file in silence."""
    with interp.out.silenced(quiet=True, hush=True):
        run_file(interp, _file(line))


@command("include", shortest=3)
def include(interp: Interpreter, line: CommandLine) -> None:
    """Run a do-file as if its lines stood here: its local macros stay."""
    run_file(interp, _file(line, included=True))


@command("exit", shortest=1)
def exit_(interp: Interpreter, line: CommandLine) -> None:
    """Leave the program or do-file, or at the prompt the console."""
    clear = line.options.flag("clear")
    whole = line.options.flag("STATA")
    line.options.finish()
    text = line.arguments.removeprefix("=").strip()
    code = interp.whole(text) if text else 0
    if code:
        raise StataError(code)
    if interp.depth and not whole:
        raise ExitFile
    if not clear and interp.has_data and interp.data.changed:
        raise changed_data()
    raise ExitConsole


@command("error", shortest=3)
def error(interp: Interpreter, line: CommandLine) -> None:
    """Fail with a return code and its usual message."""
    code = interp.whole(line.raw or "0")
    if code:
        raise StataError(code, *MESSAGES.get(code, ()))
