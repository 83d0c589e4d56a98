"""Answers that are due before there is one, and more calls than there may be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from stata_sessions.mcp.endpoint import Endpoint
from stata_sessions.mcp.messages import INTERNAL_ERROR
from stata_sessions.operations import Context
from stata_sessions.sessions import Manager
from tests.doors import BOUND_S, ENVIRON, eventually, light_console, light_settings
from tests.mcp.conftest import handle, texts

DUE_S = 0.5


class Door:
    """The endpoint alone, with answers due early."""

    def __init__(self, manager: Manager) -> None:
        self.manager = manager
        app = Flask("late")
        endpoint = Endpoint(Context(manager), DUE_S)
        app.add_url_rule("/mcp", view_func=endpoint.post, methods=["POST"])
        self._client = app.test_client()

    def run(self, code: str) -> dict[str, Any]:
        """Run code, and return the answer in the words of JSON-RPC."""
        params = {"name": "stata_run_selection", "arguments": {"selection": code}}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        answer = self._client.post("/mcp", json=message)
        # Of a stream, the last event.
        found: dict[str, Any] = json.loads(answer.text.rpartition("data: ")[2])
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


def test_a_session_that_takes_longer_to_start_is_told(
    door: Callable[..., Door], tmp_path: Path
) -> None:
    opened = door(stata_path=str(light_console(tmp_path, "start-delay=7000")))
    result = opened.run("display 7")["result"]
    assert result["isError"] is False
    assert "waiting for the session" in texts(result)[0]
    # What was sent is not lost.
    session = opened.manager.get()
    session.wait_started()
    assert session.query("display 1", wait_s=BOUND_S).return_code == 0
    assert session.command(1).view().return_code == 0


def test_there_are_no_more_calls_at_work_than_connections(
    door: Callable[..., Door], tmp_path: Path
) -> None:
    opened = door(connection_limit=1, stata_path=str(light_console(tmp_path, "start-delay=7000")))
    assert "result" in opened.run("display 1"), "which is still at work"
    refused = opened.run("display 2")["error"]
    assert refused["code"] == INTERNAL_ERROR and "connection_limit" in refused["message"]
    opened.manager.get().wait_started()
    eventually(lambda: "result" in opened.run("display 3"))
