"""A connection as waitress serves it: read strictly, and over when the server stops."""

from __future__ import annotations

import json
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask

from stata_sessions.tracing import current_request, request_id
from stata_sessions.web import trace
from stata_sessions.web.errors import body_for
from stata_sessions.web.strictness import StrictParser

TOO_LARGE = 413


class Answer(WSGITask):
    """An answer that is the last one of its connection if the server is about to hang up."""

    def build_response_header(self) -> bytes:
        """Return the head; a client that never pauses could keep a stopping server for long."""
        server: Any = self.channel.server  # the stubs do not know what ours adds to it
        if server.is_draining:
            self.set_close_on_finish()
        return super().build_response_header()


class Refusal(ErrorTask):
    """The answer to a request that never came to the application, in the shape of all errors."""

    def execute(self) -> None:
        """Write it, and have the connection closed."""
        request: Any = self.request  # whose type the stubs do not know here
        error = request.error
        number = request_id(None)
        current_request.set(number)
        text = f"{error.reason}: {error.body}"
        if error.code == TOO_LARGE:
            limit = self.channel.server.adj.max_request_body_size
            text = f"The body is larger than {limit} bytes (body_limit_bytes)"
        body = (json.dumps(body_for(error.code, text)) + "\n").encode()
        current_request.set("")
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [("Content-Type", "application/json"), (trace.HEADER, number)]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection of a client's."""

    parser_class = StrictParser
    task_class = Answer
    error_task_class = Refusal
