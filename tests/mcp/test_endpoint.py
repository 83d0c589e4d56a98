"""The endpoint over HTTP: both eras, streams, giving up, and who may ask."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from stata_sessions.mcp import messages
from stata_sessions.sessions import Command
from stata_sessions.states import CommandState
from tests.doors import BOUND_S, eventually, light_console
from tests.live.conftest import LiveServer
from tests.mcp.conftest import Assistant, handle, received, texts

LONG = {"name": "stata_run_selection", "arguments": {"selection": "sleep 40000"}}
INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}


@pytest.fixture(params=["handshake", "modern"])
def either(request: pytest.FixtureRequest, live: LiveServer) -> Assistant:
    """Return an assistant of each era."""
    return Assistant(live, modern=request.param == "modern")


def running(live: LiveServer, number: int = 1) -> Command:
    """Return a command of the default session once it runs."""
    session = live.manager.get()
    eventually(lambda: session.view().running == number)
    return session.command(number)


@pytest.mark.parametrize("path", ["/mcp", "/mcp-streamable"])
@pytest.mark.parametrize("modern", [False, True])
def test_both_addresses_speak_both_eras(live: LiveServer, path: str, modern: bool) -> None:
    assistant = Assistant(live, modern=modern, path=path)
    assert len(assistant.ask("tools/list")["result"]["tools"]) == 5
    assert assistant.ask("ping")["result"].keys() <= {"resultType", "_meta"}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_sessions_are_neither_listened_to_nor_ended(assistant: Assistant, method: str) -> None:
    headers = assistant.headers | {"Accept": "text/event-stream"}
    answer = requests.request(method, assistant.url, headers=headers, timeout=BOUND_S)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_discovery_tells_versions_and_how_long_they_hold(live: LiveServer) -> None:
    found = Assistant(live, modern=True).ask("server/discover")["result"]
    assert found["supportedVersions"] == list(messages.MODERN_VERSIONS)
    assert found["resultType"] == "complete"
    assert (found["ttlMs"] > 0, found["cacheScope"]) == (True, "private")
    assert "stata_session" in found["instructions"]


def test_a_notice_is_accepted_without_a_word(assistant: Assistant) -> None:
    for method in ("notifications/initialized", "notifications/whatever"):
        notice = {"jsonrpc": "2.0", "method": method}
        answer = requests.post(assistant.url, json=notice, timeout=BOUND_S)
        assert (answer.status_code, answer.content) == (202, b"")


def test_an_unknown_method_is_refused_as_the_era_wants(either: Assistant) -> None:
    answer = either.post(either.message("resources/list"))
    assert answer.status_code == (404 if either.modern else 200)
    assert answer.json()["error"]["code"] == messages.METHOD_NOT_FOUND


def test_an_unknown_tool_is_refused(either: Assistant) -> None:
    answer = either.post(either.message("tools/call", name="stata_magic", arguments={}))
    assert answer.status_code == (400 if either.modern else 200)
    assert answer.json()["error"]["code"] == messages.INVALID_PARAMS
    assert "stata_magic" in answer.json()["error"]["message"]


def test_what_is_no_json_is_refused(live: LiveServer) -> None:
    answer = requests.post(f"{live.url}/mcp", data=b"{", timeout=BOUND_S)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, messages.PARSE_ERROR)


def test_headers_that_belie_the_body_are_refused(live: LiveServer) -> None:
    assistant = Assistant(live, modern=True)
    answer = assistant.post(assistant.message("tools/call", **LONG), **{"Mcp-Name": "stata_data"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, messages.HEADER_MISMATCH)


def test_a_long_call_shows_progress_only_when_asked(either: Assistant) -> None:
    given = {"name": "stata_run_selection", "arguments": {"selection": "sleep 2000\ndisplay 8"}}
    quiet = list(received(either.post(either.message("tools/call", **given))))
    assert [each.get("id") for each in quiet] == [1]
    token = {"_meta": {"progressToken": "t"}}
    *told, last = received(either.post(either.message("tools/call", **given, **token)))
    assert told and {each["method"] for each in told} == {"notifications/progress"}
    assert {each["params"]["progressToken"] for each in told} == {"t"}
    assert "command 2: running" in told[0]["params"]["message"]
    assert texts(last["result"])[0].endswith("\n8\n")


def test_to_hang_up_stops_the_work_in_the_modern_era_only(either: Assistant) -> None:
    with either.post(either.message("tools/call", **LONG)) as answer:
        command = running(either.live)
        assert answer.headers["Content-Type"].startswith("text/event-stream")
    if either.modern:
        assert command.wait(BOUND_S)
        assert (command.view().state, command.view().reason) == (CommandState.BROKEN, "stop")
        return
    assert not command.wait(1.5), "a lost connection is no wish to stop"
    either.live.manager.get().stop()


def test_a_notice_cancels_the_call_it_names(assistant: Assistant) -> None:
    with assistant.post(assistant.message("tools/call", **LONG)) as answer:
        command = running(assistant.live)
        assistant.cancel(2)
        assert not command.wait(0.3), "that was somebody else's call"
        assistant.cancel(1)
        assert command.wait(BOUND_S)
        assert list(received(answer)) == [], "whoever gave up wants no answer"
    assert command.view().state is CommandState.BROKEN


def test_a_queued_call_is_cancelled_without_a_break(assistant: Assistant) -> None:
    first = assistant.post(assistant.message("tools/call", **LONG))
    command = running(assistant.live)
    second = assistant.post(assistant.message("tools/call", **LONG))
    eventually(lambda: assistant.live.manager.get().view().queued == 1)
    assistant.cancel(2)
    assert list(received(second)) == []
    assert assistant.live.manager.get().command(2).view().state is CommandState.CANCELLED
    assert command.view().state is CommandState.RUNNING
    assistant.cancel(1)
    assert list(received(first)) == []


def test_a_call_given_up_while_its_session_starts_ends_as_well(
    serve: Callable[..., LiveServer], tmp_path: Path
) -> None:
    live = serve(stata_path=str(light_console(tmp_path, "start-delay=2000")))
    assistant = Assistant(live, modern=True)
    assistant.post(assistant.message("tools/call", **LONG)).close()
    session = live.manager.get()
    eventually(session.history)
    assert session.command(1).wait(BOUND_S)
    assert session.command(1).view().state in (CommandState.CANCELLED, CommandState.BROKEN)


def test_nobody_cancels_the_call_of_another_client(assistant: Assistant) -> None:
    other = Assistant(assistant.live)
    with assistant.post(assistant.message("tools/call", **LONG)):
        command = running(assistant.live)
        other.cancel(1)
        assert not command.wait(1.0)
        assistant.cancel(1)
        assert command.wait(BOUND_S)


def test_a_client_of_before_a_restart_is_still_served(live: LiveServer) -> None:
    assistant = Assistant(live)
    assistant.headers[messages.SESSION_HEADER] = "a session of an earlier server"
    assert handle(assistant.run("display 1"))["return_code"] == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Origin": "https://elsewhere.example"}, 403), ({"Host": "elsewhere.example"}, 421)],
)
def test_pages_and_names_from_elsewhere_are_refused(
    live: LiveServer, headers: dict[str, str], status: int
) -> None:
    answer = requests.post(f"{live.url}/mcp", json=INITIALIZE, headers=headers, timeout=BOUND_S)
    assert answer.status_code == status


def test_a_token_is_asked_for(serve: Callable[..., LiveServer]) -> None:
    live = serve(token="a long secret")
    refused = requests.post(f"{live.url}/mcp", json=INITIALIZE, timeout=BOUND_S)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    headers = {"Authorization": "Bearer a long secret"}
    allowed = requests.post(f"{live.url}/mcp", json=INITIALIZE, headers=headers, timeout=BOUND_S)
    assert (allowed.status_code, allowed.json()["id"]) == (200, 1)
