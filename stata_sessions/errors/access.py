"""Errors of callers who may not do what they ask."""

from __future__ import annotations

from stata_sessions.errors.base import StataSessionsError


class AccessError(StataSessionsError):
    """The caller may not do this."""

    kind = "access"


class NoToken(AccessError):
    """No token, or one that is not known here."""

    kind = "no-token"

    def __init__(self) -> None:
        super().__init__("A valid token is needed: send 'Authorization: Bearer TOKEN'")


class AdminOnly(AccessError):
    """What tells of everybody's sessions is for admins."""

    kind = "admin-only"

    def __init__(self) -> None:
        super().__init__("This needs the operator's token, or one with the role of an admin")


class WrongHost(AccessError):
    """The Host header names somebody else: a DNS rebinding attempt or a missing setting."""

    kind = "wrong-host"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"This server does not answer for host {host!r}; the operator can add it to "
            "allowed_hosts",
            host=host,
        )


class WrongOrigin(AccessError):
    """A web page from elsewhere asked; browsers say so in Origin."""

    kind = "wrong-origin"

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"Requests from origin {origin!r} are refused; the operator can add it to "
            "allowed_origins",
            origin=origin,
        )
