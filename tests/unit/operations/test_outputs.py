"""Long output keeps its beginning, its end, and the way to the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stata_sessions.operations.command_models import CommandList, command_info
from stata_sessions.operations.commands import as_do_file, bounded
from stata_sessions.operations.outputs import shortened
from stata_sessions.operations.runs import failure_of
from stata_sessions.sessions import CommandView
from stata_sessions.states import CommandState

NOW = datetime(2026, 11, 24, 12, 0, 5, tzinfo=UTC)
VIEW = CommandView(
    session="a",
    number=7,
    state=CommandState.FINISHED,
    code="display 1",
    file_path=None,
    return_code=0,
    reason="",
    rung="",
    position=None,
    submitted_at=NOW,
    started_at=NOW,
    ended_at=NOW,
    elapsed_s=2.04,
    start=0,
    end=10,
    epoch=1,
    hint="",
    data_kept=True,
    truncated=False,
    note="",
)


def test_short_output_stays_whole() -> None:
    assert shortened("x" * 40, 10, VIEW) == "x" * 40
    assert shortened("x" * 40, 0, VIEW) == "x" * 40


def test_long_output_keeps_both_ends() -> None:
    rows = [f"row {number}" for number in range(1000)]
    shown = shortened("\n".join([*rows, "r(198);"]), 100, VIEW)
    assert len(shown) < 600
    assert shown.startswith("row 0\nrow 1\n")
    assert shown.endswith("row 999\nr(198);")
    assert "GET /sessions/a/commands/7/output" in shown
    assert all(row in rows for row in shown.splitlines() if row.startswith("row"))


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (VIEW, None),
        (replace(VIEW, state=CommandState.RUNNING, return_code=None), None),
        (replace(VIEW, return_code=111), "Stata returned r(111)"),
        (
            replace(VIEW, state=CommandState.BROKEN, return_code=1, reason="stop"),
            "Execution cancelled",
        ),
        (
            replace(VIEW, state=CommandState.BROKEN, return_code=1, reason="time-limit"),
            "Command timeout after 2.0s",
        ),
        (
            replace(
                VIEW, state=CommandState.LOST, return_code=None, reason="killed", data_kept=False
            ),
            "Session a lost its Stata: killed",
        ),
        (
            replace(VIEW, state=CommandState.LOST, return_code=None, reason="the disk is full"),
            "The command was not run: the disk is full",
        ),
    ],
)
def test_failures_are_sentences(view: CommandView, text: str | None) -> None:
    assert failure_of(view) == text


def test_a_history_can_be_run_again() -> None:
    views = [
        replace(VIEW, number=1, code="#delimit ;\ndisplay 1;"),
        replace(VIEW, number=2, code="display 2\n", return_code=9),
        replace(VIEW, number=3, state=CommandState.CANCELLED, started_at=None),
    ]
    commands = [command_info(view) for view in views]
    history = CommandList(session_id="a", commands=commands, next_after=3, complete=True)
    assert as_do_file(history) == (
        "* session a\n\n* 1: finished\n#delimit ;\ndisplay 1;\n#delimit cr\n"
        "\n* 2: finished, r(9)\ndisplay 2\n"
    )


def test_long_code_makes_pages_of_commands_shorter() -> None:
    views = [replace(VIEW, number=number, code="x" * 6) for number in range(1, 5)]

    def numbers(limit_bytes: int, *, from_end: bool) -> list[int]:
        kept = bounded(views, from_end=from_end, limit_bytes=limit_bytes)
        return [view.number for view in kept]

    for limit_bytes, first, last in (
        (100, [1, 2, 3, 4], [1, 2, 3, 4]),
        (13, [1, 2], [3, 4]),
        (12, [1, 2], [3, 4]),
        (5, [1], [4]),  # one there is in any case, or nobody would ever get beyond it
    ):
        assert numbers(limit_bytes, from_end=False) == first
        assert numbers(limit_bytes, from_end=True) == last
    assert bounded([], from_end=True) == []
