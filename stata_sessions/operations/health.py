"""Health: is the server there, and which console does it run."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stata_sessions import __version__
from stata_sessions.errors import NotReady
from stata_sessions.operations.models import Answer, Nothing
from stata_sessions.operations.registry import Context, Route, operation


class Licence(Answer):
    """What the server knows of Stata's licence."""

    seats: int = Field(description="Seats that it may take (licence_seats); 0 is unknown.")
    taken: int = Field(description="Consoles that it runs, spares included.")
    is_refusing: bool = Field(description="The latest start was refused a seat.")
    reason: str = Field(description="What Stata said to that.")
    retry_after_s: int | None = Field(description="Seconds until it is asked again.")
    refusals: int = Field(description="Starts refused since the server began.")


class Health(Answer):
    """What a client may want to know before its first command."""

    status: Literal["ok"] = "ok"
    service: str = "stata-sessions"
    version: str = __version__
    stata_available: bool = Field(description="Sessions can be started (see console).")
    console: str = Field(description="stata, standin, or the path of another program.")
    multi_session_enabled: bool
    sessions: int
    max_sessions: int
    licence: Licence


class Alive(Answer):
    """The server answers."""

    status: Literal["ok"] = "ok"


class Ready(Answer):
    """The server is ready for new sessions."""

    status: Literal["ready"] = "ready"


@operation(takes=Nothing, gives=Alive, route=Route("GET", "/health/live", tag="server"))
def check_live(context: Context, given: Nothing) -> Alive:
    """Tell that the server answers; needs no token, and waits for nobody."""
    return Alive()


@operation(
    takes=Nothing,
    gives=Ready,
    route=Route("GET", "/health/ready", tag="server"),
    errors=(NotReady,),
)
def check_ready(context: Context, given: Nothing) -> Ready:
    """Tell whether new sessions may come; needs no token, but tells the reasons only with one."""
    context.manager.readiness.check(detailed=context.is_known)
    return Ready()


@operation(takes=Nothing, gives=Health, route=Route("GET", "/health", tag="server"))
def health(context: Context, given: Nothing) -> Health:
    """Tell that the server answers, its version, and which console it runs."""
    limit, available = context.manager.slots()
    return Health(
        stata_available=True,
        console=context.manager.console(),
        multi_session_enabled=context.settings.multi_session,
        sessions=limit - available,
        max_sessions=limit,
        licence=Licence.model_validate(context.manager.licence()),
    )
