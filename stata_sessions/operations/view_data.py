"""The data as the data viewers of older clients read them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from stata_sessions.errors import NoSuchSession, RefusedCondition, SessionGone, ViewFailed
from stata_sessions.operations.data import ROWS_LIMIT, DataArguments, Value, show_data
from stata_sessions.operations.models import Answer, LenientArguments, OptionalSessionId
from stata_sessions.operations.registry import Context, Route, operation

# The types that such a viewer knows, by Stata's.
DTYPES = {"byte": "int8", "int": "int16", "long": "int32", "float": "float32", "double": "float64"}

# What such a viewer gets if it asks for none.
LEAST_ROWS = 100


class ViewDataArguments(LenientArguments):
    """Which rows."""

    if_condition: Annotated[
        str | None, Field(max_length=2000, description="A Stata expression, as after 'if'.")
    ] = None
    session_id: OptionalSessionId = None
    max_rows: Annotated[
        int,
        Field(description=f"At most {ROWS_LIMIT}; the answer says what was meant by any other."),
    ] = 10_000

    @field_validator("max_rows")
    @classmethod
    def _within_bounds(cls, given: int) -> int:
        # Such a viewer's user chooses it in a setting, and expects rows whatever it is.
        return min(given, ROWS_LIMIT) if given > 0 else LEAST_ROWS


class ViewedData(Answer):
    """Rows in the keys that such a viewer reads."""

    status: Literal["success"] = "success"
    message: str | None = None
    data: list[list[Value]]
    columns: list[str]
    dtypes: dict[str, str]
    rows: int
    index: list[int] = Field(description="Observation number of each row, from 0.")
    total_rows: int
    displayed_rows: int
    max_rows: int


@operation(
    takes=ViewDataArguments,
    gives=ViewedData,
    route=Route("GET", "/view_data", tag="existing clients"),
    errors=(NoSuchSession, SessionGone, ViewFailed, RefusedCondition),
)
def view_data(context: Context, given: ViewDataArguments) -> ViewedData:
    """Read the data in memory, for the data viewers of older clients."""
    session = context.manager.get(given.session_id)
    found = show_data(
        context,
        DataArguments(
            session_id=session.name, limit=given.max_rows, condition=given.if_condition or None
        ),
    )
    return ViewedData(
        message=None if found.rows else _nothing(given),
        data=found.rows,
        columns=found.columns,
        dtypes={name: DTYPES.get(kind, "object") for name, kind in found.types.items()},
        rows=len(found.rows),
        index=[number - 1 for number in found.index],
        total_rows=found.total_rows,
        displayed_rows=len(found.rows),
        max_rows=given.max_rows,
    )


def _nothing(given: ViewDataArguments) -> str:
    return "No data matches the condition" if given.if_condition else "No data currently loaded"
