"""Clients of type ``sse``: one stream for all their answers, and an address to post to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

import pytest
import requests

from stata_sessions.mcp import messages
from stata_sessions.mcp.mailboxes import MOST_UNREAD, Mailbox, Mailboxes
from stata_sessions.sessions import Command
from stata_sessions.states import CommandState
from tests.doors import BOUND_S, eventually
from tests.live.conftest import LiveServer

ASKING = {"Accept": "text/event-stream"}
LONG = {"name": "stata_run_selection", "arguments": {"selection": 'display "so far"\nsleep 40000'}}
Event = tuple[str, str]


class Listener:
    """A client that listens to its stream, and posts where the stream told it to."""

    def __init__(self, url: str, stream: requests.Response) -> None:
        self.events = events(stream)
        name, address = next(self.events)
        assert name == "endpoint"
        self.address = urljoin(url, address)

    def post(self, method: str, **message: Any) -> requests.Response:
        """Send a message."""
        message = {"jsonrpc": "2.0", "method": method, **message}
        return requests.post(self.address, json=message, timeout=BOUND_S)

    def ask(self, method: str, id: int = 1, **params: Any) -> None:
        """Send a request, which is accepted without a word."""
        answer = self.post(method, id=id, params=params)
        assert (answer.status_code, answer.content) == (202, b"")

    def heard(self) -> dict[str, Any]:
        """Return the next message of the stream."""
        name, data = next(self.events)
        assert name == "message"
        found: dict[str, Any] = json.loads(data)
        return found


def events(stream: requests.Response) -> Iterator[Event]:
    """Yield (name, data) of a stream's events."""
    name = "message"
    for row in stream.iter_lines(chunk_size=1, decode_unicode=True):
        if row.startswith("event: "):
            name = row.removeprefix("event: ")
        elif row.startswith("data: "):
            yield name, row.removeprefix("data: ")
            name = "message"


@contextmanager
def listening(live: LiveServer, path: str = "/mcp") -> Iterator[Listener]:
    url = live.url + path
    with requests.get(url, headers=ASKING, stream=True, timeout=BOUND_S * 2) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        yield Listener(url, stream)


def started(live: LiveServer) -> Command:
    session = live.manager.get()
    eventually(lambda: session.view().running == 1)
    return session.command(1)


@pytest.mark.parametrize("path", messages.PATHS)
def test_all_answers_come_in_the_stream(live: LiveServer, path: str) -> None:
    with listening(live, path) as listener:
        listener.ask("initialize", 1, protocolVersion="2024-11-05", capabilities={})
        assert listener.heard()["result"]["protocolVersion"] == "2024-11-05"
        assert listener.post("notifications/initialized").status_code == 202
        listener.ask("tools/list", 2)
        assert len(listener.heard()["result"]["tools"]) == 5
        run = {"name": "stata_run_selection", "arguments": {"selection": "display 40 + 2"}}
        listener.ask("tools/call", 3, **run)
        answer = listener.heard()
        assert answer["id"] == 3
        assert answer["result"]["content"][0]["text"] == ". display 40 + 2\n42\n"


def test_what_cannot_be_answered_is_told_in_the_stream_as_well(live: LiveServer) -> None:
    with listening(live) as listener:
        for number, (method, code) in enumerate(
            [
                ("resources/list", messages.METHOD_NOT_FOUND),
                ("tools/call", messages.INVALID_PARAMS),
            ]
        ):
            listener.ask(method, number)
            told = listener.heard()
            assert (told["id"], told["error"]["code"]) == (number, code)
        broken = requests.post(listener.address, data=b"{", timeout=BOUND_S)
        assert (broken.status_code, broken.json()["error"]["code"]) == (400, messages.PARSE_ERROR)


def test_a_long_call_holds_nothing_up_and_tells_of_its_progress(live: LiveServer) -> None:
    with listening(live) as listener:
        listener.ask("tools/call", 1, **LONG, _meta={"progressToken": "t"})
        listener.ask("ping", 2)
        assert listener.heard()["id"] == 2
        told = listener.heard()
        assert (told["method"], told["params"]["progressToken"]) == ("notifications/progress", "t")
        live.manager.get().stop()
        answer = next(each for each in iter(listener.heard, None) if "result" in each)
        assert "so far" in answer["result"]["content"][0]["text"]


def test_a_notice_cancels_only_the_call_of_its_own_client(live: LiveServer) -> None:
    with listening(live) as listener, listening(live) as other:
        listener.ask("tools/call", 1, **LONG)
        command = started(live)
        other.post("notifications/cancelled", params={"requestId": 1})
        assert not command.wait(0.5)
        listener.post("notifications/cancelled", params={"requestId": 1})
        assert command.wait(BOUND_S)
        assert command.view().state is CommandState.BROKEN
        listener.ask("ping", 2)
        assert listener.heard()["id"] == 2, "whoever gave up wants no answer"


def test_a_client_that_leaves_stops_no_command_and_its_address_is_gone(live: LiveServer) -> None:
    with listening(live) as listener:
        listener.ask("tools/call", 1, **LONG)
        command = started(live)
    eventually(lambda: listener.post("ping", id=2).status_code == 404)
    assert "GET" in listener.post("ping", id=3).json()["error"]
    assert command.view().state is CommandState.RUNNING
    live.manager.get().stop()


def test_a_server_that_stops_tells_what_became_of_the_call_and_ends_the_stream(
    live: LiveServer,
) -> None:
    with listening(live) as listener:
        listener.ask("tools/call", 1, **LONG)
        started(live)
        live.server.stop()
        answer = listener.heard()
        assert (answer["id"], answer["result"]["isError"]) == (1, True)
        assert list(listener.events) == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept": "text/html"},
        ASKING | {messages.SESSION_HEADER: "one of ours"},
        ASKING | {messages.VERSION_HEADER: messages.HANDSHAKE_VERSIONS[0]},
    ],
)
def test_nobody_else_is_given_a_stream(live: LiveServer, headers: dict[str, str]) -> None:
    answer = requests.get(f"{live.url}/mcp", headers=headers, timeout=BOUND_S)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_to_ask_for_the_headers_opens_no_stream(live: LiveServer) -> None:
    assert requests.head(f"{live.url}/mcp", headers=ASKING, timeout=BOUND_S).status_code == 405


def test_listeners_count_among_the_live_streams(serve: Callable[..., LiveServer]) -> None:
    live = serve(streams_limit=1)
    with listening(live):
        refused = requests.get(f"{live.url}/mcp", headers=ASKING, timeout=BOUND_S)
        assert (refused.status_code, refused.json()["kind"]) == (429, "too-many-streams")


def test_a_session_named_to_a_proxy_is_no_mailbox(live: LiveServer) -> None:
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    answer = requests.post(f"{live.url}/mcp?session_id=a.work", json=ping, timeout=BOUND_S)
    assert (answer.status_code, answer.json()["result"]) == (200, {})


def test_a_client_that_reads_nothing_loses_its_stream() -> None:
    mailboxes = Mailboxes()
    mailbox = mailboxes.open()
    for _ in range(MOST_UNREAD):
        mailbox.put(": unread\n\n")
    assert mailboxes.find(mailbox.id) is mailbox
    mailbox.put(": one too many\n\n")
    assert mailboxes.find(mailbox.id) is None


def test_nothing_owed_is_lost_when_the_server_stops() -> None:
    mailbox, ended = Mailbox(), []
    mailbox.owe(iter(["first", "second"]), lambda: ended.append(True))
    told = list(mailbox.events("/mcp", lambda: False, lambda: True))
    assert told[0].startswith(f"event: endpoint\ndata: /mcp?mailbox={mailbox.id}\n")
    assert told[1:] == ["first", "second"]
    assert ended == [True]
