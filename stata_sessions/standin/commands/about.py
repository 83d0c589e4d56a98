"""about, help, which, query: what this console is."""

from __future__ import annotations

from stata_sessions.standin import commands
from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.syntax import CommandLine

_ABOUT = """\
stata_sessions.standin, a stand-in console with the wording of Stata 18.
It is not Stata and no product of StataCorp. It runs these commands, no others:
"""


@command("about", takes="nothing")
def about(interp: Interpreter, line: CommandLine) -> None:
    """Say what this is, and list its commands."""
    interp.out.text("\n" + _ABOUT + "\n")
    interp.out.paragraph("  " + " ".join(commands.names()), indent=2)


@command("help", shortest=1)
def help_(interp: Interpreter, line: CommandLine) -> None:
    """Show a command's one sentence."""
    word = line.arguments.split()[0] if line.arguments else "help"
    found = commands.find(word)
    if found is None:
        raise StataError(111, f"help for {word} not found", f"try help contents or search {word}")
    name, function = found
    interp.out.row(f"{name}: {(function.__doc__ or '').strip().splitlines()[0]}")


@command("which", takes="")
def which(interp: Interpreter, line: CommandLine) -> None:
    """Say where a command comes from."""
    word = line.arguments.strip()
    line.options.finish()
    found = commands.full_name(word)
    if found is None:
        raise StataError(111, f"command {word} not found as either built-in or ado-file")
    interp.out.row(f"built-in command:  {found}")


@command("query", shortest=1, takes="nothing")
def query(interp: Interpreter, line: CommandLine) -> None:
    """Show the settings."""
    settings = interp.settings
    rows = ("linesize", "pagesize", "more", "rmsg", "trace", "output", "level", "type")
    for name in rows:
        interp.out.row(f"    set {name:<12}{settings.shown(interp, name)}")
