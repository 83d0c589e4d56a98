"""A connection as waitress serves it: read strictly, and over when the server stops."""

from __future__ import annotations

from waitress.channel import HTTPChannel
from waitress.task import WSGITask

from stata_sessions.web.strictness import StrictParser


class Answer(WSGITask):
    """An answer that is the last one of its connection if the server no longer listens."""

    def build_response_header(self) -> bytes:
        """Return the head; a client that never pauses could keep a stopping server for long."""
        if not self.channel.server.accepting:
            self.set_close_on_finish()
        return super().build_response_header()


class Channel(HTTPChannel):
    """A connection of a client's."""

    parser_class = StrictParser
    task_class = Answer
