"""What the storm knows about one session, and the checks that need no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import pairwise

from stata_sessions.errors import NoSuchCommand
from stata_sessions.sessions import Session
from stata_sessions.sessions.views import SessionView
from stata_sessions.states import CommandState, SessionState
from tests.soak.tasks import WORD, Task

# What is read of a transcript at once; the sessions of a storm print less.
WHOLE = 2**26


class Book:
    """A session, its commands, and the reasons for which they may end early."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.name = session.name
        self.marks = {session.mark}
        self._lock = threading.Lock()
        self._tasks: list[Task] = []
        self._unchecked: list[Task] = []
        self._excuses = {"time-limit"}
        self._epoch = self._commands = 0

    def add(self, task: Task) -> None:
        """Take down a command."""
        with self._lock:
            self._tasks.append(task)
            self._unchecked.append(task)

    def excuse(self, reason: str) -> None:
        """Take down, before it is done, that commands may end for this reason."""
        with self._lock:
            self._excuses.add(reason)

    @property
    def tasks(self) -> list[Task]:
        """The commands whose end has not been checked, oldest first."""
        with self._lock:
            return list(self._unchecked)

    def check(self) -> list[str]:
        """Name all that is wrong at this moment."""
        with self._lock:
            found = [*self._check_session(self.session.view())]
            for task in self._unchecked:
                if task.command.ended and not task.checked:
                    task.checked = True
                    found += [f"{task.sort}: {each}" for each in task.verdict(self._excuses)]
                    found += self._check_order(task)
            self._unchecked = [task for task in self._unchecked if not task.checked]
        return [f"{self.name}: {each}" for each in found]

    def _check_session(self, view: SessionView) -> Iterator[str]:
        if view.epoch < self._epoch or view.commands < self._commands:
            yield f"went backwards: {view}"
        if view.state not in set(SessionState):
            yield f"unknown state: {view}"
        if view.state == SessionState.READY and (view.running or view.hint):
            yield f"ready and running: {view}"
        if view.state in ("closed", "lost") and (view.running or view.queued or not view.reason):
            yield f"ended and running: {view}"
        self._epoch, self._commands = view.epoch, view.commands

    def _check_order(self, task: Task) -> Iterator[str]:
        view = task.command.view()
        try:
            before = self.session.command(view.number - 1).view()
        except NoSuchCommand:
            return
        if view.state == CommandState.CANCELLED or before.state == CommandState.CANCELLED:
            return
        if before.ended_at is None or before.end is None:
            yield f"{view.number} ended before {before.number}"
        elif before.end > view.start or before.ended_at > (view.started_at or before.ended_at):
            yield f"{view.number} began before {before.number} had ended"

    def check_transcript(self) -> list[str]:
        """Compare the transcript of an idle session with the commands: own words, in order."""
        if self.session.state is SessionState.CLOSED:
            return []
        page = self.session.read(self.session.transcript.oldest, WHOLE)
        with self._lock:
            numbers = {task.word: task.command.number for task in self._tasks}
        printed = WORD.findall(page.text)
        foreign = set(printed) - set(numbers)
        order = [numbers[word] for word in printed if word in numbers]
        found = [f"foreign words {sorted(foreign)[:5]}"] if foreign else []
        if any(second < first for first, second in pairwise(order)):
            found.append("the transcript is out of order")
        return [f"{self.name}: {each}" for each in found]
