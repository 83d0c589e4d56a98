"""Commands outlive their clients: submit, wait, read, cancel, answer."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.doors import ClientWith, body, eventually

HERE = "/sessions/default"
LONG = "sleep 60000"


def submit(client: FlaskClient, code: str, **given: Any) -> dict[str, Any]:
    answer = client.post(f"{HERE}/commands", json={"code": code, **given})
    assert answer.status_code == 201, answer.text
    return body(answer)


def show(client: FlaskClient, number: int, wait_s: float = 0) -> dict[str, Any]:
    return body(client.get(f"{HERE}/commands/{number}?wait_s={wait_s}"))


def stop(client: FlaskClient, **given: Any) -> dict[str, Any]:
    return body(client.post(f"{HERE}/stop", json=given))


def running(client: FlaskClient, number: int) -> None:
    eventually(lambda: show(client, number)["state"] == "running")


def test_a_command_is_submitted_and_shown(client: FlaskClient) -> None:
    answer = client.post(f"{HERE}/commands", json={"code": "display 6*7", "wait_s": 20})
    ran = body(answer)
    assert answer.headers["Location"] == f"{HERE}/commands/1"
    assert (ran["command"], ran["state"], ran["return_code"]) == (1, "finished", 0)
    assert "42\n" in ran["output"]
    assert ran["complete"]
    assert show(client, 1)["output"] == ran["output"]


def test_nobody_need_stay(client: FlaskClient) -> None:
    first = submit(client, "display 1")
    second = submit(client, "display 2")
    assert (first["command"], second["command"]) == (1, 2)
    assert "2\n" in show(client, 2, wait_s=20)["output"]
    listed = body(client.get(f"{HERE}/commands"))["commands"]
    assert [each["state"] for each in listed] == ["finished", "finished"]


def test_an_error_ends_a_command(client: FlaskClient) -> None:
    ran = submit(client, "error 459", wait_s=20)
    assert (ran["state"], ran["return_code"]) == ("finished", 459)
    assert ran["output"].rstrip().endswith("r(459);")


def test_waiting_ends_before_the_command(client: FlaskClient) -> None:
    ran = submit(client, LONG, wait_s=0.2)
    assert ran["return_code"] is None
    assert not ran["complete"]
    assert stop(client, wait_s=20)["status"] == "stopped"
    assert show(client, 1, wait_s=20)["state"] == "broken"


def test_output_is_read_by_offset(client: FlaskClient) -> None:
    ran = submit(client, 'display "first"\ndisplay "été"', wait_s=20)
    whole = ran["output"].encode()
    offset, read = ran["start"], b""
    while True:
        path = f"{HERE}/commands/1/output?offset={offset}&limit=4"
        page = body(client.get(path))
        read += page["output"].encode()
        assert page["next_offset"] - page["offset"] <= 4
        offset = page["next_offset"]
        if page["complete"]:
            break
    assert read == whole
    assert offset == ran["end"]


def test_a_reader_waits_for_output(client: FlaskClient) -> None:
    submit(client, 'sleep 300\ndisplay "late"\n' + LONG)
    offset, seen = 0, ""
    while "late\n" not in seen:
        path = f"{HERE}/commands/1/output?offset={offset}&wait_s=20"
        page = body(client.get(path))
        assert page["output"], "it answered before there was anything to read"
        seen, offset = seen + page["output"], page["next_offset"]
    stop(client)


def test_a_queued_command_has_a_position_and_can_be_cancelled(client: FlaskClient) -> None:
    submit(client, LONG)
    running(client, 1)
    assert [submit(client, "display 1")["position"] for _ in range(2)] == [0, 1]
    cancelled = body(client.post(f"{HERE}/commands/2/cancel"))
    assert (cancelled["state"], cancelled["position"]) == ("cancelled", None)
    assert show(client, 3)["position"] == 0
    refused = client.post(f"{HERE}/commands/1/cancel")
    assert refused.status_code == 409
    assert body(refused)["kind"] == "not-queued"
    stop(client, wait_s=20)
    assert show(client, 3, wait_s=20)["state"] == "finished"


def test_a_full_queue(client_with: ClientWith) -> None:
    client = client_with(queue_limit=1)
    submit(client, LONG)
    running(client, 1)
    submit(client, "display 1")
    answer = client.post(f"{HERE}/commands", json={"code": "display 2"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert body(answer)["kind"] == "queue-full"


def test_a_caller_may_refuse_to_queue(client: FlaskClient) -> None:
    submit(client, LONG)
    running(client, 1)
    answer = client.post(f"{HERE}/commands", json={"code": "display 1", "queue": False})
    assert (answer.status_code, body(answer)["kind"]) == (409, "session-busy")
    stop(client)


def test_stopping_an_idle_session_does_nothing(client: FlaskClient) -> None:
    submit(client, "display 1", wait_s=20)
    answer = client.post(f"{HERE}/stop")
    assert answer.status_code == 200
    assert body(answer)["status"] == "not_running"


def test_a_time_limit_keeps_the_data(client: FlaskClient) -> None:
    submit(client, "scalar kept = 5", wait_s=20)
    ran = submit(client, LONG, time_limit_s=0.3, wait_s=30)
    assert (ran["state"], ran["reason"], ran["data_kept"]) == ("broken", "time-limit", True)
    assert "5\n" in submit(client, "display kept", wait_s=20)["output"]


def test_a_restart_is_a_new_epoch(client: FlaskClient) -> None:
    assert submit(client, "display 1", wait_s=20)["epoch"] == 1
    assert body(client.post("/sessions/restart"))["message"] == "Stata session restarted"
    assert body(client.post(f"{HERE}/restart"))["epoch"] == 3
    answer = client.post(f"{HERE}/commands", json={"code": "display 1", "epoch": 1})
    assert (answer.status_code, body(answer)["kind"]) == (409, "epoch-changed")
    assert body(answer)["epoch"] == 3


def test_input_is_for_a_console_that_waits(client: FlaskClient) -> None:
    submit(client, "display 1", wait_s=20)
    refused = client.post(f"{HERE}/input", json={"text": "1"})
    assert (refused.status_code, body(refused)["kind"]) == (409, "not-awaiting-input")
    assert client.post(f"{HERE}/input", json={"text": "two\nrows"}).status_code == 422


def test_history_as_json_and_as_a_do_file(client: FlaskClient) -> None:
    submit(client, "display 1", wait_s=20)
    submit(client, "error 9", wait_s=20)
    history = body(client.get(f"{HERE}/history"))["commands"]
    assert [each["code"].strip() for each in history] == ["display 1", "error 9"]
    do_file = client.get(f"{HERE}/history?format=do")
    assert do_file.mimetype == "text/plain"
    assert [row for row in do_file.text.splitlines() if row and not row.startswith("*")] == [
        "display 1",
        "error 9",
    ]


@pytest.mark.parametrize(
    "path", ["/commands/7", "/commands/7/output", "/commands/7/stream", "/commands/0"]
)
def test_a_command_that_never_was(client: FlaskClient, path: str) -> None:
    answer: TestResponse = client.get(HERE + path)
    assert answer.status_code == (422 if path.endswith("/0") else 404)


@pytest.mark.parametrize("given", [{}, {"code": "display 1", "file_path": "/a.do"}])
def test_a_command_has_one_source(client: FlaskClient, given: dict[str, str]) -> None:
    answer = client.post(f"{HERE}/commands", json=given)
    assert answer.status_code == 422
    assert "either code or file_path" in answer.text


def test_output_of_a_queued_command_is_its_own(client: FlaskClient) -> None:
    submit(client, 'display "of the first"\nsleep 500\ndisplay "still the first"')
    running(client, 1)
    submit(client, 'display "of the second"')
    path = f"{HERE}/commands/2/output?wait_s=20"
    assert "first" not in body(client.get(path))["output"]
    streamed = client.get(f"{HERE}/commands/2/stream").text
    assert "of the second" in streamed
    assert "first" not in streamed


def test_the_latest_commands_are_listed(client: FlaskClient) -> None:
    for number in range(3):
        submit(client, f"display {number}", wait_s=20)
    listed = body(client.get(f"{HERE}/commands?latest=2"))["commands"]
    assert [each["command"] for each in listed] == [2, 3]
    assert body(client.get(f"{HERE}/commands?limit=2"))["commands"] == listed


def test_an_operator_may_say_that_code_shall_start_no_programs(client_with: ClientWith) -> None:
    client = client_with(shell=False)
    for code, status in (("display 1\n! ls", 422), ("display 1\ndisplay !1", 201)):
        answer = client.post("/sessions/default/commands", json={"code": code})
        assert answer.status_code == status
        assert ("--no-shell" in answer.text) == (status == 422)


def test_commands_are_listed_page_by_page(client: FlaskClient) -> None:
    for number in range(5):
        submit(client, f"display {number}", wait_s=20)

    def page(after: int) -> tuple[list[int], int, bool]:
        found = body(client.get(f"{HERE}/commands?after={after}&limit=2"))
        numbers = [each["command"] for each in found["commands"]]
        return numbers, found["next_after"], found["complete"]

    assert page(0) == ([1, 2], 2, False)
    assert page(2) == ([3, 4], 4, False)
    assert page(4) == ([5], 5, True)
    assert page(5) == ([], 5, True)
    everything = body(client.get(f"{HERE}/commands"))
    assert [each["command"] for each in everything["commands"]] == [1, 2, 3, 4, 5]
    assert (everything["next_after"], everything["complete"]) == (5, True)


@pytest.mark.parametrize("wrong", ["after=-1", "limit=0", "limit=10001", "latest=10001", "after=x"])
def test_pages_have_limits(client: FlaskClient, wrong: str) -> None:
    assert client.get(f"{HERE}/commands?{wrong}").status_code == 422
