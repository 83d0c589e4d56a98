"""Requests that are wrong in themselves."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.doors import ClientWith, body


def test_no_such_route(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert (body(answer)["status"], body(answer)["kind"]) == ("error", "no-such-route")


def test_a_wrong_method_says_the_right_ones(client: FlaskClient) -> None:
    answer = client.post("/run_file?file_path=x")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert body(answer)["kind"] == "wrong-method"


@pytest.mark.parametrize("name", ["no spaces", "x" * 33, "trailing\n", ""])
def test_a_wrong_name_is_told_what_fits(client: FlaskClient, name: str) -> None:
    answer = client.post("/sessions", json={"name": name})
    assert (answer.status_code, body(answer)["kind"]) == (422, "invalid-name")
    assert "1 to 32 letters, digits, '-' and '_'" in body(answer)["message"]
    assert len(body(client.get("/sessions"))["sessions"]) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"name": 1},
        {"nmae": "misspelt"},
        {"wait": "perhaps"},
        {"options": {"a": 1}},
    ],
)
def test_wrong_fields(client: FlaskClient, given: dict[str, object]) -> None:
    answer = client.post("/sessions", json=given)
    assert answer.status_code == 422
    assert body(answer)["kind"] == "invalid-input"
    assert body(answer)["detail"][0]["loc"]
    assert len(body(client.get("/sessions"))["sessions"]) == 1


@pytest.mark.parametrize("number", [True, "1", "", [1], {}, "1e400", 1e400, 10**400, -1])
def test_a_number_is_a_number(client: FlaskClient, number: object) -> None:
    answer = client.post("/sessions/default/commands", json={"code": "display 1", "wait_s": number})
    assert answer.status_code == 422
    assert body(answer)["kind"] == "invalid-input" and "wait_s" in body(answer)["message"]


@pytest.mark.parametrize("given", [{}, {"code": "display 1", "file_path": "/tmp/a.do"}])
def test_what_is_wrong_with_all_of_it_is_said_plainly(
    client: FlaskClient, given: dict[str, str]
) -> None:
    answer = client.post("/sessions/default/commands", json=given)
    assert answer.status_code == 422
    assert body(answer)["error"] == "Give either code or file_path"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/sessions/default/data?condition=1%0Aclear", "condition: must be one row"),
        ("/help?topic=a%22b", "topic: name a command, a function or an entry"),
        ("/help?topic=regress%0A", "topic: name a command, a function or an entry"),
        ("/help?topic=", "topic: name a command, a function or an entry"),
    ],
)
def test_what_does_not_fit_is_told_in_words(client: FlaskClient, path: str, said: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 422
    assert body(answer)["error"].startswith(said)


def test_input_is_one_row(client: FlaskClient) -> None:
    answer = client.post("/sessions/default/input", json={"text": "1\n2"})
    assert (answer.status_code, body(answer)["error"]) == (422, "text: must be one row")


@pytest.mark.parametrize("given", [b"[1]", b'"text"', b"null"])
def test_a_body_is_an_object(client: FlaskClient, given: bytes) -> None:
    answer = client.post("/sessions", data=given, content_type="application/json")
    assert (answer.status_code, body(answer)["kind"]) == (422, "invalid-input")


def test_input_is_not_repeated_in_errors(client: FlaskClient) -> None:
    answer = client.post("/sessions/default/commands", json={"code": ["secret code"]})
    assert answer.status_code == 422
    assert "secret" not in answer.text


def test_a_body_over_the_limit(client_with: ClientWith) -> None:
    client = client_with(body_limit_bytes=1024)
    answer = client.post("/run_selection", data="*" * 2000)
    assert answer.status_code == 413
    assert body(answer)["kind"] == "too-large"


def test_a_fault_of_ours_tells_nothing_but_a_number(client: FlaskClient) -> None:
    def broken() -> str:
        raise RuntimeError("secret")

    client.application.add_url_rule("/broken", "broken", broken)
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert body(answer)["kind"] == "internal-error"
    assert body(answer)["request_id"] in body(answer)["message"]
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/run_file", "/run_selection/stream", "/run_file/stream"])
def test_looking_at_an_address_runs_nothing(client: FlaskClient, path: str) -> None:
    answer = client.head(f"{path}?selection=display 1&file_path=/tmp/a.do")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET"
    assert body(client.get("/sessions/default"))["commands"] == 0


@pytest.mark.parametrize("data", [b"\x0c", b"\x0b\n", b"\xc2\xa0"])
def test_a_body_that_only_looks_empty_is_no_json(client: FlaskClient, data: bytes) -> None:
    answer = client.post("/sessions", data=data, content_type="application/json")
    assert answer.status_code == 400
