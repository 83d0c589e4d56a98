"""Calls of tools by name, as ``POST /v1/tools`` takes and answers them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from stata_sessions.operations.models import Answer, LenientArguments, OptionalSessionId
from stata_sessions.operations.run_models import GraphRecord

Action = Literal["list", "create", "destroy", "restart", "stop", "output", "input"]


class ToolCall(LenientArguments):
    """Which tool, and its parameters."""

    tool: Annotated[str, Field(min_length=1, max_length=100)]
    parameters: Annotated[dict[str, Any], Field(description="The tool's own arguments.")] = {}


class ToolAnswer(Answer):
    """What a tool answered, under the keys of the guide and of older clients alike."""

    status: Literal["success", "error"]
    output: str | None = Field(default=None, description="What Stata printed.")
    result: str | None = Field(
        default=None, description="The same, after a line 'Error: ...' if Stata failed."
    )
    error: str | None = None
    message: str | None = None
    kind: str | None = Field(default=None, description="The stable word for an error.")
    graphs: list[GraphRecord] | None = None
    return_code: int | None = None
    session_id: str | None = None
    epoch: int | None = None
    epoch_reason: str | None = Field(default=None, description="Why its Stata was replaced.")
    command: int | None = None
    state: str | None = None
    data_kept: bool | None = None
    hint: str | None = None
    note: str | None = None


class SessionAction(LenientArguments):
    """What to do with which session."""

    action: Annotated[
        Action,
        Field(
            description=(
                "list all; create one (session_id names it); destroy, restart or stop one; "
                "output: read on in a command's output; input: answer a console that waits."
            )
        ),
    ]
    session_id: OptionalSessionId = None
    command: Annotated[
        int | None, Field(ge=1, description="For output: which command; the latest if left out.")
    ] = None
    offset: Annotated[
        int | None, Field(ge=0, description="For output: go on from this next_offset.")
    ] = None
    wait_s: Annotated[float, Field(ge=0, le=600, description="For output: seconds to wait.")] = 0
    text: Annotated[str | None, Field(max_length=4000, description="For input: the row.")] = None
    force: Annotated[bool, Field(description="For stop: kill a Stata that does not answer.")] = (
        False
    )
