"""Errors of the far side of the terminal."""

from __future__ import annotations

from stata_sessions.errors.base import Fact, StataSessionsError
from stata_sessions.errors.state import LimitError


class ConsoleError(StataSessionsError):
    """The far side of the terminal failed."""

    kind = "console"


class LaunchFailed(ConsoleError):
    """Stata could not be started: not found, no licence, died at once."""

    kind = "launch-failed"

    def __init__(self, details: str, *, hint: str = "", last_rows: str = "", **facts: Fact) -> None:
        text = f"Failed to initialize Stata: {details}"
        super().__init__(
            f"{text} ({hint})" if hint else text,
            details=details,
            hint=hint,
            last_rows=last_rows,
            **facts,
        )


class LaunchTimedOut(LaunchFailed):
    """Stata was started but did not come to its prompt in time."""

    kind = "launch-timed-out"


class NoLicenceSeat(LaunchFailed, LimitError):
    """All seats of Stata's licence are taken, as Stata or ``licence_seats`` says; try later."""

    kind = "no-licence-seat"


class LicenceExpired(LaunchFailed):
    """Stata's licence has expired: waiting does not help, a new licence does."""

    kind = "licence-expired"


class ConsoleLost(ConsoleError):
    """The console died or was killed; its data are gone."""

    kind = "console-lost"

    def __init__(self, session: str, reason: str) -> None:
        super().__init__(
            f"Session {session} lost its Stata: {reason}", session=session, reason=reason
        )


class ViewFailed(ConsoleError):
    """Stata refused what a view (results, data, graphs, help) asked of it."""

    kind = "view-failed"
