"""Errors of sound requests that come at the wrong time, or would pass a limit."""

from __future__ import annotations

from collections.abc import Mapping

from stata_sessions.errors.base import UNKNOWN_RETRY_S, Fact, StataSessionsError


class StateError(StataSessionsError):
    """A sound request, but not now."""

    kind = "state"


class SessionExists(StateError):
    """The name is taken."""

    kind = "session-exists"

    def __init__(self, session: str) -> None:
        super().__init__(f"Session {session} exists already", session=session)


class SessionBusy(StateError):
    """Another command is running and the caller did not want to queue."""

    kind = "session-busy"

    def __init__(self, session: str, command: int | None) -> None:
        super().__init__(f"Session busy: {session}", session=session, command=command)


class EpochChanged(StateError):
    """The Stata that the caller relied on was replaced."""

    kind = "epoch-changed"

    def __init__(self, session: str, expected: int, epoch: int, reason: str) -> None:
        super().__init__(
            f"Session {session} is in epoch {epoch}, not {expected}: its data are gone ({reason})",
            session=session,
            expected=expected,
            epoch=epoch,
            reason=reason,
        )


class NotAwaiting(StateError):
    """Input was sent to a session that waits for none."""

    kind = "not-awaiting-input"

    def __init__(self, session: str) -> None:
        super().__init__(f"Session {session} is not waiting for input", session=session)


class NotQueued(StateError):
    """Only a queued command can be cancelled; a running one is stopped."""

    kind = "not-queued"

    def __init__(self, session: str, command: int, state: str) -> None:
        super().__init__(
            f"Command {command} of session {session} is {state}, no longer queued; "
            "stop the session to break a running command",
            session=session,
            command=command,
            state=state,
        )


class SessionGone(StateError):
    """The session existed, and ended: says when and why."""

    kind = "session-gone"

    def __init__(self, session: str, ended_at: str, reason: str) -> None:
        super().__init__(
            f"Session not found: {session} (it ended at {ended_at}: {reason})",
            session=session,
            ended_at=ended_at,
            reason=reason,
        )


class NotReady(StateError):
    """New sessions had better go elsewhere, or come later; says why to those who may know."""

    kind = "not-ready"

    def __init__(self, reasons: Mapping[str, str], retry_after_s: int) -> None:
        text = "; ".join(reasons.values())
        super().__init__(
            f"Not ready: {text}" if text else "Not ready",
            reasons=tuple(reasons) or None,
            retry_after_s=retry_after_s,
        )


class OutputDiscarded(StateError):
    """The output asked for is older than what is kept; says the oldest."""

    kind = "output-discarded"

    def __init__(self, session: str, oldest: int) -> None:
        super().__init__(
            f"Output of session {session} before offset {oldest} is no longer kept",
            session=session,
            oldest=oldest,
        )


class LimitError(StataSessionsError):
    """A sound request that would pass a limit; try again later."""

    kind = "limit"

    def __init__(
        self, message: str, *, retry_after_s: int = UNKNOWN_RETRY_S, **facts: Fact
    ) -> None:
        super().__init__(message, retry_after_s=retry_after_s, **facts)


class QueueFull(LimitError):
    """Too many commands wait in this session."""

    kind = "queue-full"

    def __init__(self, session: str, limit: int) -> None:
        super().__init__(
            f"Session {session} already has {limit} commands waiting (queue_limit)",
            session=session,
            limit=limit,
            setting="queue_limit",
        )


class TooManySessions(LimitError):
    """No slot is free."""

    kind = "too-many-sessions"

    def __init__(self, limit: int, setting: str = "max_sessions") -> None:
        super().__init__(
            f"Maximum sessions ({limit}) reached ({setting}); close one first",
            limit=limit,
            setting=setting,
        )


class TooLittleMemory(LimitError):
    """The machine has too little memory left for one more Stata."""

    kind = "too-little-memory"

    def __init__(self, free_mb: int, limit_mb: int) -> None:
        super().__init__(
            f"The machine has {free_mb} MB of free memory, and a new Stata is started only while "
            f"there are {limit_mb} MB (free_memory_mb)",
            free_mb=free_mb,
            limit=limit_mb,
            setting="free_memory_mb",
        )


class TooManyStreams(LimitError):
    """Too many clients watch at once."""

    kind = "too-many-streams"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"Maximum live streams ({limit}) reached (streams_limit)",
            limit=limit,
            setting="streams_limit",
        )


class ServerStopping(LimitError):
    """The server is on its way down."""

    kind = "server-stopping"

    def __init__(self) -> None:
        super().__init__("The server is stopping")
