"""Why a console was lost, in a word: reasons are for people, these are to be counted."""

from __future__ import annotations

import re

from stata_sessions.sessions.views import SessionView

# The words for consoles that never came to their prompt, and the rest of their reasons.
STARTING: tuple[tuple[str, str], ...] = (
    ("no-licence-seat", r"all seats of Stata's licence are taken"),
    ("licence-expired", r"Stata's licence has expired"),
    ("no-place", r"no place within"),
    ("start-timed-out", r"no prompt within"),
    ("start-failed", r""),
)
# The first pattern found in the reason decides.
RUNNING: tuple[tuple[str, str], ...] = (
    ("forced", r"^stop: .*\(force\)"),
    ("stop", r"^stop: "),
    ("time-limit", r"^time-limit: "),
    ("memory", r"^memory: "),
    ("fault", r"^a fault of the server"),
    # How others ended a job of theirs that was our console.
    ("node-failed", r"^node-failed: "),
    ("step-lost", r"^(step-lost|job-gone): "),
    ("job-time-limit", r"^job-time-limit: "),
    ("out-of-memory", r"^out-of-memory: "),
    ("preempted", r"^preempted: "),
    ("cancelled", r"^cancelled: "),
    ("ended-by-code", r"^the code ended Stata"),
    ("signal", r"killed by signal"),
    ("exit", r"exit status"),
    ("other", r""),
)
CAUSES = tuple(word for word, _ in (*STARTING, *RUNNING))


def cause_of(view: SessionView) -> str:
    """Return the word for why a session was lost, one of ``CAUSES``."""
    table = STARTING if view.start_s is None else RUNNING
    return next(word for word, pattern in table if re.search(pattern, view.reason))
