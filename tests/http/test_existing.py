"""What the clients of older servers call besides the guide's routes."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from tests.doors import ClientWith, body, eventually

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


def test_code_runs_in_the_folder_asked_for(client: FlaskClient, tmp_path: Path) -> None:
    folder = tmp_path / "it's here"
    folder.mkdir()
    given = {"selection": "display c(pwd)", "working_dir": str(folder)}
    assert f"{folder}\n" in client.post("/run_selection", query_string=given).text


def test_a_file_runs_in_its_own_folder(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    path = tmp_path / "sub" / "a.do"
    path.write_text("display c(pwd)\n")
    assert f"{path.parent}\n" in client.get("/run_file", query_string={"file_path": path}).text
    given = {"file_path": path, "working_dir": tmp_path}
    assert f"{tmp_path}\n" in client.get("/run_file", query_string=given).text


def test_folders_that_the_operator_did_not_allow(client_with: ClientWith, tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "a.do").write_text("display 1\n")
    client = client_with(allowed_dirs=(str(tmp_path / "inside"),))
    answer = client.get("/run_file", query_string={"file_path": tmp_path / "a.do"})
    assert answer.status_code == 403
    assert answer.text.startswith("Error: file_path lies outside the allowed folders")
    created = client.post("/sessions", json={"working_dir": str(tmp_path)})
    assert (created.status_code, body(created)["kind"]) == (403, "path-not-allowed")


def test_a_run_is_known_by_the_name_its_caller_gave(client: FlaskClient) -> None:
    given = {"selection": "sleep 60000", "execution_id": "mine-1", "wait_s": 0.1}
    client.post("/run_selection", query_string=given)
    assert body(client.get("/execution_status"))["execution_id"] == "mine-1"
    assert body(client.post("/stop_execution"))["execution_id"] == "mine-1"
