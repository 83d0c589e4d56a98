"""Each vice of the stand-in, driven through the product: the right answer or a clear error.

The tables name every switch of `faults.py` and each of its values; a test fails for one that is
missing. Values that are only another way to behave must not change any answer.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pytest

from stata_sessions.errors import ConsoleLost, LaunchFailed, LaunchTimedOut
from stata_sessions.sessions import CommandView, Manager, Session
from stata_sessions.settings import Settings
from stata_sessions.standin.faults import SWITCHES, VARIABLE
from tests.terminal.engines import PATIENCE_S, Engine, eventually, play_selected

pytestmark = pytest.mark.timeout(150)

# Ways to behave: every answer is the same.
BENIGN = (
    "", "echo=stata", "echo=tty", "echo=none", "include_eof=yes", "include_eof=no",
    "include_tail=yes", "include_tail=no", "shell_break=yes", "shell_break=no", "codes=1",
    "codes=2", "codes=3", "inner_codes=yes", "inner_codes=no", "open_end=ends", "open_end=asks",
    "if_prompt=numbered", "if_prompt=>", "if_prompt=dot", "slash_comments=yes",
    "slash_comments=no", "last_line=yes", "last_line=no", "keypad=auto", "keypad=none",
    "keypad=vt100", "keypad=xterm", "paste=yes", "paste=no", "more=yes", "more=no",
    "graph_note=new", "graph_note=old", "graph_png=yes", "dumb_edits=yes", "dumb_edits=no",
    "start=ready", "start_delay=0.6", "start_more=yes", "start_more=no", "banner=yes",
    "banner=no", "break=heed", "break_delay=0.6", "break_rows=1", "break_rows=2",
    "typeahead=flush", "typeahead=keep", "typeahead=3", "one_byte=yes", "one_byte=no", "half=yes",
    "half=no", "latin1=no", "nul=yes", "nul=no", "colour=yes", "colour=no", "prompt_delay=0.2",
    "echo_pause=0.2", "drain_delay=0.1", "sigterm=heed", "sigterm=ignore", "sighup=heed",
    "sighup=ignore", "helper=yes", "helper=no", "die_after=0", "typed_limit=0", "stall_after=0",
    "start_status=1",
)  # fmt: skip
# Starts that fail: what the error says.
FAILING = {
    "start=license": "License not applicable to this Stata",
    "start=expired": "License has expired",
    "start=seats": "All licensed seats are in use",
    "start=no_license": "Cannot find license file",
    "start=loader": "libtinfo.so.5",
    "start=license,start_status=0": "License not applicable to this Stata",
}
# A console that never says anything, or no longer listens while it starts.
SILENT = ("start=silent", "start_delay=60", "stall_after=20", "typed_limit=5")
# What is not an answer but must be told: see the tests that name them.
TOLD = ("graph_png=no", "latin1=yes", "break=deaf", "break=die", "die_after=40000")

START_LIMIT_S = 3.0
_DEFAULTS = {switch.name: switch.default for switch in SWITCHES}


@dataclass(frozen=True, slots=True)
class Vice:
    """What the stand-in is started with."""

    switches: str

    def __str__(self) -> str:
        return self.switches or "none"


FAMILY = [Vice(switches) for switches in BENIGN]


@contextlib.contextmanager
def standin(switches: str, **settings: float) -> Iterator[Engine]:
    """Bring up a manager over the stand-in with these switches."""
    with tempfile.TemporaryDirectory(prefix="s-", dir="/tmp") as name:
        (Path(name) / "private").mkdir()
        chosen = {"console": "standin", "working_dir": name, "work_dir": f"{name}/private"}
        environ = {"PATH": os.defpath, "HOME": name, VARIABLE: switches}
        manager = Manager(Settings(**{**chosen, **settings}), environ)  # type: ignore[arg-type]
        try:
            yield Engine(manager, Path(name))
        finally:
            manager.shutdown()


CASES = (
    ("display 8", ". display 8\n8\n", 0),
    ("display nosuch", ". display nosuch\nnosuch not found\nr(111);\n", 111),
    ('display "grüße"', '. display "grüße"\ngrüße\n', 0),
    ("local kept 5", ". local kept 5\n", 0),
    ("forvalues i = 1/2 {\ndisplay `i'\n}",
     ". forvalues i = 1/2 {\n  2. display `i'\n  3. }\n1\n2\n", 0),
    ("display 1 // one\nset more on\ndisplay 2",
     ". display 1 // one\n1\n\n. set more on\n\n. display 2\n2\n", 0),
    ("capture noisily display nosuch\ndisplay _rc",
     ". capture noisily display nosuch\nnosuch not found\n\n. display _rc\n111\n", 0),
    ("if 1 {\ndisplay 3\n}", ". if 1 {\n. display 3\n3\n. }\n", 0),
    ("sysuse auto, clear\nquietly scatter price mpg\ngraph export a.svg\nassert _N == 74", None, 0),
    ("!echo shell", None, 0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Played:
    """The answers of one console, what came of a break, and the answer after an open block."""

    answers: list[tuple[str, int | None]]
    broken: CommandView
    afterwards: str


def _play(console: Vice) -> Played:
    with standin(console.switches) as running:
        session = running.manager.create()
        answers = [running.answer(session, code) for code, _, _ in CASES]
        command = session.submit("sleep 60000")
        assert eventually(lambda: "sleep" in command.output() or command.ended)
        session.stop(wait_s=PATIENCE_S)
        assert command.wait(PATIENCE_S)
        running.run(session, "foreach i in 1 2 {\ndisplay 1")
        return Played(answers, command.view(), running.answer(session, "display `kept'")[0])


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest) -> Iterator[dict[Vice, Future[Played]]]:
    with play_selected(request, FAMILY, _play) as futures:
        yield futures


@pytest.mark.parametrize("console", FAMILY, ids=str)
def test_every_answer_is_right(console: Vice, played: dict[Vice, Future[Played]]) -> None:
    seen = played[console].result()
    for (code, output, return_code), answer in zip(CASES, seen.answers, strict=True):
        assert answer[1] == return_code, (code, answer)
        assert output in (None, answer[0]), code
    assert (seen.broken.state, seen.broken.data_kept) == ("broken", True)
    assert seen.afterwards == ". display `kept'\n5\n"


@pytest.mark.parametrize(("switches", "fragment"), FAILING.items())
def test_a_start_that_fails_says_why(switches: str, fragment: str) -> None:
    with (
        standin(switches, worker_start_timeout=20.0) as running,
        pytest.raises(LaunchFailed) as raised,
    ):
        running.manager.create()
    assert fragment in raised.value.message


@pytest.mark.parametrize("switches", SILENT)
def test_a_start_without_end_ends_within_its_bound(switches: str) -> None:
    began = time.monotonic()
    limits = {"worker_start_timeout": START_LIMIT_S, "kill_grace": 0.3}
    with standin(switches, **limits) as running, pytest.raises(LaunchFailed) as raised:
        running.manager.create()
    assert isinstance(raised.value, LaunchTimedOut)
    assert time.monotonic() - began < START_LIMIT_S + PATIENCE_S


def test_a_format_that_is_missing_is_an_error_of_the_command() -> None:
    with standin("graph_png=no") as running:
        session = running.manager.create()
        running.run(session, "sysuse auto, clear\nscatter price mpg")
        output, return_code = running.answer(session, "graph export a.png")
        assert (output.splitlines()[1:], return_code) == (
            ["translator Graph2png not found", "r(111);"], 111,
        )  # fmt: skip


def test_bytes_that_are_no_text_are_replaced() -> None:
    with standin("latin1=yes") as running:
        session = running.manager.create()
        output, return_code = running.answer(session, 'display "caf" uchar(233)')
        assert (output.splitlines()[-1], return_code) == ("caf\N{REPLACEMENT CHARACTER}", 0)


def _sleeping(session: Session) -> CommandView:
    command = session.submit("sleep 60000")
    assert eventually(lambda: "sleep" in command.output() or command.ended)
    session.stop(wait_s=PATIENCE_S)
    assert command.wait(PATIENCE_S)
    return command.view()


@pytest.mark.parametrize("switches", ["break=deaf", "break=die"])
def test_a_break_that_fails_costs_the_session_and_says_so(switches: str) -> None:
    with standin(switches, break_grace=1.0, kill_grace=0.5) as running:
        session = running.manager.create()
        view = _sleeping(session)
        assert (view.state in ("lost", "broken"), view.data_kept) == (True, False)
        assert view.reason
        with pytest.raises(ConsoleLost):
            session.submit("display 1")


def test_a_console_that_dies_in_mid_output_loses_nothing_printed() -> None:
    with standin("die_after=40000") as running:
        session = running.manager.create()
        command = running.run(session, "forvalues i = 1/100000 {\ndisplay `i'\n}")
        view = command.view()
        assert (view.state, view.return_code, view.data_kept) == ("lost", None, False)
        assert "signal 9" in view.reason
        assert "\n1\n2\n3\n" in command.output()


def test_the_tables_name_every_switch_and_try_it() -> None:
    named = [each for each in (*BENIGN, *FAILING, *SILENT, *TOLD) if each]
    pairs = [pair.partition("=") for each in named for pair in each.split(",")]
    tried = {name for name, _, value in pairs if value != _DEFAULTS.get(name)}
    assert tried == {switch.name for switch in SWITCHES}
