"""Every error that stata-sessions raises on purpose.

Errors carry facts; what a door makes of them (an HTTP status, an exit status, an MCP answer) is
looked up by class in that door's own table.
"""

from stata_sessions.errors.access import (
    AccessError,
    AdminOnly,
    NoToken,
    WrongHost,
    WrongOrigin,
)
from stata_sessions.errors.base import (
    Fact,
    StataSessionsError,
)
from stata_sessions.errors.console import (
    ConsoleError,
    ConsoleLost,
    LaunchFailed,
    LaunchTimedOut,
    ViewFailed,
)
from stata_sessions.errors.state import (
    EpochChanged,
    LimitError,
    NotAwaiting,
    NotQueued,
    OutputDiscarded,
    QueueFull,
    ServerStopping,
    SessionBusy,
    SessionExists,
    SessionGone,
    StateError,
    TooManySessions,
    TooManyStreams,
)
from stata_sessions.errors.usage import (
    ConfigurationError,
    InvalidCode,
    InvalidInput,
    InvalidName,
    InvalidPath,
    MultiSessionOff,
    NoSuchCommand,
    NoSuchFile,
    NoSuchGraph,
    NoSuchLauncher,
    NoSuchSession,
    NoSuchTool,
    PathNotAllowed,
    ProtectedSession,
    UsageError,
)

__all__ = [
    "AccessError",
    "AdminOnly",
    "ConfigurationError",
    "ConsoleError",
    "ConsoleLost",
    "EpochChanged",
    "Fact",
    "InvalidCode",
    "InvalidInput",
    "InvalidName",
    "InvalidPath",
    "LaunchFailed",
    "LaunchTimedOut",
    "LimitError",
    "MultiSessionOff",
    "NoSuchCommand",
    "NoSuchFile",
    "NoSuchGraph",
    "NoSuchLauncher",
    "NoSuchSession",
    "NoSuchTool",
    "NoToken",
    "NotAwaiting",
    "NotQueued",
    "OutputDiscarded",
    "PathNotAllowed",
    "ProtectedSession",
    "QueueFull",
    "ServerStopping",
    "SessionBusy",
    "SessionExists",
    "SessionGone",
    "StataSessionsError",
    "StateError",
    "TooManySessions",
    "TooManyStreams",
    "UsageError",
    "ViewFailed",
    "WrongHost",
    "WrongOrigin",
]
