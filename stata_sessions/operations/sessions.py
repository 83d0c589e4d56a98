"""Sessions: open, list, show, stop, restart, close."""

from __future__ import annotations

from stata_sessions.errors import (
    InvalidName,
    LaunchFailed,
    LaunchTimedOut,
    LicenceExpired,
    MultiSessionOff,
    NoLicenceSeat,
    NoSuchLauncher,
    NoSuchSession,
    PathNotAllowed,
    ProtectedSession,
    ServerStopping,
    SessionExists,
    SessionGone,
    TooLittleMemory,
    TooManySessions,
)
from stata_sessions.operations.models import Done, Nothing
from stata_sessions.operations.paths import checked_dir
from stata_sessions.operations.registry import Context, Route, operation
from stata_sessions.operations.session_models import (
    MaybeSession,
    NewSession,
    SessionCreated,
    SessionDetails,
    SessionList,
    SessionRestarted,
    StopOrder,
    Stopped,
    StopStatus,
    WhichSession,
    session_info,
)

LAUNCHING = (
    LaunchFailed,
    LaunchTimedOut,
    LicenceExpired,
    NoLicenceSeat,
    TooLittleMemory,
    ServerStopping,
)
CREATED = "Session created successfully"
MULTI_SESSION_OFF = "Multi-session mode is not enabled"


@operation(
    takes=NewSession,
    gives=SessionCreated,
    route=Route("POST", "/sessions", status=201, arguments="json"),
    errors=(
        TooManySessions,
        SessionExists,
        InvalidName,
        MultiSessionOff,
        NoSuchLauncher,
        PathNotAllowed,
        *LAUNCHING,
    ),
)
def create_session(context: Context, given: NewSession) -> SessionCreated:
    """Open a session with a Stata of its own.

    One that has to wait for a place on another machine is answered after ``queue_wait`` seconds as
    it is: in state ``starting``, with ``place.queued`` telling what it waits for. Commands may be
    sent to it; they wait with it. Closing it takes it out of the queue.
    """
    session = context.manager.create(
        given.name,
        working_dir=checked_dir(context.settings, given.working_dir),
        launcher=given.launcher,
        wait=given.wait,
        options=given.options,
    )
    info = session_info(session.view(usage=True))
    queued = info.place.queued if info.place else ""
    message = f"Session waits for its place: {queued}" if queued else CREATED
    return SessionCreated(session_id=session.name, message=message, session=info)


@operation(takes=Nothing, gives=SessionList, route=Route("GET", "/sessions"))
def list_sessions(context: Context, given: Nothing) -> SessionList:
    """List the sessions, with what each is doing and what it uses."""
    limit, available = context.manager.slots()
    enabled = context.settings.multi_session
    views = [session.view(usage=True) for session in context.manager.sessions()] if enabled else []
    return SessionList(
        sessions=[session_info(view) for view in views],
        max_sessions=limit,
        available_slots=available if enabled else 0,
        multi_session_enabled=enabled,
        message=None if enabled else MULTI_SESSION_OFF,
    )


@operation(
    takes=WhichSession,
    gives=SessionDetails,
    route=Route("GET", "/sessions/{session_id}"),
    errors=(NoSuchSession, SessionGone),
)
def show_session(context: Context, given: WhichSession) -> SessionDetails:
    """Show one session."""
    info = session_info(context.manager.get(given.session_id).view(usage=True))
    return SessionDetails(session=info, **dict(info))


@operation(
    takes=WhichSession,
    gives=Done,
    route=Route("DELETE", "/sessions/{session_id}"),
    errors=(NoSuchSession, SessionGone, ProtectedSession),
)
def destroy_session(context: Context, given: WhichSession) -> Done:
    """Close a session; its data and its queued commands are gone."""
    context.manager.destroy(given.session_id)
    return Done(message=f"Session {given.session_id} destroyed")


# What a report says, as the wire's word and as a sentence.
STOPS: dict[str, tuple[StopStatus, str]] = {
    "not_running": ("not_running", "Nothing is running"),
    "stop_sent": ("stop_sent", "Stop signal sent"),
    "stopped": ("stopped", "Stopped; the session and its data are kept"),
    "lost": ("lost", "Stata did not answer and was ended; its data are gone"),
    "forced": ("lost", "Stata was ended; its data are gone"),
}


@operation(
    takes=StopOrder,
    gives=Stopped,
    route=Route("POST", "/sessions/{session_id}/stop", arguments="json"),
    errors=(NoSuchSession, SessionGone),
)
def stop_session(context: Context, given: StopOrder) -> Stopped:
    """Send a break to the running command; what it printed and the data are kept."""
    session = context.manager.get(given.session_id)
    report = session.stop(force=given.force, wait_s=given.wait_s)
    is_forced = given.force and report.status == "lost"
    status, message = STOPS["forced" if is_forced else report.status]
    return Stopped(
        status=status,
        message=message,
        session_id=session.name,
        command=report.command,
        rung=report.rung,
        data_kept=report.data_kept,
    )


@operation(
    takes=WhichSession,
    gives=SessionRestarted,
    route=Route("POST", "/sessions/{session_id}/restart"),
    errors=(NoSuchSession, SessionGone, *LAUNCHING),
)
def restart_session(context: Context, given: WhichSession) -> SessionRestarted:
    """Give a session a new Stata under the same id, in a new epoch."""
    return _restart(context, given.session_id)


@operation(
    takes=MaybeSession,
    gives=SessionRestarted,
    route=Route("POST", "/sessions/restart", tag="existing clients"),
    errors=(NoSuchSession, SessionGone, *LAUNCHING),
)
def restart_default(context: Context, given: MaybeSession) -> SessionRestarted:
    """Restart the default session, or the one named."""
    return _restart(context, given.session_id)


def _restart(context: Context, name: str | None) -> SessionRestarted:
    view = context.manager.restart(name)
    return SessionRestarted(session_id=view.name, epoch=view.epoch, session=session_info(view))
