"""The tools: what an assistant may call, and how its arguments become operations.

Each is an operation of the registry. What differs at this door: the schema is one flat object,
the session may always be left out, and every answer comes within ``ANSWER_S``. A command that
takes longer runs on, and the answer tells how to get the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from stata_sessions.errors import NoSuchCommand, NoSuchTool, StataSessionsError
from stata_sessions.mcp import contents
from stata_sessions.mcp.jobs import Job
from stata_sessions.mcp.messages import Object
from stata_sessions.mcp.schemas import SESSION, schema_of
from stata_sessions.operations import OPERATIONS, Context, Operation
from stata_sessions.operations.command_models import PAGE_LIMIT_BYTES
from stata_sessions.operations.outputs import presented
from stata_sessions.operations.registry import find_tool
from stata_sessions.operations.run_models import RunArguments, RunResult
from stata_sessions.operations.runs import Run, result_of, start_file, start_selection
from stata_sessions.operations.tool_models import SessionAction
from stata_sessions.operations.tools import CODE_NAMES, DEFAULT, tool_arguments
from stata_sessions.operations.waiting import wait_for

# Clients give up a call after 60 seconds or more, whatever the server does.
ANSWER_S = 45.0

INSTRUCTIONS = (
    "Each session is a Stata of its own, with its own data; without session_id it is the session "
    f"'{DEFAULT}'. Create more with stata_session to work in parallel. Every call answers within "
    f"{ANSWER_S:.0f} seconds: a longer command runs on, and the answer says how to go on."
)
WAIT_FIELD = {
    "description": f"Seconds to wait for the end before answering, at most {ANSWER_S:.0f}.",
    "default": ANSWER_S,
}
# An assistant that misspells more arguments than these has enough to begin with.
MOST_NAMED = 10
# For programs rather than assistants, who would fill them in because they are there.
HIDDEN_OF_RUNS = ("execution_id", "epoch")
HIDDEN_OF_VIEWS = ("wait_s",)
# Those whose caller may say how long to wait for a command's end.
WAITING = (RunArguments, SessionAction)

STARTS: dict[str, Callable[[Context, Any], Run]] = {
    "run_selection": start_selection,
    "run_file": start_file,
}


def listed() -> list[Object]:
    """Return all tools with their schemas."""
    return [_described(each) for each in OPERATIONS.values() if each.tool and each.tool.offered]


def find(name: str) -> Operation:
    """Return the operation behind a tool that is listed. Raises NoSuchTool."""
    found = find_tool(name)
    if found.tool is None or not found.tool.offered:
        raise NoSuchTool(name)
    return found


def call(context: Context, name: str, arguments: Object, answer_s: float = ANSWER_S) -> Job:
    """Return a tool's job, still to be started. Raises NoSuchTool.

    Whatever else goes wrong is the tool's answer.
    """
    operation = find(name)

    remark = _ignored(operation, arguments)

    def work(job: Job) -> Object:
        try:
            answer = _worked(context, operation, arguments, job)
        except StataSessionsError as error:
            context.refused(error)
            answer = contents.failed(error)
        return contents.remarked(answer, remark) if remark and answer else answer

    return Job(work, answer_s)


def _ignored(operation: Operation, arguments: Object) -> str:
    """Say which arguments the tool does not have; a misspelt one should not be missed."""
    fields = operation.input.model_fields
    known = fields.keys() | (CODE_NAMES.keys() if "selection" in fields else ())
    unknown = [ascii(name[:40]) for name in arguments if name not in known][:MOST_NAMED]
    return f"Ignored, since this tool has no such argument: {', '.join(unknown)}" if unknown else ""


def _described(operation: Operation) -> Object:
    tool = operation.tool
    assert tool is not None
    # Code may do whatever Stata can: delete files, fetch from the web.
    hints = {
        "title": tool.title,
        "readOnlyHint": tool.read_only,
        "destructiveHint": not tool.read_only,
        "openWorldHint": not tool.read_only,
    }
    return {
        "name": tool.name,
        "title": tool.title,
        "description": f"{operation.summary} {operation.description}".strip().replace("\n", " "),
        "inputSchema": _schema(operation),
        "annotations": hints,
    }


def _schema(operation: Operation) -> Object:
    if issubclass(operation.input, WAITING):
        return schema_of(operation.input, HIDDEN_OF_RUNS, {"wait_s": WAIT_FIELD})
    return schema_of(operation.input, HIDDEN_OF_VIEWS, {})


def _worked(context: Context, operation: Operation, arguments: Object, job: Job) -> Object:
    given = _checked(operation, arguments)
    if isinstance(given, RunArguments):
        run = STARTS[operation.name](context, given)
        job.submitted(run)
        return _awaited(context, run, job, given.wait_s, whole=given.skip_filter)
    if isinstance(given, SessionAction) and given.action == "output":
        return _awaited(context, _command(context, given), job, given.wait_s, given.offset)
    return contents.told(operation.handler(context, given), context.settings.max_output_tokens)


def _checked(operation: Operation, arguments: Object) -> BaseModel:
    """Return the arguments, with the defaults of this door. Raises InvalidInput."""
    filled = {name: value for name, value in arguments.items() if value is not None}
    if not filled.get(SESSION):
        filled.pop(SESSION, None)
        if operation.input.model_fields[SESSION].is_required():
            filled[SESSION] = DEFAULT
    if issubclass(operation.input, WAITING):
        filled.setdefault("wait_s", ANSWER_S)
    return tool_arguments(operation.input, filled)


def _command(context: Context, given: SessionAction) -> Run:
    session = context.manager.get(given.session_id)
    number = given.command or session.view().commands
    return Run(session, session.command(number))


def _awaited(
    context: Context,
    run: Run,
    job: Job,
    wait_s: float | None,
    offset: int | None = None,
    *,
    whole: bool = False,
) -> Object:
    """Wait for a command, as long as there is time, and tell how it went or how far it is."""
    left_s = job.left_s if wait_s is None else min(wait_s, job.left_s)
    # A console that waits for input goes on only if its caller hears of it.
    wait_for(run.command, left_s, lambda: job.is_cancelled() or _awaits_input(run))
    if job.is_cancelled():
        return {}
    result = result_of(context, run, skip_filter=whole)
    if not _awaits_input(run):  # the command remembers it longer
        result = result.model_copy(update={"hint": ""})
    if offset is not None:
        result = _from(offset, result, run, context)
    return contents.ran(context.shelf, result, restarted=_is_first_of_epoch(run, result))


def _awaits_input(run: Run) -> bool:
    view = run.session.view()
    return view.hint != "" and view.running == run.command.number


def _from(offset: int, result: RunResult, run: Run, context: Context) -> RunResult:
    page = run.command.read(offset, PAGE_LIMIT_BYTES)
    text = presented(context.settings, run.command.view(), page.text)
    return result.model_copy(update={"output": text, "next_offset": page.next_offset})


def _is_first_of_epoch(run: Run, result: RunResult) -> bool:
    """Tell whether the data of the command before this one are gone."""
    if result.command == 1:
        return False
    try:
        before = run.session.command(result.command - 1).view()
    except NoSuchCommand:  # too long ago to be remembered
        return False
    return 0 < before.epoch < result.epoch
