"""The log of a server: every request leads to its command and to its end, and code stays out."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.cli.running import by_path, run_cli, server_process
from tests.doors import BOUND_S, eventually

MARKER = "mark4711"
TOKEN = "secret0815"
CODE = f'display "{MARKER}"'
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@dataclass(frozen=True)
class Logged:
    """A server, and the file its log goes to."""

    url: str
    log: Path

    def ask(self, method: str, path: str, **given: Any) -> requests.Response:
        headers = HEADERS | given.pop("headers", {})
        url = self.url + path
        return requests.request(method, url, headers=headers, timeout=2 * BOUND_S, **given)

    def run(self, code: str, **given: Any) -> requests.Response:
        headers = given.pop("headers", {})
        asked = {"code": code, "wait_s": BOUND_S, **given}
        return self.ask("POST", "/sessions/default/commands", json=asked, headers=headers)

    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(row) for row in self.log.read_text().splitlines()]

    def of_command(self, number: int) -> list[dict[str, Any]]:
        return [row for row in self.rows() if row.get("command") == number and "state" in row]


@contextmanager
def logged(folder: Path, level: str = "INFO", *options: str) -> Iterator[Logged]:
    log = folder / "log"
    given = ["--log-level", level, "--log-json", "--token", TOKEN, *by_path(folder), *options]
    with server_process(*given, log=log) as live:
        yield Logged(live.url, log)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Logged]:
    with logged(tmp_path) as live:
        yield live


def test_a_request_leads_to_its_command_and_to_its_loss(server: Logged) -> None:
    answer = server.run("sleep 60000", wait_s=0, headers={"X-Request-ID": "from-afar"})
    assert answer.headers["X-Request-ID"] == "from-afar"
    eventually(lambda: server.ask("GET", "/sessions/default/commands/1").json()["started_at"])
    os.kill(server.ask("GET", "/sessions/default").json()["pid"], signal.SIGKILL)
    queued, ended = eventually(lambda: found if len(found := server.of_command(1)) == 2 else [])
    assert (queued["request_id"], queued["session"]) == ("from-afar", "default")
    assert queued["state"] == "queued" and queued["code_bytes"] == len("sleep 60000")
    assert (ended["request_id"], ended["state"]) == ("from-afar", "lost")
    assert ended["level"] == "WARNING" and "killed by signal 9" in ended["reason"]
    assert ended["elapsed_s"] > 0 and ended["waited_s"] >= 0
    [answered] = [row for row in server.rows() if row.get("route", "").endswith("commands")]
    assert answered["request_id"] == "from-afar" and answered["status"] == 201
    lost = eventually(lambda: [row for row in server.rows() if row.get("cause")])
    assert (lost[0]["cause"], lost[0]["session"], lost[0]["epoch"]) == ("signal", "default", 1)


def test_ids_of_our_own_are_told_and_odd_ones_replaced(server: Logged) -> None:
    found = {
        server.ask("GET", "/health", headers=headers).headers["X-Request-ID"]
        for headers in ({}, {"X-Request-ID": "a b"}, {"X-Request-ID": "x" * 65})
    }
    assert len(found) == 3 and all(len(each) == 16 for each in found)
    refused = server.ask("GET", "/sessions/nosuch")
    assert refused.json()["request_id"] == refused.headers["X-Request-ID"]


def test_what_an_assistant_asks_for_can_be_followed_too(server: Logged) -> None:
    answer = mcp(server, "stata_run_selection", selection=CODE)
    queued, ended = server.of_command(1)
    assert queued["request_id"] == ended["request_id"] == answer.headers["X-Request-ID"]
    assert (ended["state"], ended["return_code"]) == ("finished", 0)


def mcp(server: Logged, name: str, **arguments: str) -> requests.Response:
    params = {"name": name, "arguments": arguments}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {"Accept": "application/json, text/event-stream"}
    return server.ask("POST", "/mcp", json=call, headers=headers)


def knock_at_every_door(server: Logged, folder: Path) -> None:
    """Send code by every way there is, good, failing, refused, broken and lost."""
    for code in (CODE, f"{MARKER} nosuch", f'display "{MARKER}', f'display "{MARKER}\0"', ""):
        send(server, code)
    send_what_is_wrong(server)
    look_with_conditions(server)
    file = folder / "a.do"
    file.write_text(CODE)
    for path in (file, folder / "b.do"):
        server.ask("GET", "/run_file", params={"file_path": str(path)})
    for order in (["run", str(file)], ["exec", CODE]):
        assert MARKER in run_cli(*order, "--url", server.url, "--token", TOKEN).stdout
    server.run(f"* {MARKER}\nsleep 60000", time_limit_s=0.2)
    server.run(f"* {MARKER}\nsleep 60000", wait_s=0)
    server.ask("POST", "/sessions/default/stop", json={"force": True, "wait_s": BOUND_S})


def send(server: Logged, code: str) -> None:
    server.run(code)
    server.ask("POST", "/run_selection", data=code.encode())
    server.ask("GET", "/run_selection/stream", params={"selection": code})
    tool = {"tool": "stata_run_selection", "parameters": {"selection": code, "nosuch": code}}
    server.ask("POST", "/v1/tools", json=tool)
    mcp(server, "stata_run_selection", selection=code)
    mcp(server, "stata_run_selection", nosuch=code)


def send_what_is_wrong(server: Logged) -> None:
    for given in ({"code": CODE, MARKER: 1}, {"code": [CODE]}, [CODE], CODE):
        server.ask("POST", "/sessions/default/commands", json=given)
    server.ask("POST", "/sessions/default/commands", data=f'{{"code": "{MARKER}')
    server.ask("POST", "/sessions/default/input", json={"text": MARKER})
    server.ask("GET", "/health", headers={"Authorization": f"Bearer {MARKER}"})


def look_with_conditions(server: Logged) -> None:
    server.ask("GET", "/sessions/default/data", params={"condition": MARKER})
    server.ask("GET", "/view_data", params={"if_condition": MARKER})
    server.ask("GET", "/help", params={"topic": MARKER})
    server.ask("GET", "/interactive", params={"code": CODE})


def test_code_and_tokens_are_in_no_row(tmp_path: Path) -> None:
    with logged(tmp_path) as server:
        knock_at_every_door(server, tmp_path)
    rows = server.rows()
    text = server.log.read_text()
    assert MARKER not in text and TOKEN not in text
    states = {row["state"] for row in rows if "command" in row and "state" in row}
    assert states >= {"queued", "finished", "broken", "lost"}
    assert {row["level"] for row in rows} <= {"INFO", "WARNING"}
    assert max(map(len, text.splitlines())) < 2000


def test_code_is_shown_at_debug_and_tokens_are_not(tmp_path: Path) -> None:
    with logged(tmp_path, "DEBUG") as server:
        server.run(CODE)
        server.run("display 1 // " + "x" * 10**5)
        server.ask("GET", "/health", headers={"Authorization": "Bearer " + MARKER * 2})
    text = server.log.read_text()
    assert CODE in [row["message"].partition(": ")[2] for row in server.rows()]
    assert TOKEN not in text and MARKER * 2 not in text
    assert max(map(len, text.splitlines())) < 8000


def test_what_is_asked_every_few_seconds_is_logged_at_debug_only(tmp_path: Path) -> None:
    with logged(tmp_path) as server:
        for path in ("/health", "/metrics", "/sessions", "/sessions/default"):
            server.ask("GET", path)
    routes = [row["route"] for row in server.rows() if "route" in row]
    assert routes == ["/sessions/<session_id>"]


def test_rows_of_text_name_the_request(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with server_process(*by_path(tmp_path), log=log) as live:
        asked = {"data": CODE, "headers": {"X-Request-ID": "seven"}, "timeout": 2 * BOUND_S}
        requests.post(f"{live.url}/run_selection", **asked)  # type: ignore[arg-type]
    rows = log.read_text().splitlines()
    ended = next(row for row in rows if "command 1 of session default is finished" in row)
    assert ended.endswith(" [request seven]") and MARKER not in "".join(rows)
