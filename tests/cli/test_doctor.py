"""The doctor measures what a console really does: each habit is there on order."""

from __future__ import annotations

import re
from pathlib import Path

import psutil
import pytest

from stata_sessions.cli.doctor import (
    breaking,
    ending,
    leaving_open,
    running,
    starting,
    typing_rows,
)
from stata_sessions.cli.doctor.bench import Program, bench
from stata_sessions.cli.doctor.starting import start_findings
from stata_sessions.cli.doctor.table import EXAMINATIONS, Examination
from stata_sessions.errors import LaunchFailed, LaunchTimedOut
from stata_sessions.settings import Settings
from tests.doors import BOUND_S, ENVIRON, light_console

MODULES = (starting, typing_rows, running, leaving_open, breaking, ending)


def program(folder: Path, vices: str = "", start_limit_s: float = BOUND_S) -> Program:
    settings = Settings(worker_start_timeout=start_limit_s)
    return Program([str(light_console(folder, vices)), "-q"], ENVIRON, settings)


def examination(name: str) -> Examination:
    return next(each for each in EXAMINATIONS if each.examine.__name__ == name)


HABITS: list[tuple[str, str, dict[str, str]]] = [
    (
        "echo_on_80_columns",
        "",
        {
            "who echoes a typed row": "the console",
            "echo on 80 columns": r"\(79 columns\)",
            "linesize on 80 columns": "^79$",
        },
    ),
    ("echo_on_80_columns", "echo=both", {"who echoes a typed row": "the terminal, at once"}),
    (
        "echo_on_80_columns",
        "echo=none",
        {"who echoes a typed row": "nobody", "echo on 80 columns": "none"},
    ),
    ("echo_on_255_columns", "echo-width=100", {"echo on 255 columns": r"\(100 columns\)"}),
    ("echo_on_500_columns", "", {"linesize on 500 columns": "255"}),
    ("what_it_says_of_itself", "", {"set processors 1": r"^((?!r\().)*$"}),
    ("what_it_says_of_itself", "processors=2", {"set processors 1000": r"between 1 and 2.*r\(198"}),
    ("what_it_says_of_itself", "processors=0", {"set processors 1": r"r\(198\);"}),
    ("row_of_300_bytes", "type-limit=255", {"a typed row of 300 bytes": "lost|arrives as"}),
    ("row_of_5000_bytes", "", {"a typed row of 5000 bytes": "arrives whole"}),
    ("unusual_characters", "", {"a typed tab": r"\\x07"}),
    ("ends_of_files", "", {"a last line without newline": "is run"}),
    (
        "ends_of_files",
        "no-last-line,include-end=row",
        {"a last line without newline": "is NOT run", "include that succeeds": "end of do-file"},
    ),
    ("rows_of_errors", "codes=1", {"r(N); rows of an error in include in include": "^1$"}),
    (
        "rows_of_errors",
        "codes=3",
        {
            "r(N); rows of an error in include in include": "^3$",
            "a file that is missing": r"r\(601\);",
        },
    ),
    ("captured_errors", "", {"capture noisily do on an error": r"r\(198\);"}),
    (
        "captured_errors",
        "capture-quiet",
        {"capture noisily do on an error": r"^[^(]*$", "_rc after it": "^198$"},
    ),
    ("timed_rows", "", {"an error with set rmsg on": r"r\(198\); t="}),
    (
        "graph_formats",
        "",
        {"graph export to png": "no file; .*translator", "graph export to svg": "a file of 7 "},
    ),
    (
        "what_is_left_open",
        "",
        {"an open foreach": r"  2\. ', and", "an open mata": ": ', and", "an open if": r"  2\. '"},
    ),
    ("what_is_left_open", "if-prompt=angle", {"an open if": "> ', and"}),
    ("interrupt_while_idle", "", {"an interrupt at the prompt": "^''$"}),
    ("interrupt_while_idle", "idle-break=prompt", {"an interrupt at the prompt": r"\. '$"}),
    ("interrupt_in_sleep", "break-twice", {"an interrupt in sleep": "Break.*Break"}),
    ("interrupt_in_sleep", "break-kills", {"interrupt in sleep": "the console ended"}),
    ("break_key_in_sleep", "", {"the key ^C in sleep": "Break"}),
    ("rows_typed_before_an_interrupt", "", {"a row typed before the break": "is run"}),
    ("rows_typed_before_an_interrupt", "break-flush", {"a row typed before the break": "is lost"}),
    ("sigterm", "", {"SIGTERM": r"ends it .*signal 15"}),
    ("sigterm", "deaf-term", {"SIGTERM": "is ignored"}),
    (
        "exit_with_changed_data",
        "",
        {"exit with changed data": r"refused with r\(4\)", "exit, clear": "exit status 0"},
    ),
]


@pytest.mark.parametrize(
    ("name", "vices", "expected"), HABITS, ids=[f"{name}-{vices}" for name, vices, _ in HABITS]
)
def test_a_habit_is_found(tmp_path: Path, name: str, vices: str, expected: dict[str, str]) -> None:
    found = {
        each.question: each.answer for each in examination(name).findings(program(tmp_path, vices))
    }
    for question, answer in expected.items():
        assert re.search(answer, found[question]), found


def test_the_start_is_measured_once_for_each_terminal(tmp_path: Path) -> None:
    found = {each.question: each.answer for each in start_findings(program(tmp_path, "keypad"))}
    assert 0 < float(found.pop("seconds to the first prompt")) < BOUND_S
    assert [answer.startswith("'\\x1b=") for answer in found.values()] == [True] * 3


@pytest.mark.parametrize(
    "vices",
    ["banner", "start-more", "profile-rmsg", "one-byte", "prompt-colour=sgr0", "title", "paste"],
)
def test_an_unusual_console_is_examined_too(tmp_path: Path, vices: str) -> None:
    found = examination("echo_on_255_columns").findings(program(tmp_path, vices))
    answers = {each.question: each.answer for each in found}
    assert answers["linesize on 255 columns"] == "254", answers


def test_a_start_that_fails_explains_itself(tmp_path: Path) -> None:
    with pytest.raises(LaunchFailed, match=r"License not applicable .*--stata-edition"):
        list(start_findings(program(tmp_path, "start-fails=licence")))


def test_a_start_that_hangs_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(LaunchTimedOut, match="Waiting for the licence server"):
        list(start_findings(program(tmp_path, "start-hangs=text", start_limit_s=1)))


@pytest.mark.parametrize(
    ("vices", "answer"), [("", "ends it"), ("deaf-hup", "is ignored")], ids=["plain", "deaf"]
)
def test_a_terminal_is_closed_under_the_console(tmp_path: Path, vices: str, answer: str) -> None:
    assert answer in ending.closed_terminal(program(tmp_path, vices)).answer


def test_nothing_is_left_of_an_examined_console(tmp_path: Path) -> None:
    with bench(program(tmp_path, "deaf-term,deaf-hup")) as found:
        found.until_prompt(BOUND_S)
        pid, folder = found.console.pid, found.folder
        assert psutil.pid_exists(pid) and folder.exists()
    assert not psutil.pid_exists(pid) and not folder.exists()


def test_every_question_is_put_by_some_examination() -> None:
    examined = {each.examine.__module__ for each in EXAMINATIONS}
    assert examined == {module.__name__ for module in MODULES}
