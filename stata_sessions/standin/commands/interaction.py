"""more, pause, cls: commands that wait for the person at the terminal."""

from __future__ import annotations

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import Break, StataError, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.syntax import CommandLine


@command("more", takes="nothing")
def more(interp: Interpreter, line: CommandLine) -> None:
    """Stop at --more-- until a key is pressed, where set more is on."""
    if interp.settings.more:
        interp.more()


@command("pause")
def pause(interp: Interpreter, line: CommandLine) -> None:
    """Switch pauses on or off, or stop here until the person types end."""
    text = line.raw.strip()
    if text in ("on", "off"):
        interp.settings.pause = text == "on"
    elif interp.settings.pause:
        _pause(interp, text)


def _pause(interp: Interpreter, text: str) -> None:
    interp.out.force(f"pause: {text}".rstrip() + "\n")
    while (typed := interp.keyboard.read_line("-> . ")) is not None:
        if typed.strip() in ("end", "q"):
            interp.out.force("execution resumes...\n")
            return
        if typed.strip() == "BREAK":
            raise Break
        try:
            interp.run_line(typed)
        except StataError as error:
            interp.report(error)
            interp.out.force(f"r({error.code});\n")
        interp.out.force("\n" if typed.strip() else "")
    raise invalid_syntax()


@command("review")
def review(interp: Interpreter, line: CommandLine) -> None:
    """Show the last typed lines, the newest as number 1."""
    count = interp.whole(line.raw) if line.raw.strip() else 5
    lines = interp.keyboard.history[-count:]
    for place, text in enumerate(lines):
        interp.out.row(f"{len(lines) - place:<4}{text}")


@command("cls", takes="nothing")
def cls(interp: Interpreter, line: CommandLine) -> None:
    """Clear the screen, where the terminal can."""
    if interp.environ.get("TERM", "dumb") != "dumb":
        interp.out.screen.write("\x1b[H\x1b[2J")
