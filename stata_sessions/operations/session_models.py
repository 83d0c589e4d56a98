"""Sessions, as they go in and out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from stata_sessions.operations.models import (
    Answer,
    Arguments,
    Moment,
    OptionalSessionId,
    SessionId,
)
from stata_sessions.sessions import SessionView
from stata_sessions.states import SessionState

# ``\Z`` is unknown to pydantic's engine, where ``$`` is the very end of the text.
NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$"


class WhichSession(Arguments):
    """A session that must be named."""

    session_id: SessionId


class MaybeSession(Arguments):
    """A session, or the default one."""

    session_id: OptionalSessionId = None


class NewSession(Arguments):
    """How a session should come up; all of it may be left out."""

    # Said here, and checked by the manager, which tells in words what fits.
    name: Annotated[
        Annotated[str, WithJsonSchema({"type": "string", "pattern": NAME})] | None,
        Field(description="Its session_id; made up if left out."),
    ] = None
    working_dir: Annotated[
        str | None, Field(max_length=4096, description="The folder it starts in.")
    ] = None
    launcher: Annotated[
        str | None, Field(max_length=64, description="How its Stata is brought up.")
    ] = None
    wait: Annotated[bool, Field(description="Answer only when Stata is ready.")] = True
    options: Annotated[
        dict[str, str], Field(max_length=32, description="Options for the launcher.")
    ] = {}


class StopOrder(WhichSession):
    """How hard to stop, and how long to wait for it."""

    force: Annotated[
        bool, Field(description="Kill the session's Stata if it does not answer; its data go.")
    ] = False
    wait_s: Annotated[
        float | None, Field(ge=0, le=600, description="Seconds to wait for the command to end.")
    ] = None


class PlaceInfo(Answer):
    """Where a session on another machine runs, or why it has no place yet."""

    node: str = Field(description="The machine; empty while it waits.")
    job: str = Field(description="Its job there; empty as long as none is known.")
    job_state: str = Field(description="What the scheduler calls the state of the job.")
    queued: str = Field(description="Why it waits, such as Licenses; empty once it has its place.")
    position: int | None = Field(description="How many waiting jobs of this account are before it.")
    expected_start: Moment | None = Field(description="When it may get its place, if known.")


class SessionInfo(Answer):
    """A session as it is now."""

    session_id: str
    state: SessionState
    created_at: Moment
    last_activity: Moment
    is_busy: bool
    is_default: bool
    error: str | None = Field(description="Why the session ended, if it did.")
    epoch: int = Field(description="Rises when the Stata behind the id was replaced.")
    epoch_reason: str
    queued: int
    running: int | None = Field(description="Number of the running command.")
    commands: int
    pid: int | None
    memory_bytes: int | None
    cpu_s: float | None
    idle_s: float
    launcher: str
    console: str
    working_dir: str
    hint: str = Field(description="What a session in state awaiting-input waits for.")
    warning: str = Field(description="What is wrong with its Stata although it works.")
    ended_at: Moment | None
    start_s: float | None = Field(description="Seconds its Stata took to start.")
    place: PlaceInfo | None = Field(description="Of a session on another machine.")


class SessionCreated(Answer):
    """A new session."""

    status: Literal["success"] = "success"
    session_id: str
    message: str
    session: SessionInfo


class SessionList(Answer):
    """All live sessions, the default one first."""

    sessions: list[SessionInfo]
    max_sessions: int
    available_slots: int
    multi_session_enabled: bool
    message: str | None = None


class SessionDetails(SessionInfo):
    """One session: wrapped as older servers answer, and plain."""

    status: Literal["success"] = "success"
    session: SessionInfo


class SessionRestarted(Answer):
    """A session with a new Stata, and so a new epoch."""

    status: Literal["success"] = "success"
    message: str = "Stata session restarted"
    session_id: str
    epoch: int
    session: SessionInfo


StopStatus = Literal["not_running", "stop_sent", "stopped", "lost"]


class Stopped(Answer):
    """How a stop went."""

    status: StopStatus
    message: str
    session_id: str
    command: int | None = Field(description="The command that was stopped.")
    rung: str = Field(description="How far it went: break, second-break, kill.")
    data_kept: bool


def session_info(view: SessionView) -> SessionInfo:
    """Return the model of a session's view."""
    shown = {
        name: getattr(view, name)
        for name in SessionInfo.model_fields
        if name not in ("session_id", "error", "place")
    }
    place = PlaceInfo(**asdict(view.place)) if view.place else None
    return SessionInfo(session_id=view.name, error=view.reason or None, place=place, **shown)
