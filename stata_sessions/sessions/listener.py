"""Who is told what becomes of sessions and commands."""

from __future__ import annotations

import logging
from collections.abc import Callable

from stata_sessions.sessions.command import Command
from stata_sessions.sessions.views import SessionView

log = logging.getLogger(__name__)


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
    """Tells several; whoever is added later hears of what comes later.

    One that fails in spite of all is logged: nobody's data are lost because a figure could not be
    counted.
    """

    def __init__(self, *listeners: Listener) -> None:
        self._all = listeners

    def add(self, listener: Listener) -> None:
        """Tell one more."""
        self._all = (*self._all, listener)

    def session_changed(self, session: SessionView) -> None:
        """See ``Listener``."""
        self._tell(lambda each: each.session_changed(session))

    def console_started(self, session: SessionView) -> None:
        """See ``Listener``."""
        self._tell(lambda each: each.console_started(session))

    def console_printed(self, size_bytes: int) -> None:
        """See ``Listener``."""
        self._tell(lambda each: each.console_printed(size_bytes))

    def command_changed(self, command: Command) -> None:
        """See ``Listener``."""
        self._tell(lambda each: each.command_changed(command))

    def _tell(self, what: Callable[[Listener], None]) -> None:
        for each in self._all:
            try:
                what(each)
            except Exception:
                log.exception("%s failed", type(each).__name__)
