"""Output that no terminal was made for, and ends that come at the worst moment."""

from __future__ import annotations

import os
import signal

import pytest

from stata_sessions.states import ENDED_SESSIONS
from tests.terminal.engines import PATIENCE_S, engine, eventually, marked

pytestmark = pytest.mark.timeout(60)

MIB = 2**20


def test_a_row_of_a_true_megabyte_comes_through_whole() -> None:
    with engine() as running:
        session = running.manager.create()
        command = running.run(session, f"shell head -c {MIB} /dev/zero | tr '\\0' x")
        assert command.output().count("x") >= MIB
        assert "x" * MIB in command.output()
        assert running.answer(session, "display 8") == (". display 8\n8\n", 0)


def test_every_byte_there_is_does_no_harm() -> None:
    with engine() as running:
        (running.folder / "bytes").write_bytes(b"begin" + bytes(range(256)) * 64 + b"\nend\n")
        session = running.manager.create()
        command = running.run(session, 'shell cat "bytes"')
        assert "begin" in command.output()
        assert command.output().rstrip().endswith("end")
        assert command.view().return_code == 0
        assert running.answer(session, "display 8") == (". display 8\n8\n", 0)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
@pytest.mark.parametrize("vices", ["break-never", "break-delay=60000,deaf-term"])
def test_a_console_that_dies_while_it_is_stopped_is_noticed_at_once(
    vices: str, number: int
) -> None:
    with engine(vices, break_grace=600.0, kill_grace=0.3) as running:
        session, other = running.manager.create(), running.manager.create()
        command = session.submit('display "kept"\nsleep 60000')
        assert eventually(lambda: "sleep" in command.output())
        session.stop(wait_s=0)
        assert eventually(lambda: session.state == "stopping")
        pid = session.view().pid
        assert pid is not None
        os.kill(pid, number)
        assert command.wait(PATIENCE_S)
        assert command.view().state == "lost" and f"signal {number}" in command.view().reason
        assert command.output().startswith('. display "kept"\nkept\n')
        assert eventually(lambda: not marked(session.mark))
        assert running.answer(other, "display 8") == (". display 8\n8\n", 0)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_console_that_dies_while_it_starts_is_a_failed_start(number: int) -> None:
    with engine("start-delay=60000", kill_grace=0.3) as running:
        session = running.manager.create("one", wait=False)
        assert eventually(lambda: marked(session.mark))
        for process in marked(session.mark):
            process.send_signal(number)
        assert eventually(lambda: session.state in ENDED_SESSIONS)
        reason = session.view().reason
        assert f"ended before its first prompt (killed by signal {int(number)}" in reason
        assert eventually(lambda: not marked(session.mark))
