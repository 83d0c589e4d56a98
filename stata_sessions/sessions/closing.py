"""The end of all sessions at once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from stata_sessions.ending import awaited
from stata_sessions.sessions.session import Session

log = logging.getLogger(__name__)


def close_all(
    sessions: Sequence[Session], reason: str, wait_s: float, release: Callable[[Session], None]
) -> None:
    """End all consoles and release their sessions; those that have not ended in time are left."""
    for session in sessions:
        session.ask_to_close(reason)
    deadline = time.monotonic() + wait_s
    with awaited(lambda: f"the consoles of {_alive(sessions)}"):
        for session in sessions:
            if session.close(reason, max(0.0, deadline - time.monotonic())):
                release(session)
    if left := _alive(sessions):
        log.error("the consoles of %s did not end in time (end_timeout) and are given up", left)


def _alive(sessions: Sequence[Session]) -> str:
    return ", ".join(each.name or "(spare)" for each in sessions if each.has_console)
