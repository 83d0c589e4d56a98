"""A client that vanishes, at whatever stage, leaves a server that works and holds nothing of it."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable

import psutil
import pytest
import requests

from tests.doors import BOUND_S, eventually
from tests.live.conftest import LiveServer

COMMANDS = "/sessions/default/commands"


def _request(method: str, path: str, content: bytes = b"") -> bytes:
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _post(code: str, wait_s: int = 0) -> bytes:
    content = json.dumps({"code": code, "wait_s": wait_s}).encode()
    return _request("POST", COMMANDS, content)


# What is sent before the client goes, and which code has to run since its answer had begun.
STAGES: dict[str, tuple[bytes, str]] = {
    "connected": (b"", ""),
    "in the head": (b"GET /heal", ""),
    "in the body": (_post("display 1")[:-5], ""),
    "before the answer": (_post("display 2"), ""),
    "while it is answered": (_post("flood 3000000", 20), "flood 3000000"),
    "while the command runs": (_post("sleep 401", 20), ""),
    "while the command is queued": (_post("sleep 402") + _post("display 3", 20), "sleep 402"),
    "in a long poll": (
        _post("sleep 403") + _request("GET", f"{COMMANDS}/1?wait_s=20"),
        "sleep 403",
    ),
    "in a stream": (_post("sleep 404") + _request("GET", f"{COMMANDS}/1/stream"), "sleep 404"),
}
COMPLETE = {"display 2", "flood 3000000", "display 3", *(f"sleep 40{n}" for n in range(1, 5))}


def _vanish(live: LiveServer, sent: bytes, begun: str, *, abruptly: bool) -> None:
    host, _, port = live.url.removeprefix("http://").partition(":")
    connection = socket.create_connection((host, int(port)), BOUND_S)
    connection.sendall(sent)
    if begun:
        assert connection.recv(10)
    if abruptly:
        # Without lingering, closing resets the connection.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _output(live: LiveServer, code: str) -> str:
    given = {"code": code, "wait_s": 20}
    answer = requests.post(f"{live.url}{COMMANDS}", json=given, timeout=BOUND_S)
    return str(answer.json()["output"])


def _connections() -> list[str]:
    connections = psutil.Process().net_connections("tcp")
    return [str(each) for each in connections if each.status != psutil.CONN_LISTEN]


@pytest.mark.parametrize("abruptly", [False, True], ids=["closed", "reset"])
def test_a_client_that_vanishes_is_not_missed(
    serve: Callable[..., LiveServer], abruptly: bool
) -> None:
    # All output stays in memory, so that no file of it is open.
    live = serve(output_memory_bytes=2**23)
    assert _output(live, "display 0") == ". display 0\n0\n"
    eventually(lambda: _connections() == [])
    open_before = psutil.Process().num_fds()
    for sent, begun in STAGES.values():
        _vanish(live, sent, begun, abruptly=abruptly)
    assert _output(live, "display 6 * 7") == ". display 6 * 7\n42\n"
    history = live.manager.get().history()
    ran = [view.code for view in history if view.return_code == 0]
    assert (ran[0], ran[-1]) == ("display 0", "display 6 * 7")
    # What was answered has run, nothing has run twice, and half a request not at all.
    assert {code for _, code in STAGES.values() if code} <= set(ran)
    assert len(ran) == len(set(ran))
    assert set(ran[1:-1]) <= COMPLETE
    eventually(lambda: _connections() == [])
    assert psutil.Process().num_fds() <= open_before
