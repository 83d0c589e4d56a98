"""Runs: submit code or a do-file, wait for it, and tell how it went."""

from __future__ import annotations

import os.path
from dataclasses import dataclass

from stata_sessions.errors import InvalidPath, NoSuchSession, SessionGone
from stata_sessions.operations.commands import SUBMITTING
from stata_sessions.operations.drawn import drawn_by
from stata_sessions.operations.executions import Execution
from stata_sessions.operations.outputs import collected, presented, source_of
from stata_sessions.operations.paths import checked_dir, checked_file
from stata_sessions.operations.registry import Context, Tool, operation
from stata_sessions.operations.run_models import (
    GraphRecord,
    RunArguments,
    RunFile,
    RunResult,
    RunSelection,
)
from stata_sessions.operations.waiting import wait_for
from stata_sessions.sessions import Command, CommandView, Session
from stata_sessions.states import CommandState

# A change of folder waits its turn behind the session's running command.
CHANGE_DIR_WAIT_S = 3600.0


@dataclass(frozen=True, slots=True)
class Run:
    """A submitted command together with the session it went to."""

    session: Session
    command: Command
    execution: str | None = None


@operation(
    takes=RunSelection,
    gives=RunResult,
    tool=Tool("stata_run_selection", ("run_selection", "run_command"), "Run Stata code"),
    errors=SUBMITTING,
)
def run_selection(context: Context, given: RunSelection) -> RunResult:
    """Run Stata code and answer with its output.

    Data, macros and programs stay in the session from one call to the next.
    """
    return finished(context, start_selection(context, given), given)


@operation(
    takes=RunFile,
    gives=RunResult,
    tool=Tool("stata_run_file", ("run_file",), "Run a do-file"),
    errors=SUBMITTING,
)
def run_file(context: Context, given: RunFile) -> RunResult:
    """Run a Stata do-file and answer with its output.

    It runs in its own folder unless working_dir names another.
    """
    return finished(context, start_file(context, given), given)


def start_selection(context: Context, given: RunSelection) -> Run:
    """Submit the code, in the folder asked for."""
    session = session_for(context, given.session_id)
    folder = checked_dir(context.settings, given.working_dir)
    if folder:
        _change_dir(session, folder)
    command = session.submit(given.selection, time_limit_s=_time_limit(given), epoch=given.epoch)
    return _noted(context, session, command, given)


def start_file(context: Context, given: RunFile) -> Run:
    """Submit the do-file, in its own folder or the one asked for."""
    path = checked_file(context.settings, given.file_path)
    folder = checked_dir(context.settings, given.working_dir) or os.path.dirname(path)
    session = session_for(context, given.session_id)
    command = session.submit_file(
        path, working_dir=folder, time_limit_s=_time_limit(given), epoch=given.epoch
    )
    return _noted(context, session, command, given, path)


def finished(context: Context, run: Run, given: RunArguments) -> RunResult:
    """Wait for the run, as long as its caller wants, and tell how it went."""
    wait_for(run.command, given.wait_s, context.is_gone)
    return result_of(context, run, skip_filter=given.skip_filter)


def result_of(context: Context, run: Run, *, skip_filter: bool = False) -> RunResult:
    """Tell how a run went, or how far it is, with its output."""
    result, page = outcome_of(context, run), collected(run.command)
    view = run.command.view()
    shown = page.text if skip_filter else presented(context.settings, view, page.text)
    return result.model_copy(update={"output": shown, "next_offset": page.next_offset})


def outcome_of(context: Context, run: Run) -> RunResult:
    """Tell how a run went, or how far it is, without its output."""
    view, session = run.command.view(), run.session.view()
    return RunResult(
        session_id=view.session,
        epoch=view.epoch,
        epoch_reason=session.epoch_reason,
        command=view.number,
        state=view.state,
        return_code=view.return_code,
        output="",
        error=failure_of(view),
        elapsed_s=view.elapsed_s,
        reason=view.reason,
        data_kept=view.data_kept,
        hint=view.hint,
        note=view.note,
        next_offset=view.start if view.end is None else view.end,
        graphs=_graphs(context, run, view),
    )


def _graphs(context: Context, run: Run, view: CommandView) -> list[GraphRecord]:
    if view.state not in (CommandState.FINISHED, CommandState.BROKEN):
        return []
    return drawn_by(context.shelf, context.settings, run.session, source_of(view), run.execution)


def session_for(context: Context, name: str | None) -> Session:
    """Return the session; with ``auto_create`` an unknown name starts one, an old id never."""
    manager, prefix = context.manager, context.settings.session_prefix
    try:
        return manager.get(name)
    except (NoSuchSession, SessionGone):
        is_an_id = prefix and name and name.startswith(prefix)
        if not name or is_an_id or not context.settings.auto_create:
            raise
        return manager.create(name)


def failure_of(view: CommandView) -> str | None:
    """Return why a command failed, in a sentence; None while it runs and when all is well."""
    if view.state is CommandState.LOST:
        what = (
            "The command was not run"
            if view.data_kept
            else f"Session {view.session} lost its Stata"
        )
        return f"{what}: {view.reason}"
    if view.state is CommandState.BROKEN and view.reason == "time-limit":
        return f"Command timeout after {round(view.elapsed_s or 0, 1)}s"
    if view.state in (CommandState.BROKEN, CommandState.CANCELLED):
        return "Execution cancelled"
    if view.return_code:
        return f"Stata returned r({view.return_code})"
    return None


def _time_limit(given: RunArguments) -> float | None:
    return float(given.timeout) if given.timeout and given.timeout > 0 else None


def _change_dir(session: Session, folder: str) -> None:
    result = session.query(f'quietly cd "{folder}"', wait_s=CHANGE_DIR_WAIT_S)
    if result.return_code:
        raise InvalidPath(f"Stata cannot change to working_dir {folder}", path=folder)


def _noted(
    context: Context,
    session: Session,
    command: Command,
    given: RunArguments,
    path: str | None = None,
) -> Run:
    if given.execution_id:
        context.executions.add(Execution(given.execution_id, session.name, command.number, path))
    return Run(session, command, given.execution_id)
