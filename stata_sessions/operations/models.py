"""What all models share: how they are checked, and the few types that have their own spelling."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema


class Arguments(BaseModel):
    """The base of what goes in: a misspelt field is an error, not a surprise."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class LenientArguments(BaseModel):
    """The base for routes whose older clients send fields of their own."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Answer(BaseModel):
    """The base of what comes out."""

    model_config = ConfigDict(frozen=True, from_attributes=True, hide_input_in_errors=True)


class Nothing(Arguments):
    """No arguments."""


class Done(Answer):
    """A success that has nothing to tell but a sentence."""

    status: Literal["success"] = "success"
    message: str


# For the schema; what does not fit is told in words.
ROW = {"pattern": r"^[^\n\r\x00]*$"}


def one_row(text: str) -> str:
    """Return text that is one row. Raises ValueError, for pydantic."""
    if any(each in text for each in "\n\r\0"):
        raise ValueError("must be one row")
    return text


def _spelt(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# Whole seconds, as the guide shows them; durations have fields of their own.
Moment = Annotated[
    datetime,
    PlainSerializer(_spelt, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]

SessionId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        description="Which session; list_sessions shows them.",
        examples=["default"],
    ),
]
# Older clients send an empty session_id for "none".
OptionalSessionId = Annotated[
    str | None,
    Field(
        max_length=64, description="Which session to use; without one, the default session is used."
    ),
]
WAIT_LIMIT_S = 3600
WaitS = Annotated[
    float,
    Field(ge=0, le=WAIT_LIMIT_S, description="Seconds to wait for the command before answering."),
]
TimeLimitS = Annotated[
    float | None,
    Field(
        gt=0,
        le=365 * 86_400,
        description="Seconds the command may run; then it is broken and the data are kept.",
    ),
]
CommandNumber = Annotated[
    int, Field(ge=1, le=2**31 - 1, description="The command's number in its session.")
]
Epoch = Annotated[
    int | None,
    Field(
        ge=0,
        le=2**31 - 1,
        description="Refuse with 409 if the session's Stata was replaced since this epoch.",
    ),
]
