"""A live server, and an assistant that speaks to it by hand."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from stata_sessions.mcp.messages import (
    CAPABILITIES_KEY,
    HANDSHAKE_VERSIONS,
    METHOD_HEADER,
    MODERN_VERSIONS,
    NAME_HEADER,
    SESSION_HEADER,
    VERSION_HEADER,
    VERSION_KEY,
)
from tests.doors import BOUND_S
from tests.live import conftest as live_conftest
from tests.live.conftest import LiveServer


class Assistant:
    """A client that speaks one of the eras, and shows everything that comes back."""

    def __init__(self, live: LiveServer, *, modern: bool = False, path: str = "/mcp") -> None:
        self.live, self.url, self.modern = live, live.url + path, modern
        self._ids = itertools.count(1)
        self.headers = {VERSION_HEADER: (MODERN_VERSIONS if modern else HANDSHAKE_VERSIONS)[0]}
        if not modern:
            self.headers |= self._greeted()

    def _greeted(self) -> dict[str, str]:
        hello = {"protocolVersion": HANDSHAKE_VERSIONS[0], "capabilities": {}}
        message = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello}
        answer = requests.post(self.url, json=message, timeout=BOUND_S)
        return {SESSION_HEADER: answer.headers[SESSION_HEADER]}

    def message(self, method: str, **params: Any) -> dict[str, Any]:
        """Return a request as this era spells it."""
        if self.modern:
            params["_meta"] = {VERSION_KEY: MODERN_VERSIONS[0], CAPABILITIES_KEY: {}} | params.get(
                "_meta", {}
            )
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}

    def post(self, message: dict[str, Any], **headers: str) -> requests.Response:
        """Send a message; the answer's body is still to be read."""
        given = dict(self.headers)
        if self.modern:
            given[METHOD_HEADER] = message["method"]
            given |= {NAME_HEADER: name} if (name := message["params"].get("name")) else {}
        return requests.post(
            self.url, json=message, headers=given | headers, timeout=BOUND_S * 3, stream=True
        )

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a request and return its answer."""
        return list(received(self.post(self.message(method, **params))))[-1]

    def tool(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool and return its result."""
        answer = self.ask("tools/call", name=name, arguments=arguments)
        found: dict[str, Any] = answer["result"]
        return found

    def run(self, code: str, **arguments: Any) -> dict[str, Any]:
        """Run code and return the tool's result."""
        return self.tool("stata_run_selection", selection=code, **arguments)

    def cancel(self, id: int) -> None:
        """Give up a call, as the era of the handshake does."""
        params = {"requestId": id}
        notice = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}
        answer = requests.post(self.url, json=notice, headers=self.headers, timeout=BOUND_S)
        assert (answer.status_code, answer.content) == (202, b"")


def received(answer: requests.Response) -> Iterator[dict[str, Any]]:
    """Yield the messages of an answer, whether it is one or a stream."""
    if answer.headers["Content-Type"] == "application/json":
        yield answer.json()
        return
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    for row in answer.iter_lines(chunk_size=1):
        if row.startswith(b"data: "):
            yield json.loads(row[6:])


def texts(result: dict[str, Any]) -> list[str]:
    """Return the text parts of a tool's result."""
    return [each["text"] for each in result["content"] if each["type"] == "text"]


def handle(result: dict[str, Any]) -> dict[str, Any]:
    """Return what a result tells programs about its command."""
    found: dict[str, Any] = result["_meta"]["stata-sessions/command"]
    return found


# Starts servers with settings of one's own.
serve = live_conftest.serve


@pytest.fixture
def live(serve: Callable[..., LiveServer]) -> LiveServer:
    return serve()


@pytest.fixture
def assistant(live: LiveServer) -> Assistant:
    return Assistant(live)
