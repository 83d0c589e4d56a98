"""The guide's interface, to the letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from stata_sessions.sessions import Manager
from tests.doors import ClientWith, body

SIX = {"session_id", "state", "created_at", "last_activity", "is_busy", "is_default"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def create(client: FlaskClient) -> str:
    answer = client.post("/sessions")
    assert answer.status_code == 201
    session_id = body(answer)["session_id"]
    assert isinstance(session_id, str)
    return session_id


def test_creating_a_session_answers_as_the_guide_shows(client: FlaskClient) -> None:
    answer = client.post("/sessions")
    assert answer.status_code == 201
    assert body(answer)["status"] == "success"
    assert body(answer)["message"] == "Session created successfully"
    assert answer.headers["Location"] == f"/sessions/{body(answer)['session_id']}"


def test_the_default_session_is_there_from_the_start(client: FlaskClient) -> None:
    answer = body(client.get("/sessions"))
    assert [each["session_id"] for each in answer["sessions"]] == ["default"]
    first = answer["sessions"][0]
    assert (first["state"], first["is_busy"], first["is_default"]) == ("ready", False, True)


def test_listing_sessions_answers_as_the_guide_shows(client: FlaskClient) -> None:
    session_id = create(client)
    answer = body(client.get("/sessions"))
    assert (answer["max_sessions"], answer["available_slots"]) == (4, 2)
    assert [each["session_id"] for each in answer["sessions"]] == ["default", session_id]
    for each in answer["sessions"]:
        assert each.keys() >= SIX
        assert INSTANT.fullmatch(each["created_at"])
        assert INSTANT.fullmatch(each["last_activity"])


def test_details_are_wrapped_and_plain(client: FlaskClient) -> None:
    answer = body(client.get(f"/sessions/{create(client)}"))
    assert answer["status"] == "success"
    assert answer["session"].keys() >= SIX
    assert {key: answer[key] for key in SIX} == {key: answer["session"][key] for key in SIX}


def test_destroying_a_session(client: FlaskClient) -> None:
    session_id = create(client)
    answer = client.delete(f"/sessions/{session_id}")
    assert body(answer) == {"status": "success", "message": f"Session {session_id} destroyed"}
    gone = client.get(f"/sessions/{session_id}")
    assert gone.status_code == 410
    assert body(gone)["error"] == f"Session not found: {session_id}"


def test_the_default_session_cannot_be_destroyed(client: FlaskClient) -> None:
    answer = client.delete("/sessions/default")
    assert answer.status_code == 409
    assert body(answer)["error"] == "Cannot destroy default session"


def test_too_many_sessions(client_with: ClientWith) -> None:
    client = client_with(max_sessions=2)
    create(client)
    answer = client.post("/sessions")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert body(answer)["status"] == "error"
    assert body(answer)["error"] == "Maximum sessions (2) reached"
    assert body(answer)["message"].startswith("Maximum sessions (2) reached (max_sessions)")
    assert body(answer)["kind"] == "too-many-sessions"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sessions/xyz789"),
        ("DELETE", "/sessions/xyz789"),
        ("POST", "/sessions/xyz789/stop"),
    ],
)
def test_a_session_that_never_was(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == 404
    assert body(answer)["error"] == "Session not found: xyz789"


def test_a_stata_that_does_not_start(client_with: ClientWith, tmp_path: Path) -> None:
    broken = tmp_path / "stata-broken"
    broken.write_text("#!/bin/sh\necho 'Cannot find license file'\nexit 1\n")
    broken.chmod(0o755)
    answer = client_with(stata_path=str(broken)).post("/sessions")
    assert answer.status_code == 502
    assert body(answer)["error"].startswith("Failed to initialize Stata: ")
    assert "Cannot find license file" in answer.text


def test_selections_run_where_the_guide_says(client: FlaskClient) -> None:
    session_id = create(client)
    answer = client.post(
        f"/run_selection?session_id={session_id}",
        data='display "Hello from session abc123"',
        content_type="text/plain",
    )
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    assert "Hello from session abc123\n" in answer.text
    assert answer.headers["X-Stata-Return-Code"] == "0"
    assert answer.headers["X-Stata-Session"] == session_id


def test_a_selection_in_the_query_wins(client: FlaskClient) -> None:
    answer = client.post("/run_selection?selection=display 40%2B2", data="display 1")
    assert "\n42\n" in f"\n{answer.text}"


@pytest.mark.parametrize("text", ["", "  \n "])
def test_no_selection_is_a_bad_request(client: FlaskClient, text: str) -> None:
    answer = client.post("/run_selection", data=text, content_type="text/plain")
    assert answer.status_code == 400
    assert body(answer)["status"] == "error"


def test_files_run(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "a b.do").write_text('display "from a file"\n')
    answer = client.get("/run_file", query_string={"file_path": str(tmp_path / "a b.do")})
    assert answer.status_code == 200
    assert "from a file\n" in answer.text


def test_a_file_that_is_not_there(client: FlaskClient) -> None:
    answer = client.get("/run_file?file_path=/no/such.do")
    assert (answer.status_code, answer.text) == (200, "Error: File not found: /no/such.do")


@pytest.mark.parametrize("path", ["/tmp/a`b.do", "/tmp/$HOME.do", '/tmp/a".do', "/tmp/a\n.do"])
def test_a_path_that_could_leave_its_quotes(client: FlaskClient, path: str) -> None:
    answer = client.get("/run_file", query_string={"file_path": path})
    assert answer.status_code == 422
    assert answer.text.startswith("Error: file_path contains ")


@pytest.mark.parametrize(
    ("timeout", "status"), [("abc", 422), ("1.5", 422), ("0", 200), ("-1", 200)]
)
def test_the_timeout_of_a_file(
    client: FlaskClient, tmp_path: Path, timeout: str, status: int
) -> None:
    (tmp_path / "t.do").write_text("display 1\n")
    path = str(tmp_path / "t.do")
    answer = client.get("/run_file", query_string={"file_path": path, "timeout": timeout})
    assert answer.status_code == status


@pytest.mark.parametrize("route", ["/run_selection?selection=display 1&session_id=xyz"])
def test_an_unknown_session_starts_no_stata(client: FlaskClient, route: str) -> None:
    answer = client.post(route)
    assert (answer.status_code, answer.text) == (200, "Error: Session not found: xyz")
    assert len(body(client.get("/sessions"))["sessions"]) == 1


def test_an_unknown_session_is_created_if_the_operator_says_so(client_with: ClientWith) -> None:
    client = client_with(auto_create=True)
    answer = client.post("/run_selection?selection=display 7&session_id=mine")
    assert answer.headers["X-Stata-Session"] == "mine"
    assert answer.text.endswith("7\n")


def test_a_stata_error_is_an_answer(client: FlaskClient) -> None:
    answer = client.post("/run_selection", data="display 1\nerror 198\ndisplay 2")
    assert answer.status_code == 200
    assert answer.headers["X-Stata-Return-Code"] == "198"
    assert answer.text.splitlines()[0] == "Error: Stata returned r(198)"
    assert answer.text.rstrip().endswith("r(198);")


def test_without_multi_session_the_answers_are_those_of_the_disabled_mode(
    client_with: ClientWith,
) -> None:
    client = client_with(multi_session=False)
    listed = body(client.get("/sessions"))
    created = client.post("/sessions")
    ran = client.post("/run_selection", data="display 5")
    assert (listed["sessions"], listed["multi_session_enabled"]) == ([], False)
    assert listed["available_slots"] == 0
    assert listed["message"] == "Multi-session mode is not enabled"
    assert created.status_code == 409
    assert body(created)["status"] == "error"
    assert "Multi-session mode is not enabled" in body(created)["message"]
    assert "5" in ran.text


def test_health(client: FlaskClient, manager: Manager) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert body(answer)["status"] == "ok"
    assert body(answer)["stata_available"] is True
    assert body(answer)["console"] == manager.console()


def test_text_routes_answer_everything_that_was_printed(client: FlaskClient) -> None:
    answer = client.post("/run_selection", data="flood 200000")
    assert len(answer.text) > 200_000
    assert len(client.post("/run_selection?skip_filter=false", data="flood 200000").text) < 50_000
