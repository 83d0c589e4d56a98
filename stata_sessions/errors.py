"""Every error that stata-sessions raises on purpose.

Errors carry facts; what a door makes of them (an HTTP status, an exit status, an MCP answer) is
looked up by class in that door's own table. ``kind`` is a stable word for programs, the message is
a sentence for people, and ``facts`` are the values behind it.
"""

from __future__ import annotations

from typing import ClassVar

Fact = str | int | float | bool | None | tuple[str, ...]


class StataSessionsError(Exception):
    """The base of all our errors; never raised itself."""

    kind: ClassVar[str] = "error"

    def __init__(self, message: str, **facts: Fact) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class UsageError(StataSessionsError):
    """The caller must change something."""

    kind = "usage"


class NoSuchSession(UsageError):
    """No session of that name was ever here, or it is long forgotten."""

    kind = "no-such-session"

    def __init__(self, session: str) -> None:
        super().__init__(f"Session not found: {session}", session=session)


class NoSuchCommand(UsageError):
    """The session exists, but has no command of that number."""

    kind = "no-such-command"

    def __init__(self, session: str, command: int) -> None:
        super().__init__(
            f"Session {session} has no command {command}", session=session, command=command
        )


class NoSuchLauncher(UsageError):
    """The launcher asked for is not installed."""

    kind = "no-such-launcher"

    def __init__(self, launcher: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"No launcher {launcher!r}; the known ones are {', '.join(known) or 'none'}",
            launcher=launcher,
            known=known,
        )


class NoSuchGraph(UsageError):
    """No graph of that name is there to be fetched."""

    kind = "no-such-graph"

    def __init__(self, graph: str) -> None:
        super().__init__(f"Graph not found: {graph}", graph=graph)


class NoSuchTool(UsageError):
    """A tool name that neither the HTTP tool door nor MCP knows."""

    kind = "no-such-tool"

    def __init__(self, tool: str) -> None:
        super().__init__(f"Unknown tool: {tool}", tool=tool)


class InvalidName(UsageError):
    """A session name that could not be told apart in a URL or a file name."""

    kind = "invalid-name"


class InvalidCode(UsageError):
    """Code that cannot be run as it stands: empty, too long, or with a NUL."""

    kind = "invalid-code"


class InvalidPath(UsageError):
    """A path that is missing, not allowed, or could break out of Stata's quotes."""

    kind = "invalid-path"


class NoSuchFile(InvalidPath):
    """The file that should be run is not there."""

    kind = "no-such-file"

    def __init__(self, path: str) -> None:
        super().__init__(f"File not found: {path}", path=path)


class PathNotAllowed(InvalidPath):
    """The path lies outside the directories that the operator allowed."""

    kind = "path-not-allowed"


class InvalidInput(UsageError):
    """Arguments of a request that do not fit; says which and why."""

    kind = "invalid-input"


class ProtectedSession(UsageError):
    """The default session cannot be destroyed, only restarted."""

    kind = "protected-session"

    def __init__(self) -> None:
        super().__init__("Cannot destroy default session", session="default")


class MultiSessionOff(UsageError):
    """The operator switched several sessions off."""

    kind = "multi-session-off"

    def __init__(self) -> None:
        super().__init__("Multi-session mode is not enabled")


class AccessError(StataSessionsError):
    """The caller may not do this."""

    kind = "access"


class NoToken(AccessError):
    """No token, or one that is not known here."""

    kind = "no-token"

    def __init__(self) -> None:
        super().__init__("A valid token is needed: send 'Authorization: Bearer TOKEN'")


class WrongHost(AccessError):
    """The Host header names somebody else: a DNS rebinding attempt or a missing setting."""

    kind = "wrong-host"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"This server does not answer for host {host!r}; the operator can add it to allowed_hosts",
            host=host,
        )


class WrongOrigin(AccessError):
    """A web page from elsewhere asked; browsers say so in Origin."""

    kind = "wrong-origin"

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"Requests from origin {origin!r} are refused; the operator can add it to allowed_origins",
            origin=origin,
        )


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
    retry_after_s: ClassVar[int] = 5


class QueueFull(LimitError):
    """Too many commands wait in this session."""

    kind = "queue-full"

    def __init__(self, session: str, limit: int) -> None:
        super().__init__(
            f"Session {session} already has {limit} commands waiting (queue_limit)",
            session=session,
            limit=limit,
        )


class TooManySessions(LimitError):
    """No slot is free."""

    kind = "too-many-sessions"

    def __init__(self, limit: int) -> None:
        super().__init__(f"Maximum sessions ({limit}) reached", limit=limit)


class TooManyStreams(LimitError):
    """Too many clients watch at once."""

    kind = "too-many-streams"

    def __init__(self, limit: int) -> None:
        super().__init__(f"Maximum live streams ({limit}) reached (streams_limit)", limit=limit)


class ServerStopping(LimitError):
    """The server is on its way down."""

    kind = "server-stopping"

    def __init__(self) -> None:
        super().__init__("The server is stopping")


class ConsoleError(StataSessionsError):
    """The far side of the terminal failed."""

    kind = "console"


class LaunchFailed(ConsoleError):
    """Stata could not be started: not found, no licence, died at once."""

    kind = "launch-failed"

    def __init__(self, details: str, *, hint: str = "", last_rows: str = "") -> None:
        text = f"Failed to initialize Stata: {details}"
        super().__init__(
            f"{text} ({hint})" if hint else text, details=details, hint=hint, last_rows=last_rows
        )


class LaunchTimedOut(LaunchFailed):
    """Stata was started but did not come to its prompt in time."""

    kind = "launch-timed-out"


class ConsoleLost(ConsoleError):
    """The console died or was killed; its data are gone."""

    kind = "console-lost"

    def __init__(self, session: str, reason: str) -> None:
        super().__init__(f"Session {session} lost its Stata: {reason}", session=session, reason=reason)


class ViewFailed(ConsoleError):
    """Stata refused what a view (results, data, graphs, help) asked of it."""

    kind = "view-failed"


class ConfigurationError(StataSessionsError):
    """A setting is wrong; names the place, the key and the value. Never over HTTP."""

    kind = "configuration"
