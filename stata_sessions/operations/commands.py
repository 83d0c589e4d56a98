"""Commands: submit, show, read, cancel, answer; they outlive whoever submitted them."""

from __future__ import annotations

from itertools import accumulate, takewhile

from stata_sessions.errors import (
    ConsoleLost,
    EpochChanged,
    InvalidCode,
    InvalidPath,
    NoSuchCommand,
    NoSuchFile,
    NoSuchSession,
    NotAwaiting,
    NotQueued,
    OutputDiscarded,
    PathNotAllowed,
    QueueFull,
    SessionBusy,
    SessionGone,
)
from stata_sessions.operations.command_models import (
    CODE_LIMIT_BYTES,
    PAGE_BYTES,
    AwaitedCommand,
    CommandAnswer,
    CommandInfo,
    CommandList,
    CommandsRequest,
    HistoryRequest,
    InputSent,
    NewCommand,
    NewInput,
    OutputAnswer,
    OutputRequest,
    StreamRequest,
    WhichCommand,
    command_answer,
    command_info,
)
from stata_sessions.operations.paths import checked_dir, checked_file
from stata_sessions.operations.registry import Context, Route, operation
from stata_sessions.operations.sessions import LAUNCHING
from stata_sessions.operations.waiting import read_ready, wait_for
from stata_sessions.sessions import Command, CommandView, OutputPage, Session

LOOKUP = (NoSuchSession, SessionGone, NoSuchCommand)
SUBMITTING = (
    NoSuchSession,
    SessionGone,
    InvalidCode,
    InvalidPath,
    NoSuchFile,
    PathNotAllowed,
    QueueFull,
    EpochChanged,
    SessionBusy,
    ConsoleLost,
    *LAUNCHING,
)
COMMAND = "/sessions/{session_id}/commands/{number}"


@operation(
    takes=NewCommand,
    gives=CommandAnswer,
    route=Route("POST", "/sessions/{session_id}/commands", 201, "json", tag="commands"),
    errors=SUBMITTING,
)
def submit_command(context: Context, given: NewCommand) -> CommandAnswer:
    """Submit code or a do-file to a session.

    It runs in its turn, whether or not the caller stays; wait_s waits for its end.
    """
    command = _submitted(context, given)
    wait_for(command, given.wait_s, context.is_gone)
    return _answer(command)


@operation(
    takes=CommandsRequest,
    gives=CommandList,
    route=Route("GET", "/sessions/{session_id}/commands", tag="commands"),
    errors=(NoSuchSession, SessionGone),
)
def list_commands(context: Context, given: CommandsRequest) -> CommandList:
    """List what a session ran, runs and will run.

    The newest come, in the order of their numbers; with after, the next ones behind that number.
    Fewer than asked for come if their code is long.
    """
    session = context.manager.get(given.session_id)
    found = session.history(after=given.after, limit=given.limit or given.latest)
    views = bounded(found, from_end=given.after is None)
    reached = views[-1].number if views else given.after or 0
    return CommandList(
        session_id=session.name,
        commands=[command_info(view) for view in views],
        next_after=reached,
        complete=not session.history(after=reached, limit=1),
    )


@operation(
    takes=AwaitedCommand,
    gives=CommandAnswer,
    route=Route("GET", COMMAND, tag="commands"),
    errors=LOOKUP,
)
def show_command(context: Context, given: AwaitedCommand) -> CommandAnswer:
    """Show a command and the beginning of its output; wait_s waits for its end."""
    command = _command(context, given)
    wait_for(command, given.wait_s, context.is_gone)
    return _answer(command)


@operation(
    takes=OutputRequest,
    gives=OutputAnswer,
    route=Route("GET", COMMAND + "/output", tag="commands"),
    errors=(*LOOKUP, OutputDiscarded),
)
def read_output(context: Context, given: OutputRequest) -> OutputAnswer:
    """Read a command's output from an offset; wait_s waits until there is some."""
    command = _command(context, given)
    offset = command.view().start if given.offset is None else given.offset
    page = read_ready(command, offset, given.limit, given.wait_s, context.is_gone)
    return OutputAnswer(
        session_id=given.session_id,
        command=given.number,
        output=page.text,
        offset=page.offset,
        next_offset=page.next_offset,
        complete=page.complete,
    )


@operation(
    takes=StreamRequest,
    gives=None,
    route=Route("GET", COMMAND + "/stream", media="text/event-stream", tag="commands"),
    errors=LOOKUP,
)
def stream_output(context: Context, given: StreamRequest) -> tuple[Session, Command, int]:
    """Follow a command's output live, as server-sent events.

    Each event's id is the offset after it: a client that comes back sends it as Last-Event-ID and
    misses nothing. A "state" event tells that the console begins to wait for input, with a hint for
    what, or goes on. The last event is "end" and carries the command.
    """
    session = context.manager.get(given.session_id)
    command = session.command(given.number)
    wanted = given.offset if given.last_event_id is None else given.last_event_id
    return session, command, command.view().start if wanted is None else wanted


@operation(
    takes=WhichCommand,
    gives=CommandInfo,
    route=Route("POST", COMMAND + "/cancel", tag="commands"),
    errors=(*LOOKUP, NotQueued),
)
def cancel_command(context: Context, given: WhichCommand) -> CommandInfo:
    """Take a command out of the queue; a running one is stopped instead, by stop_session."""
    return command_info(_command(context, given).cancel())


@operation(
    takes=NewInput,
    gives=InputSent,
    route=Route("POST", "/sessions/{session_id}/input", arguments="json", tag="commands"),
    errors=(NoSuchSession, SessionGone, NotAwaiting),
)
def send_input(context: Context, given: NewInput) -> InputSent:
    """Send a row to a session in state awaiting-input."""
    session = context.manager.get(given.session_id)
    session.send_input(given.text)
    return InputSent(session_id=session.name)


@operation(
    takes=HistoryRequest,
    gives=CommandList,
    route=Route("GET", "/sessions/{session_id}/history", also=("text/plain",), tag="commands"),
    errors=(NoSuchSession, SessionGone),
)
def show_history(context: Context, given: HistoryRequest) -> CommandList:
    """Show what ran, in order; also as a do-file that runs it all again."""
    return list_commands(context, given)


def as_do_file(history: CommandList) -> str:
    """Return the history as a do-file that Stata can run."""
    parts = [f"* session {history.session_id}"]
    for each in history.commands:
        if each.started_at is None:
            continue
        outcome = "" if each.return_code in (0, None) else f", r({each.return_code})"
        parts.append(f"\n* {each.command}: {each.state}{outcome}")
        parts.append(each.code.rstrip("\n"))
        if "#delimit" in each.code:
            parts.append("#delimit cr")  # each command was a file of its own, this is one for all
    return "\n".join(parts) + "\n"


def bounded(
    views: list[CommandView], *, from_end: bool = False, limit_bytes: int = CODE_LIMIT_BYTES
) -> list[CommandView]:
    """Return as many from the beginning, or the end, as their code fits; one at least."""
    ordered = views[::-1] if from_end else views
    sizes = accumulate(len(view.code) for view in ordered)
    fits = sum(1 for _ in takewhile(lambda size: size <= limit_bytes, sizes))
    kept = ordered[: max(1, fits)]
    return kept[::-1] if from_end else kept


def _command(context: Context, given: WhichCommand) -> Command:
    return context.manager.get(given.session_id).command(given.number)


def _submitted(context: Context, given: NewCommand) -> Command:
    session = context.manager.get(given.session_id)
    if given.file_path is None:
        return session.submit(
            given.code or "",
            time_limit_s=given.time_limit_s,
            epoch=given.epoch,
            queue=given.queue,
        )
    return session.submit_file(
        checked_file(context.settings, given.file_path),
        working_dir=checked_dir(context.settings, given.working_dir),
        time_limit_s=given.time_limit_s,
        epoch=given.epoch,
    )


def _answer(command: Command) -> CommandAnswer:
    view = command.view()
    return command_answer(view, first_page(command, view.start))


def first_page(command: Command, start: int, limit: int = PAGE_BYTES) -> OutputPage:
    """Return the beginning of what is kept of a command's output."""
    try:
        return command.read(start, limit)
    except OutputDiscarded as discarded:
        return command.read(int(str(discarded.facts["oldest"])), limit)
