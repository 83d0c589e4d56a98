"""What becomes of sessions and commands, as rows of the log; code is shown at DEBUG only."""

from __future__ import annotations

import logging
from typing import Any

from stata_sessions.sessions.command import Command
from stata_sessions.sessions.listener import Listener
from stata_sessions.sessions.losses import cause_of
from stata_sessions.sessions.views import SessionView
from stata_sessions.states import CommandState, SessionState

log = logging.getLogger(__name__)

# Of the code, at DEBUG.
SHOWN_CHARACTERS = 1000


class Journal(Listener):
    """Logs each change with its session, its command and the request that it comes from."""

    def session_changed(self, session: SessionView) -> None:
        """Log that it starts, was given out, or has ended."""
        match session.state:
            case SessionState.STARTING:
                _tell(logging.INFO, "session %s is starting", session)
            case SessionState.CLOSED:
                _tell(logging.INFO, "session %s was closed: %s", session, session.reason)
            case SessionState.LOST:
                facts = {"cause": cause_of(session)}
                _tell(logging.WARNING, "session %s was lost: %s", session, session.reason, **facts)
            case _:
                _tell(logging.INFO, "session %s got a console that was started ahead", session)

    def console_started(self, session: SessionView) -> None:
        """Log how long it took."""
        seconds = round(session.start_s or 0.0, 3)
        _tell(logging.INFO, "session %s is ready after %.2f s", session, seconds, start_s=seconds)

    def command_changed(self, command: Command) -> None:
        """Log that it is queued, has begun, or has ended."""
        view = command.view()
        facts: dict[str, Any] = {
            "session": view.session,
            "command": view.number,
            "state": view.state.value,
        }
        if command.request_id:
            facts["request_id"] = command.request_id
        level, text = logging.INFO, f"command {view.number} of session {view.session}"
        if view.state is CommandState.QUEUED:
            facts["code_bytes"] = len(view.code.encode())
            log.debug("%s: %s", text, view.code[:SHOWN_CHARACTERS], extra={"facts": facts})
        elif view.state is CommandState.RUNNING:
            level = logging.DEBUG
        else:
            level = logging.WARNING if view.state is CommandState.LOST else logging.INFO
            facts |= _ending(command)
        log.log(level, "%s is %s%s", text, view.state.value, _remark(facts), extra={"facts": facts})


def _tell(level: int, text: str, session: SessionView, *more: object, **facts: object) -> None:
    known = {
        "session": session.name or None,
        "epoch": session.epoch,
        "state": session.state.value,
        "reason": session.reason or None,
    }
    kept = {name: value for name, value in (known | facts).items() if value is not None}
    log.log(level, text, session.name or "(spare)", *more, extra={"facts": kept})


def _ending(command: Command) -> dict[str, Any]:
    found = {
        "epoch": command.epoch or None,
        "return_code": command.return_code,
        "waited_s": _rounded(command.waited_s),
        "elapsed_s": _rounded(command.elapsed_s),
        "reason": command.reason or None,
        "rung": str(command.rung) or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _remark(facts: dict[str, Any]) -> str:
    """Return what people want to see of how it ended."""
    after = f" after {facts['elapsed_s']:.2f} s" if "elapsed_s" in facts else ""
    code = f", r({facts['return_code']})" if facts.get("return_code") else ""
    reason = f" ({facts['reason']})" if "reason" in facts else ""
    return after + code + reason


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
