"""The last row of a quiet console: each kind, and what only looks like it."""

from __future__ import annotations

import pytest

from stata_sessions.protocol.left_open import LeftOpen
from stata_sessions.protocol.patience import Patience
from stata_sessions.protocol.probes import Probes
from stata_sessions.protocol.tails import (
    AT_PROMPT,
    HINTS,
    LARGEST_CODE,
    LEFT_OPEN,
    Tail,
    classify,
    code_of,
    late_code,
)
from tests.fakes import tokens

KINDS = [
    ("1\n\n. ", Tail.PROMPT),
    (". ", Tail.PROMPT),
    ("1\n\n. . ", Tail.PROMPT),
    ("r(199);\n\n. ", Tail.ERROR),
    ("r(199); t=0.00 9:36:33\n\n. ", Tail.ERROR),
    ("r(111);\n\nend of do-file\nr(111);\n\n. ", Tail.ERROR),
    ("--Break--\nr(1);\n\n. ", Tail.ERROR),
    ("--Break--\n\n. ", Tail.ERROR),
    ("rows\n--more--", Tail.MORE),
    ("rows\n  --more--  ", Tail.MORE),
    ("x {\n  2. ", Tail.BLOCK),
    ("x\n 10. ", Tail.BLOCK),
    ("x\n100. ", Tail.BLOCK),
    ("mata\n: ", Tail.MATA),
    ("python\n>>> ", Tail.PYTHON),
    ("python\n... ", Tail.PYTHON),
    ("x\n> ", Tail.CONTINUATION),
    ("pause:  here\n-> . ", Tail.PAUSE),
]
FALSE_FRIENDS = [
    "",
    "text",
    "rows\n",
    "rows\n.",
    "rows\n.  ",
    "a row with --more--",
    "rows\n--more--\n",
    "10.5 ",
    "  2.",
    "a: ",
    "a > ",
    "list\n  1. | 5 |",
    "r(199);",
    "x\n>>> x",
]


@pytest.mark.parametrize(("text", "tail"), KINDS)
def test_each_kind_is_told_apart(text: str, tail: Tail) -> None:
    assert classify(text) is tail


@pytest.mark.parametrize("text", FALSE_FRIENDS)
def test_what_only_looks_like_a_prompt_is_none(text: str) -> None:
    assert classify(text) not in AT_PROMPT | LEFT_OPEN | {Tail.MORE, Tail.PAUSE}


@pytest.mark.parametrize(
    "text",
    [
        "r(199);\nmore output\n\n. ",
        'display "r(199);"\nr(199);\nrow\n. ',
        "the r(199);\n. ",
        "r(x);\n. ",
    ],
)
def test_a_code_elsewhere_is_no_error_before_the_prompt(text: str) -> None:
    assert classify(text) is Tail.PROMPT


def test_who_waits_has_a_hint() -> None:
    assert set(HINTS) == LEFT_OPEN | {Tail.PAUSE}


def _patience(phase: str, tail: Tail, *, broke: bool = False, unanswered: int = 0) -> float:
    probes = Probes(tokens())
    for _ in range(unanswered):
        probes.fresh()
    patience = Patience(probes)
    patience.judge(phase, tail, broke)
    return -1.0 if patience.seconds is None else patience.seconds


def test_a_busy_console_is_not_disturbed() -> None:
    assert _patience("running", Tail.BUSY) == -1.0


def test_a_prompt_behind_an_error_is_believed_sooner_than_a_bare_one() -> None:
    assert 0 < _patience("running", Tail.ERROR) < _patience("running", Tail.PROMPT)
    assert 0 < _patience("running", Tail.ERROR, broke=True) <= _patience("running", Tail.ERROR)
    assert 0 < _patience("closing", Tail.PROMPT, broke=True) < _patience("closing", Tail.PROMPT)


def test_each_unanswered_sentinel_makes_the_wait_longer_up_to_a_bound() -> None:
    waits = [_patience("running", Tail.PROMPT, unanswered=number) for number in range(1, 20)]
    assert waits == sorted(waits)
    assert waits[1] == 2 * waits[0]
    assert waits[-1] == waits[-2] <= 60


def test_a_prompt_that_is_late_again_and_again_is_asked_for_ever_more_rarely() -> None:
    waits = [_patience("closing", Tail.BUSY, unanswered=number) for number in range(20)]
    assert waits[0] >= 1 and waits[1] == 2 * waits[0]
    assert waits == sorted(waits) and waits[-1] == waits[-2]


@pytest.mark.parametrize("tail", sorted(LEFT_OPEN | {Tail.PAUSE, Tail.MORE}))
def test_other_prompts_are_given_time_too(tail: Tail) -> None:
    assert _patience("running", tail) > 0


def test_an_echo_that_is_known_to_come_is_waited_for_longer() -> None:
    patience = Patience(Probes(tokens()))
    patience.judge_echo(waits=True, known=False)
    unknown = patience.seconds
    patience.judge_echo(waits=True, known=True)
    assert unknown is not None
    assert patience.seconds is not None
    assert patience.seconds > unknown
    patience.judge_echo(waits=False, known=True)
    assert patience.seconds is None


@pytest.mark.parametrize("tail", sorted(LEFT_OPEN))
def test_what_is_open_has_closers_that_run_out(tail: Tail) -> None:
    left_open = LeftOpen()
    assert (bool(left_open), left_open.note, left_open.return_code(0)) == (False, "", 0)
    keys = []
    while (key := left_open.next_closer(tail)) is not None:
        keys.append(key)
    assert "end\n" in "".join(keys)
    assert keys.count("\x03") == 1
    assert f"left a {tail} open" in left_open.note
    unfinished = tail in (Tail.BLOCK, Tail.CONTINUATION)
    assert left_open.return_code(0) == (612 if unfinished else 0)


def test_a_prompt_needs_no_closing() -> None:
    assert LeftOpen().next_closer(Tail.PROMPT) is None


@pytest.mark.parametrize(
    ("digits", "code"),
    [
        ("198", 198),
        ("0", 0),
        ("9" * 9, 10**9 - 1),
        ("9" * 10, LARGEST_CODE),
        ("1" * 5000, LARGEST_CODE),
    ],
)
def test_a_code_of_any_digits_is_a_number_that_all_machines_know(digits: str, code: int) -> None:
    assert code_of(digits) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (". error 111\nr(111);\nr(111);\n\nwarning: no answer\n. ", 111),
        ("r(111);\n\n. [1]+  Done\n", 111),
        ("--Break--\n. \n[1]+  Done\n", 1),
        ("r(5);\n\n. display 6\n6\n. ", 0),
        ("r(5);\n\n.   display 6\n6\n. ", 0),
        ("5\n\n. ", 0),
    ],
)
def test_a_code_counts_until_code_runs_on(text: str, code: int) -> None:
    assert late_code(text, "foreach i in 1 {\n  display 6\n}") == code
