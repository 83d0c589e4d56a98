"""The commands that a session remembers."""

from __future__ import annotations

from collections import OrderedDict

from stata_sessions.sessions.command import Command


class History:
    """Commands by number, oldest first; the oldest that have ended are forgotten first.

    Its owner holds the session's condition.
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._commands: OrderedDict[int, Command] = OrderedDict()
        self.last_number = 0

    def add(self, command: Command) -> None:
        """Remember one more."""
        self.last_number = command.number
        self._commands[command.number] = command
        while len(self._commands) > self._kept:
            oldest = next((each for each in self._commands.values() if each.ended), None)
            if oldest is None:
                break
            del self._commands[oldest.number]

    def get(self, number: int) -> Command | None:
        """Return a command by its number, if it is remembered."""
        return self._commands.get(number)

    def all(self) -> list[Command]:
        """Return all, oldest first."""
        return list(self._commands.values())
