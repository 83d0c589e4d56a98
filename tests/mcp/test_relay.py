"""The relay from standard input and output to a server, and the server that it starts itself."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from stata_sessions.errors import ConfigurationError
from stata_sessions.mcp.carrier import Carrier
from stata_sessions.mcp.host import serve_command
from stata_sessions.mcp.messages import CAPABILITIES_KEY, MODERN_VERSIONS, VERSION_KEY
from stata_sessions.states import CommandState
from tests.doors import BOUND_S, eventually, light_console
from tests.live.conftest import LiveServer

PROGRAM = """
import json, sys
from stata_sessions.mcp.relay import main
url, token, serve = json.loads(sys.argv[1])
sys.exit(main(url, token, serve=serve))
"""
HELLO = {"protocolVersion": "2025-06-18"}
META = {VERSION_KEY: MODERN_VERSIONS[0], CAPABILITIES_KEY: {}}
LONG = {"name": "stata_run_selection", "arguments": {"selection": "sleep 40000"}}
RUN = {"name": "stata_run_selection", "arguments": {"selection": "display 42"}}


class Relay:
    """A relay as a process, spoken to line by line."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def say(self, method: str, id: int | None = None, **params: Any) -> None:
        """Send one message; without an id it is a notice."""
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        self.write(json.dumps(message if id is None else message | {"id": id}).encode())

    def write(self, line: bytes) -> None:
        """Send one line."""
        assert self.process.stdin
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """Return the next message."""
        assert self.process.stdout
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def ask(self, method: str, id: int, **params: Any) -> dict[str, Any]:
        """Send a request and return the next message."""
        self.say(method, id, **params)
        return self.hear()

    def close(self) -> tuple[list[dict[str, Any]], str]:
        """End its input; return what else it said, on standard output and error."""
        out, error = self.process.communicate(timeout=BOUND_S)
        return [json.loads(line) for line in out.splitlines()], error.decode()


Start = Callable[..., Relay]
# Of the command line, which is what the relay is then started by.
Options = list[str] | None


@pytest.fixture
def start() -> Iterator[Start]:
    """Start relays, which are gone when the test is over."""
    with ExitStack() as stack:

        def begin(
            url: str, token: str = "", serve: list[str] | None = None, options: Options = None
        ) -> Relay:
            given = ["-c", PROGRAM, json.dumps([url, token, serve])]
            if options is not None:
                given = ["-m", "stata_sessions", "mcp", "--url", url, *options]
            relay = Relay([sys.executable, *given])
            stack.callback(relay.process.communicate)
            stack.callback(relay.process.kill)
            return relay

        yield begin


@pytest.fixture
def free_url() -> str:
    """Return an address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def serve_there(free_url: str, tmp_path: Path) -> list[str]:
    """Return what starts a server with the light console at that address."""
    found = serve_command(free_url, "--stata-path", str(light_console(tmp_path)))
    assert found is not None
    return found


def is_served(url: str) -> bool:
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.socket() as connecting:
        return connecting.connect_ex((host, int(port))) == 0


def test_a_whole_conversation_may_come_at_once(live: LiveServer, start: Start) -> None:
    relay = start(live.url)
    relay.say("initialize", 1, **HELLO)
    relay.say("notifications/initialized")
    relay.say("tools/list", 2)
    answers, error = relay.close()
    assert [each["id"] for each in answers] == [1, 2]
    assert len(answers[1]["result"]["tools"]) == 5
    assert (relay.process.returncode, error) == (0, "")


@pytest.mark.parametrize("path", ["", "/", "/mcp", "/mcp-streamable/"])
def test_an_address_may_name_the_endpoint(live: LiveServer, start: Start, path: str) -> None:
    assert start(live.url + path).ask("ping", 1)["result"] == {}


def test_a_socket_of_this_machine_is_an_address_too(
    serve: Callable[..., LiveServer], start: Start, tmp_path: Path
) -> None:
    live = serve(unix_socket=str(tmp_path / "socket"))
    assert live.url.startswith("unix:")
    assert start(live.url).ask("ping", 1)["result"] == {}


def test_calls_do_not_wait_for_each_other(live: LiveServer, start: Start) -> None:
    relay = start(live.url)
    relay.ask("initialize", 1, **HELLO)
    relay.say("tools/call", 2, **LONG)
    eventually(lambda: live.manager.get().view().running == 1)
    assert relay.ask("ping", 3)["id"] == 3
    relay.say("notifications/cancelled", requestId=2)
    assert live.manager.get().command(1).wait(BOUND_S)
    assert relay.ask("ping", 4)["id"] == 4, "whoever gave up wants no answer"


def test_a_modern_client_cancels_through_the_relay_too(live: LiveServer, start: Start) -> None:
    relay = start(live.url)
    relay.say("tools/call", 1, _meta=META, **LONG)
    eventually(lambda: live.manager.get().view().running == 1)
    relay.say("notifications/cancelled", requestId=1)
    command = live.manager.get().command(1)
    assert command.wait(BOUND_S) and command.view().state is CommandState.BROKEN
    assert relay.ask("server/discover", 2, _meta=META)["id"] == 2


def test_a_line_that_is_no_message_is_answered(live: LiveServer, start: Start) -> None:
    relay = start(live.url)
    relay.write(b"{")
    assert relay.hear()["error"]["code"] == -32700
    relay.write(b"")
    assert relay.ask("ping", 1)["id"] == 1


def test_without_a_server_the_answer_says_how_to_start_one(free_url: str, start: Start) -> None:
    answer = start(free_url).ask("initialize", 1, **HELLO)
    assert answer["id"] == 1
    assert "start it with: stata-sessions serve" in answer["error"]["message"]


def test_what_is_no_address_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="ftp://nowhere"):
        Carrier("ftp://nowhere")


def test_a_wrong_token_is_told(serve: Callable[..., LiveServer], start: Start) -> None:
    live = serve(token="right")
    assert "401" in start(live.url, "wrong").ask("ping", 1)["error"]["message"]
    assert start(live.url, "right").ask("ping", 1)["result"] == {}


def test_somebody_else_at_the_address_is_told(start: Start) -> None:
    with other_server() as url:
        message = start(url).ask("ping", 1)["error"]["message"]
    assert message == f"What answers at {url} is not stata-sessions"


@contextmanager
def other_server() -> Iterator[str]:
    """Answer any request with a page."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join(BOUND_S)


def test_a_server_is_started_and_ends_with_the_relay(
    free_url: str, serve_there: list[str], start: Start
) -> None:
    relay = start(free_url, "", serve_there)
    relay.ask("initialize", 1, **HELLO)
    answer = relay.ask("tools/call", 2, **RUN)
    assert answer["result"]["content"][0]["text"].endswith("42\n")
    (child,) = psutil.Process(relay.process.pid).children()
    _, error = relay.close()
    assert free_url in error, "what the server says goes to standard error"
    eventually(lambda: not child.is_running())
    assert not is_served(free_url)


@pytest.mark.parametrize(
    "by",
    [
        signal.SIGTERM,
        pytest.param(
            signal.SIGKILL,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="no parent-death signal"),
        ),
    ],
)
def test_a_server_ends_with_a_relay_that_is_ended(
    by: signal.Signals, free_url: str, serve_there: list[str], start: Start
) -> None:
    relay = start(free_url, "", serve_there)
    relay.ask("initialize", 1, **HELLO)
    (child,) = psutil.Process(relay.process.pid).children()
    relay.process.send_signal(by)
    relay.process.wait(BOUND_S)
    eventually(lambda: not child.is_running())


def test_a_server_that_ended_is_started_again(
    free_url: str, serve_there: list[str], start: Start
) -> None:
    relay = start(free_url, "", serve_there)
    relay.ask("initialize", 1, **HELLO)
    (child,) = psutil.Process(relay.process.pid).children()
    child.kill()
    eventually(lambda: not is_served(free_url))
    answer = relay.ask("tools/call", 2, **RUN)
    assert answer["result"]["content"][0]["text"].endswith("42\n")


def test_the_command_line_starts_both(free_url: str, start: Start, tmp_path: Path) -> None:
    relay = start(free_url, options=["--stata-path", str(light_console(tmp_path))])
    answer = relay.ask("tools/call", 1, **RUN)
    assert answer["result"]["content"][0]["text"].endswith("42\n")


def test_a_server_that_is_there_is_used_and_left_alone(live: LiveServer, start: Start) -> None:
    with_nothing_to_start = start(live.url, "", ["/nowhere/at/all"])
    assert with_nothing_to_start.ask("ping", 1)["result"] == {}
    with_nothing_to_start.close()
    assert is_served(live.url)


def test_why_no_server_could_be_started_is_told(free_url: str, start: Start) -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('no Stata was found')"]
    answer = start(free_url, "", failing).ask("initialize", 1, **HELLO)
    assert answer["error"]["message"].endswith("could be started: no Stata was found")


def test_a_server_that_is_no_program_is_named(free_url: str, start: Start) -> None:
    answer = start(free_url, "", ["/nowhere/at/all"]).ask("initialize", 1, **HELLO)
    assert "/nowhere/at/all" in answer["error"]["message"]
