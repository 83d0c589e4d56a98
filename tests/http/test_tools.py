"""``POST /v1/tools``: the guide's keys and those of older clients."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.doors import ClientWith, body


def call(client: FlaskClient, tool: str, **parameters: Any) -> dict[str, Any]:
    answer = client.post("/v1/tools", json={"tool": tool, "parameters": parameters})
    assert answer.status_code == 200
    return body(answer)


@pytest.mark.parametrize("tool", ["stata_run_selection", "run_selection"])
def test_a_selection_answers_under_both_keys(client: FlaskClient, tool: str) -> None:
    answer = call(client, tool, selection='display "Hello from session!"')
    assert answer["status"] == "success"
    assert "Hello from session!\n" in answer["output"]
    assert answer["result"] == answer["output"]
    assert answer["error"] is answer["message"] is answer["graphs"] is None
    assert (answer["return_code"], answer["session_id"]) == (0, "default")
    assert (answer["command"], answer["epoch"]) == (1, 1)


@pytest.mark.parametrize("tool", ["stata_run_file", "run_file"])
def test_a_file_runs(client: FlaskClient, tmp_path: Path, tool: str) -> None:
    (tmp_path / "file.do").write_text("display 6*7\n")
    answer = call(client, tool, file_path=str(tmp_path / "file.do"), timeout=600)
    assert answer["output"].strip().splitlines()[0] == "42"


def test_the_tool_of_an_older_editor_sends_its_code_as_command(client: FlaskClient) -> None:
    assert "42\n" in call(client, "run_command", command="display 6*7")["output"]


def test_a_stata_error_is_a_success_that_says_so(client: FlaskClient) -> None:
    answer = call(client, "stata_run_selection", selection="error 111")
    assert answer["status"] == "success"
    assert answer["return_code"] == 111
    assert answer["output"].rstrip().endswith("r(111);")
    assert answer["result"] == f"Error: Stata returned r(111)\n{answer['output']}"
    assert answer["error"] == answer["message"] == "Stata returned r(111)"


@pytest.mark.parametrize(
    ("tool", "parameters", "error", "kind"),
    [
        ("stata_fly", {}, "Unknown tool: stata_fly", "no-such-tool"),
        (
            "stata_run_selection",
            {},
            "Missing required parameter: selection",
            "invalid-input",
        ),
        (
            "stata_run_selection",
            {"selection": "display 1", "session_id": "xyz789"},
            "Session not found: xyz789",
            "no-such-session",
        ),
        (
            "stata_run_file",
            {"file_path": "/no/such.do"},
            "File not found: /no/such.do",
            "no-such-file",
        ),
    ],
)
def test_what_a_tool_cannot_do(
    client: FlaskClient, tool: str, parameters: dict[str, Any], error: str, kind: str
) -> None:
    answer = call(client, tool, **parameters)
    assert answer["status"] == "error"
    assert answer["error"] == answer["message"] == error
    assert (answer["kind"], answer["output"]) == (kind, None)


def test_code_is_not_repeated_in_errors(client: FlaskClient) -> None:
    answer = call(client, "stata_run_selection", selection=["secret code"])
    assert answer["status"] == "error"
    assert "secret" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("text", "media", "status"),
    [
        ("{", "application/json", 400),
        ('{"tool": "x"', "application/json", 400),
        ("[]", "application/json", 422),
        ('{"parameters": {}}', "application/json", 422),
        ('{"tool": 1}', "application/json", 422),
        ('{"tool": "x"}', "text/plain", 415),
        ("[" * 100_000, "application/json", 400),
        (b"\xff", "application/json", 400),
    ],
)
def test_malformed_calls(client: FlaskClient, text: str, media: str, status: int) -> None:
    answer = client.post("/v1/tools", data=text, content_type=media)
    assert answer.status_code == status
    assert body(answer)["status"] == "error"
    assert body(answer)["kind"]


def test_sessions_are_managed_by_a_tool(client: FlaskClient) -> None:
    created = call(client, "stata_session", action="create", session_id="mine")
    assert json.loads(created["result"])["session_id"] == created["session_id"] == "mine"
    call(client, "stata_run_selection", selection="display 11", session_id="mine")
    listed = json.loads(call(client, "session", action="list")["result"])
    assert [each["session_id"] for each in listed["sessions"]] == ["default", "mine"]
    read = json.loads(call(client, "stata_session", action="output", session_id="mine")["result"])
    assert "11\n" in read["output"]
    restarted = call(client, "stata_session", action="restart", session_id="mine")
    assert json.loads(restarted["result"])["epoch"] == 2
    assert call(client, "stata_session", action="destroy", session_id="mine")["status"] == "success"


def test_compact_answers_leave_the_echo_of_a_file_out(client: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "file.do"
    path.write_text('display "once"\n')
    compact = call(client, "stata_run_file", file_path=str(path))["output"]
    full = call(client, "stata_run_file", file_path=str(path), skip_filter=True)["output"]
    assert compact.count("once") == 1
    assert full.count("once") == 2


def test_long_answers_keep_their_beginning_and_their_end(client: FlaskClient) -> None:
    answer = call(client, "stata_run_selection", selection="flood 200000\ndisplay 4242")
    assert len(answer["output"]) < 50_000
    assert answer["output"].rstrip().endswith("4242")
    assert "/sessions/default/commands/1/output" in answer["output"]


def test_views_are_tools(client_with: ClientWith) -> None:
    client = client_with(console="standin", stata_path="")
    call(client, "stata_run_selection", selection="set obs 3\ngenerate x = _n\nsummarize x")
    results = call(client, "stata_results")
    assert json.loads(results["output"])["r"]["scalars"]["mean"] == 2
    data = call(client, "stata_data", condition="x > 1", session_id="default")
    assert json.loads(data["output"])["rows"] == [[2], [3]]


def test_an_operator_may_choose_full_answers(client_with: ClientWith, tmp_path: Path) -> None:
    client = client_with(result_display_mode="full", max_output_tokens=0)
    path = tmp_path / "file.do"
    path.write_text('display "once"\nflood 100000\n')
    output = call(client, "stata_run_file", file_path=str(path))["output"]
    assert output.count("once") == 2
    assert len(output) > 100_000


def test_a_session_that_is_lost_is_an_error(client: FlaskClient) -> None:
    answer = call(client, "stata_run_selection", selection="display 1\ncrash 9")
    assert answer["status"] == "error"
    assert answer["error"].startswith("Session default lost its Stata: ")
    assert "1\n" in answer["output"]
    assert (answer["return_code"], answer["data_kept"]) == (None, False)
    after = call(client, "stata_run_selection", selection="display 2")
    assert (after["status"], after["epoch"]) == ("success", 2)
    assert after["epoch_reason"]


def test_a_session_that_has_ended_is_not_found(client: FlaskClient) -> None:
    client.post("/sessions", json={"name": "brief"})
    client.delete("/sessions/brief")
    answer = call(client, "stata_run_selection", selection="display 1", session_id="brief")
    assert answer["error"] == "Session not found: brief"
    assert "destroyed" in answer["message"]
    text = client.post("/run_selection?session_id=brief", data="display 1").text
    assert text == "Error: Session not found: brief"
