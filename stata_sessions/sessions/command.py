"""One submitted command: its code, its place in the queue and the transcript, how it ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from stata_sessions.errors import NotQueued
from stata_sessions.sessions.transcript import Transcript, whole_characters
from stata_sessions.sessions.views import CommandView, OutputPage
from stata_sessions.states import ENDED_COMMANDS, CommandState, move_command
from stata_sessions.tracing import current_request

Clock = Callable[[], float]


class Command:
    """A command as callers hold it; safe from any thread.

    What the worker changes, it changes under ``changed``, the condition of the session, and then
    notifies: every waiter in this file waits on that.
    """

    def __init__(
        self,
        session: str,
        number: int,
        code: str,
        *,
        changed: threading.Condition,
        transcript: Transcript,
        time_limit_s: float | None,
        file_path: str | None = None,
        private: bool = False,
        clock: Clock = time.monotonic,
    ) -> None:
        self.number, self.code = number, code
        self.file_path = file_path
        self.time_limit_s = time_limit_s
        self.private = private
        self.request_id = current_request.get()
        self.state = CommandState.QUEUED
        self.return_code: int | None = None
        self.reason = self.rung = self.hint = self.note = ""
        self.epoch = 0
        self.data_kept = True
        self.needs: Command | None = None  # what has to have succeeded before
        self.position: Callable[[Command], int | None] = lambda _: None
        self.withdraw: Callable[[Command], None] = lambda _: None
        self.on_change: Callable[[Command], None] = lambda _: None
        self.start = 0
        self.end: int | None = None
        self.submitted_at = datetime.now(UTC)
        self.started_at: datetime | None = None
        self.ended_at: datetime | None = None
        self._submitted = self._started = self._ended = clock()
        self._break_sent: float | None = None
        self._session, self._changed = session, changed
        self._under_way = _held_lock()  # until the end: who waits need not look at every change
        self._transcript = transcript
        self._private_output: list[str] = []
        self._clock = clock

    # What the worker does; all under the session's condition.

    def begin(self, epoch: int) -> None:
        """Start to run."""
        self.state = move_command(self.state, CommandState.RUNNING)
        self.epoch = epoch
        self.start = self._transcript.end
        self.started_at, self._started = datetime.now(UTC), self._clock()
        self.on_change(self)

    def add_output(self, text: str) -> None:
        """Take what the code printed."""
        if self.private:
            self._private_output.append(text)
        else:
            self._transcript.append(text)

    def break_sent(self, reason: str) -> None:
        """Take note of the first break, and of why it was sent."""
        self.reason, self.rung, self._break_sent = reason, "break", self._clock()

    def finish(self, state: CommandState, *, reason: str = "", data_kept: bool = True) -> None:
        """Come to an end."""
        was_queued = self.state is CommandState.QUEUED
        self.state = move_command(self.state, state)
        self.reason = self.reason or reason
        self.data_kept = data_kept
        self.hint = ""
        self.ended_at, self._ended = datetime.now(UTC), self._clock()
        if was_queued:
            self.start = self._transcript.end
        self.end = self._transcript.end
        self.on_change(self)
        self._under_way.release()

    # What anybody does.

    @property
    def ended(self) -> bool:
        """Whether it has come to an end."""
        return self.state in ENDED_COMMANDS

    @property
    def private_output(self) -> str:
        """What an internal command printed."""
        return "".join(self._private_output)

    def wait(self, wait_s: float | None = None) -> bool:
        """Wait for the end, at most ``wait_s`` seconds; say whether it came."""
        if not self._under_way.acquire(timeout=-1 if wait_s is None else max(0.0, wait_s)):
            return False
        self._under_way.release()
        with self._changed:
            # Whoever waited finds its session ready, not just about to be.
            return True

    def view(self) -> CommandView:
        """Return a picture of this moment."""
        with self._changed:
            return CommandView(
                session=self._session,
                number=self.number,
                state=self.state,
                code=self.code,
                file_path=self.file_path,
                return_code=self.return_code,
                reason=self.reason,
                rung=self.rung,
                position=self.position(self),
                submitted_at=self.submitted_at,
                started_at=self.started_at,
                ended_at=self.ended_at,
                elapsed_s=self.elapsed_s,
                start=self.start,
                end=self.end,
                epoch=self.epoch,
                hint=self.hint,
                data_kept=self.data_kept,
                truncated=self.start < self._transcript.oldest,
                note=self.note,
            )

    @property
    def waited_s(self) -> float | None:
        """Seconds from its submission to its beginning, once it has begun."""
        return None if self.started_at is None else self._started - self._submitted

    @property
    def broken_after_s(self) -> float | None:
        """Seconds from the first break to its end, if it got one."""
        return None if self._break_sent is None else self._ended - self._break_sent

    @property
    def elapsed_s(self) -> float | None:
        """Seconds that it has run, or ran."""
        if self.started_at is None:
            return None
        return (self._ended if self.ended_at else self._clock()) - self._started

    def output(self) -> str:
        """Return all output that is still kept."""
        offset = max(self.start, self._transcript.oldest)
        size = max(0, self._available() - offset)
        return self._transcript.read(offset, size).decode("utf-8", "replace")

    def read(self, offset: int, limit: int, wait_s: float = 0) -> OutputPage:
        """Return output from ``offset`` of the transcript on, waiting for some if there is none.

        ``limit`` is in bytes; raises OutputDiscarded if the offset is older than what is kept.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self.ended or self._available() > max(offset, self.start), wait_s
            )
            # A queued command may have begun meanwhile, and its place is known only now.
            offset = max(offset, self.start)
            available, ended = self._available(), self.ended
        data = self._transcript.read(offset, max(0, min(limit, available - offset)))
        text, taken = whole_characters(data)
        reached = offset + taken
        return OutputPage(text, offset, reached, ended and reached >= available)

    def _available(self) -> int:
        if self.state is CommandState.QUEUED:
            return 0
        return self._transcript.end if self.end is None else self.end

    def cancel(self) -> CommandView:
        """Take it out of the queue; raises NotQueued if it is no longer there."""
        with self._changed:
            if self.state is not CommandState.QUEUED:
                raise NotQueued(self._session, self.number, self.state)
            self.withdraw(self)
            self.finish(CommandState.CANCELLED, reason="cancelled")
            self._changed.notify_all()
        return self.view()


def _held_lock() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock
