"""Operations that only the clients of older servers use."""

from __future__ import annotations

import os.path
from dataclasses import dataclass
from typing import Literal

from stata_sessions.errors import NoSuchSession, SessionGone
from stata_sessions.operations.commands import SUBMITTING
from stata_sessions.operations.models import Answer, Done, Nothing
from stata_sessions.operations.registry import Context, Route, operation
from stata_sessions.operations.run_models import RunFile, RunSelection
from stata_sessions.operations.runs import Run, start_file, start_selection
from stata_sessions.operations.session_models import MaybeSession
from stata_sessions.operations.sessions import STOPS

TAG = "existing clients"


class ExecutionStopped(Answer):
    """How a stop went, in the words that older clients know."""

    status: Literal["no_execution", "stop_requested", "stopped"]
    execution_id: str | None
    method: str = "break"
    message: str
    session_id: str
    data_kept: bool


class ExecutionStatus(Answer):
    """Whether a session is running something, and since when."""

    status: Literal["idle", "running"]
    executing: bool
    session_id: str
    execution_id: str | None = None
    command: int | None = None
    file: str | None = None
    elapsed_seconds: float | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class StreamedRun:
    """A run whose output is followed, and what its stream says first."""

    run: Run
    greeting: str


@operation(
    takes=RunSelection,
    gives=None,
    route=Route(
        "GET", "/run_selection/stream", media="text/event-stream", failures="text", tag=TAG
    ),
    errors=SUBMITTING,
)
def stream_selection(context: Context, given: RunSelection) -> StreamedRun:
    """Run Stata code and follow its output line by line."""
    return StreamedRun(start_selection(context, given), "")


@operation(
    takes=RunFile,
    gives=None,
    route=Route("GET", "/run_file/stream", media="text/event-stream", failures="text", tag=TAG),
    errors=SUBMITTING,
)
def stream_file(context: Context, given: RunFile) -> StreamedRun:
    """Run a Stata do-file and follow its output line by line."""
    name = os.path.basename(given.file_path)
    return StreamedRun(start_file(context, given), f"Starting execution of {name}...")


STOP_STATUSES: dict[str, Literal["no_execution", "stop_requested", "stopped"]] = {
    "not_running": "no_execution",
    "stop_sent": "stop_requested",
    "stopped": "stopped",
    "lost": "stopped",
}


@operation(
    takes=MaybeSession,
    gives=ExecutionStopped,
    route=Route("POST", "/stop_execution", tag=TAG),
    errors=(NoSuchSession, SessionGone),
)
def stop_execution(context: Context, given: MaybeSession) -> ExecutionStopped:
    """Stop what the default session, or the one named, is running."""
    session = context.manager.get(given.session_id)
    report = session.stop()
    found = report.command and context.executions.find(session.name, report.command)
    return ExecutionStopped(
        status=STOP_STATUSES[report.status],
        execution_id=found.id if found else None,
        message=STOPS[report.status][1],
        session_id=session.name,
        data_kept=report.data_kept,
    )


@operation(
    takes=MaybeSession,
    gives=ExecutionStatus,
    route=Route("GET", "/execution_status", tag=TAG),
    errors=(NoSuchSession, SessionGone),
)
def execution_status(context: Context, given: MaybeSession) -> ExecutionStatus:
    """Tell whether the default session, or the one named, is running something."""
    session = context.manager.get(given.session_id)
    command = session.current()
    view = command.view() if command else None
    if view is None or view.ended_at is not None:
        return ExecutionStatus(status="idle", executing=False, session_id=session.name)
    found = context.executions.find(session.name, view.number)
    return ExecutionStatus(
        status="running",
        executing=True,
        session_id=session.name,
        execution_id=found.id if found else None,
        command=view.number,
        file=view.file_path or "selection",
        elapsed_seconds=None if view.elapsed_s is None else round(view.elapsed_s, 1),
        cancelled=view.rung != "",
    )


@operation(takes=Nothing, gives=Done, route=Route("POST", "/clear_history", tag=TAG))
def clear_history(context: Context, given: Nothing) -> Done:
    """Accept an older page's wish to forget its commands; each session keeps its own history."""
    return Done(message="Cleared 0 items from history")
