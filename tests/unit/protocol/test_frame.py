"""Rows around the user's code are learned, and then taken off and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.protocol.frame import TRAILER_LIMIT, Frame

ERRORS = {
    "three codes": ("r(198);\nr(198);\nr(198);\n\n. ", "r(#);\nr(#);\n\n. "),
    "one code": ("r(198);\n\n. ", "\n. "),
    "ends of files": (
        "r(198);\n\nend of do-file\nr(198);\n\n. ",
        "\nend of do-file\nr(#);\n\n. ",
    ),
    "rmsg": ("r(198); t=0.00 9:36:33\nr(198); t=0.00 9:36:33\n\n. ", "r(#);\n\n. "),
}


@pytest.mark.parametrize(("text", "learned"), ERRORS.values(), ids=ERRORS)
def test_the_rows_of_an_error_are_learned(text: str, learned: str) -> None:
    assert Frame().learned_error("invalid syntax\n" + text).error == learned
    assert Frame().learned_error("no code\n. ").error is None


@pytest.mark.parametrize(("text", "learned"), ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("before", ["", "rows\n", "r(7);\nrows\n", "x" * 2 * TRAILER_LIMIT + "\n"])
def test_a_learned_error_leaves_one_code(text: str, learned: str, before: str) -> None:
    frame = Frame(error=learned)
    output, return_code = frame.verdict(before + text.replace("198", "111"))
    first = text.replace("198", "111").split("\n")[0] + "\n"
    assert (output, return_code) == (before + first, 111)


@pytest.mark.parametrize("text", [error for error, _ in ERRORS.values()], ids=ERRORS)
def test_an_error_is_understood_unlearned_too(text: str) -> None:
    output, return_code = Frame().verdict("rows\n" + text)
    assert return_code == 198
    assert output.startswith("rows\nr(198);")
    assert output.endswith("\n")


def test_a_nested_error_keeps_the_user_s_own_rows() -> None:
    frame = Frame(error="r(#);\nr(#);\n\n. ")
    nested = "r(111);\n\nend of do-file\nr(111);\n"
    assert frame.verdict(nested + "r(111);\nr(111);\n\n. ") == (nested, 111)


def test_a_break_is_code_one() -> None:
    assert Frame().verdict("x\n--Break--\nr(1);\nr(1);\n\n. ") == ("x\n--Break--\nr(1);\n", 1)
    assert Frame().verdict("x\n--Break--\n\n. ") == ("x\n--Break--\n", 1)


@pytest.mark.parametrize("text", ["rows\n", "rows\n. ", "r(199);\nrows\n\n. ", "", "a r(199);\n. "])
def test_without_an_error_the_code_is_zero(text: str) -> None:
    assert Frame(error="r(#);\n\n. ").verdict(text)[1] == 0


ENDING = Frame().learned_ending("\nready\n\nend of do-file\n", "ready", echoed=True)


def test_what_surrounds_the_code_is_learned() -> None:
    assert (ENDING.opening, ENDING.ending, ENDING.echoes) == ("\n", "\nend of do-file\n", True)
    assert Frame().learned_ending("no mark", "ready", echoed=True) == Frame()


@given(st.lists(st.sampled_from(["row", "", "end of do-file", "r(1);"]), max_size=5))
def test_only_our_own_ending_is_taken_off(rows: list[str]) -> None:
    text = "".join(row + "\n" for row in rows)
    assert ENDING.without_ending(text + "\nend of do-file\n") == text


def test_an_opening_is_taken_off_once_it_is_all_there() -> None:
    assert ENDING.without_opening("") is None
    assert ENDING.without_opening("\n") == ""
    assert ENDING.without_opening("\n\nrow") == "\nrow"
    assert ENDING.without_opening("row") == "row"


def test_a_closing_is_recognised_whole_and_with_timings() -> None:
    frame = Frame().learned_closing("\n. ")
    for closing in ("\n. ", "\nr; t=0.00 9:36:33\n. ", "x\n. "):
        assert frame.behind(closing, frame.closing) == ""
    for other in ("", "\n", "\n.", "x\n"):
        assert frame.behind(other, frame.closing) is None
    assert frame.behind("\n. ", None) is None
    for before in ("\n", "[1] Done\n\n"):
        assert frame.behind(f"{before}. [2] Done\n", frame.closing) == "[2] Done\n"
    twice = Frame().learned_closing("\n. \nend of do-file\n. ").closing
    assert frame.behind("\n. \nend of", twice) is None
