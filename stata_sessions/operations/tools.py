"""Tools called by name: the door of ``/v1/tools``, and the one tool that manages sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from stata_sessions.errors import InvalidInput, NoSuchCommand, StataSessionsError
from stata_sessions.operations import commands, sessions
from stata_sessions.operations.command_models import NewInput, OutputRequest
from stata_sessions.operations.models import Nothing
from stata_sessions.operations.registry import Context, Route, Tool, find_tool, operation
from stata_sessions.operations.run_models import RunResult
from stata_sessions.operations.session_models import NewSession, StopOrder, WhichSession
from stata_sessions.operations.tool_models import SessionAction, ToolAnswer, ToolCall
from stata_sessions.operations.wording import complaint, short_text
from stata_sessions.states import CommandState

DEFAULT = "default"
# The name under which an older client sends code to its tool ``run_command``.
CODE_NAMES = {"command": "selection", "code": "selection"}
# Code that did not run to an end of its own, for a reason outside of it.
UNDONE = (CommandState.LOST, CommandState.CANCELLED)


@operation(
    takes=ToolCall,
    gives=ToolAnswer,
    route=Route("POST", "/v1/tools", arguments="json", tag="existing clients"),
)
def call_tool(context: Context, given: ToolCall) -> ToolAnswer:
    """Call a tool by name.

    The answer's status tells whether the tool could do its work. A Stata error is an answer like
    any other: status success, with return_code, and output that ends in r(N);.
    """
    try:
        found = find_tool(given.tool)
        arguments = tool_arguments(found.input, given.parameters)
        answer = found.handler(context, arguments)
    except StataSessionsError as error:
        context.refused(error)
        return _refused(error)
    return _ran(answer) if isinstance(answer, RunResult) else _told(answer)


@operation(
    takes=SessionAction,
    gives=BaseModel,
    tool=Tool("stata_session", ("session",), "Manage Stata sessions", destructive=True),
)
def manage_session(context: Context, given: SessionAction) -> BaseModel:
    """Manage sessions: list, create, destroy, restart, stop, read output, send input."""
    return ACTIONS[given.action](context, given)


def tool_arguments(model: type[BaseModel], parameters: Mapping[str, Any]) -> BaseModel:
    """Return a tool's arguments, checked. Raises InvalidInput, which never repeats the values."""
    try:
        return model.model_validate(_renamed(model, parameters))
    except ValidationError as error:
        raise InvalidInput(_complaint(error)) from None


def _renamed(model: type[BaseModel], parameters: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(parameters)
    if "selection" in model.model_fields and "selection" not in given:
        given = {CODE_NAMES.get(name, name): value for name, value in given.items()}
    session = model.model_fields.get("session_id")
    if session and session.is_required() and not given.get("session_id"):
        given["session_id"] = DEFAULT
    return given


def _complaint(error: ValidationError) -> str:
    found = error.errors(include_input=False, include_url=False, include_context=False)
    missing = [str(each["loc"][0]) for each in found if each["type"] == "missing"]
    if missing:
        return f"Missing required parameter: {', '.join(missing)}"
    return complaint(found)


def _refused(error: StataSessionsError) -> ToolAnswer:
    return ToolAnswer(
        status="error", error=short_text(error), message=error.message, kind=error.kind
    )


def _told(answer: BaseModel) -> ToolAnswer:
    text = answer.model_dump_json(indent=2)
    return ToolAnswer(
        status="success",
        output=text,
        result=text,
        session_id=getattr(answer, "session_id", None),
        message=getattr(answer, "message", None),
    )


def _ran(result: RunResult) -> ToolAnswer:
    same = result.model_dump(
        include={
            *("output", "error", "return_code", "session_id", "epoch", "command", "state"),
            *("epoch_reason", "data_kept", "hint", "note"),
        }
    )
    return ToolAnswer(
        status="error" if result.state in UNDONE else "success",
        result=heading_of(result) + result.output,
        message=result.error,
        graphs=result.graphs or None,
        **same,
    )


def heading_of(result: RunResult) -> str:
    """Return the first line of a run as plain text: ``Error: `` and why, where it failed."""
    return f"Error: {result.error}\n" if result.error else ""


def _list(context: Context, given: SessionAction) -> BaseModel:
    return sessions.list_sessions(context, Nothing())


def _create(context: Context, given: SessionAction) -> BaseModel:
    return sessions.create_session(context, _checked(NewSession, name=given.session_id or None))


def _destroy(context: Context, given: SessionAction) -> BaseModel:
    return sessions.destroy_session(context, _which(given))


def _restart(context: Context, given: SessionAction) -> BaseModel:
    return sessions.restart_session(context, _which(given))


def _stop(context: Context, given: SessionAction) -> BaseModel:
    order = StopOrder(session_id=given.session_id or DEFAULT, force=given.force)
    return sessions.stop_session(context, order)


def _output(context: Context, given: SessionAction) -> BaseModel:
    name = given.session_id or DEFAULT
    session = context.manager.get(name)
    number = given.command or session.view().commands
    if not number:
        raise NoSuchCommand(name, 0)
    request = OutputRequest(
        session_id=session.name, number=number, offset=given.offset, wait_s=given.wait_s
    )
    return commands.read_output(context, request)


def _input(context: Context, given: SessionAction) -> BaseModel:
    if given.text is None:
        raise InvalidInput("Missing required parameter: text")
    answer = _checked(NewInput, session_id=given.session_id or DEFAULT, text=given.text)
    return commands.send_input(context, answer)


def _which(given: SessionAction) -> WhichSession:
    return WhichSession(session_id=given.session_id or DEFAULT)


def _checked(model: type[Any], **fields: Any) -> Any:
    return tool_arguments(model, fields)


ACTIONS: dict[str, Callable[[Context, SessionAction], BaseModel]] = {
    "list": _list,
    "create": _create,
    "destroy": _destroy,
    "restart": _restart,
    "stop": _stop,
    "output": _output,
    "input": _input,
}
