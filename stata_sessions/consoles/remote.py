"""A console elsewhere: a program of this machine on a terminal of ours, which leads to it.

What runs on the far side is a *job* of whatever brought it up. Nothing over there is ever signalled
from here, and the program on this side is never killed before its job has been cancelled: it may be
the only one that would end the job.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from stata_sessions.consoles import ConsoleSpec, ExitReport, Place, Usage
from stata_sessions.consoles.handshake import Greeting, Handshake
from stata_sessions.consoles.local import environment
from stata_sessions.consoles.terminal import Terminal

# The last words, by which the end is explained.
SAID_LIMIT = 8192
# A shell tells a death by signal N as status 128 + N, and so do ssh, srun and docker.
_SIGNAL_STATUS = 128


class Job(Protocol):
    """What a launcher knows of a console that it brought up elsewhere; safe from any thread."""

    @property
    def place(self) -> Place:
        """Where it runs, or why it waits."""

    @property
    def is_placed(self) -> bool:
        """Whether it no longer waits for a place."""

    @property
    def lost(self) -> str:
        """Why it is gone although its terminal is silent; empty while it is not."""

    def attach(self, wake: Callable[[], None]) -> None:
        """Take note of what to call when one of the above has changed."""

    def heard(self, preamble: str) -> None:
        """Take note of what was printed so far, before the console was started."""

    def begun(self, greeting: Greeting) -> None:
        """Take note that the console is being started."""

    def interrupt(self) -> None:
        """Interrupt it some other way than by its terminal, if there is one; does not wait."""

    def usage(self) -> Usage | None:
        """Return what it uses, if that can be known."""

    def cancel(self) -> None:
        """Have it ended by whoever brought it up; may take seconds."""

    def explain(self, report: ExitReport, said: str) -> str:
        """Say why it ended, given its last words; empty if there is nothing to add."""

    def end(self) -> None:
        """Take note that nobody is interested any more."""


class RemoteConsole:
    """Implements ``Console`` for a job that is reached through a program of this machine."""

    def __init__(
        self,
        argv: Sequence[str],
        spec: ConsoleSpec,
        environ: Mapping[str, str],
        job: Job,
        *,
        term: str,
    ) -> None:
        """Start ``argv``, which has to run the script of the handshake; raises OSError."""
        self._job = job
        self._handshake = Handshake(spec.directory)
        self._said = b""
        self._fault = ""
        self._ended = False
        self._report: ExitReport | None = None
        # Without the mark: the warden would kill, where only a cancelled job is really gone.
        self._terminal = Terminal(
            argv,
            cwd=str(spec.directory),
            env=environment(environ, term),
            size=(spec.rows, spec.columns),
            last_signal=signal.SIGTERM,
        )
        job.attach(self._terminal.wake)

    @property
    def pid(self) -> int:
        """The program on this machine; the console has its own number elsewhere."""
        return self._terminal.pid

    @property
    def place(self) -> Place:
        """See ``Console.place``."""
        return self._job.place

    @property
    def is_placed(self) -> bool:
        """See ``Console.is_placed``."""
        return self._handshake.greeting is not None or self._job.is_placed

    def read(self, wait_s: float | None) -> bytes:
        """See ``Console.read``; nothing before the console itself has been started."""
        data = b"" if self._job.lost else self._hear(wait_s)
        if not self._handshake.greeting:
            data = self._greet(data)
        if self._fault or (self._job.lost and not data):
            raise EOFError
        return data

    def _hear(self, wait_s: float | None) -> bytes:
        try:
            data = self._terminal.read(wait_s)
        except EOFError:
            self._ended = True
            raise
        self._said = (self._said + data)[-SAID_LIMIT:]
        return data

    def _greet(self, data: bytes) -> bytes:
        data, handshake = self._handshake.receive(data), self._handshake
        self._job.heard(handshake.preamble)
        if handshake.greeting:
            self._said = data
            self._job.begun(handshake.greeting)
            if not handshake.is_seen:
                self._fault = (
                    f"shared_dir is not shared with node {handshake.greeting.node}: a file that "
                    "was written there cannot be seen here"
                )
        return data

    def write(self, data: bytes) -> None:
        """See ``Console.write``."""
        self._terminal.write(data)

    def wake(self) -> None:
        """See ``Console.wake``."""
        self._terminal.wake()

    def interrupt(self) -> None:
        """See ``Console.interrupt``; the program on this side would not pass a signal on."""
        self._job.interrupt()

    def reads_terminal(self) -> bool | None:
        """See ``Console.reads_terminal``; it cannot be told from here."""
        return None

    def usage(self) -> Usage | None:
        """See ``Console.usage``."""
        running = self._handshake.greeting is not None and self._report is None
        return self._job.usage() if running else None

    def close(self, grace_s: float) -> ExitReport:
        """Cancel the job, wait, end the program on this side, reap it; then have it explained."""
        if self._report is None:
            ended = self._ended or self._terminal.wait(0)
            if not ended:
                self._job.cancel()
            if not self._drain(grace_s):
                self._terminal.terminate()
                self._drain(grace_s)
            report = self._terminal.close()
            if ended and report.signal is not None:
                # It was killed on this side, and may have left the job behind.
                self._job.cancel()
            why = self._fault or self._job.lost or (self._explained(report) if ended else "")
            self._report = replace(_as_console(report), reason=why)
            self._job.end()
        return self._report

    def _explained(self, report: ExitReport) -> str:
        return self._job.explain(report, self._said.decode("utf-8", "replace").replace("\r", ""))

    def _drain(self, wait_s: float) -> bool:
        """Read on, as a program that cannot print cannot end either; say whether it has ended."""
        deadline = time.monotonic() + wait_s
        with contextlib.suppress(EOFError):
            while (left_s := deadline - time.monotonic()) > 0:
                self._hear(left_s)
        return self._terminal.wait(max(0.0, deadline - time.monotonic()))


def _as_console(report: ExitReport) -> ExitReport:
    """Return a report as if the console had been the program on this side."""
    status = report.exit_status
    if status is not None and _SIGNAL_STATUS < status < _SIGNAL_STATUS + 64:
        return ExitReport(None, status - _SIGNAL_STATUS)
    return report
