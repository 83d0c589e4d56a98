"""Huge outputs are answered by their beginning and their end."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from stata_sessions.operations.outputs import collected
from stata_sessions.operations.printed import PIECE_BYTES
from stata_sessions.sessions import Command, Manager


@pytest.fixture
def command(manager: Manager) -> Command:
    command = manager.get().submit('display "begin"\nflood 100000\ndisplay "end é"')
    assert command.wait(20)
    return command


def test_output_within_the_limit_is_whole(command: Command) -> None:
    page = collected(command)
    assert page.text == command.output()
    assert page.complete


@pytest.mark.parametrize("limit", [4000, 4001, 4002, 4003])
def test_the_middle_of_a_huge_output_is_left_out(command: Command, limit: int) -> None:
    page = collected(command, limit)
    assert len(page.text) < limit + 100
    assert page.text.startswith('. display "begin"\nbegin\n')
    assert page.text.rstrip().endswith("end é")
    assert " bytes left out ..." in page.text
    assert page.complete


def test_nothing_is_left_out_at_the_limit_itself(command: Command) -> None:
    view = command.view()
    assert view.end is not None
    size = view.end - view.start
    assert collected(command, size + size % 2).text == command.output()


@pytest.mark.parametrize("size", [100, PIECE_BYTES + 1000, 4 * PIECE_BYTES])
def test_a_text_answer_is_all_that_was_printed(
    client: FlaskClient, manager: Manager, size: int
) -> None:
    code = f'display "begin"\nflood {size}\ndisplay "end é"\nerror 198'
    answer = client.post("/run_selection", data=code, content_type="text/plain")
    kept = manager.get().command(1).output()
    assert answer.text == f"Error: Stata returned r(198)\n{kept}"
    assert kept.startswith('. display "begin"\nbegin\n')
    assert kept.endswith("r(198);\n")
    assert answer.headers["X-Stata-Return-Code"] == "198"
