"""What stands in for chance, time and sessions, so that everything repeats."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from stata_sessions.sessions import SessionView
from stata_sessions.states import SessionState


def tokens(start: int = 1) -> Callable[[], str]:
    """Return a source of tokens that are all different and always the same."""
    numbers = itertools.count(start)
    return lambda: f"t{next(numbers):06d}abcdefghijklmnop"


class FakeClock:
    """Seconds that pass only when told to."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def session_view(**changes: Any) -> SessionView:
    """Return the picture of a session that starts its first console, or what is asked for."""
    now = datetime.now(UTC)
    view = SessionView(
        name="one",
        state=SessionState.STARTING,
        is_default=False,
        created_at=now,
        last_activity=now,
        is_busy=False,
        epoch=1,
        epoch_reason="",
        queued=0,
        running=None,
        commands=0,
        pid=None,
        memory_bytes=None,
        cpu_s=None,
        idle_s=0.0,
        launcher="local",
        console="stata",
        working_dir="/",
        hint="",
        warning="",
        reason="",
        ended_at=None,
        start_s=None,
    )
    return replace(view, **changes)
