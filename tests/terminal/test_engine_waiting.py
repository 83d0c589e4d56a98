"""Consoles that wait for input: they say so, take an answer, and do not wait for ever."""

from __future__ import annotations

import pytest

from stata_sessions.errors import InvalidInput, NotAwaiting
from stata_sessions.sessions import Command, Session
from tests.terminal.engines import PATIENCE_S, engine, eventually

pytestmark = pytest.mark.timeout(90)

# Longer than any test: what was left open stays open unless a test asks otherwise.
STAYS_OPEN_S = 3600.0


def _await_input(session: Session, code: str) -> Command:
    command = session.submit(code)
    assert eventually(lambda: session.view().hint or command.ended), session.raw()
    view = command.view()
    assert (view.state, session.state) == ("running", "awaiting-input"), session.raw()
    assert view.hint == session.view().hint
    return command


@pytest.mark.parametrize(
    ("code", "hint", "answers", "output"),
    [
        (
            'display _request(answer)\ndisplay "[$answer]"',
            "reads from the terminal",
            ["forty two"],
            "[forty two]\n",
        ),
        ("pause on\npause here\ndisplay 7", "pause", ["end"], "7\n"),
        ("!read a; echo got $a\ndisplay 7", "reads from the terminal", ["it"], "7\n"),
    ],
    ids=["_request", "pause", "a shell command"],
)
def test_an_answer_lets_the_command_go_on(
    code: str, hint: str, answers: list[str], output: str
) -> None:
    with engine(left_open_wait=STAYS_OPEN_S) as running:
        session = running.manager.create()
        command = _await_input(session, code)
        assert hint in command.view().hint
        for answer in answers:
            session.send_input(answer)
        assert command.wait(PATIENCE_S), session.raw()
        assert (command.view().return_code, command.view().hint) == (0, "")
        assert command.output().endswith(output)
        assert running.answer(session, "display 8") == (". display 8\n8\n", 0)


@pytest.mark.parametrize(
    "code",
    ["display _request(answer)", "pause on\npause here", "!read a"],
    ids=["_request", "pause", "a shell command"],
)
def test_a_stop_ends_the_waiting(code: str) -> None:
    with engine(break_grace=3.0, left_open_wait=STAYS_OPEN_S) as running:
        session = running.manager.create()
        running.run(session, "local kept 5")
        command = _await_input(session, code)
        assert session.stop(wait_s=PATIENCE_S).status == "stopped"
        assert command.view().state in ("broken", "finished")
        assert running.answer(session, "display `kept'") == (". display `kept'\n5\n", 0)


@pytest.mark.parametrize(
    "vices", ["", "echo=none", "echo=tty,include-end=row", "open-block=continue"]
)
def test_a_time_limit_ends_the_waiting(vices: str) -> None:
    with engine(vices, break_grace=3.0, left_open_wait=STAYS_OPEN_S) as running:
        session = running.manager.create()
        command = running.run(session, "display _request(answer)", time_limit_s=1.5)
        assert command.view().reason in ("time-limit", "")
        assert running.answer(session, "display 8")[0].endswith("8\n")


LEFT_OPEN = {
    "a loop": ("foreach i in 1 2 {\ndisplay 7", "open-block=continue", 612),
    "a program": ("program define q\ndisplay 7", "open-block=continue", 612),
    "mata": ("display 7\nmata\nx = 1", "open-mata=continue", 0),
    "python": ("display 7\npython\nx = 1", "open-mata=continue", 0),
    # The comment swallows our line and ends with the file: nothing is left to close.
    "a comment": ("display 7\n/* never closed", "open-comment", None),
    "a delimiter": ("#delimit ;\ndisplay 7;\ndisplay 8", "delimit-persists", None),
    "a loop, no echo": ("foreach i in 1 2 {\ndisplay 7", "open-block=continue,echo=none", 612),
    "mata, tty echo": ("mata\nx = 1", "open-mata=continue,echo=tty,include-end=row", 0),
    "mata, files not echoed": ("mata\nx = 1", "open-mata=continue,echo-off", 0),
    "input": ("input x y\n1 2", "open-block=continue", None),
}


@pytest.mark.parametrize(("code", "vices", "return_code"), LEFT_OPEN.values(), ids=LEFT_OPEN)
def test_what_is_left_open_is_closed(code: str, vices: str, return_code: int | None) -> None:
    with engine(vices, left_open_wait=0.3) as running:
        session = running.manager.create()
        running.run(session, "local kept 5")
        command = running.run(session, code)
        view = command.view()
        if return_code is not None:
            assert view.return_code == return_code, session.raw()
            assert "left a" in view.note
        assert view.state == "finished"
        assert "@" not in command.output()
        assert "run-" not in command.output()
        for number in (3, 4):
            expected = f"display `kept' + {number}", f"{number + 5}\n"
            output, answered = running.answer(session, expected[0])
            assert (output.endswith(expected[1]), answered) == (True, 0)


@pytest.mark.parametrize(
    "code",
    ["foreach i in 1 2 {\ndisplay 7", "program define q\ndisplay 7", "mata\nx = 1", "/* open"],
)
def test_what_a_file_leaves_open_fails_or_ends_by_itself(code: str) -> None:
    with engine() as running:
        session = running.manager.create()
        command = running.run(session, code)
        assert command.view().state == "finished"
        assert running.answer(session, "display 8") == (". display 8\n8\n", 0)


def test_a_left_open_block_can_be_finished_by_hand() -> None:
    with engine("open-block=continue", left_open_wait=STAYS_OPEN_S) as running:
        session = running.manager.create()
        command = _await_input(session, "foreach i in 1 2 {\ndisplay `i' + 40")
        assert "block" in command.view().hint
        session.send_input("}")
        assert command.wait(PATIENCE_S), session.raw()
        assert command.view().return_code == 0
        assert command.output().endswith("41\n42\n")
        assert running.answer(session, "display 8") == (". display 8\n8\n", 0)


@pytest.mark.parametrize(
    "vices",
    ["", "more", "more-returns", "more-always", "echo=none,more", "more-row", "echo=tty,more-row"],
)
def test_pages_are_turned(vices: str) -> None:
    with engine(vices, rows=20) as running:
        session = running.manager.create()
        code = "set more on\n" + "forvalues i = 1/200 {\ndisplay `i'\n}"
        command = running.run(session, code)
        printed = [row for row in command.output().splitlines() if row.isdigit()]
        assert printed == [str(number) for number in range(1, 201)]
        assert "--more--" not in command.output()
        assert command.view().return_code == 0
        assert running.answer(session, "display 8")[0].endswith("8\n")


@pytest.mark.parametrize("vices", ["more-always", "more-always,more-row"])
def test_a_stop_at_a_page_ends_the_command(vices: str) -> None:
    with engine(vices, rows=20, break_grace=3.0) as running:
        session = running.manager.create()
        command = session.submit("while 1 {\ndisplay 7\n}")
        assert eventually(lambda: len(command.output()) > 2000)
        assert session.stop(wait_s=PATIENCE_S).status == "stopped"
        assert command.view().return_code == 1
        assert running.answer(session, "display 8")[0].endswith("8\n")


def test_input_that_nobody_waits_for_is_refused() -> None:
    with engine() as running:
        session = running.manager.create()
        with pytest.raises(NotAwaiting):
            session.send_input("end")
        for text in ("a\nb", "a\x03", "x" * 5000):
            with pytest.raises(InvalidInput):
                session.send_input(text)


FALSE_PROMPTS = ('". "', '"r(199);" _n(2) ". "', '"  2. "', '": "', '"> "', '"-> . "', '">>> "')


@pytest.mark.parametrize("vices", ["", "echo=none", "echo=tty,include-end=row,codes=1"])
def test_what_looks_like_a_prompt_for_a_while_is_none(vices: str) -> None:
    with engine(vices, left_open_wait=0.2, max_sessions=9) as running:
        commands = []
        for shown in FALSE_PROMPTS:
            session = running.manager.create()
            code = f'display {shown} _continue\nsleep 900\ndisplay "after"'
            commands.append((session, session.submit(code)))
        for session, command in commands:
            assert command.wait(PATIENCE_S), session.raw()
            view, output = command.view(), command.output()
            assert (view.return_code, view.note) == (0, ""), session.raw()
            assert output.endswith("after\n")
            assert "display as error" not in output
            assert running.answer(session, "display 8") == (". display 8\n8\n", 0)


def test_output_after_the_prompt_is_not_lost() -> None:
    with engine() as running:
        session = running.manager.create()
        running.run(session, "!(sleep 0.4; echo later) &")
        transcript = session.transcript
        assert eventually(lambda: b"later" in transcript.read(0, 10_000))
        assert running.answer(session, "display 8") == (". display 8\n8\n", 0)


def test_commands_end_although_somebody_prints_without_a_pause() -> None:
    with engine() as running:
        session = running.manager.create()
        running.run(session, "!(while sleep 0.02; do echo noise; done) &")
        for number in range(5):
            output, return_code = running.answer(session, f"display {number}\nsleep 15")
            assert (f"{number}\n" in output, return_code) == (True, 0)
            assert running.run(session, "error 111").view().return_code == 111


def test_a_program_that_reads_on_is_broken_after_one_row() -> None:
    with engine() as running:
        session = running.manager.create()
        command = _await_input(session, "!cat")
        assert session.stop(wait_s=PATIENCE_S).status == "stopped"
        assert command.view().return_code == 1
        assert command.output() == ". !cat\n\n--Break--\nr(1);\n"
        assert running.answer(session, "display 8") == (". display 8\n8\n", 0)
