"""Do-files and code as jobs: what runs, how far it is, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import SpooledTemporaryFile
from threading import Event, Thread
from typing import IO, Any

from stata_sessions.cli.echoes import EchoCounter
from stata_sessions.cli.group import FAULT, exit_status_for, sentence
from stata_sessions.cli.waiting import telling
from stata_sessions.client import Client, Command
from stata_sessions.errors import StataSessionsError
from stata_sessions.states import CommandState

LOST = (CommandState.LOST, CommandState.CANCELLED)
# Exit statuses: Stata's return code was not 0, or there was no Stata to return one.
FAILED, NO_STATA = 1, 4
KEPT_IN_MEMORY = 2**20


def _spool() -> IO[str]:
    return SpooledTemporaryFile(KEPT_IN_MEMORY, "w+", encoding="utf-8", newline="")


@dataclass(slots=True)
class Job:
    """A do-file on its way; written by the thread that runs it, read by the one that shows it."""

    path: Path
    counter: EchoCounter
    started: float | None = None
    ended: float | None = None
    session_id: str = ""
    command: Command | None = None
    failure: str = ""
    failure_status: int = 0
    done: Event = field(default_factory=Event)
    # On disk once it is large.
    kept: IO[str] = field(default_factory=_spool)

    @classmethod
    def of(cls, path: Path) -> Job:
        """Read the do-file, for its lines are what progress is measured by."""
        return cls(path, EchoCounter(path.read_text(encoding="utf-8", errors="replace")))

    @property
    def output(self) -> str:
        """What it has printed."""
        self.kept.seek(0)
        return self.kept.read()

    def take(self, text: str) -> None:
        """Keep more of its output."""
        self.kept.write(text)
        self.counter.take(text)

    @property
    def is_running(self) -> bool:
        """Whether it has begun and not ended."""
        return self.started is not None and not self.done.is_set()

    @property
    def word(self) -> str:
        """How it is, in a word."""
        if self.failure:
            return "failed"
        if self.started is None:
            return "waiting"
        if self.command is None or not self.command.ended:
            return "running"
        code = self.command.return_code
        return f"r({code});" if code else self.command.state.value

    @property
    def elapsed_s(self) -> float:
        """Seconds since it began, or that it took."""
        if self.started is None:
            return 0.0
        return (self.ended or time.monotonic()) - self.started

    @property
    def exit_status(self) -> int:
        """The exit status that it deserves."""
        return self.failure_status or (exit_status_of(self.command) if self.command else FAULT)

    def as_json(self) -> dict[str, Any]:
        """Return what a program wants to know."""
        command = self.command
        return {
            "file": str(self.path),
            "session_id": self.session_id,
            "state": command.state if command else None,
            "return_code": command.return_code if command else None,
            "reason": command.reason if command else "",
            "elapsed_s": round(self.elapsed_s, 3),
            "error": self.failure or None,
            "output": self.output,
        }


class Runner:
    """Runs jobs on a server, each in a session of its own unless one is named."""

    def __init__(
        self, stata: Client, session: str | None, time_limit_s: float | None, *, as_json: bool
    ) -> None:
        self._stata, self._session, self._time_limit_s = stata, session, time_limit_s
        self._as_json = as_json
        self._running: dict[str, Command] = {}
        self._is_broken = False

    def start(self, jobs: list[Job], at_once: int, heard: Callable[[str], None]) -> None:
        """Run the jobs in threads that do not hold up the end of the program."""
        waiting: SimpleQueue[Job] = SimpleQueue()
        for job in jobs:
            waiting.put(job)

        def work() -> None:
            with suppress(Empty):
                while True:
                    self.run(waiting.get_nowait(), heard)

        for number in range(at_once):
            Thread(target=work, name=f"job-{number}", daemon=True).start()

    def run(self, job: Job, heard: Callable[[str], None]) -> None:
        """Run a job to its end; what goes wrong is noted in it."""
        job.started = time.monotonic()
        try:
            if self._is_broken:
                job.failure, job.failure_status = "not started", FAILED
            else:
                with self._session_for() as job.session_id:
                    self._follow(job, heard)
        except (StataSessionsError, ConnectionError) as error:
            job.failure, job.failure_status = sentence(error), exit_status_for(error)
        finally:
            job.ended = time.monotonic()
            job.done.set()

    def send_break(self) -> None:
        """Break what runs, and start nothing more."""
        self._is_broken = True
        for command in list(self._running.values()):
            send_break(self._stata, command)

    def leave(self) -> None:
        """Close the sessions that were opened for jobs, whatever they do."""
        self._is_broken = True
        for session_id in list(self._running) if self._session is None else ():
            with suppress(StataSessionsError, ConnectionError):
                self._stata.destroy_session(session_id)

    @contextmanager
    def _session_for(self) -> Iterator[str]:
        if self._session:
            yield self._session
            return
        # As if typed here, whatever folder the server is in.
        with self._stata.temporary_session(working_dir=".") as session_id:
            yield session_id

    def _follow(self, job: Job, heard: Callable[[str], None]) -> None:
        job.command = self._stata.submit_file(
            job.path, job.session_id, time_limit_s=self._time_limit_s
        )
        self._running[job.session_id] = job.command
        try:
            tell = telling(self._stata, job.session_id, as_json=self._as_json)
            stream = self._stata.stream(job.command, on_wait=tell)
            for text in stream:
                job.take(text)
                heard(text)
            job.command = stream.command
        finally:
            del self._running[job.session_id]


def send_break(stata: Client, command: Command) -> None:
    """Break a command, and no other: one that is still queued is cancelled."""
    with suppress(StataSessionsError, ConnectionError):
        now = stata.command(command.number, command.session_id)
        if now.state is CommandState.QUEUED:
            stata.cancel(now)
        else:
            stata.stop(command.session_id)


def ending_of(command: Command) -> str:
    """Say how a command ended, and why if not by itself."""
    if command.state in LOST:
        return f"{command.state}: {command.reason}"
    code = f"r({command.return_code});" if command.return_code else command.state.value
    return f"{code} the time limit has passed" if command.reason == "time-limit" else code


def exit_status_of(command: Command) -> int:
    """Return the exit status for how a command ended."""
    if command.state in LOST:
        return NO_STATA
    return FAILED if command.return_code or command.state is CommandState.BROKEN else 0
