"""The other commands of the command line against a real server."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from stata_sessions.client import Client
from stata_sessions.states import SessionState
from tests.cli.running import CLI, run_cli
from tests.doors import BOUND_S, ENVIRON, eventually
from tests.live.conftest import LiveServer


@pytest.fixture
def stata(live_server: LiveServer) -> Client:
    return Client(live_server.url)


def said(stata: Client, *arguments: str, status: int = 0) -> str:
    """Run a command against this server, and return what it says."""
    done = run_cli(*arguments, environ={"STATA_SESSIONS_URL": stata.address.url})
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stderr


def test_the_life_of_a_session(stata: Client) -> None:
    assert said(stata, "sessions", "new", "mine") == "mine\n"
    rows = said(stata, "sessions").splitlines()
    assert [row.split()[0] for row in rows] == ["SESSION", "default", "mine"]
    shown = said(stata, "sessions", "show", "mine")
    assert "state: ready\n" in shown and "error" not in shown
    assert said(stata, "sessions", "restart", "mine") == (
        "session mine has a fresh Stata (epoch 2)\n"
    )
    assert json.loads(said(stata, "sessions", "restart", "mine", "--json"))["epoch"] == 3
    closed = json.loads(said(stata, "sessions", "close", "mine", "--json"))
    assert closed["closed"] == ["mine"]
    assert "it ended at" in said(stata, "sessions", "show", "mine", status=3)
    assert [
        each["session_id"] for each in json.loads(said(stata, "sessions", "list", "--json"))
    ] == ["default"]


def test_stop(stata: Client) -> None:
    assert said(stata, "stop") == "Nothing is running\n"
    stata.submit("sleep 60000")
    eventually(lambda: stata.session().is_busy)
    assert said(stata, "stop").startswith("Stopped; the session and its data are kept")
    assert json.loads(said(stata, "stop", "--json"))["status"] == "not_running"
    assert said(stata, "stop", "--force") == "Stata was ended; its data are gone\n"


def test_input(stata: Client) -> None:
    command = stata.submit('display _request(x)\ndisplay "<$x>"')
    eventually(lambda: stata.session().state is SessionState.AWAITING_INPUT)
    said(stata, "input", "tea")
    assert "<tea>\n" in stata.wait(command).output
    assert "is not waiting for input" in said(stata, "input", "tea", status=3)


def test_history(stata: Client) -> None:
    stata.execute("display 1")
    stata.execute("error 111")
    heading, first, second = said(stata, "history").splitlines()
    assert heading.split() == ["NUMBER", "STATE", "CODE", "SECONDS", "COMMAND"]
    assert first.split()[:3] == ["1", "finished", "0"] and first.endswith("display 1")
    assert second.split()[:3] == ["2", "finished", "111"]
    done = run_cli("history", "--rows", "1", environ={"STATA_SESSIONS_URL": stata.address.url})
    assert done.stdout.splitlines()[1:] == [second]
    assert done.stderr == "(1 of 2 commands)\n"
    assert re.fullmatch(r"\d+(\.\d{1,3})?", second.split()[3])
    assert "display 1\n" in said(stata, "history", "--do")
    assert [each["number"] for each in json.loads(said(stata, "history", "--json"))] == [1, 2]


def test_tail_shows_the_last_rows(stata: Client) -> None:
    assert said(stata, "tail") == ""
    stata.execute("forvalues i = 1/9 {\ndisplay `i'\n}")
    stata.execute('display "late"')
    assert said(stata, "tail", "-n", "5") == '7\n8\n9\n. display "late"\nlate\n'
    assert "1\n2\n3\n" in said(stata, "tail")
    assert json.loads(said(stata, "tail", "-n", "1", "--json")) == {"text": "late\n"}


def test_tail_follows_until_the_session_ends(stata: Client) -> None:
    session = stata.create_session()
    stata.execute('display "before"', session)
    command = [*CLI, "tail", "-n", "1", "-f", "-s", session, "--url", stata.address.url]
    process = subprocess.Popen(command, env=ENVIRON, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "before\n"
    stata.execute('display "one"', session)
    stata.execute('display "two"', session)
    stata.destroy_session(session)
    rest = process.communicate(timeout=BOUND_S)[0]
    assert process.returncode == 0
    assert rest.count("before\n") == 0 and "\none\n" in rest and rest.endswith("two\n")


def test_results_and_data(serve: Callable[..., LiveServer]) -> None:
    stata = Client(serve(console="standin", stata_path="").url)
    for nothing in ("data", "results"):
        done = run_cli(nothing, environ={"STATA_SESSIONS_URL": stata.address.url})
        assert (done.returncode, done.stdout) == (0, "") and done.stderr.startswith("no ")
    stata.execute("set obs 5\ngenerate x = _n * 10\nsummarize x")
    assert "r(N) = 5\n" in said(stata, "results")
    assert json.loads(said(stata, "results", "--json"))["r"]["scalars"]["N"] == 5
    rows = said(stata, "data", "--if", "x > 20", "--limit", "1").splitlines()
    assert [row.split() for row in rows] == [["x"], ["3", "30"]]
    assert json.loads(said(stata, "data", "--json"))["total_rows"] == 5
    stata.execute('replace x = . in 5\ngenerate name = ""')
    assert said(stata, "data").splitlines()[5].split() == ["5", "."]


def test_the_page_is_opened(stata: Client, tmp_path: Path) -> None:
    browser, opened = tmp_path / "xdg-open", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}\n')
    browser.chmod(0o755)
    url = stata.address.url
    environ = {"STATA_SESSIONS_URL": url, "PATH": f"{tmp_path}:{ENVIRON['PATH']}"}
    assert run_cli("open", environ=environ).returncode == 0
    assert eventually(lambda: opened.exists() and opened.read_text()) == url


def test_an_unknown_session_is_exit_status_3(stata: Client) -> None:
    for arguments in (["history"], ["results"], ["data"], ["stop"], ["exec", "display 1"]):
        told = said(stata, *arguments, "-s", "xyz789", status=3)
        assert told.startswith(
            "stata-sessions: Session not found: xyz789; 'stata-sessions sessions'"
        )


def test_errors_for_programs(stata: Client) -> None:
    told = json.loads(said(stata, "history", "-s", "xyz789", "--json", status=3))
    assert len(told.pop("request_id")) == 16
    assert told == {
        "status": "error",
        "message": "Session not found: xyz789",
        "kind": "no-such-session",
        "session": "xyz789",
    }
    done = run_cli("sessions", "--json", "--url", "http://127.0.0.1:9")
    assert (done.returncode, json.loads(done.stderr)["kind"]) == (4, "no-server")


def test_a_token_that_is_wrong_is_exit_status_4(serve: Callable[..., LiveServer]) -> None:
    stata = Client(serve(token="secret").url)
    assert "with --token or STATA_SESSIONS_TOKEN" in said(stata, "sessions", status=4)
    assert "default" in said(stata, "sessions", "--token", "secret")


def test_a_shell_completes_sessions(stata: Client) -> None:
    stata.create_session("mine")
    environ = {
        "STATA_SESSIONS_URL": stata.address.url,
        "_STATA_SESSIONS_COMPLETE": "bash_complete",
        "COMP_WORDS": "stata-sessions sessions show m",
        "COMP_CWORD": "3",
    }
    code = "import sys; sys.argv = ['stata-sessions']; from stata_sessions.cli import main; main()"
    done = subprocess.run(
        [CLI[0], "-c", code], env=ENVIRON | environ, capture_output=True, text=True
    )
    assert done.stdout == "plain,mine\n"


def test_the_relay_speaks_mcp(stata: Client) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    environ = {"STATA_SESSIONS_URL": stata.address.url}
    done = run_cli("mcp", "--no-start", environ=environ, input=json.dumps(hello) + "\n")
    answer = json.loads(done.stdout.splitlines()[0])
    assert answer["result"]["serverInfo"]["name"] == "stata-sessions"
