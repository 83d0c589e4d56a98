"""Errors that the caller or the operator must change something about."""

from __future__ import annotations

from stata_sessions.errors.base import StataSessionsError


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


class RefusedCondition(InvalidInput):
    """A condition for rows that Stata refuses; says why."""

    kind = "refused-condition"

    def __init__(self, reason: str) -> None:
        super().__init__(f"Stata refused the condition: {reason}", reason=reason)


class NoSuchTopic(InvalidInput):
    """Stata has no help on the topic."""

    kind = "no-such-topic"

    def __init__(self, topic: str, reason: str) -> None:
        super().__init__(f"No help for {topic}: {reason}", topic=topic)


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


class ConfigurationError(StataSessionsError):
    """A setting is wrong; names the place, the key and the value. Never over HTTP."""

    kind = "configuration"
