"""Named tokens: each has its own sessions and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from stata_sessions.web.app import create_app
from stata_sessions.web.tokens import Tokens
from tests.doors import BOUND_S, ENVIRON, body, light_settings

TOKENS = """
ann = "token of ann"
bob = {token = "token of bob", max_sessions = 1}
[root]
token = "token of root"
role = "admin"
"""


def written(file: Path, text: str = TOKENS) -> str:
    file.touch(0o600)
    file.write_text(text)
    return str(file)


@dataclass(frozen=True)
class Person:
    """A client that shows one token."""

    client: FlaskClient
    token: str

    def ask(self, path: str, method: str = "GET", **given: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} | given.pop("headers", {})
        return self.client.open(path, method=method, headers=headers, **given)

    def run(self, code: str, **given: Any) -> dict[str, Any]:
        asked = {"tool": "stata_run_selection", "parameters": {"selection": code, **given}}
        return body(self.ask("/v1/tools", "POST", json=asked))

    def sessions(self) -> list[str]:
        return [each["session_id"] for each in body(self.ask("/sessions"))["sessions"]]


PersonOf = Callable[[str], Person]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return light_settings(tmp_path, token="single", tokens_file=written(tmp_path / "tokens"))


@pytest.fixture
def person(settings: Settings) -> Iterator[PersonOf]:
    with ExitStack() as stack:
        manager = Manager(settings, ENVIRON)
        stack.callback(manager.shutdown)
        client = create_app(settings, manager).test_client()
        yield lambda name: Person(client, name)


@pytest.fixture
def ann(person: PersonOf) -> Person:
    return person("token of ann")


@pytest.fixture
def bob(person: PersonOf) -> Person:
    return person("token of bob")


def test_each_has_a_default_session_of_its_own(ann: Person, bob: Person, person: PersonOf) -> None:
    assert ann.ask("/sessions/default", "DELETE").status_code == 409 and not ann.sessions()
    ran = ann.run("local mine = 1")
    assert ran["status"] == "success" and ran["session_id"] == "default@ann"
    assert ann.run("display 6*7", session_id="default")["session_id"] == "default@ann"
    assert "42" in bob.run("display 6*7", session_id="default@bob")["output"]
    assert ann.sessions() == ["default@ann"]
    assert bob.sessions() == ["default@bob"]
    for admin in (person("token of root"), person("single")):
        assert admin.sessions() == ["default", "default@ann", "default@bob"]


PATHS = ["", "/commands", "/commands/1", "/commands/1/output", "/transcript", "/history", "/graphs"]

ORDERS: dict[str, dict[str, str]] = {
    "stop": {},
    "restart": {},
    "input": {"text": "1"},
    "commands": {"code": "display 1"},
}


def test_what_is_anothers_is_not_there(ann: Person, bob: Person) -> None:
    created = body(ann.ask("/sessions", "POST", json={"name": "work"}))
    assert created["session_id"] == "work@ann"
    assert ann.run("display 1", session_id="work")["session_id"] == "work@ann"
    assert ann.ask("/sessions/work/commands/1").status_code == 200
    for session in ("work", "work@ann", "work@ann@bob", "default@ann"):
        for path in PATHS:
            assert bob.ask(f"/sessions/{session}{path}").status_code == 404
        for order, given in ORDERS.items():
            answer = bob.ask(f"/sessions/{session}/{order}", "POST", json=given)
            assert (order, answer.status_code) == (order, 404)
        assert bob.ask(f"/sessions/{session}", "DELETE").status_code == 404
        assert bob.run("display 1", session_id=session)["status"] == "error"
    assert ann.ask("/sessions/work").status_code == 200


def test_what_tells_of_everybody_is_for_admins(ann: Person, person: PersonOf) -> None:
    refused = ann.ask("/metrics")
    assert (refused.status_code, body(refused)["kind"]) == (403, "admin-only")
    for admin in (person("token of root"), person("single")):
        assert "stata_sessions_slots 4.0" in admin.ask("/metrics").text


def test_an_ended_session_is_not_even_known_to_have_been(ann: Person, bob: Person) -> None:
    ann.ask("/sessions", "POST", json={"name": "work"})
    assert ann.ask("/sessions/work", "DELETE").status_code == 200
    assert ann.ask("/sessions/work").status_code == 410
    assert bob.ask("/sessions/work").status_code == 404
    assert bob.ask("/sessions/work@ann").status_code == 404


def test_two_may_use_one_name(ann: Person, bob: Person) -> None:
    for who, session in ((ann, "work@ann"), (bob, "work@bob")):
        answer = who.ask("/sessions", "POST", json={"name": "work"})
        assert (answer.status_code, body(answer)["session_id"]) == (201, session)
    assert ann.ask("/sessions", "POST", json={"name": "work"}).status_code == 409


def test_no_name_can_look_like_another_owners(bob: Person) -> None:
    assert bob.ask("/sessions", "POST", json={"name": "work@ann"}).status_code == 422


def test_a_quota_is_a_limit_of_its_own(ann: Person, bob: Person) -> None:
    assert bob.ask("/sessions", "POST", json={}).status_code == 201
    refused = bob.ask("/sessions", "POST", json={})
    assert refused.status_code == 429 and "Maximum sessions (1)" in refused.text
    assert body(bob.ask("/sessions"))["available_slots"] == 0
    assert body(bob.ask("/health"))["max_sessions"] == 1
    assert ann.ask("/sessions", "POST", json={}).status_code == 201
    [own] = bob.sessions()
    assert bob.ask(f"/sessions/{own}", "DELETE").status_code == 200
    assert bob.ask("/sessions", "POST", json={}).status_code == 201


def test_a_lost_session_comes_back_only_within_the_quota(ann: Person, bob: Person) -> None:
    lost = body(bob.ask("/sessions", "POST", json={}))["session_id"]
    bob.ask(f"/sessions/{lost}/stop", "POST", json={"force": True, "wait_s": BOUND_S})
    other = body(bob.ask("/sessions", "POST", json={}))["session_id"]
    refused = bob.ask(f"/sessions/{lost}/restart", "POST")
    assert refused.status_code == 429 and "tokens_file" in refused.text
    assert bob.ask(f"/sessions/{other}", "DELETE").status_code == 200
    assert body(bob.ask(f"/sessions/{lost}/restart", "POST"))["epoch"] == 2


def test_a_lost_default_session_comes_back(ann: Person) -> None:
    assert ann.run("local mine = 1")["epoch"] == 1
    ann.ask("/sessions/default/stop", "POST", json={"force": True, "wait_s": BOUND_S})
    assert ann.run("display 6*7")["epoch"] == 2
    assert ann.ask("/sessions/default", "DELETE").status_code == 409


def test_an_admin_may_close_anothers_default_session(ann: Person, person: PersonOf) -> None:
    ann.run("local mine = 1")
    assert person("single").ask("/sessions/default@ann", "DELETE").status_code == 200
    assert person("single").sessions() == ["default"]
    assert ann.run("display 6*7")["session_id"] == "default@ann"


def test_assistants_are_apart_too(ann: Person, bob: Person) -> None:
    ann.run("display 1")
    call = {"name": "stata_session", "arguments": {"action": "list"}}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    headers = {"Accept": "application/json, text/event-stream"}
    assert "default@ann" in ann.ask("/mcp", "POST", json=asked, headers=headers).text
    assert "ann" not in bob.ask("/mcp", "POST", json=asked, headers=headers).text


@pytest.mark.parametrize("token", ["", "token of", "token of ann2", "ann", "TOKEN OF ANN"])
def test_other_tokens_are_refused(person: PersonOf, token: str) -> None:
    for path in ("/sessions", "/health", "/metrics", "/openapi.json"):
        assert person(token).ask(path).status_code == 401


def test_tokens_change_when_they_are_read_again(
    tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = Tokens(settings)
    file = tmp_path / "tokens"
    written(file, 'ann = "new"\n')
    assert tokens.holder("new") is None
    tokens.read_again()
    found = tokens.holder("new")
    assert found and (found.name, found.is_admin) == ("ann", False)
    assert tokens.holder("token of ann") is None
    written(file, "ann = secret\n")
    tokens.read_again()
    assert tokens.holder("new") == found
    assert "stay as they were" in caplog.text and "secret" not in caplog.text
