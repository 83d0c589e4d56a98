"""The product over the stand-in: each switch ends in the right answer or a clear error."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator

import pytest

from stata_sessions.errors import ConsoleLost, LaunchFailed, LaunchTimedOut
from stata_sessions.sessions import Manager, Session
from stata_sessions.settings import Settings
from tests.standin.typist import REPOSITORY
from tests.terminal.engine_cases import CASES
from tests.terminal.engines import PATIENCE_S, eventually

pytestmark = pytest.mark.timeout(180)

# Real consoles name the new delimiter, which these cases do not.
OWN_WAY = {"delimiter"}
# Where nobody echoes and output is off, the row of the Enter key is all that is left.
UNECHOED = {"shown all the same", "an error that alone is shown", "all output again"}
BENIGN = (
    *("", "echo=tty", "echo=none", "include_eof", "include_tail=no", "codes=2", "codes=3"),
    "keypad=vt100,banner,start_delay=0.5,helper",
    "keypad=xterm,paste,more,start_more",
    *("one_byte,nul", "half,colour", "prompt_delay=0.05", "echo_pause=0.02,drain_delay=0.02"),
    "dumb_edits=no,slash_comments=no,inner_codes=no,last_line=no",
    "typeahead=keep,if_prompt=dot,sigterm=ignore,sighup=ignore,open_end=asks",
    "echo=tty,include_eof,codes=2,typeahead=4,more,keypad=xterm",
    "echo=none,include_tail=no,codes=3,one_byte,prompt_delay=0.02",
)


@contextlib.contextmanager
def manager(switches: str, start_s: float = PATIENCE_S) -> Iterator[Manager]:
    with tempfile.TemporaryDirectory(prefix="e-", dir="/tmp") as folder:
        environ = {
            "PATH": os.defpath,
            "HOME": folder,
            "PYTHONPATH": str(REPOSITORY),
            "STATA_SESSIONS_STANDIN": switches,
        }
        settings = Settings(console="standin", working_dir=folder, worker_start_timeout=start_s)
        running = Manager(settings, environ)
        try:
            yield running
        finally:
            running.shutdown()


def answer(session: Session, code: str) -> tuple[str, int | None]:
    command = session.submit(code)
    assert command.wait(PATIENCE_S), (code, command.view(), command.raw()[-1000:])
    return command.output(), command.view().return_code


@pytest.mark.parametrize("switches", BENIGN)
def test_what_is_merely_unknown_changes_no_answer(switches: str) -> None:
    different = UNECHOED if "echo=none" in switches else set()
    with manager(switches) as running:
        session = running.create()
        for case in CASES:
            if not case.volume:
                found = answer(session, case.code)
                if case.name not in OWN_WAY | different:
                    assert found == (case.output, case.return_code), case.name


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ("license", "License not applicable to this Stata"),
        ("no_license", "Cannot find license file"),
        ("no_license,start_status=0", "Cannot find license file"),
        ("expired", "License has expired"),
        ("seats", "All licensed seats are in use"),
        ("loader", "error while loading shared libraries"),
    ],
)
def test_a_start_that_fails_says_why(start: str, text: str) -> None:
    with manager(f"start={start}") as running, pytest.raises(LaunchFailed, match=text):
        running.create()


@pytest.mark.parametrize("switches", ["start=silent", "typed_limit=20", "stall_after=100"])
def test_a_console_that_never_answers_is_given_up(switches: str) -> None:
    with manager(switches, start_s=3) as running, pytest.raises(LaunchTimedOut, match="no prompt"):
        running.create()


@pytest.mark.parametrize(
    "switches", ["", "typeahead=keep", "typeahead=4", "break_delay=0.5", "break_rows=2", "codes=2"]
)
@pytest.mark.parametrize("code", ["sleep 60000", "while 1 {\nlocal x 1\n}", "!sleep 60"])
def test_a_break_keeps_the_data(switches: str, code: str) -> None:
    with manager(switches) as running:
        session = running.create()
        answer(session, "scalar kept = 42")
        command = session.submit(f'display "begun"\n{code}')
        assert eventually(lambda: b"begun\r\n\r\n" in command.raw())
        session.stop()
        assert command.wait(PATIENCE_S)
        if code != "!sleep 60":
            assert command.view().return_code == 1
        assert answer(session, "display kept") == (". display kept\n42\n", 0)


@pytest.mark.parametrize("switches", ["break=die", "break=deaf"])
def test_a_break_that_cannot_be_answered_loses_the_session(switches: str) -> None:
    with manager(switches) as running:
        session = running.create()
        command = session.submit('display "begun"\nsleep 60000')
        assert eventually(lambda: b"begun\r\n\r\n" in command.raw())
        session.stop(force=True)
        assert command.wait(PATIENCE_S)
        with pytest.raises(ConsoleLost):
            answer(session, "display 1")


def test_a_console_that_dies_in_mid_output_is_lost_with_what_it_printed() -> None:
    with manager("die_after=3000") as running:
        session = running.create()
        command = session.submit("forvalues i = 1/10000 {\ndisplay `i'\n}")
        assert command.wait(PATIENCE_S)
        assert "\n100\n" in command.output()
        assert command.view().state.value == "lost"


def test_text_that_is_not_utf_8_is_replaced() -> None:
    with manager("latin1") as running:
        assert answer(running.create(), 'display "café"')[0].endswith("\ncaf\ufffd\n")
