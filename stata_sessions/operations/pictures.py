"""Pictures that commands left on the shelf, by the addresses that run answers name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from stata_sessions.errors import NoSuchGraph
from stata_sessions.operations.models import Arguments
from stata_sessions.operations.registry import Context, Route, operation

TAG = "existing clients"


class LatestPicture(Arguments):
    """A graph, by its name in Stata."""

    name: Annotated[str, Field(max_length=64)]


class BatchPicture(Arguments):
    """A picture of one command."""

    batch: Annotated[str, Field(max_length=200)]
    file: Annotated[str, Field(max_length=64)]


@operation(
    takes=LatestPicture,
    gives=None,
    route=Route("GET", "/graphs/{name}", media="image/*", tag=TAG),
    errors=(NoSuchGraph,),
)
def latest_picture(context: Context, given: LatestPicture) -> Path:
    """Show the latest picture of a graph that a command drew."""
    return context.shelf.latest(given.name)


@operation(
    takes=BatchPicture,
    gives=None,
    route=Route("GET", "/graphs/batch/{batch}/{file}", media="image/*", tag=TAG),
    errors=(NoSuchGraph,),
)
def batch_picture(context: Context, given: BatchPicture) -> Path:
    """Show a picture by the address that a run's answer named."""
    return context.shelf.in_batch(given.batch, given.file)
