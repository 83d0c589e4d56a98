"""The life of a session: from a name to a console, to the next one, to the end."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable
from pathlib import Path

from stata_sessions.errors import ConsoleLost, LaunchFailed, SessionGone
from stata_sessions.sessions.messages import Close
from stata_sessions.sessions.picture import is_queued
from stata_sessions.sessions.record import Record
from stata_sessions.sessions.starting import start_refused
from stata_sessions.sessions.transcript import Transcript
from stata_sessions.sessions.views import SessionView
from stata_sessions.sessions.worker import Worker
from stata_sessions.states import ENDED_SESSIONS, SessionState


class Life:
    """What starts, replaces and ends the console behind a name; safe from any thread."""

    def __init__(self, record: Record, make_worker: Callable[[], Worker]) -> None:
        self._record = record
        self._changed = record.changed
        self._make_worker = make_worker
        self._worker: Worker | None = None
        self.restarting = False
        self._over = False
        # Who ends or replaces the console does so alone.
        self._turn = threading.Lock()

    @property
    def name(self) -> str:
        """What callers call it; empty for a spare."""
        return self._record.name

    def take_name(self, name: str) -> None:
        """Turn a spare into a session."""
        self._record.rename(name)
        if self._worker:
            self._worker.thread.name = f"session-{name}"
            self._worker.post()  # unlike a spare, it is closed for want of use

    @property
    def epoch(self) -> int:
        """How many consoles have been started for it."""
        return self._record.epoch

    @property
    def is_default(self) -> bool:
        """Whether it is the one that clients get who name none."""
        return self._record.is_default

    @property
    def state(self) -> SessionState:
        """Where it is at this moment."""
        return self._record.state

    @property
    def is_closed(self) -> bool:
        """Whether it has ended for good; one that is being restarted has not."""
        return self._record.state is SessionState.CLOSED and not self.restarting

    @property
    def holds_slot(self) -> bool:
        """Whether it counts among the sessions that there may be."""
        # A default session that was lost comes back with its next command.
        lives = self._record.state not in ENDED_SESSIONS
        return lives or self.restarting or self.is_default

    @property
    def has_console(self) -> bool:
        """Whether a console is being started, runs, or is being ended."""
        worker = self._worker
        return worker is not None and worker.thread.is_alive()

    @property
    def transcript(self) -> Transcript:
        """All output of the session."""
        return self._record.transcript

    def view(self, *, usage: bool = False) -> SessionView:
        """Return a picture of this moment; with ``usage`` the processes are measured too."""
        return self._record.view(usage=usage)

    @property
    def folder(self) -> Path:
        """Its private directory, which its console can see; there is one, whatever happened."""
        self._record.workspace.make()
        return self._record.workspace.path

    @property
    def mark(self) -> str:
        """What the processes of the session carry in their environment."""
        return self._record.mark

    def gone(self) -> SessionGone:
        """Return the error that tells when and why it ended."""
        return self._record.gone()

    # Starting and ending.

    def launch(self, reason: str = "") -> None:
        """Start a console, in a new epoch; does not wait for it.

        Raises NoLicenceSeat, TooLittleMemory, LaunchFailed before anything has changed, and
        SessionGone if the session has been closed for good.
        """
        with self._changed:
            if self._over:
                raise self.gone()
            self._record.seat.take()
            worker = self._make_worker()
            try:
                self._record.workspace.make()
                worker.thread.start()
            except (OSError, RuntimeError) as error:
                self._record.seat.give_back()
                # Threads that run out have an error without a number.
                no_thread = OSError(errno.EAGAIN, str(error))
                refused = error if isinstance(error, OSError) else no_thread
                raise start_refused(refused, "a new session") from error
            self._worker = worker
            self._record.begin_epoch(reason)

    def wait_started(self, queue_wait_s: float = 0.0) -> None:
        """Wait for the first prompt; raises LaunchFailed or what else became of it.

        Where the console has to wait for a place, which may take hours, only ``queue_wait_s`` more.
        """
        record = self._record
        with self._changed:
            self._changed.wait_for(lambda: not self._is_on_its_way or is_queued(record))
            self._changed.wait_for(lambda: not self._is_on_its_way, queue_wait_s)
            failure = self._worker.failure if self._worker else None
            if record.state in ENDED_SESSIONS:
                raise failure or LaunchFailed(record.reason)

    @property
    def _is_on_its_way(self) -> bool:
        """Whether a console is being started, or is about to be."""
        return self.restarting or self._record.state is SessionState.STARTING

    def ensure_alive(self) -> None:
        """Make sure that a command has a console to go to, sooner or later, or say why not."""
        record = self._record
        with self._changed:
            relaunch = not record.epoch or record.state is SessionState.LOST
            if self.is_default and relaunch and not (self._over or self.restarting):
                self.launch(record.reason)
            starting = self._is_on_its_way
        if starting:
            self.wait_started()
        with self._changed:
            if record.state is SessionState.LOST:
                raise ConsoleLost(self.name, record.reason)
            if record.state is SessionState.CLOSED:
                raise record.gone()

    def restart(self, reason: str = "restart") -> SessionView:
        """Replace the console by a fresh one, in a new epoch; waits as ``wait_started`` does.

        Of several at once one comes after the other; one that comes after the end of the session
        raises SessionGone.
        """
        with self._turn, self._record.seat.kept():
            self.restarting = True
            try:
                if self._over:
                    raise self.gone()
                self._end_console(reason)
                self._relaunch(reason)
            finally:
                with self._changed:
                    self.restarting = False
                    self._changed.notify_all()
        self.wait_started(self._record.settings.queue_wait)
        return self.view()

    def _relaunch(self, reason: str) -> None:
        with self._changed:
            if self._record.state is SessionState.CLOSED:
                # Closed on our behalf a moment ago: the name lives on.
                self._record.state = SessionState.LOST
            self.launch(reason)

    def close(self, reason: str, wait_s: float | None = None) -> bool:
        """End the console for good and wait until nothing is left of it; say whether that came.

        ``wait_s`` None is without limit.
        """
        deadline = None if wait_s is None else time.monotonic() + wait_s
        if not self._turn.acquire(timeout=-1 if wait_s is None else wait_s):
            return False
        try:
            self._over = True
            has_ended = self._end_console(reason, deadline)
            with self._changed:
                if self._record.state not in ENDED_SESSIONS:
                    self._record.finish(SessionState.CLOSED, reason)
            return has_ended
        finally:
            self._turn.release()

    def release(self) -> None:
        """Remove what is left of it on disk."""
        self._record.transcript.close()
        self._record.workspace.remove()

    def ask_to_close(self, reason: str) -> None:
        """Have the console ended, without waiting for it."""
        with self._changed:
            worker = self._worker
        if worker and worker.thread.is_alive():
            worker.post(Close(reason))

    def _end_console(self, reason: str, deadline: float | None = None) -> bool:
        self.ask_to_close(reason)
        with self._changed:
            # A worker that is being launched is started before this lock is free.
            worker = self._worker
        if worker:
            worker.thread.join(None if deadline is None else max(0.0, deadline - time.monotonic()))
        return not self.has_console
