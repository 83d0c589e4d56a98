"""A session's output as a whole."""

from __future__ import annotations

import json

from flask.testing import FlaskClient

from tests.doors import body

HERE = "/sessions/watched"


def run(client: FlaskClient, code: str) -> str:
    answer = client.post(f"{HERE}/commands", json={"code": code, "wait_s": 20})
    return str(body(answer)["output"])


def test_all_output_is_read_in_order(client: FlaskClient) -> None:
    client.post("/sessions", json={"name": "watched"})
    first, second = run(client, "display 1"), run(client, "display 2")
    whole = body(client.get(f"{HERE}/output"))
    assert whole["output"] == first + second
    assert not whole["complete"]
    last = body(client.get(f"{HERE}/output?last={len(second)}"))
    assert (last["output"], last["next_offset"]) == (second, whole["next_offset"])
    part = body(client.get(f"{HERE}/output?offset={len(first)}&limit=4"))
    assert part["output"] == second[:4]


def test_the_console_s_own_bytes_are_kept_for_diagnosis(client: FlaskClient) -> None:
    client.post("/sessions", json={"name": "watched"})
    run(client, "display 6*7")
    answer = client.get(f"{HERE}/raw")
    assert answer.content_type == "application/octet-stream"
    assert b"\r\n42\r\n" in answer.data
    assert b"include" in answer.data, "what we typed is there, too"
    assert client.get("/sessions/nobody/raw").status_code == 404


def test_a_session_is_followed_across_commands_to_its_end(client: FlaskClient) -> None:
    client.post("/sessions", json={"name": "watched"})
    first = run(client, "display 1")
    answer = client.get(f"{HERE}/stream", headers={"Last-Event-ID": str(len(first))})
    events = answer.iter_encoded()
    assert next(events).startswith(b":")
    second = run(client, "display 2")
    client.delete(HERE)
    *outputs, end = [each.decode() for each in events]
    assert "".join(json.loads(each.partition("data: ")[2])["text"] for each in outputs) == second
    assert f"id: {len(first) + len(second)}\n" in outputs[-1]
    assert "event: end\n" in end
    assert json.loads(end.partition("data: ")[2])["state"] == "closed"
    answer.close()
