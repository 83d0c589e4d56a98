"""Whether a session of the server's works with this console."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from stata_sessions.cli.doctor.table import Finding
from stata_sessions.errors import StataSessionsError
from stata_sessions.sessions import Manager
from stata_sessions.sessions.session import Session
from stata_sessions.settings import Settings

WAIT_S = 20.0
UNDER_WAY_S = 0.5


def session_findings(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Open a session and run code that succeeds, fails, and is stopped. Raises LaunchFailed."""
    manager = Manager(settings, environ)
    try:
        began = time.monotonic()
        session = manager.create()
        yield Finding("a session starts in", f"{time.monotonic() - began:.2f} s")
        yield Finding("code that succeeds", _outcome(session, 'local x 6\ndisplay "<" `x\'*7 ">"'))
        yield Finding("the next command", _outcome(session, 'display "<" `x\'+1 ">"'))
        yield Finding("code that fails", _outcome(session, "error 198"))
        yield Finding("code that is stopped", _stopped(session))
        yield Finding("the command after it", _outcome(session, 'display "<" `x\'+2 ">"'))
        yield Finding("warnings of the session", session.view().warning or "none")
        yield Finding("a second session beside it", _beside(manager))
    finally:
        manager.shutdown()


def _beside(manager: Manager) -> str:
    """Open one more: a licence may allow one Stata at a time, and says so in its own words."""
    began = time.monotonic()
    try:
        manager.create()
    except StataSessionsError as error:
        return f"{error.kind}: {error.message}"
    return f"starts in {time.monotonic() - began:.2f} s"


def _outcome(session: Session, code: str) -> str:
    command = session.submit(code, time_limit_s=WAIT_S)
    command.wait(WAIT_S * 2)
    view = command.view()
    rows = command.output().strip().splitlines()
    last = f", its last row is {rows[-1]}" if rows else ""
    return f"{view.state.value}, return code {view.return_code}{last}"


def _stopped(session: Session) -> str:
    command = session.submit("sleep 20000", time_limit_s=WAIT_S)
    command.wait(UNDER_WAY_S)
    began = time.monotonic()
    report = session.stop(wait_s=WAIT_S)
    took_s, kept = time.monotonic() - began, "kept" if report.data_kept else "lost"
    return f"{report.status} by {report.rung or 'nothing'} after {took_s:.2f} s, data {kept}"
