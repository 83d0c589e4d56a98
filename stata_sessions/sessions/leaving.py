"""The end of a console: asked to exit, ended, or explained after the fact."""

from __future__ import annotations

import logging
import signal

from stata_sessions.consoles import Console, ExitReport
from stata_sessions.sessions.command import Clock

log = logging.getLogger(__name__)

# How long an idle console gets to leave by itself when it is told to.
EXIT_S = 1.0


def leave(console: Console, clock: Clock) -> None:
    """Tell a console at its prompt to exit, so that it tidies up and gives its licence back."""
    try:
        console.write(b"exit, clear\n")
        deadline = clock() + EXIT_S
        while (left := deadline - clock()) > 0:
            console.read(left)
    except (EOFError, OSError):
        return


def end(console: Console, grace_s: float) -> ExitReport:
    """End a console; a fault in that is logged, as callers wait to be told that it is gone."""
    try:
        return console.close(grace_s)
    except Exception:
        log.exception("a console could not be ended in good order")
        return ExitReport()


def why_ended(report: ExitReport, stopping: str) -> str:
    """Say why a console ended that nobody had closed; ``stopping`` is why it got a break."""
    if report.reason:
        return report.reason
    if stopping:
        return f"{stopping}: Stata died of the break ({report})"
    if report.exit_status == 0:
        return f"the code ended Stata ({report})"
    if report.signal == signal.SIGKILL:
        return f"Stata died ({report}); the system may have ended it for want of memory"
    return f"Stata died ({report})"
