"""What may be a sentinel or its echo is never shown, and what cannot be is not held for long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.protocol.hold import HOLD_ROWS, Hold
from stata_sessions.protocol.sentinel import Sentinel
from tests.fakes import tokens

SENTINEL = Sentinel.fresh(tokens())

ROWS = st.lists(
    st.sampled_from(
        [
            "text",
            "",
            ". ",
            ". display 1",
            "r(199);",
            "r; t=0.00 9:36:33",
            "end of do-file",
            "--Break--",
            "> folded",
            'display as error "@t"',
            "@",
            "@t000",
            "a@",
            SENTINEL.token[:-1],
            SENTINEL.line[:20],
        ]
    ),
    max_size=6,
).map(lambda rows: "".join(row + "\n" for row in rows))


def _folded(text: str, places: list[int]) -> str:
    for place in sorted({place % len(text) for place in places} - {0}, reverse=True):
        text = text[:place] + "\n> " + text[place:]
    return text


FOLDS = st.lists(st.integers(1, 200), max_size=2)
OURS = st.one_of(
    st.builds(_folded, st.just(SENTINEL.token), FOLDS),
    st.builds(lambda folds: ". " + _folded(SENTINEL.line, folds), FOLDS),
    st.builds(_folded, st.just(SENTINEL.line), FOLDS),
)


def _shown(pieces: list[str]) -> str:
    """Let text come in pieces; return what is shown before the last character of them."""
    hold, buffer, shown = Hold((SENTINEL,)), "", ""
    for piece in pieces:
        buffer += piece
        end = hold.start(buffer)
        shown, buffer = shown + buffer[:end], buffer[end:]
    return shown


@given(before=ROWS, ours=OURS, sizes=st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_nothing_of_a_sentinel_is_shown(before: str, ours: str, sizes: list[int]) -> None:
    text = before + ours
    pieces, at, turn = [], 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        pieces.append(text[at : at + size])
        at, turn = at + size, turn + 1
    assert len(_shown(pieces)) <= len(before)


@given(before=st.sampled_from(["abc", "5 ", "x = @", ". . ."]), cut=st.integers(1, 23))
def test_a_token_behind_a_partial_row_is_held(before: str, cut: int) -> None:
    assert len(_shown([before, SENTINEL.token[:cut], SENTINEL.token[cut:]])) <= len(before)


@pytest.mark.parametrize(
    "text",
    [
        "text",
        "text\n",
        "a row\nanother\n",
        "r(199)x",
        "display 1\n",
        ". list\n",
        "user@example.org",
    ],
)
def test_what_cannot_be_ours_is_shown_at_once(text: str) -> None:
    assert Hold((SENTINEL,)).start(text) == len(text)


@pytest.mark.parametrize(
    "frame", ["", "\n", ". ", "r(199);\n", "r(199);\n\nend of do-file\nr(199);\n\n. ", "--mo", "@"]
)
def test_a_possible_frame_is_held(frame: str) -> None:
    assert Hold((SENTINEL,)).start("text\n" + frame) == len("text\n")


def test_rows_of_a_frame_are_held_up_to_a_bound() -> None:
    text = "text\n" + "r(1);\n" * 10 * HOLD_ROWS
    held = text[Hold((SENTINEL,)).start(text) :]
    assert held.count("\n") <= HOLD_ROWS


def test_without_sentinels_only_frames_are_held() -> None:
    assert Hold(()).start(SENTINEL.token) == len(SENTINEL.token)


def test_rows_that_this_console_adds_are_held_with_the_frame_around_them() -> None:
    warning = "warning: no answer"
    hold = Hold((SENTINEL,), {warning})
    for end in range(len(warning) + 1):
        text = f"5\nr(111);\n\n{warning}"[: len("5\nr(111);\n\n") + end]
        assert hold.start(text) == len("5\n")
    assert hold.start(f"r(111);\n{warning}, again") == len(f"r(111);\n{warning}, again")
