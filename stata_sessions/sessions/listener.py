"""Who is told what becomes of sessions and commands."""

from __future__ import annotations

from stata_sessions.sessions.command import Command
from stata_sessions.sessions.views import SessionView


class Listener:
    """Told of each change that is worth remembering; this one remembers nothing.

    Told by the thread that makes the change, under the session's condition: it must not wait, and
    not raise.
    """

    def session_changed(self, session: SessionView) -> None:
        """Take note that a session starts a console, got its name, or has ended."""

    def console_started(self, session: SessionView) -> None:
        """Take note that a console shows its first prompt, ``start_s`` after its start."""

    def console_printed(self, size_bytes: int) -> None:
        """Take note that a console printed so much for a command."""

    def command_changed(self, command: Command) -> None:
        """Take note that a command was queued, has begun, or has ended."""


class Listeners(Listener):
    """Tells several; whoever is added later hears of what comes later."""

    def __init__(self, *listeners: Listener) -> None:
        self._all = listeners

    def add(self, listener: Listener) -> None:
        """Tell one more."""
        self._all = (*self._all, listener)

    def session_changed(self, session: SessionView) -> None:
        """See ``Listener``."""
        for each in self._all:
            each.session_changed(session)

    def console_started(self, session: SessionView) -> None:
        """See ``Listener``."""
        for each in self._all:
            each.console_started(session)

    def console_printed(self, size_bytes: int) -> None:
        """See ``Listener``."""
        for each in self._all:
            each.console_printed(size_bytes)

    def command_changed(self, command: Command) -> None:
        """See ``Listener``."""
        for each in self._all:
            each.command_changed(command)
