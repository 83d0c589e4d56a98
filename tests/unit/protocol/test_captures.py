"""Recorded exchanges with real terminals are understood, however their bytes are cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stata_sessions.protocol import Completed, Event, Output, Ready
from tests.captures import Capture, Trace, answers, replay
from tests.recording import PLAN, SHORT
from tests.unit.protocol.cuts import FIVE_WAYS, SIZES, in_sizes, whole

FOLDER = Path(__file__).parents[2] / "golden"
CAPTURES = [Capture.load(path) for path in sorted(FOLDER.glob("*.pty"))]
WHOLE = {capture.name: replay(capture, whole) for capture in CAPTURES}

# The answers to the first commands of the plan on a console that echoes files.
FIRST = [
    ". display 1\n1\n",
    ". display nosuch\nnosuch not found\nr(111);\n",
    '. display "grüße 日本語 🙂" _n(2) ". " _n "r(199);"\ngrüße 日本語 🙂\n\n. \nr(199);\n',
    '. display "abc" _continue\nabc\n',
]
RETURN_CODES = [0, 111, 0, 0, 0, 0, 0, 1, 0, 0, 0, 111, 0, 0, 0, 111]


def _by_command(events: list[Event]) -> list[tuple[str, Completed]]:
    """Pair the output of each command with its outcome."""
    paired, text = [], ""
    for event in events:
        if isinstance(event, Output):
            text += event.text
        elif isinstance(event, Completed):
            paired.append((text, event))
            text = ""
    # The first two are the calibrations.
    return paired[2:]


def _keys(traces: list[Trace]) -> list[tuple[bytes, float | None, str]]:
    return [(trace.typed, trace.patience, trace.phase) for trace in traces]


@pytest.mark.parametrize("capture", CAPTURES, ids=str)
def test_every_command_of_a_capture_is_understood(capture: Capture) -> None:
    events = answers(WHOLE[capture.name])
    commands = _by_command(events)
    expected = RETURN_CODES[:SHORT] if capture.name == "redraw" else RETURN_CODES
    assert [outcome.return_code for _, outcome in commands] == expected
    assert [outcome.broken for _, outcome in commands] == [code == 1 for code in expected]
    if capture.name != "silent-files":
        assert [text for text, _ in commands[: len(FIRST)]] == FIRST
    assert not any("include " in text or 'display as error "@' in text for text, _ in commands)
    assert isinstance(events[-1], Ready)


@pytest.mark.parametrize("way", FIVE_WAYS)
@pytest.mark.parametrize("capture", CAPTURES, ids=str)
def test_a_capture_reads_the_same_cut_five_ways(capture: Capture, way: str) -> None:
    traces = replay(capture, FIVE_WAYS[way])
    assert answers(traces) == answers(WHOLE[capture.name])
    assert _keys(traces) == _keys(WHOLE[capture.name])


@settings(max_examples=30)
@given(capture=st.sampled_from(CAPTURES), sizes=SIZES)
def test_a_capture_reads_the_same_however_it_is_cut(capture: Capture, sizes: list[int]) -> None:
    traces = replay(capture, in_sizes(sizes))
    assert answers(traces) == answers(WHOLE[capture.name])
    assert _keys(traces) == _keys(WHOLE[capture.name])


def test_a_plan_has_an_answer_to_each_command() -> None:
    assert len(RETURN_CODES) == sum(kind == "send" for kind, _ in PLAN)
