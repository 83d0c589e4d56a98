"""What a session may take of the machine, and what is said when it takes too much."""

from __future__ import annotations

from typing import Any

import pytest

from tests.terminal.engines import PATIENCE_S, engine, eventually

pytestmark = pytest.mark.timeout(90)


def test_processors_are_shared_out() -> None:
    with engine(processors_total=8, max_sessions=4) as running:
        session = running.manager.create()
        output, _ = running.answer(session, "display c(processors)")
        assert output.endswith("\n2\n")
        assert (session.view().warning, session.view().commands) == ("", 1)
        assert session.transcript.read(0, 1000).decode() == output


@pytest.mark.parametrize("vices", ["processors=0", "processors=2", "processors=0,echo=none"])
def test_a_console_that_refuses_its_processors_works_and_says_so(vices: str) -> None:
    with engine(vices, processors=4) as running:
        session = running.manager.create()
        assert "'set processors 4' was refused with r(198)" in session.view().warning
        assert "processors" in session.view().warning.partition("r(198): ")[2]
        assert running.answer(session, "display _rc") == (". display _rc\n0\n", 0)
        assert [view.number for view in session.history()] == [1]
        # A new console is judged anew.
        assert "refused" in session.restart().warning


# Memory.


def test_who_comes_near_the_memory_limit_is_warned_and_works_on() -> None:
    with engine(memory_limit_mb=300) as running:
        session = running.manager.create()
        command = session.submit("hog 255\nsleep 60000")
        assert eventually(lambda: session.view().warning)
        warning = session.view().warning
        assert "of 300 MB" not in warning and "more than 300 MB (memory_limit_mb)" in warning
        assert command.view().note == warning
        session.stop(wait_s=PATIENCE_S)
        # It is told with the answer, whatever became of the command.
        assert (command.view().state, command.view().note) == ("broken", warning)
        assert running.answer(session, "display 8") == (". display 8\n8\n", 0)


def test_who_passes_the_memory_limit_is_ended_and_told_why() -> None:
    with engine(memory_limit_mb=200, kill_grace=0.3) as running:
        session, other = running.manager.create(), running.manager.create()
        command = session.submit("display 1\nhog 255\nsleep 60000")
        assert command.wait(PATIENCE_S)
        view = command.view()
        assert (view.state, view.rung, view.data_kept) == ("lost", "kill", False)
        assert view.reason.startswith("memory: Stata used 2")
        assert "more than the limit of 200 MB (memory_limit_mb)" in view.reason
        assert command.output().startswith(". display 1\n1\n")
        assert session.view().reason == view.reason
        assert running.answer(other, "display 8") == (". display 8\n8\n", 0)


def test_what_the_system_will_not_give_is_an_error_and_the_data_are_kept() -> None:
    with engine(data_limit_mb=200) as running:
        session = running.manager.create()
        running.run(session, "local kept 5\nhog 20")
        output, return_code = running.answer(session, "hog 255")
        assert "refuses to provide memory" in output and return_code == 909
        assert running.answer(session, "display `kept'") == (". display `kept'\n5\n", 0)


@pytest.mark.parametrize(
    ("settings", "asked", "answer"),
    [
        ({}, "ulimit -c", "0"),
        ({}, "ulimit -n", "1024"),
        ({"data_limit_mb": 200}, "ulimit -d", str(200 * 1024)),
        ({"nice": 3}, "nice", "3"),
    ],
)
def test_what_a_console_starts_has_its_limits(
    settings: dict[str, Any], asked: str, answer: str
) -> None:
    with engine(**settings) as running:
        session = running.manager.create()
        output, _ = running.answer(session, f"!{asked}")
        assert output.splitlines()[-1] == answer
