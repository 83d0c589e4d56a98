"""What a server answers, as frozen values. Fields that this version does not know are left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from stata_sessions.states import ENDED_COMMANDS, CommandState, SessionState

T = TypeVar("T")
Number = float | int | str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session on another machine runs; ``queued`` says why it has no place yet."""

    node: str
    job: str
    job_state: str
    queued: str
    position: int | None
    expected_start: datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it was when the server was asked; durations in seconds, sizes in bytes."""

    session_id: str
    state: SessionState
    is_default: bool
    is_busy: bool
    created_at: datetime
    last_activity: datetime
    epoch: int
    epoch_reason: str
    queued: int
    running: int | None
    commands: int
    pid: int | None
    memory_bytes: int | None
    cpu_s: float | None
    idle_s: float
    console: str
    launcher: str
    working_dir: str
    hint: str
    warning: str
    error: str | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Command:
    """A submission of code to a session as it was when the server was asked.

    ``start`` and ``end`` are its place in the session's transcript, in bytes of UTF-8.
    """

    session_id: str
    number: int
    state: CommandState
    return_code: int | None
    reason: str
    code: str
    file_path: str | None
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
    note: str

    @property
    def ended(self) -> bool:
        """Whether it will not change any more."""
        return self.state in ENDED_COMMANDS


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended, and all that it printed; a return code is no exception."""

    command: Command
    output: str

    @property
    def return_code(self) -> int | None:
        """Stata's r(#): 0 if none; None if the command was lost or cancelled."""
        return self.command.return_code

    @property
    def ok(self) -> bool:
        """Whether it finished without an error."""
        return self.command.state is CommandState.FINISHED and self.return_code == 0

    @property
    def session_id(self) -> str:
        """The session that ran it."""
        return self.command.session_id


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a command's output; go on from ``next_offset`` until it is ``complete``."""

    output: str
    offset: int
    next_offset: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Stopped:
    """How a stop went: not_running, stop_sent, stopped or lost."""

    status: str
    message: str
    session_id: str
    command: int | None
    rung: str
    data_kept: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix by rows; ``size`` may be more than is shown."""

    rows: list[str]
    columns: list[str]
    values: list[list[Number]]
    size: list[int]


@dataclass(frozen=True, slots=True)
class ResultSet:
    """What a command of Stata's returned."""

    scalars: dict[str, Number]
    macros: dict[str, str]
    matrices: dict[str, Matrix]


@dataclass(frozen=True, slots=True)
class Results:
    """r(), e() and s() of a session."""

    r: ResultSet
    e: ResultSet
    s: ResultSet


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable and what describes it."""

    name: str
    type: str
    format: str
    label: str
    value_label: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """The data in memory as a whole."""

    observations: int
    changed: bool
    filename: str
    label: str
    sorted_by: list[str]
    variables: list[Variable]


@dataclass(frozen=True, slots=True)
class Data:
    """Rows of the data in memory. Missing is None; .a to .z stay text."""

    total_rows: int
    offset: int
    columns: list[str]
    types: dict[str, str]
    index: list[int]
    rows: list[list[Number]]
    labels: dict[str, dict[str, str]]


def built(kind: type[T], found: Mapping[str, Any]) -> T:
    """Return a value of this kind from a JSON object."""
    return kind(
        **{
            each.name: CONVERSIONS.get(each.name, _as_it_is)(found[each.name])
            for each in fields(kind)  # type: ignore[arg-type]  # every kind here is a dataclass
        }
    )


def session_of(found: Mapping[str, Any]) -> Session:
    """Return a session from its JSON object."""
    place = built(Place, found["place"]) if found.get("place") else None
    return built(Session, {**found, "state": SessionState(found["state"]), "place": place})


def command_of(found: Mapping[str, Any]) -> Command:
    """Return a command from its JSON object."""
    state = CommandState(found["state"])
    return built(Command, {**found, "number": found["command"], "state": state})


def result_set_of(found: Mapping[str, Any]) -> ResultSet:
    """Return r(), e() or s() from its JSON object."""
    matrices = {name: built(Matrix, each) for name, each in found["matrices"].items()}
    return ResultSet(found["scalars"], found["macros"], matrices)


def dataset_of(found: Mapping[str, Any]) -> Dataset:
    """Return a description of the data from its JSON object."""
    variables = [built(Variable, each) for each in found["variables"]]
    return built(Dataset, {**found, "variables": variables})


def _moment(text: str | None) -> datetime | None:
    return text and datetime.fromisoformat(text) or None


def _as_it_is(value: Any) -> Any:
    return value


MOMENTS = (
    "expected_start",
    "created_at",
    "last_activity",
    "submitted_at",
    "started_at",
    "ended_at",
)
CONVERSIONS = dict.fromkeys(MOMENTS, _moment)
