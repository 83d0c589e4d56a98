"""What others may know about sessions and commands: frozen pictures of one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from stata_sessions.consoles import Place
from stata_sessions.states import CommandState, SessionState


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session at one moment. Times are UTC; ``epoch`` 0 means: not started yet, but ready to.

    ``queued`` commands wait, ``running`` is the number of the one that runs, ``commands`` how many
    there have been. ``hint`` says what the console waits for, ``reason`` why the session ended,
    ``warning`` what is wrong with the console although it works.
    """

    name: str
    state: SessionState
    is_default: bool
    created_at: datetime
    last_activity: datetime
    is_busy: bool
    epoch: int
    epoch_reason: str
    queued: int
    running: int | None
    commands: int
    pid: int | None
    memory_bytes: int | None
    cpu_s: float | None
    idle_s: float
    launcher: str
    console: str
    working_dir: str
    hint: str
    warning: str
    reason: str
    ended_at: datetime | None
    start_s: float | None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class CommandView:
    """A command at one moment.

    ``start`` and ``end`` are offsets into the session's transcript, in bytes of UTF-8. ``rung`` is
    how far the stop ladder went: nothing, ``break``, ``second-break`` or ``kill``. ``data_kept`` is
    false if the Stata that ran it is gone. ``truncated``: the oldest output is no longer kept.
    """

    session: str
    number: int
    state: CommandState
    code: str
    file_path: str | None
    return_code: int | None
    reason: str
    rung: str
    position: int | None
    submitted_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    elapsed_s: float | None
    start: int
    end: int | None
    epoch: int
    hint: str
    data_kept: bool
    truncated: bool
    note: str


@dataclass(frozen=True, slots=True)
class OutputPage:
    """A piece of output; ``complete`` if the command has ended and this reaches its end."""

    text: str
    offset: int
    next_offset: int
    complete: bool


@dataclass(frozen=True, slots=True)
class StopReport:
    """What came of a stop: ``not_running``, ``stop_sent``, ``stopped`` or ``lost``."""

    status: str
    rung: str
    command: int | None
    data_kept: bool


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The answer to an internal command, which leaves no trace in the history."""

    return_code: int
    output: str
