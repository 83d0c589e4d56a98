"""How errors are worded for programs that know the guide's own texts."""

from __future__ import annotations

from stata_sessions.errors import SessionGone, StataSessionsError, TooManySessions


def short_text(error: StataSessionsError) -> str:
    """Return the guide's text where the guide has one, and else the error's own message.

    To the guide a session that has ended is one that is not found; the message says more.
    """
    if isinstance(error, SessionGone):
        return f"Session not found: {error.facts['session']}"
    if isinstance(error, TooManySessions):
        return f"Maximum sessions ({error.facts['limit']}) reached"
    return error.message
