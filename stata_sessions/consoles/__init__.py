"""All that touches an operating-system process: the interface that the sessions see."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ConsoleSpec:
    """What a launcher may know about the console it has to bring up.

    ``directory`` is private to the session (0700): its files travel there, and ``tmp`` in it is
    Stata's own temporary directory. ``mark`` is put into the environment of the console, so that
    every process that descends from it can be found again. ``options`` come from the caller, and
    ``working_dir`` is where the session will go once it is ready.
    ``data_limit_bytes`` is what each of its processes may allocate; 0 sets no limit.
    """

    directory: Path
    mark: str
    columns: int
    rows: int
    nice: int = 0
    data_limit_bytes: int = 0
    options: dict[str, str] = field(default_factory=dict)
    working_dir: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What the processes of a console use: bytes resident, and seconds of processor time."""

    memory_bytes: int
    cpu_s: float


@dataclass(frozen=True, slots=True)
class ExitReport:
    """How the console ended: by itself with a status, by a signal, or unknown (both None).

    ``reason`` is the explanation of those who had placed it elsewhere, if they have one.
    """

    exit_status: int | None = None
    signal: int | None = None
    reason: str = ""

    def __str__(self) -> str:
        if self.signal is not None:
            return f"killed by signal {self.signal}{_name_of(self.signal)}"
        if self.exit_status is not None:
            return f"exit status {self.exit_status}"
        return "unknown exit status"


def _name_of(number: int) -> str:
    try:
        return f", {signal.Signals(number).name}"
    except ValueError:  # a real-time signal
        return ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a console runs, or waits to run, that some other program brings up for us.

    ``queued`` is why it waits, in the words of that program; empty once it has its place.
    ``position`` 0 is next. ``job_state`` is what that program calls the state of the job.
    """

    node: str = ""
    job: str = ""
    job_state: str = ""
    queued: str = ""
    position: int | None = None
    expected_start: datetime | None = None


class Console(Protocol):
    """A running Stata as the rest of the package sees it.

    Only the thread that launched it may use it. Others may ``wake`` it, and ``write`` while that
    thread sleeps in ``read``.
    """

    @property
    def pid(self) -> int:
        """The process that the terminal started."""

    @property
    def place(self) -> Place | None:
        """Where it runs or waits to run, if not simply here; from any thread."""

    @property
    def is_placed(self) -> bool:
        """Whether it no longer waits for a place: from now on its start takes its own time."""

    def read(self, wait_s: float | None) -> bytes:
        """Return what the console printed, or nothing after ``wait_s`` or a ``wake``.

        None waits for ever. Raises EOFError once the console has ended and all is read, even if
        somebody else still holds its terminal open.
        """

    def write(self, data: bytes) -> None:
        """Type ``data``; never blocks, what the terminal does not take at once follows later."""

    def wake(self) -> None:
        """Make a ``read`` under way, or the next one, return; from any thread."""

    def interrupt(self) -> None:
        """Send the interrupt signal to whatever runs in the foreground of the terminal."""

    def reads_terminal(self) -> bool | None:
        """Say whether somebody waits for input on the terminal; None where it cannot be told."""

    def usage(self) -> Usage | None:
        """Return what the console and its children use now; from any thread."""

    def close(self, grace_s: float) -> ExitReport:
        """End the console and everything it started: ask, wait, kill; idempotent."""
