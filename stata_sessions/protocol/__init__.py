"""The dialogue with a console: bytes in, events out; no machine, no clock."""

from stata_sessions.protocol.dialogue import Dialogue
from stata_sessions.protocol.events import Awaiting, Completed, Event, Output, Ready
from stata_sessions.protocol.files import CommandFiles, command_files
from stata_sessions.protocol.phase import Phase
from stata_sessions.protocol.tails import Tail

__all__ = [
    "Awaiting",
    "CommandFiles",
    "Completed",
    "Dialogue",
    "Event",
    "Output",
    "Phase",
    "Ready",
    "Tail",
    "command_files",
]
