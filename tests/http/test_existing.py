"""What the clients of older servers call besides the guide's routes."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from tests.doors import body, eventually

COMPLETED = "*** Execution completed ***"


def events(text: str) -> list[str]:
    """Return the data of the events of a stream, checking that they are nothing but data."""
    blocks = [each for each in text.split("\n\n") if each and not each.startswith(":")]
    assert all(each.startswith("data: ") and "\n" not in each for each in blocks)
    return [each.removeprefix("data: ") for each in blocks]


def test_a_streamed_selection(client: FlaskClient) -> None:
    answer = client.get("/run_selection/stream", query_string={"selection": 'display "a\\b"\n'})
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["X-Accel-Buffering"] == "no"
    found = events(answer.text)
    assert found[0] == ""
    assert "a\\\\b" in found
    assert found[-1] == COMPLETED


def test_a_streamed_file(client: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "t.do"
    path.write_text("display 5\n\ndisplay 6\n")
    found = events(client.get(f"/run_file/stream?file_path={path}").text)
    assert found[0] == "Starting execution of t.do..."
    assert [each for each in found if each in "56"] == ["5", "6"]
    assert found[-1] == COMPLETED
    assert "" not in found


def test_a_failing_selection_ends_as_failed(client: FlaskClient) -> None:
    found = events(client.get("/run_selection/stream?selection=error 111").text)
    assert "r(111);" in found
    assert found[-1] == "ERROR: Stata returned r(111)"
    assert COMPLETED not in found


def test_a_stream_over_its_time_ends_as_failed(client: FlaskClient) -> None:
    answer = client.get("/run_selection/stream?selection=sleep 60000&timeout=1")
    assert events(answer.text)[-1] == "ERROR: Execution timed out after 1s"


def test_a_stream_of_nothing(client: FlaskClient) -> None:
    answer = client.get("/run_file/stream?file_path=/no/such.do")
    assert answer.status_code == 200
    assert events(answer.text) == ["ERROR: File not found: /no/such.do"]


def test_nothing_to_stop(client: FlaskClient) -> None:
    answer = client.post("/stop_execution")
    assert answer.status_code == 200
    assert body(answer)["status"] == "no_execution"


def test_stopping_what_runs(client: FlaskClient) -> None:
    client.post("/sessions/default/commands", json={"code": "sleep 60000"})
    status = eventually(
        lambda: (found := body(client.get("/execution_status")))["executing"] and found
    )
    assert (status["status"], status["file"], status["cancelled"]) == (
        "running",
        "selection",
        False,
    )
    assert status["elapsed_seconds"] >= 0
    answer = body(client.post("/stop_execution"))
    assert answer["status"] in ("stop_requested", "stopped")
    assert body(client.get("/sessions/default/commands/1?wait_s=20"))["state"] == "broken"
    assert body(client.get("/execution_status"))["status"] == "idle"


def test_clearing_the_history(client: FlaskClient) -> None:
    answer = client.post("/clear_history")
    assert body(answer) == {"status": "success", "message": "Cleared 0 items from history"}


def test_an_address_runs_nothing(client: FlaskClient) -> None:
    answer = client.get("/interactive?code=display 1&file=/tmp/a.do")
    assert answer.mimetype == "text/html"
    assert "display 1" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert client.get("/interactive.js").mimetype == "text/javascript"
    assert body(client.get("/sessions/default/commands"))["commands"] == []
