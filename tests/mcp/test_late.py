"""Answers that are due before there is one, and more calls than there may be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask

from stata_sessions.mcp.endpoint import Endpoint
from stata_sessions.mcp.messages import (
    CAPABILITIES_KEY,
    INTERNAL_ERROR,
    METHOD_HEADER,
    MODERN_VERSIONS,
    NAME_HEADER,
    VERSION_HEADER,
    VERSION_KEY,
)
from stata_sessions.operations import Context
from stata_sessions.sessions import Manager
from tests.doors import BOUND_S, ENVIRON, eventually, light_console, light_settings
from tests.mcp.conftest import handle, texts

DUE_S = 0.5


def _no_streams(follow: object) -> NoReturn:
    raise NotImplementedError


class Door:
    """The endpoint alone, with answers due early."""

    def __init__(self, manager: Manager) -> None:
        self.manager = manager
        app = Flask("late")
        endpoint = Endpoint(Context(manager), _no_streams, DUE_S)
        app.add_url_rule("/mcp", view_func=endpoint.post, methods=["POST"])
        self._client = app.test_client()

    def run(self, code: str) -> dict[str, Any]:
        """Run code as a client that hangs up when it has its answer; return the answer."""
        name = "stata_run_selection"
        meta = {VERSION_KEY: MODERN_VERSIONS[0], CAPABILITIES_KEY: {}}
        params = {"name": name, "arguments": {"selection": code}, "_meta": meta}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        headers = {
            VERSION_HEADER: MODERN_VERSIONS[0],
            METHOD_HEADER: "tools/call",
            NAME_HEADER: name,
        }
        answer = self._client.post("/mcp", json=message, headers=headers)
        # Of a stream, the last event.
        found: dict[str, Any] = json.loads(answer.text.rpartition("data: ")[2])
        answer.close()
        return found


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Callable[..., Door]]:
    """Make doors to servers with settings of one's own."""
    with ExitStack() as stack:

        def make(**changes: Any) -> Door:
            manager = Manager(light_settings(tmp_path, **changes), ENVIRON)
            stack.callback(manager.shutdown)
            return Door(manager)

        yield make


def test_a_command_that_takes_longer_leaves_a_handle(door: Callable[..., Door]) -> None:
    opened = door()
    known = handle(opened.run("sleep 1500\ndisplay 7")["result"])
    assert known["state"] in ("queued", "running")
    assert opened.manager.get().command(known["command"]).wait(BOUND_S)


def test_a_session_that_takes_longer_to_start_is_told_and_nothing_is_lost(
    door: Callable[..., Door], tmp_path: Path
) -> None:
    slow = str(light_console(tmp_path, "start-delay=7000"))
    opened = door(stata_path=slow, connection_limit=1)
    result = opened.run("display 7")["result"]
    assert result["isError"] is False
    assert "waiting for the session" in texts(result)[0]
    refused = opened.run("display 8")["error"]
    assert refused["code"] == INTERNAL_ERROR and "connection_limit" in refused["message"]
    opened.manager.get().wait_started()
    assert eventually(lambda: opened.run("display 9").get("result"))
    assert opened.manager.get().command(1).view().code == "display 7"
    assert opened.manager.get().command(1).view().return_code == 0
