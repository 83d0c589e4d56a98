"""What an assistant reads, from values alone."""

from __future__ import annotations

from typing import Any

import pytest

from stata_sessions.errors import (
    NoSuchFile,
    ProtectedSession,
    QueueFull,
    SessionBusy,
    StataSessionsError,
)
from stata_sessions.mcp import contents
from stata_sessions.operations.data import DataRows
from stata_sessions.operations.results import Results, ResultSet
from stata_sessions.operations.run_models import RunResult
from stata_sessions.operations.shelf import GraphShelf, Picture
from stata_sessions.states import CommandState
from tests.mcp.conftest import texts

EMPTY = ResultSet(scalars={}, macros={}, matrices={})


@pytest.fixture
def shelf() -> GraphShelf:
    return GraphShelf()


def result(**changes: Any) -> RunResult:
    """Return a run that ended well, but for the changes."""
    given: dict[str, Any] = {
        "session_id": "default",
        "epoch": 1,
        "epoch_reason": "",
        "command": 1,
        "state": CommandState.FINISHED,
        "return_code": 0,
        "output": "done\n",
        "error": None,
        "elapsed_s": 0.1,
        "reason": "",
        "data_kept": True,
        "hint": "",
        "note": "",
        "next_offset": 5,
        "graphs": [],
    }
    return RunResult(**(given | changes))


def drawn(shelf: GraphShelf, *pictures: Picture) -> dict[str, Any]:
    """Return the answer of a run that drew pictures."""
    graphs = shelf.put("default", 1, list(pictures), "", None)
    return contents.ran(shelf, result(graphs=graphs), restarted=False)


def table(rows: int, columns: int = 2) -> DataRows:
    """Return rows of small numbers."""
    names = [f"v{number}" for number in range(columns)]
    return DataRows(
        session_id="default",
        epoch=1,
        total_rows=rows,
        offset=0,
        columns=names,
        types=dict.fromkeys(names, "byte"),
        index=list(range(1, rows + 1)),
        rows=[[1] * columns] * rows,
        labels={},
    )


def test_output_that_is_empty_says_so(shelf: GraphShelf) -> None:
    silent = contents.ran(shelf, result(output=""), restarted=False)
    assert texts(silent) == ["(no output)"]


def test_a_note_follows_the_output(shelf: GraphShelf) -> None:
    noted = contents.ran(shelf, result(note="mata was left open"), restarted=False)
    assert texts(noted) == ["done\n", "mata was left open"]


def test_a_lost_console_is_an_error_that_names_its_command(shelf: GraphShelf) -> None:
    lost = result(state=CommandState.LOST, return_code=None, error="Session default lost its Stata")
    answer = contents.ran(shelf, lost, restarted=False)
    assert answer["isError"] is True
    assert texts(answer)[1].endswith("(command 1 of session default).")


@pytest.mark.parametrize(
    "picture",
    [
        Picture("Graph", "svg", b"<svg/>"),
        Picture("Graph", "png", b"x" * contents.PICTURE_BYTES * 2),
    ],
    ids=["svg", "too large"],
)
def test_a_picture_that_assistants_refuse_is_named(shelf: GraphShelf, picture: Picture) -> None:
    answer = drawn(shelf, picture)
    assert {each["type"] for each in answer["content"]} == {"text"}
    assert f"/Graph.{picture.format}" in texts(answer)[1]


def test_pictures_are_counted(shelf: GraphShelf) -> None:
    answer = drawn(shelf, *(Picture(f"g{number}", "png", b"x") for number in range(12)))
    shown = [each for each in answer["content"] if each["type"] == "image"]
    assert len(shown) == contents.PICTURES_LIMIT
    assert texts(answer)[1].count("Graph g") == 2


def test_a_picture_that_is_gone_by_now_is_no_failure(shelf: GraphShelf) -> None:
    graphs = shelf.put("default", 1, [Picture("Graph", "png", b"x")], "", None)
    for number in range(30):
        shelf.put("default", 1, [Picture("Graph", "png", str(number).encode())], "", None)
    answer = contents.ran(shelf, result(graphs=graphs), restarted=False)
    assert answer["isError"] is False and len(answer["content"]) == 2


def test_results_that_are_too_long_are_cut_and_say_so() -> None:
    many = ResultSet(scalars={f"x{n}": n for n in range(1000)}, macros={}, matrices={})
    (text,) = texts(contents.told(Results(session_id="a", epoch=1, r=many, e=EMPTY, s=EMPTY), 50))
    assert len(text) < 300 and "left out" in text


@pytest.mark.parametrize("tokens", [0, 10, 40, 10_000])
def test_rows_fit_but_one_always_comes(tokens: int) -> None:
    (text,) = texts(contents.told(table(50), tokens))
    rows = text.count(",1,1\n")
    assert rows >= 1
    assert (rows == 50) == (tokens in (0, 10_000))
    assert ("go on with offset" in text) == (rows < 50)
    assert not tokens or len(text) < tokens * 4 + 100


def test_a_row_that_is_too_long_is_cut() -> None:
    (text,) = texts(contents.told(table(5, columns=5000), 100))
    assert len(text) < 600 and text.endswith("rows 1 to 1 of 5; go on with offset 1")


def test_no_rows_are_told() -> None:
    (text,) = texts(contents.told(table(0), 100))
    assert text.splitlines() == ["_n,v0,v1", "no such rows"]


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (SessionBusy("a", 3), "action output"),
        (QueueFull("a", 9), "queue_limit"),
        (ProtectedSession(), "action restart"),
        (NoSuchFile("a.do"), "absolute path"),
    ],
)
def test_an_error_is_a_sentence_to_act_on(error: StataSessionsError, hint: str) -> None:
    answer = contents.failed(error)
    assert answer["isError"] is True and hint in texts(answer)[0]
    assert answer["_meta"][contents.ERROR_KEY]["kind"] == error.kind
