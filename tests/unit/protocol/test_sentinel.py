"""The mark that ends a command is found wherever Stata folds it, and never in its own echo."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.protocol import command_files
from stata_sessions.protocol.sentinel import FLAG, TOKEN_LENGTH, Sentinel
from tests.fakes import tokens

SENTINEL = Sentinel.fresh(tokens())


def test_a_token_fits_into_the_narrowest_row() -> None:
    assert len(SENTINEL.token) == TOKEN_LENGTH < 40
    assert SENTINEL.token.startswith(FLAG)


def test_each_is_fresh() -> None:
    source = tokens()
    assert Sentinel.fresh(source).token != Sentinel.fresh(source).token


def test_the_typed_line_is_short_and_never_holds_the_token() -> None:
    assert len(SENTINEL.line) < 70
    assert SENTINEL.line.isascii()
    assert SENTINEL.token not in SENTINEL.line
    assert SENTINEL.find(f". {SENTINEL.line}\n") is None


@given(before=st.text(max_size=30), place=st.integers(1, TOKEN_LENGTH - 1))
def test_the_token_is_found_whole_and_folded(before: str, place: int) -> None:
    token = SENTINEL.token
    for shown in (token, f"{token[:place]}\n> {token[place:]}"):
        assert SENTINEL.find(before + shown + "\n") == (len(before), len(before + shown))


@given(place=st.integers(1, TOKEN_LENGTH))
def test_the_beginning_of_a_token_is_not_the_token(place: int) -> None:
    assert SENTINEL.find(SENTINEL.token[: place - 1]) is None


def test_another_token_is_not_ours() -> None:
    other = Sentinel.fresh(tokens(2))
    assert SENTINEL.find(other.token + "\n") is None


@pytest.mark.parametrize("fold", [5, 12, 20, 30, 44])
def test_the_echo_is_found_with_its_prompts_and_folds(fold: int) -> None:
    line = SENTINEL.line
    row = f"text\n. . {line[:fold]}\n> {line[fold:]} \n"
    match = SENTINEL.echo.search(row)
    assert match
    assert match.span() == (len("text\n"), len(row))


@pytest.mark.parametrize("clipped", [0, 3, 10])
def test_a_clipped_echo_still_shows_where_it_began(clipped: int) -> None:
    text = "text\n. " + SENTINEL.line[clipped:] + "\n"
    assert SENTINEL.first_sign(text, len(text)) < text.index(SENTINEL.second)
    assert SENTINEL.first_sign("nothing\n", 5) == 5


def test_the_files_of_a_command_run_the_code_and_then_the_sentinel() -> None:
    files = command_files("/tmp/ss-x", "7", "display 1\n* é", tokens())
    assert files.code == "display 1\n* é\n"
    assert files.line == 'include "/tmp/ss-x/run-7.do"'
    assert files.wrapper == f'include "/tmp/ss-x/cmd-7.do"\n{files.sentinel.line}\n'
