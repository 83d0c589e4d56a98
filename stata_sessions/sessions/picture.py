"""The picture of a session at one moment, taken from its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stata_sessions.sessions.views import SessionView
from stata_sessions.states import SessionState

if TYPE_CHECKING:
    from stata_sessions.sessions.record import Record

_S = SessionState
RUNNING = frozenset({_S.BUSY, _S.STOPPING, _S.AWAITING_INPUT})


def is_queued(record: Record) -> bool:
    """Say whether its console waits for a place, which may take long."""
    place = record.console.place if record.console else None
    return record.state is _S.STARTING and place is not None and bool(place.queued)


def picture_of(record: Record, *, usage: bool) -> SessionView:
    """Return a picture of this moment; with ``usage`` the processes are measured too."""
    console = record.console
    used = console.usage() if usage and console else None
    with record.changed:
        return SessionView(
            name=record.name,
            state=record.state,
            is_default=record.is_default,
            created_at=record.created_at,
            last_activity=record.active_at,
            is_busy=record.state in RUNNING,
            epoch=record.epoch,
            epoch_reason=record.epoch_reason,
            queued=len(record.queue),
            running=record.running.number if record.running else None,
            commands=record.history.last_number,
            pid=console.pid if console else None,
            memory_bytes=used.memory_bytes if used else None,
            cpu_s=used.cpu_s if used else None,
            idle_s=0.0 if record.running else record.clock() - record.active,
            launcher=record.origin.launcher,
            console=record.origin.console,
            working_dir=record.origin.working_dir,
            hint=record.hint,
            warning=record.warning,
            reason=record.reason,
            ended_at=record.ended_at,
            start_s=record.start_s,
            place=console.place if console else None,
        )
