"""Failed starts are explained with the console's last words and a hint."""

from __future__ import annotations

import pytest

from stata_sessions.sessions.starting import (
    LAST_ROWS,
    MARK,
    calibrations,
    start_failed,
    start_timed_out,
)
from stata_sessions.settings import Settings


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("License not applicable to this Stata", "--stata-edition"),
        ("Cannot find license file", "licence file"),
        ("License is invalid", "licence file"),
        ("Your license has expired", "expired"),
        ("Too many users are using Stata", "seats"),
        ("All seats are taken", "seats"),
        ("stata-mp: error while loading shared libraries: libtinfo.so.5", "library"),
        ("dyld: Library not loaded: x.dylib", "library"),
        ("cannot execute: Exec format error", "another kind of machine"),
        ("Bad CPU type in executable", "another kind of machine"),
        ("Permission denied", "may not be executed"),
    ],
)
def test_known_causes_have_a_hint(text: str, hint: str) -> None:
    error = start_failed("ended before its first prompt", f"\n{text}\n\n", "/opt/stata-mp")
    assert error.message.startswith("Failed to initialize Stata: /opt/stata-mp: ended before")
    assert text in error.message
    assert hint in str(error.facts["hint"])


def test_an_unknown_cause_is_told_as_it_is() -> None:
    error = start_failed("ended before its first prompt", "something new\n", "stata")
    assert error.message.endswith("ended before its first prompt: something new")
    assert error.facts["hint"] == ""


def test_only_the_last_rows_are_told() -> None:
    text = "".join(f"row {number}\n\n" for number in range(100))
    rows = str(start_failed("ended", text, "stata").facts["last_rows"]).splitlines()
    assert rows == [f"row {number}" for number in range(100 - LAST_ROWS, 100)]


def test_silence_is_told_too() -> None:
    error = start_timed_out(2.5, "", "stata")
    assert "no prompt within 2.5 seconds (worker_start_timeout) without a word" in error.message
    assert error.kind == "launch-timed-out"


@pytest.mark.parametrize(
    ("settings", "line", "there"),
    [
        (Settings(), "capture set linesize 80", True),
        (Settings(linesize=0), "linesize", False),
        (Settings(processors=2), "capture set processors 2", True),
        (Settings(), "processors", False),
        (Settings(), "capture set more off", True),
        (Settings(), 'capture cd "/data"', True),
    ],
)
def test_a_session_is_set_up_as_asked(settings: Settings, line: str, there: bool) -> None:
    first, second = calibrations(settings, "/data")
    assert (line in first.code) is there
    assert (first.mark, second.mark) == (MARK, "")
