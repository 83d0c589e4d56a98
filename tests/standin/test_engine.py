"""Whatever is merely unknown of the real console changes no answer of the product."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator

import pytest

from stata_sessions.sessions import Manager, Session
from stata_sessions.settings import Settings
from tests.standin.typist import REPOSITORY
from tests.terminal.engine_cases import CASES
from tests.terminal.engines import PATIENCE_S

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
def manager(switches: str) -> Iterator[Manager]:
    with tempfile.TemporaryDirectory(prefix="e-", dir="/tmp") as folder:
        environ = {
            "PATH": os.defpath,
            "HOME": folder,
            "PYTHONPATH": str(REPOSITORY),
            "STATA_SESSIONS_STANDIN": switches,
        }
        settings = Settings(console="standin", working_dir=folder, worker_start_timeout=PATIENCE_S)
        running = Manager(settings, environ)
        try:
            yield running
        finally:
            running.shutdown()


def answer(session: Session, code: str) -> tuple[str, int | None]:
    command = session.submit(code)
    assert command.wait(PATIENCE_S), (code, command.view(), session.raw()[-1000:])
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
