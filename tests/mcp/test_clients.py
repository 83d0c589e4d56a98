"""The official clients against a live server: over HTTP and through the relay, in both eras."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stata_sessions.mcp.messages import HANDSHAKE_VERSIONS, MODERN_VERSIONS
from stata_sessions.states import CommandState
from tests.doors import light_settings
from tests.live.conftest import LiveServer, serving
from tests.mcp import installed

OLD, NEW = HANDSHAKE_VERSIONS[0], MODERN_VERSIONS[0]
TOOLS = {"stata_run_selection", "stata_run_file", "stata_session", "stata_results", "stata_data"}
RELAY = "import sys; from stata_sessions.mcp.relay import main; sys.exit(main(sys.argv[1]))"
# Most of a client's time is waiting.
AT_ONCE = 4
CLIENT_S = 100.0


@dataclass(frozen=True)
class Client:
    """An official client: how it is started, and the version it should agree on."""

    name: str
    command: Callable[[], list[str]]
    version: str

    def __str__(self) -> str:
        return self.name


def python_v1() -> list[str]:
    path = f"PYTHONPATH={installed.python_v1()}"
    return ["env", path, sys.executable, "-S", "-m", "tests.mcp.clients.python_v1"]


def python_v2(mode: str) -> Callable[[], list[str]]:
    return lambda: [sys.executable, "-m", "tests.mcp.clients.python_v2", mode]


def typescript(script: str, *words: str) -> Callable[[], list[str]]:
    return lambda: [*installed.typescript(script), *words]


CLIENTS = [
    Client("Python 1", python_v1, OLD),
    Client("Python 2, handshake", python_v2("legacy"), OLD),
    Client("Python 2, modern", python_v2("auto"), NEW),
    Client("TypeScript 1", typescript("v1.mjs"), OLD),
    Client("TypeScript 2, handshake", typescript("v2.mjs", "legacy"), OLD),
    Client("TypeScript 2, modern", typescript("v2.mjs", "auto"), NEW),
]
# As configurations of type "sse" have it: one stream for all answers, and an address to post to.
LISTENERS = [
    Client("Python 2, one stream", python_v2("sse"), OLD),
    Client("TypeScript 1, one stream", typescript("v1.mjs", "sse"), OLD),
]
WAYS = [(client, way) for client in CLIENTS for way in ("http", "stdio")]
WAYS += [(client, "http") for client in LISTENERS]
Reports = dict[tuple[str, str], Future[dict[str, Any]]]


def target(live: LiveServer, way: str) -> list[str]:
    if way == "http":
        return [f"{live.url}/mcp"]
    return [sys.executable, "-c", RELAY, live.url]


def reported(client: Client, way: str, folder: Path) -> dict[str, Any]:
    """Return what the client saw, and what became of the command that it gave up."""
    folder.mkdir()
    with serving(light_settings(folder)) as live:
        ran = subprocess.run(
            [*client.command(), *target(live, way)],
            cwd=installed.ROOT,
            capture_output=True,
            text=True,
            timeout=CLIENT_S,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        given_up = [each for each in live.manager.get().history() if "40000" in each.code]
        seen: dict[str, Any] = json.loads(ran.stdout)
        return seen | {"given up": given_up}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    for client in CLIENTS + LISTENERS:
        client.command()  # one after the other, since each may have to be fetched
    folder = tmp_path_factory.mktemp("clients")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            (client.name, way): pool.submit(reported, client, way, folder / f"{place}")
            for place, (client, way) in enumerate(WAYS)
        }
        pool.shutdown(cancel_futures=True)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("client", "way"), WAYS, ids=str)
def test_a_client_finds_all_it_needs(client: Client, way: str, reports: Reports) -> None:
    seen = reports[client.name, way].result()
    # The old TypeScript client tells its version only where a header carries it.
    assert seen["version"] in ({client.version, ""} if way == "stdio" else {client.version})
    assert set(seen["tools"]) == TOOLS
    assert seen["call"] == [False, [". display 40 + 2\n42\n"]]
    assert seen["failed"] == [True, [". error 198\ninvalid syntax\nr(198);\n"]]
    is_error, (sentence,) = seen["refused"]
    assert is_error and "Session not found: nobody" in sentence
    assert seen["progress"] and seen["progress"] == sorted(seen["progress"])
    for number, (is_error, (text,)) in enumerate(seen["many"]):
        assert not is_error and text.endswith(f"\n{1000 + number}\n")
    assert len(seen["many"]) == 20
    assert seen["cancelled"] < 20, "the client did not get its answer late, but gave up"
    assert seen["after"] == [False, [". display 6 * 7\n42\n"]]
    (given_up,) = seen["given up"]
    assert (given_up.state, given_up.reason) == (CommandState.BROKEN, "stop")
