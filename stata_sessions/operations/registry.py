"""The table of operations and the decorator that fills it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from stata_sessions.errors import NoSuchTool, StataSessionsError
from stata_sessions.operations.executions import Executions
from stata_sessions.operations.shelf import GraphShelf
from stata_sessions.sessions import Sessions
from stata_sessions.settings import Settings

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out")


def _stays() -> bool:
    return False


def _unnoticed(error: StataSessionsError) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Context:
    """What an operation may use: the sessions, and what is remembered between requests."""

    manager: Sessions
    executions: Executions = field(default_factory=Executions)
    shelf: GraphShelf = field(default_factory=GraphShelf)
    # Asked while waiting: a caller that went away frees its thread, never stops the command.
    is_gone: Callable[[], bool] = _stays
    # Whether the caller showed a token that is good here; on most routes nobody else gets this far.
    is_known: bool = True
    # Told by each door of the error that it answers with.
    refused: Callable[[StataSessionsError], None] = _unnoticed

    @property
    def settings(self) -> Settings:
        """The operator's settings."""
        return self.manager.settings


@dataclass(frozen=True, slots=True)
class Route:
    """Where an operation is found over HTTP, and how its arguments travel."""

    method: Literal["GET", "POST", "DELETE"]
    path: str
    status: int = 200
    arguments: Literal["query", "json"] = "query"
    # The field that a text/plain body fills, for the routes that take code as the body.
    text_field: str = ""
    # Arguments that this door fills in where its caller gives none.
    defaults: Mapping[str, Any] = field(default_factory=dict)
    media: str = "application/json"
    # Other media types that the arguments can ask for.
    also: tuple[str, ...] = ()
    # "text": failures are sentences with status 200, as older clients expect on these routes.
    failures: Literal["status", "text"] = "status"
    tag: str = "sessions"


@dataclass(frozen=True, slots=True)
class Tool:
    """How an operation is offered to assistants and to ``/v1/tools``."""

    name: str
    aliases: tuple[str, ...] = ()
    title: str = ""
    read_only: bool = False
    destructive: bool = False
    # For the assistant's door: no MCP tool, only an older name on /v1/tools.
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """One use case: its models, its handler and the doors it is offered at."""

    name: str
    summary: str
    description: str
    input: type[BaseModel]
    output: Any
    handler: Callable[[Context, Any], Any]
    route: Route | None = None
    tool: Tool | None = None
    errors: tuple[type[StataSessionsError], ...] = ()


_TABLE: dict[str, Operation] = {}
OPERATIONS: Mapping[str, Operation] = MappingProxyType(_TABLE)


def operation(
    *,
    takes: type[In],
    gives: Any,
    route: Route | None = None,
    tool: Tool | None = None,
    errors: tuple[type[StataSessionsError], ...] = (),
) -> Callable[[Callable[[Context, In], Out]], Callable[[Context, In], Out]]:
    """Enter the function below into the table, named and described by itself."""

    def enter(handler: Callable[[Context, In], Out]) -> Callable[[Context, In], Out]:
        name = handler.__name__
        summary, _, description = (handler.__doc__ or "").strip().partition("\n")
        _TABLE[name] = Operation(
            name, summary, _dedented(description), takes, gives, handler, route, tool, errors
        )
        return handler

    return enter


def find_tool(name: str) -> Operation:
    """Return the operation behind a tool's name or alias. Raises NoSuchTool."""
    for found in OPERATIONS.values():
        if found.tool and name in (found.tool.name, *found.tool.aliases):
            return found
    raise NoSuchTool(name)


def _dedented(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())
