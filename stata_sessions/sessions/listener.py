"""Who is told what becomes of sessions and commands."""

from __future__ import annotations

from stata_sessions.sessions.command import Command
from stata_sessions.sessions.views import SessionView


class Listener:
    """Told of each change that is worth remembering; this one remembers nothing.

    Told by the thread that makes the change, under the session's condition: it must not wait.
    """

    def session_changed(self, session: SessionView) -> None:
        """Take note that a session starts a console, got its name, or has ended."""

    def command_changed(self, command: Command) -> None:
        """Take note that a command was queued, has begun, or has ended."""
