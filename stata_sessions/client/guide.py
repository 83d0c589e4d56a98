"""The three functions of the guide, which work on one server without naming it."""

from __future__ import annotations

from stata_sessions.client.answers import Result
from stata_sessions.client.client import Client


def create_session(name: str | None = None) -> str:
    """Open a session on the server of ``STATA_SESSIONS_URL``, or on this machine's."""
    return Client().create_session(name)


def execute(code: str, session_id: str | None = None) -> Result:
    """Run code there and wait for its end; in the default session if none is named."""
    return Client().execute(code, session_id)


def destroy_session(session_id: str) -> None:
    """Close a session there."""
    Client().destroy_session(session_id)
