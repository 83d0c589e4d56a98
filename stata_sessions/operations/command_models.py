"""Commands, as they go in and out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from stata_sessions.operations.models import (
    ROW,
    Answer,
    Arguments,
    CommandNumber,
    Epoch,
    Moment,
    SessionId,
    TimeLimitS,
    WaitS,
    one_row,
)
from stata_sessions.operations.session_models import WhichSession
from stata_sessions.sessions import CommandView, OutputPage
from stata_sessions.states import CommandState

PAGE_BYTES = 2**20
PAGE_LIMIT_BYTES = 16 * 2**20
# In one answer: commands, and bytes of their code.
COMMANDS_LIMIT = 10_000
CODE_LIMIT_BYTES = 16 * 2**20

Offset = Annotated[
    int, Field(ge=0, le=2**53, description="Place in the session's transcript, in bytes of UTF-8.")
]
LastEventId = Annotated[
    Offset | None,
    Field(
        description="Sent by a browser that comes back: go on from here.",
        json_schema_extra={"in": "header", "name": "Last-Event-ID"},
    ),
]
Limit = Annotated[int, Field(ge=4, le=PAGE_LIMIT_BYTES, description="Most bytes to answer.")]


class NewCommand(WhichSession):
    """Code, or a do-file, for a session to run."""

    code: Annotated[str | None, Field(description="Stata code, any number of lines.")] = None
    file_path: Annotated[
        str | None, Field(min_length=1, max_length=4096, description="A do-file to run instead.")
    ] = None
    working_dir: Annotated[
        str | None, Field(max_length=4096, description="Where the do-file runs.")
    ] = None
    time_limit_s: TimeLimitS = None
    epoch: Epoch = None
    queue: Annotated[
        bool, Field(description="Wait in line; otherwise a busy session answers 409.")
    ] = True
    wait_s: WaitS = 0

    @model_validator(mode="after")
    def _one_source(self) -> NewCommand:
        if (self.code is None) == (self.file_path is None):
            raise ValueError("Give either code or file_path")
        if self.working_dir is not None and self.file_path is None:
            raise ValueError("working_dir goes with file_path")
        return self


class WhichCommand(Arguments):
    """A command of a session."""

    session_id: SessionId
    number: CommandNumber


class AwaitedCommand(WhichCommand):
    """A command, and how long to wait for its end."""

    wait_s: WaitS = 0


class OutputRequest(WhichCommand):
    """Which part of a command's output, and how long to wait for it."""

    offset: Offset | None = None
    limit: Limit = PAGE_BYTES
    wait_s: WaitS = 0


class StreamRequest(WhichCommand):
    """Where a live stream begins."""

    offset: Offset | None = None
    last_event_id: LastEventId = None


class NewInput(WhichSession):
    """A row for a console that waits for one."""

    text: Annotated[
        str, AfterValidator(one_row), Field(max_length=4000, json_schema_extra=dict(ROW))
    ]


class CommandsRequest(WhichSession):
    """Which commands: the newest, or a page of them."""

    after: Annotated[
        int | None,
        Field(ge=0, le=2**31 - 1, description="Only later ones than this, the oldest first."),
    ] = None
    limit: Annotated[
        int | None, Field(ge=1, le=COMMANDS_LIMIT, description="Most commands to answer.")
    ] = None
    latest: Annotated[
        int, Field(ge=1, le=COMMANDS_LIMIT, description="The same, by its older name.")
    ] = 1000


class HistoryRequest(CommandsRequest):
    """In which form the history is wanted."""

    format: Annotated[
        Literal["json", "do"], Field(description="json, or do: a do-file that runs it all again.")
    ] = "json"


class CommandInfo(Answer):
    """A command as it is now."""

    session_id: str
    command: int = Field(description="Its number in the session.")
    state: CommandState
    return_code: int | None = Field(description="Stata's r(#), 0 if none.")
    reason: str = Field(description="Why it was broken or lost: stop, time-limit, ...")
    rung: str
    code: str
    file_path: str | None
    position: int | None = Field(description="Place in the queue; 0 is next.")
    submitted_at: Moment
    started_at: Moment | None
    ended_at: Moment | None
    elapsed_s: float | None
    start: int = Field(description="Where its output begins in the transcript.")
    end: int | None
    epoch: int
    hint: str
    data_kept: bool
    truncated: bool = Field(description="The beginning of its output is no longer kept.")
    note: str


class CommandAnswer(CommandInfo):
    """A command and the beginning of its output."""

    status: Literal["success"] = "success"
    output: str
    next_offset: int = Field(description="Where to go on reading its output.")
    complete: bool = Field(description="The command has ended, and this is all its output.")


class CommandList(Answer):
    """The latest commands of a session, oldest first, or those after a number."""

    session_id: str
    commands: list[CommandInfo]
    next_after: int = Field(description="Where to go on: what to give as after.")
    complete: bool = Field(description="There are no later ones by now.")


class OutputAnswer(Answer):
    """A part of a command's output."""

    session_id: str
    command: int
    output: str
    offset: int
    next_offset: int
    complete: bool


class InputSent(Answer):
    """The row went to the console."""

    status: Literal["success"] = "success"
    session_id: str


def command_info(view: CommandView) -> CommandInfo:
    """Return the model of a command's view."""
    return CommandInfo(**_fields(view))


def command_answer(view: CommandView, page: OutputPage) -> CommandAnswer:
    """Return the model of a command with a page of its output."""
    return CommandAnswer(
        output=page.text, next_offset=page.next_offset, complete=page.complete, **_fields(view)
    )


def _fields(view: CommandView) -> dict[str, Any]:
    names = CommandInfo.model_fields.keys() - {"session_id", "command"}
    return {
        "session_id": view.session,
        "command": view.number,
        **{name: getattr(view, name) for name in names},
    }
