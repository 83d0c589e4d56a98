"""How errors are worded: those of arguments, and those that the guide has texts for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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


def complaint(found: Sequence[Mapping[str, Any]]) -> str:
    """Return what is wrong with a request's arguments, each by its name, as pydantic tells it."""
    return "; ".join(map(_fault, found))


def _fault(found: Mapping[str, Any]) -> str:
    where = ".".join(map(str, found["loc"]))
    said = str(found["msg"]).removeprefix("Value error, ")
    return f"{where}: {said}" if where else said
