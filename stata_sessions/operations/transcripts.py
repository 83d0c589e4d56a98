"""A session's output as a whole, whichever command printed it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stata_sessions.errors import NoSuchSession, OutputDiscarded, SessionGone
from stata_sessions.operations.command_models import PAGE_BYTES, LastEventId, Limit, Offset
from stata_sessions.operations.models import Answer, WaitS
from stata_sessions.operations.registry import Context, Route, operation
from stata_sessions.operations.session_models import WhichSession
from stata_sessions.operations.waiting import read_ready
from stata_sessions.sessions import Session


class TranscriptPlace(WhichSession):
    """Where to begin; without offset and last, at the oldest output that is kept."""

    offset: Offset | None = None
    last: Annotated[
        int | None, Field(ge=0, le=2**53, description="Begin so many bytes before the end.")
    ] = None


class TranscriptRequest(TranscriptPlace):
    """Which part, and how long to wait until there is some."""

    limit: Limit = PAGE_BYTES
    wait_s: WaitS = 0


class TranscriptStream(TranscriptPlace):
    """Where a live stream begins."""

    last_event_id: LastEventId = None


class TranscriptPage(Answer):
    """A part of a session's output."""

    session_id: str
    output: str
    offset: int
    next_offset: int
    complete: bool = Field(description="The session has ended, and this is all its output.")


@operation(
    takes=TranscriptRequest,
    gives=TranscriptPage,
    route=Route("GET", "/sessions/{session_id}/output", tag="sessions"),
    errors=(NoSuchSession, SessionGone, OutputDiscarded),
)
def read_transcript(context: Context, given: TranscriptRequest) -> TranscriptPage:
    """Read a session's output, whichever command printed it; wait_s waits until there is some."""
    session = context.manager.get(given.session_id)
    start = _start(session, given)
    page = read_ready(session, start, given.limit, given.wait_s, context.is_gone)
    return TranscriptPage(
        session_id=session.name,
        output=page.text,
        offset=page.offset,
        next_offset=page.next_offset,
        complete=page.complete,
    )


@operation(
    takes=TranscriptStream,
    gives=None,
    route=Route("GET", "/sessions/{session_id}/stream", media="text/event-stream", tag="sessions"),
    errors=(NoSuchSession, SessionGone),
)
def stream_transcript(context: Context, given: TranscriptStream) -> tuple[Session, int]:
    """Follow a session's output live, whichever command prints it, as server-sent events.

    Each event's id is the offset after it. A "state" event tells that the console begins to wait
    for input, with a hint for what, or goes on. The last event is "end", when the session ends.
    """
    session = context.manager.get(given.session_id)
    resumed = given.last_event_id
    return session, _start(session, given) if resumed is None else resumed


@operation(
    takes=WhichSession,
    gives=None,
    route=Route("GET", "/sessions/{session_id}/raw", media="application/octet-stream"),
    errors=(NoSuchSession, SessionGone),
)
def show_raw(context: Context, given: WhichSession) -> bytes:
    """Show the newest bytes of a session's console as they came, echoes and prompts included.

    They are for diagnosis: what output leaves out is here, and so are bytes that are no UTF-8.
    """
    return context.manager.get(given.session_id).raw()


def _start(session: Session, given: TranscriptPlace) -> int:
    if given.offset is not None:
        return given.offset
    oldest, end = session.transcript.oldest, session.transcript.end
    return oldest if given.last is None else max(oldest, end - given.last)
