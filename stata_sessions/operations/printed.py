"""Runs whose answer is what Stata printed, all of it, as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stata_sessions.operations.commands import SUBMITTING, first_page
from stata_sessions.operations.existing import TAG
from stata_sessions.operations.registry import Context, Route, operation
from stata_sessions.operations.run_models import RunArguments, RunFile, RunResult, RunSelection
from stata_sessions.operations.runs import Run, outcome_of, result_of, start_file, start_selection
from stata_sessions.operations.waiting import wait_for
from stata_sessions.sessions import Command

PIECE_BYTES = 256 * 1024
# Callers of these routes are programs and people; they get what Stata printed.
WHOLE = {"skip_filter": True}


@dataclass(frozen=True, slots=True)
class PrintedRun:
    """How a run went, and its output piece by piece, so that no answer is held as a whole."""

    result: RunResult
    output: Iterator[str]


@operation(
    takes=RunSelection,
    gives=None,
    route=Route(
        "POST",
        "/run_selection",
        text_field="selection",
        defaults=WHOLE,
        media="text/plain",
        failures="text",
        tag=TAG,
    ),
    errors=SUBMITTING,
)
def print_selection(context: Context, given: RunSelection) -> PrintedRun:
    """Run Stata code and answer with its output.

    Data, macros and programs stay in the session from one call to the next.
    """
    return _printed(context, start_selection(context, given), given)


@operation(
    takes=RunFile,
    gives=None,
    route=Route("GET", "/run_file", defaults=WHOLE, media="text/plain", failures="text", tag=TAG),
    errors=SUBMITTING,
)
def print_file(context: Context, given: RunFile) -> PrintedRun:
    """Run a Stata do-file and answer with its output.

    It runs in its own folder unless working_dir names another.
    """
    return _printed(context, start_file(context, given), given)


def _printed(context: Context, run: Run, given: RunArguments) -> PrintedRun:
    if wait_for(run.command, given.wait_s, context.is_gone) and given.skip_filter:
        return PrintedRun(outcome_of(context, run), _pieces(run.command))
    result = result_of(context, run, skip_filter=given.skip_filter)
    return PrintedRun(result, iter((result.output,)))


def _pieces(command: Command) -> Iterator[str]:
    """Yield the kept output of a command that has ended."""
    page = first_page(command, command.view().start, PIECE_BYTES)
    yield page.text
    while page.text and not page.complete:
        page = first_page(command, page.next_offset, PIECE_BYTES)
        yield page.text
