"""A console that waits for input: whoever watches is told, and how to answer."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from stata_sessions.client import Client
from tests.cli.running import CLI, run_cli
from tests.doors import BOUND_S, ENVIRON, light_console
from tests.live.conftest import LiveServer
from tests.live.test_streams import events, follow, submit

ASKS = 'display "before"\ndisplay _request(x)\ndisplay "<$x>"'


def answer(live: LiveServer, text: str = "tea") -> None:
    url = f"{live.url}/sessions/default/input"
    requests.post(url, json={"text": text}, timeout=BOUND_S).raise_for_status()


def until_state(found: Iterator[dict[str, str]]) -> tuple[str, dict[str, Any]]:
    """Return the output up to the next state event, and what that says."""
    output = ""
    for each in found:
        told = json.loads(each["data"])
        if each["event"] == "state":
            assert "id" not in each, "it is no place to resume from"
            return output, told
        output += told["text"]
    raise AssertionError("the stream ended")


@pytest.mark.parametrize("whole", [False, True], ids=["command", "session"])
def test_a_stream_tells_when_its_console_waits_and_goes_on(
    live_server: LiveServer, whole: bool
) -> None:
    url = submit(live_server, ASKS)
    stream = follow(f"{live_server.url}/sessions/default" if whole else url)
    found = events(stream)
    before, waits = until_state(found)
    assert "before\n" in before
    assert waits["state"] == "awaiting-input" and "_request" in waits["hint"]
    # Whoever comes late is told at once.
    late = events(follow(url, headers={"Last-Event-ID": str(len(before.encode()))}))
    assert until_state(late) == ("", waits)
    answer(live_server)
    _, goes_on = until_state(found)
    assert goes_on["hint"] == "" and goes_on["state"] in ("busy", "ready")
    if not whole:
        assert [each["event"] for each in found][-1] == "end"
    stream.close()


def test_what_waits_elsewhere_is_told_to_nobody_else(live_server: LiveServer) -> None:
    submit(live_server, ASKS)
    queued = submit(live_server, 'display "mine"')
    found = events(follow(queued))
    until_state(events(follow(f"{live_server.url}/sessions/default")))
    answer(live_server)
    assert {each["event"] for each in found} == {"output", "end"}


def test_streams_of_older_clients_stay_as_they_are(live_server: LiveServer) -> None:
    url = f"{live_server.url}/run_selection/stream"
    with requests.get(url, params={"selection": ASKS}, stream=True, timeout=BOUND_S) as stream:
        rows = stream.iter_lines(chunk_size=1, decode_unicode=True)
        assert any("before" in row for row in rows)
        native = events(follow(f"{live_server.url}/sessions/default/commands/1"))
        until_state(native)
        answer(live_server)
        rest = [row for row in rows if row]
    assert all(row.startswith(("data: ", ":")) for row in rest)
    assert "data: *** Execution completed ***" in rest


def test_a_client_may_answer_as_soon_as_it_is_told(live_server: LiveServer) -> None:
    stata, hints = Client(live_server.url), []

    def heed(hint: str) -> None:
        hints.append(hint)
        stata.send_input("tea")

    stream = stata.stream(stata.submit(ASKS), on_wait=heed)
    output = "".join(stream)
    assert "<tea>\n" in output and output == stata.wait(stream.command).output
    assert len(hints) == 1 and "_request" in hints[0]


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([*CLI, *arguments], env=ENVIRON, **pipes)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def advice(process: subprocess.Popen[str]) -> list[str]:
    """Return what a command on the command line advises to do, as arguments of ours."""
    assert process.stderr
    for row in process.stderr:
        if row.startswith("answer with: stata-sessions "):
            return shlex.split(row)[3:]
    raise AssertionError("no advice")


def follow_advice(arguments: list[str]) -> None:
    assert arguments[-1] == "TEXT"
    done = run_cli(*arguments[:-1], "tea")
    assert done.returncode == 0, done.stderr


def test_exec_says_how_to_answer(live_server: LiveServer) -> None:
    with started("exec", ASKS, "--url", live_server.url) as process:
        follow_advice(advice(process))
        output, _ = process.communicate(timeout=BOUND_S)
        assert "<tea>\n" in output and process.returncode == 0


def test_run_says_how_to_answer_on_its_private_server(tmp_path: Path) -> None:
    file = tmp_path / "asks.do"
    file.write_text(ASKS + "\n")
    console = str(light_console(tmp_path))
    with started("run", str(file), "--stata-path", console) as process:
        arguments = advice(process)
        assert "--url" in arguments and "unix:" in " ".join(arguments)
        follow_advice(arguments)
        output, _ = process.communicate(timeout=BOUND_S)
        assert "<tea>\n" in output and process.returncode == 0


def test_tail_tells_programs_in_their_language(live_server: LiveServer) -> None:
    with started("tail", "--follow", "--json", "--url", live_server.url) as process:
        submit(live_server, ASKS)
        assert process.stdout
        told = (json.loads(row) for row in process.stdout)
        waits = next(each for each in told if "state" in each)
    assert waits["state"] == "awaiting-input" and waits["session_id"] == "default"
    assert waits["answer"].endswith(f"input --session default --url {live_server.url} TEXT")


def test_exec_tells_programs_beside_the_answer(live_server: LiveServer) -> None:
    with started("exec", ASKS, "--json", "--url", live_server.url) as process:
        assert process.stderr
        waits = json.loads(process.stderr.readline())
        assert waits["state"] == "awaiting-input" and "_request" in waits["hint"]
        answer(live_server)
        output, _ = process.communicate(timeout=BOUND_S)
    result = json.loads(output)
    assert "<tea>\n" in result["output"] and result["command"]["state"] == "finished"
