"""Sessions on two servers behind nginx and behind HAProxy."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.cli.running import server_process
from tests.doors import BOUND_S, eventually
from tests.scale.conftest import (
    ADMIN,
    Front,
    Proxy,
    front,
    haproxy,
    nginx,
    options,
    spreading_haproxy,
)

BOTH = pytest.mark.parametrize("proxy", [nginx, haproxy], ids=["nginx", "haproxy"])


@pytest.fixture(scope="module", params=[nginx, haproxy], ids=["nginx", "haproxy"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    with front(tmp_path_factory.mktemp("scale"), request.param) as found:
        yield found


@pytest.mark.parametrize("prefix", ["a.", "b."])
def test_all_that_a_caller_opens_is_in_one_place(shared: Front, prefix: str) -> None:
    caller, session = shared.opened_at(prefix)
    more = [shared.open(caller) for _ in range(3)]
    assert [each for each in more if not each.startswith(prefix)] == []
    listed = shared.ask("GET", "/sessions", caller).json()["sessions"]
    assert {session, *more} <= {each["session_id"] for each in listed}


@pytest.mark.parametrize("prefix", ["a.", "b."])
def test_existing_clients_need_not_know(shared: Front, prefix: str) -> None:
    caller, session = shared.opened_at(prefix)
    shared.tool(caller, "global kept = 41 + 1")
    assert "42" in shared.tool(caller, "display $kept")["output"]
    shared.tool(caller, "global kept = 6", session_id=session)
    assert "6" in shared.tool(caller, "display $kept", session_id=session)["output"]
    assert shared.tool(caller, "display 1", session_id=session)["session_id"] == session


@pytest.mark.parametrize("prefix", ["a.", "b."])
def test_an_id_leads_to_its_server_whoever_asks(shared: Front, prefix: str) -> None:
    _, session = shared.opened_at(prefix)
    assert shared.ask("GET", f"/sessions/{session}", ADMIN).json()["session_id"] == session
    ran = shared.ask("POST", f"/run_selection?session_id={session}", ADMIN, data="display 6 * 7")
    assert "42" in ran.text
    assert shared.ask("DELETE", f"/sessions/{session}", ADMIN).status_code == 200
    assert shared.ask("GET", f"/sessions/{session}", ADMIN).status_code == 410


@pytest.mark.parametrize("prefix", ["a.", "b."])
def test_output_comes_through_while_the_command_runs(shared: Front, prefix: str) -> None:
    caller, session = shared.opened_at(prefix)
    code = {"code": 'display "begun"\nspin 600'}
    command = shared.ask("POST", f"/sessions/{session}/commands", caller, json=code).json()
    path = f"/sessions/{session}/commands/{command['command']}/stream"
    rows = shared.ask("GET", path, caller, stream=True).iter_lines(1, decode_unicode=True)
    assert any("begun" in row and row.startswith("data:") for row in rows)
    assert shared.ask("GET", f"/sessions/{session}", caller).json()["state"] == "busy"
    shared.ask("POST", f"/sessions/{session}/stop", caller)
    assert "event: end" in rows


def test_haproxy_finds_the_id_in_a_body(tmp_path: Path) -> None:
    with front(tmp_path, spreading_haproxy) as found:
        sessions = {found.open(ADMIN) for _ in range(6)}
        assert {each[:2] for each in sessions} == {"a.", "b."}
        for session in sessions:
            ran = found.tool(ADMIN, 'display "session_id" 6 * 7', session_id=session)
            assert (ran["session_id"], ran["status"]) == (session, "success"), ran
            assert "42" in ran["output"]
            assert "42" in _assisted(found, session)


def _assisted(found: Front, session: str) -> str:
    """Run code in a session as an assistant does."""
    arguments = {"selection": "display 6 * 7", "session_id": session}
    call = {"name": "stata_run_selection", "arguments": arguments}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    return found.ask("POST", "/mcp", ADMIN, json=message).text


def test_with_nginx_the_id_may_be_in_the_query_as_well(shared: Front) -> None:
    for prefix in ("a.", "b."):
        _, session = shared.opened_at(prefix)
        parameters = {"selection": "display 6 * 7", "session_id": session}
        asked = {"tool": "stata_run_selection", "parameters": parameters}
        answer = shared.ask("POST", f"/v1/tools?session_id={session}", ADMIN, json=asked)
        assert "42" in answer.json()["output"]


@BOTH
def test_a_dead_server_is_named_and_the_other_goes_on(tmp_path: Path, proxy: Proxy) -> None:
    with front(tmp_path, proxy) as found:
        (at_a, on_a), (at_b, on_b) = found.opened_at("a."), found.opened_at("b.")
        found.tool(at_a, "global kept = 42", session_id=on_a)
        died = found.servers["b."]
        died.process.send_signal(signal.SIGKILL)
        died.process.wait(BOUND_S)

        eventually(lambda: _is_unreachable(found.ask("GET", f"/sessions/{on_b}", at_b)))
        assert "42" in found.tool(at_a, "display $kept", session_id=on_a)["output"]
        # Whose home has gone finds another one.
        eventually(lambda: found.ask("POST", "/sessions", at_b).status_code == 201)
        assert found.open(at_b).startswith("a.")
        assert _is_unreachable(found.ask("GET", f"/sessions/{on_b}", at_b))

        port = died.url.rpartition(":")[2]
        with server_process(*options(tmp_path, "b."), "--port", port):
            path = f"/sessions/{on_b}"
            eventually(lambda: not _is_unreachable(found.ask("GET", path, at_b)))
            gone = found.ask("GET", path, at_b)
            assert (gone.status_code, gone.json()["kind"]) == (404, "no-such-session")


def _is_unreachable(answer: requests.Response) -> bool:
    if answer.status_code not in (502, 503):
        return False
    told = answer.json()
    assert (told["kind"], told["status"]) == ("server-unreachable", "error"), told
    return "does not answer" in told["error"]
