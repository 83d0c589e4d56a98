"""Prefixes: capture, quietly, noisily, nobreak, version."""

from __future__ import annotations

import re

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.syntax import CommandLine

_ECHOES = re.compile(r"\s*:?\s*(?:\{|n(?:oi\w*)?\b)")
_COLON = re.compile(r"\s*:")


def _run(interp: Interpreter, line: CommandLine) -> None:
    """Run the command or block behind a prefix."""
    text = _COLON.sub("", line.raw, count=1) if _COLON.match(line.raw) else line.raw
    if text.strip() == "{" and line.body is not None:
        line.body.run(interp)
    elif not interp.execute(text, line.body, line.by):
        interp.executed = False


def _run_shown(interp: Interpreter, line: CommandLine) -> None:
    """Run it, and print its error while it is still settled what may be seen."""
    try:
        _run(interp, line)
    except StataError as error:
        interp.report(error)
        raise


@command("capture", shortest=3)
def capture(interp: Interpreter, line: CommandLine) -> None:
    """Run a command; keep its return code in _rc instead of failing."""
    # A block's lines are echoed, and those of a do-file that is run noisily.
    echoes = _ECHOES.match(line.raw) is not None
    interp.return_code = 0
    code = 0
    showed, interp.shows_codes = interp.shows_codes, False
    try:
        with interp.out.silenced(quiet=True, hush=None if echoes else True, mute=True):
            _run(interp, line)
    except StataError as error:
        code = error.code
    finally:
        interp.shows_codes = showed
    interp.return_code = code


@command("quietly", shortest=3)
def quietly(interp: Interpreter, line: CommandLine) -> None:
    """Run a command without its output; errors show."""
    with interp.out.silenced(quiet=True, hush=True):
        _run_shown(interp, line)


@command("noisily", shortest=1)
def noisily(interp: Interpreter, line: CommandLine) -> None:
    """Run a command with its output, whatever silences the code around it."""
    with interp.out.silenced(quiet=False, mute=False):
        _run_shown(interp, line)


@command("nobreak")
def nobreak(interp: Interpreter, line: CommandLine) -> None:
    """Run a command or block that no break interrupts."""
    before, interp.breakable = interp.breakable, False
    try:
        _run(interp, line)
    finally:
        interp.breakable = before
    interp.poll()


@command("version", shortest=4)
def version(interp: Interpreter, line: CommandLine) -> None:
    """Show the version, or note which version code was written for; it changes nothing."""
    number, colon, rest = line.raw.partition(":")
    if colon:
        interp.execute(rest, line.body)
    elif number.strip():
        line.options.flag("user")
        line.options.finish()
        try:
            float(line.arguments)
        except ValueError:
            raise StataError(198, "invalid version number") from None
    else:
        interp.out.row("version 18.0")
