"""Calls on their way to an answer, and how one of them is given up."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from threading import Event, Lock, Thread

from stata_sessions.errors import NotQueued
from stata_sessions.mcp.messages import Id, Object
from stata_sessions.operations.runs import Run

log = logging.getLogger(__name__)

# A client's session, and its id of the call.
Key = tuple[str, Id]


class Job:
    """A tool at work, in a thread of its own, so that whoever waits for it can look around."""

    def __init__(self, work: Callable[[Job], Object], wait_s: float) -> None:
        self._work, self._wait_s = work, wait_s
        self._ended: Callable[[], None] = lambda: None
        self._begun = time.monotonic()
        self._done, self._cancelled = Event(), Event()
        self._is_kept = False
        self._lock = Lock()
        self._run: Run | None = None
        self._answer: Object | None = None
        # It works for the request that it was made in.
        target = partial(copy_context().run, self._worked)
        self._thread = Thread(target=target, name="mcp-call", daemon=True)

    def start(self, ended: Callable[[], None] | None = None) -> Job:
        """Begin; returns at once. ``ended`` is called when its thread has nothing left to do."""
        self._ended = ended or self._ended
        self._thread.start()
        return self

    def wait(self, wait_s: float) -> bool:
        """Wait for the answer, and tell whether it is there."""
        return self._done.wait(wait_s)

    @property
    def answer(self) -> Object | None:
        """The answer, once it is there; None if there will be none."""
        return self._answer

    @property
    def left_s(self) -> float:
        """Seconds that its client should still have to wait, at most."""
        return max(0.0, -self.late_s)

    @property
    def late_s(self) -> float:
        """Seconds since its client should have had the answer; negative while there is time."""
        return self.elapsed_s - self._wait_s

    @property
    def elapsed_s(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._begun

    def is_cancelled(self) -> bool:
        """Tell whether the client has given it up."""
        return self._cancelled.is_set()

    def submitted(self, run: Run) -> None:
        """Tell which command does the work, so that it ends if the job is cancelled."""
        with self._lock:
            self._run = run
        if self.is_cancelled():
            _end(run)

    def cancel(self) -> None:
        """Give it up: its command leaves the queue or gets a break, and nobody is answered."""
        if self._is_kept:
            return
        self._cancelled.set()
        with self._lock:
            run = self._run
        if run and not self._done.is_set():
            _end(run)

    def keep(self) -> None:
        """Let it go on without anybody who waits: from now on it cannot be cancelled."""
        self._is_kept = True

    def progress(self) -> str:
        """Tell in a few words what goes on."""
        with self._lock:
            run = self._run
        if run is None:
            return "waiting for the session"
        view = run.command.view()
        where = f" (place {view.position + 1} in the queue)" if view.position is not None else ""
        return f"session {view.session}, command {view.number}: {view.state}{where}"

    def _worked(self) -> None:
        try:
            self._answer = self._work(self)
        except Exception:
            log.exception("a tool failed")
        finally:
            self._done.set()
            self._ended()


class Jobs:
    """The jobs at work, by the call that each one answers."""

    def __init__(self) -> None:
        self._by_key: dict[Key, Job] = {}
        self._lock = Lock()

    def add(self, key: Key, job: Job) -> Callable[[], None]:
        """Let the job be found, until the function returned is called."""
        with self._lock:
            self._by_key[key] = job

        def forget() -> None:
            with self._lock:
                if self._by_key.get(key) is job:
                    del self._by_key[key]

        return forget

    def cancel(self, key: Key) -> None:
        """Give up the job of a call, if it is still at work."""
        with self._lock:
            job = self._by_key.get(key)
        if job:
            job.cancel()


def _end(run: Run) -> None:
    try:
        run.command.cancel()
    except NotQueued:
        run.session.stop(command=run.command.number, wait_s=0)
