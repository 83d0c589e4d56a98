"""Output as a live response: a command's, or a whole session's."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from typing import Any

from flask import Request, Response, request

from stata_sessions.errors import OutputDiscarded, TooManyStreams
from stata_sessions.operations.command_models import command_info
from stata_sessions.operations.session_models import session_info
from stata_sessions.operations.waiting import Readable
from stata_sessions.sessions import Command, Session
from stata_sessions.sse import HEARTBEAT, HEARTBEAT_S, LOOK_UP_S, event
from stata_sessions.states import SessionState
from stata_sessions.web.metrics import Metrics

CHUNK_BYTES = 64 * 1024
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

Gone = Callable[[], bool]
Follower = Callable[[Any, Any, Gone], Iterator[str]]


def is_gone(asked: Request) -> Gone:
    """Return what tells whether the client of a request went away."""
    found: Gone = asked.environ.get("waitress.client_disconnected", lambda: False)
    return found


class Streams:
    """Live responses, and how many there may be at once."""

    def __init__(self, limit: int, metrics: Metrics) -> None:
        self._limit, self._metrics = limit, metrics
        self._free = BoundedSemaphore(limit)

    def render(self, follower: Follower) -> Callable[[Any, Any], Response]:
        """Return a renderer that sends what the follower yields. It raises TooManyStreams."""
        return lambda given, answer: self.live(lambda gone: follower(given, answer, gone))

    def live(self, follow: Callable[[Gone], Iterator[str]]) -> Response:
        """Return a response that sends what is yielded. Raises TooManyStreams."""
        if not self._free.acquire(blocking=False):
            error = TooManyStreams(self._limit)
            self._metrics.refused(error)
            raise error
        self._metrics.streams.inc()
        response = Response(follow(is_gone(request)), mimetype="text/event-stream", headers=HEADERS)
        # Called however the response ends, even if its first event was never asked for.
        response.call_on_close(self._release)
        return response

    def _release(self) -> None:
        self._metrics.streams.dec()
        self._free.release()


def follow_command(given: Any, answer: tuple[Session, Command, int], gone: Gone) -> Iterator[str]:
    """Yield a command's output from an offset to its end, then the command itself."""
    session, command, offset = answer
    yield from _followed(
        command,
        offset,
        gone,
        Waiting(session, command),
        lambda: command_info(command.view()).model_dump_json(),
    )


def follow_session(given: Any, answer: tuple[Session, int], gone: Gone) -> Iterator[str]:
    """Yield a session's output from an offset to its end, then the session itself."""
    session, offset = answer
    yield from _followed(
        session,
        offset,
        gone,
        Waiting(session),
        lambda: session_info(session.view()).model_dump_json(),
    )


class Waiting:
    """Whether a console waits for input, as far as that has been told."""

    def __init__(self, session: Session, command: Command | None = None) -> None:
        self._session, self._command = session, command
        self._told = ""

    def has_news(self) -> bool:
        """Tell whether it has begun to wait, waits for something else, or has gone on."""
        return self._session.awaited(self._command) != self._told

    def news(self) -> str:
        """Return the event that tells it; empty if there is none to tell."""
        if not self.has_news():
            return ""
        self._told = hint = self._session.awaited(self._command)
        state = SessionState.AWAITING_INPUT if hint else self._session.state
        # Without an id: what was read up to here is told by output alone.
        return event(json.dumps({"state": state, "hint": hint}), name="state")


def _followed(
    source: Readable, reached: int, gone: Gone, waiting: Waiting, ending: Callable[[], str]
) -> Iterator[str]:
    yield HEARTBEAT  # so that the client has the headers before the first output
    for offset, text in pages(source, reached, gone, more=waiting.has_news):
        reached = offset
        told = event(json.dumps({"text": text}), id=offset, name="output") if text else ""
        yield told + waiting.news() or HEARTBEAT
    if not gone():
        yield event(ending(), id=reached, name="end")


def pages(
    source: Readable,
    offset: int,
    gone: Gone,
    heartbeat_s: float = HEARTBEAT_S,
    more: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[int, str]]:
    """Yield (offset after it, text) as the text comes; empty text is a sign of life.

    That also comes while there is ``more`` to tell than text.
    """
    silent_since = time.monotonic()
    while not gone():
        try:
            page = source.read(offset, CHUNK_BYTES, LOOK_UP_S)
        except OutputDiscarded as discarded:  # too slow, or too late: go on with what is kept
            offset = int(str(discarded.facts["oldest"]))
            continue
        offset = page.next_offset
        if page.text or more() or time.monotonic() - silent_since >= heartbeat_s:
            silent_since = time.monotonic()
            yield offset, page.text
        if page.complete:
            return
