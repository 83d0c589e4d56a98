"""The line editor alone: keys in, line and echo out."""

from __future__ import annotations

import pytest

from stata_sessions.standin.editor import Editor


def typed(keys: str, columns: int = 80, history: tuple[str, ...] = ()) -> tuple[str, str]:
    editor = Editor(". ", columns, list(history), lambda word: "ice" if word == "pr" else "")
    echo, rest = editor.feed(keys)
    assert rest is None
    return editor.line, echo


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("abc", "abc"),
        ("abc\x7f", "ab"),
        ("\x7fabc", "abc"),
        ("abc\x15x", "x"),
        ("abc\x1b[D\x1b[DX", "aXbc"),
        ("abc\x1b[D\x1b[D\x04", "ac"),
        ("abc\x0bX\x10Y", "XabcY"),
        ("abc\x1b[D\x18", "ab"),
        ("list pr\t", "list price"),
        ("list qr\t", "list qr"),
        ("\x068", "use "),
        ("\x00\x01ab", "ab"),
        ("żó\x7fł", "żł"),
    ],
)
def test_keys(keys: str, line: str) -> None:
    assert typed(keys)[0] == line


def test_history_goes_back_and_forth() -> None:
    assert typed("\x12", history=("one", "two"))[0] == "two"
    assert typed("\x12\x12", history=("one", "two"))[0] == "one"
    assert typed("\x12\x12\x02", history=("one", "two"))[0] == "two"
    assert typed("\x12\x02", history=("one", "two"))[0] == ""


def test_enter_ends_the_line_and_leaves_the_rest() -> None:
    editor = Editor(". ", 80, [])
    assert editor.feed("abc\rdef") == ("abc", "def")
    assert editor.line == "abc"


def test_a_line_may_come_in_pieces() -> None:
    editor = Editor(". ", 20, [])
    echo = [editor.feed(character)[0] for character in "x" * 40]
    whole = Editor(". ", 20, []).feed("x" * 40)[0]
    assert "".join(echo) == whole == "x" * 17 + "\n> " + "x" * 17 + "\n> " + "x" * 6


def test_the_screen_shows_the_line_after_editing() -> None:
    assert typed("abc\x1b[DX")[1] == "abc\bXc\b"
