"""One job of Slurm as its console and the watch see it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from stata_sessions.consoles import ExitReport, Place, Usage
from stata_sessions.consoles.handshake import Greeting
from stata_sessions.launchers.slurm.order import Order
from stata_sessions.launchers.slurm.queue import NOT_YET_KNOWN, Row
from stata_sessions.launchers.slurm.reasons import explain

_QUEUED = re.compile(r"^srun: job (\d+) queued and waiting", re.M)
_ALLOCATED = re.compile(r"^srun: job (\d+) has been allocated", re.M)
# Slurm thinks about a new job about once a second; before that it has no reason to tell.
REASON_KNOWN_S = 1.5
# How long a console gets to notice by itself what squeue already says.
END_OF_FILE_S = 3.0


class Cluster(Protocol):
    """What a job needs of its launcher."""

    def look_soon(self, within_s: float) -> None:
        """Have the queue looked at, no later than in so many seconds."""

    def row_of(self, name: str) -> Row | None:
        """Ask squeue about one job, now; None if it does not know it or does not answer."""

    def cancel(self, name: str) -> None:
        """Cancel a job by its name."""

    def interrupt(self, job: str) -> None:
        """Send the interrupt to a job's console, without waiting for it."""

    def usage_of(self, job: str) -> Usage | None:
        """Return what a job uses."""

    def let_go(self, name: str) -> None:
        """Look after a job no longer."""


class SlurmJob:
    """Implements ``Job``: from the first look at the queue to the reason why it ended."""

    def __init__(self, name: str, order: Order, cluster: Cluster) -> None:
        self.name = name
        self._order = order
        self._cluster = cluster
        self._lock = threading.Lock()
        self._place = Place()
        self._wake: Callable[[], None] = lambda: None
        self._is_allocated = self._is_placed = self._began = False
        self._last: Row | None = None
        self._missing = 0
        self._left_alive = False
        self._lost = ""

    @property
    def place(self) -> Place:
        """See ``Job.place``."""
        return self._place

    @property
    def is_placed(self) -> bool:
        """See ``Job.is_placed``."""
        return self._is_placed

    @property
    def lost(self) -> str:
        """See ``Job.lost``."""
        return self._lost

    def attach(self, wake: Callable[[], None]) -> None:
        """See ``Job.attach``."""
        self._wake = wake

    # What the terminal tells.

    def heard(self, preamble: str) -> None:
        """See ``Job.heard``: srun says that it waits, and that it no longer does."""
        queued, allocated = _QUEUED.search(preamble), _ALLOCATED.search(preamble)
        with self._lock:
            if allocated and not self._is_allocated:
                # Its node may still have to be started; squeue knows.
                self._is_allocated = True
                self._place = replace(self._place, job=allocated[1], queued="", position=None)
                self._cluster.look_soon(REASON_KNOWN_S)
            elif queued and not self._place.job:
                self._place = replace(self._place, job=queued[1], queued=NOT_YET_KNOWN)
                self._cluster.look_soon(REASON_KNOWN_S)

    def begun(self, greeting: Greeting) -> None:
        """See ``Job.begun``."""
        with self._lock:
            self._is_placed = self._began = True
            self._place = Place(node=greeting.node, job=greeting.job, job_state="RUNNING")

    # What squeue tells.

    def seen(self, row: Row | None) -> None:
        """Take note of the job's row in squeue's answer; None if it has none."""
        with self._lock:
            before = self._place, self._lost
            self._missing = 0 if row else self._missing + 1
            if row:
                self._take(row)
            elif self._place.job and self._missing > 1:
                self._lost = self._explained("", "UNKNOWN")
            ended_before, self._last = self._last is not None and not self._last.is_live, row
            # The first reason counts: what comes after it is the cancelling.
            if row and not row.is_live and row.state != "COMPLETING" and not self._lost:
                self._ended(row, certain=ended_before)
            changed = before != (self._place, self._lost)
        if changed:
            self._wake()

    def _take(self, row: Row) -> None:
        if row.is_running:
            self._is_placed = True
        self._place = replace(
            self._place,
            job=row.job,
            node=row.node or self._place.node,
            job_state=row.state,
            queued=row.queued,
            position=row.position,
            expected_start=row.start if row.is_waiting else None,
        )

    def _ended(self, row: Row, *, certain: bool) -> None:
        """Give up a job that has ended, if its terminal had the time to say so and did not."""
        if certain:
            self._lost = self._explained("", row.state) or self._explained("", "SILENT")
        else:
            self._cluster.look_soon(END_OF_FILE_S)

    def lose(self, state: str) -> None:
        """Give it up, for a reason that the table has under ``state``."""
        with self._lock:
            self._lost = self._lost or self._explained("", state)
        self._wake()

    # What the console asks for.

    def interrupt(self) -> None:
        """See ``Job.interrupt``."""
        if self._began:
            self._cluster.interrupt(self._place.job)

    def usage(self) -> Usage | None:
        """See ``Job.usage``."""
        return self._cluster.usage_of(self._place.job)

    def cancel(self) -> None:
        """See ``Job.cancel``. What does not succeed is tried again by the watch."""
        self._cluster.cancel(self.name)

    def explain(self, report: ExitReport, said: str) -> str:
        """See ``Job.explain``. Exit status 0 proves nothing: Slurm is asked."""
        row = self._cluster.row_of(self.name)
        with self._lock:
            if row:
                self._take(row)
                self._left_alive = row.is_live
            if report.signal is not None:
                return f"srun was killed by signal {report.signal} on the server's machine"
            return self._explained(said, row.state if row else "")

    def _explained(self, said: str, state: str) -> str:
        facts = {**self._order.wishes, "job": self._called, "node": self._place.node or "?"}
        facts["memory"] = facts["memory"] or "share"
        return explain(said, state, facts, started=self._began)

    @property
    def _called(self) -> str:
        return f"Slurm job {self._place.job or self.name}"

    def end(self) -> None:
        """See ``Job.end``."""
        self._cluster.let_go(self.name)
        if self._left_alive:
            # Its terminal is gone, so nobody can ever use it; most have ended by then.
            self._cluster.look_soon(END_OF_FILE_S)
