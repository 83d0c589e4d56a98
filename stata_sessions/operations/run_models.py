"""Runs, as older clients and assistants ask for them: submit, wait, and one answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stata_sessions.operations.models import (
    Answer,
    Epoch,
    LenientArguments,
    OptionalSessionId,
    WaitS,
)
from stata_sessions.states import CommandState

Timeout = Annotated[
    int | None,
    Field(
        ge=-(2**31),
        le=365 * 86_400,
        description="Seconds the command may run before it is broken; 0 means the default.",
    ),
]
WorkingDir = Annotated[
    str | None, Field(max_length=4096, description="Folder to work in; it stays the session's.")
]


class RunArguments(LenientArguments):
    """What both kinds of run take."""

    session_id: OptionalSessionId = None
    timeout: Timeout = None
    working_dir: WorkingDir = None
    execution_id: Annotated[
        str | None, Field(max_length=200, description="The caller's own name for this run.")
    ] = None
    skip_filter: Annotated[
        bool, Field(description="Give the whole output, neither compact nor shortened.")
    ] = False
    epoch: Epoch = None
    wait_s: WaitS | None = None


class RunSelection(RunArguments):
    """Code to run."""

    selection: Annotated[str, Field(min_length=1, description="Stata code, any number of lines.")]


class RunFile(RunArguments):
    """A do-file to run."""

    file_path: Annotated[
        str, Field(min_length=1, max_length=4096, description="Path of the do-file.")
    ]


class GraphRecord(Answer):
    """A graph that a command drew, under the names that existing clients read."""

    artifactId: str  # noqa: N815  (the wire's own spelling)
    executionId: str  # noqa: N815
    batchId: str  # noqa: N815
    name: str
    logicalName: str  # noqa: N815
    displayName: str  # noqa: N815
    path: str
    filename: str
    format: str
    orderInBatch: int  # noqa: N815
    browserPath: str  # noqa: N815


class RunResult(Answer):
    """How a run went, or how far it is."""

    session_id: str
    epoch: int = Field(description="Rises when the session's Stata, and so its data, was replaced.")
    epoch_reason: str
    command: int = Field(description="Number of the command; its output stays readable by it.")
    state: CommandState
    return_code: int | None = Field(description="Stata's r(#); None while it runs, or if lost.")
    output: str
    error: str | None = Field(description="Why it failed, in a sentence.")
    elapsed_s: float | None
    reason: str
    data_kept: bool
    hint: str = Field(description="What the console waits for, if it does.")
    note: str
    next_offset: int = Field(description="Where to go on reading the output.")
    graphs: list[GraphRecord]

    @property
    def is_running(self) -> bool:
        """Tell whether the command has not ended yet."""
        return self.state in (CommandState.QUEUED, CommandState.RUNNING)
