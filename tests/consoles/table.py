"""The table of commands and their shortest abbreviations."""

from collections.abc import Callable

from tests.consoles.interpreter import Command

_COMMANDS: list[tuple[str, int, Command]] = []


def command(name: str, shortest: int = 0) -> Callable[[Command], Command]:
    """Register a command under its name and abbreviations of at least ``shortest`` letters."""

    def register(function: Command) -> Command:
        _COMMANDS.append((name, shortest or len(name), function))
        return function

    return register


def find_command(word: str) -> Command | None:
    """Return the command of a word, or None."""
    for name, shortest, function in _COMMANDS:
        if len(word) >= shortest and name.startswith(word):
            return function
    return None
