"""A run as older clients follow it: one unnamed event for each line, and set sentences."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from stata_sessions.operations import Context
from stata_sessions.operations.existing import StreamedRun
from stata_sessions.operations.run_models import GraphRecord, RunArguments, RunResult
from stata_sessions.operations.runs import outcome_of
from stata_sessions.sse import HEARTBEAT, event
from stata_sessions.states import CommandState
from stata_sessions.web.stream import Gone, pages

COMPLETED = "*** Execution completed ***"
GRAPHS = "__STATA_MCP_GRAPH_METADATA__:"
RULE = "=" * 60


def line(text: str) -> str:
    """Return a line as an event; these clients read backslashes doubled."""
    return event(text.replace("\\", "\\\\"))


def follower(context: Context) -> Callable[[RunArguments, StreamedRun, Gone], Iterator[str]]:
    """Return what yields a run's lines, and at the end how it went."""

    def follow(given: RunArguments, streamed: StreamedRun, gone: Gone) -> Iterator[str]:
        command = streamed.run.command
        yield line(streamed.greeting)
        rest = ""
        for _, text in pages(command, command.view().start, gone):
            *rows, rest = (rest + text).split("\n")
            yield from (line(row) for row in rows if row.strip()) if text else (HEARTBEAT,)
        if gone():
            return
        if rest.strip():
            yield line(rest)
        yield from _ending(outcome_of(context, streamed.run))

    return follow


def failed(message: str) -> str:
    """Return the event that tells such a client that a run failed."""
    return line(f"ERROR: {message}")


def _ending(result: RunResult) -> Iterator[str]:
    if result.state is CommandState.BROKEN and result.reason == "time-limit":
        yield failed(f"Execution timed out after {round(result.elapsed_s or 0)}s")
    elif result.error:
        yield failed(result.error)
    else:
        yield line(COMPLETED)
    if result.graphs:
        yield from _graphs(result.graphs)


def _graphs(graphs: list[GraphRecord]) -> Iterator[str]:
    payload = json.dumps({"graphs": [each.model_dump() for each in graphs]}, separators=(",", ":"))
    # Not doubled: this line is JSON, where a backslash already means one thing.
    yield event(GRAPHS + payload)
    yield line("")
    yield line(RULE)
    yield line(f"GRAPHS DETECTED: {len(graphs)} graph(s) created")
    yield line(RULE)
    for each in graphs:
        yield line(f"  • {each.name}: {each.path}")
