"""What ran, on disk: it outlives sessions and the server."""

from stata_sessions.archive.past import PastCommand, past_commands
from stata_sessions.archive.writer import Archive

__all__ = ["Archive", "PastCommand", "past_commands"]
