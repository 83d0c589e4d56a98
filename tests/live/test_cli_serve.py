"""``stata-sessions serve`` as an operator runs it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import requests

from stata_sessions import __version__
from tests.cli.running import by_path, run_cli, server_process
from tests.doors import BOUND_S, eventually
from tests.house.source import ROOT

STANDIN = ["--console", "standin"]


def test_one_row_tells_address_console_and_version() -> None:
    with server_process(*STANDIN) as live:
        assert f"stata-sessions {__version__} " in live.row
        assert "not Stata" in live.row
        assert requests.get(f"{live.url}/health", timeout=BOUND_S).json()["console"] == "standin"
        live.process.terminate()
        assert live.process.stdout is not None
        assert live.process.stdout.read() == "", "nothing but the one row"


def test_a_console_by_path_is_named(tmp_path: Path) -> None:
    with server_process(*by_path(tmp_path)) as live:
        assert f"runs Stata at {tmp_path / 'stata-light'}" in live.row


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly(number: signal.Signals) -> None:
    with server_process(*STANDIN) as live:
        live.process.send_signal(number)
        assert live.process.wait(BOUND_S) == 0


def test_without_stata_it_says_where_it_looked(tmp_path: Path) -> None:
    done = run_cli("serve", "--port", "0", "--stata-path", str(tmp_path))
    assert done.returncode == 4
    assert str(tmp_path) in done.stderr and "--console standin" in done.stderr


def test_a_working_dir_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    done = run_cli("serve", *STANDIN, "--port", "0", "--working-dir", missing)
    assert (done.returncode, missing in done.stderr) == (2, True)


def test_a_used_port_is_a_wrong_configuration() -> None:
    with server_process(*STANDIN) as live:
        done = run_cli("serve", *STANDIN, "--port", live.url.rpartition(":")[2])
        assert done.returncode == 2
        assert "cannot listen on 127.0.0.1:" in done.stderr
        assert done.stderr.endswith(": Address already in use; name another port, or 0 for any\n")


def test_a_misspelt_variable_is_named() -> None:
    done = run_cli("serve", *STANDIN, environ={"STATA_SESSIONS_MAX_SESIONS": "3"})
    assert done.returncode == 2
    assert "did you mean STATA_SESSIONS_MAX_SESSIONS?" in done.stderr


def test_the_configuration_file_counts(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('console = "standin"\nmax_sessions = 7\n')
    with server_process("--config", str(file)) as live:
        found = requests.get(f"{live.url}/sessions", timeout=BOUND_S).json()
        assert found["max_sessions"] == 7


def test_the_guides_own_command_line(tmp_path: Path) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"stata-vscode.multiSession.maxSessions": 2}))
    command = [sys.executable, str(ROOT / "bin" / "stata_mcp_server.py")]
    given = ["--multi-session", "--session-timeout", "3600", "--vscode-settings", str(settings)]
    with server_process(*STANDIN, *given, command=command) as live:
        found = requests.get(f"{live.url}/sessions", timeout=BOUND_S).json()
        assert found["max_sessions"] == 2


def test_from_a_checkout() -> None:
    done = subprocess.run(
        [ROOT / "bin" / "stata-sessions", "version"], capture_output=True, text=True
    )
    assert done.stdout == f"stata-sessions {__version__}\n", done.stderr


def test_sighup_reads_the_tokens_again(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.touch(0o600)
    file.write_text("old")

    def status(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{live.url}/health", headers=headers, timeout=BOUND_S).status_code

    with server_process(*STANDIN, "--token-file", str(file)) as live:
        assert (status("old"), status("new")) == (200, 401)
        file.write_text("new")
        live.process.send_signal(signal.SIGHUP)
        assert eventually(lambda: status("new") == 200)
        assert status("old") == 401
        # What has become readable by others is not taken, and keeps nobody out.
        file.write_text("third")
        file.chmod(0o644)
        live.process.send_signal(signal.SIGHUP)
        assert (status("new"), status("third")) == (200, 401)
        assert live.process.poll() is None


def test_no_console_inherits_the_token(tmp_path: Path) -> None:
    environ = {"STATA_SESSIONS_TOKEN": "hidden-from-code"}
    headers = {"Authorization": "Bearer hidden-from-code"}
    with server_process(*by_path(tmp_path), environ=environ) as live:
        address = f"{live.url}/sessions/default/commands"
        asked = {"code": "shell env", "wait_s": BOUND_S}
        answer = requests.post(address, json=asked, headers=headers, timeout=BOUND_S).json()
        shown = answer["output"]
        assert "STATATMP=" in shown and "hidden-from-code" not in shown
        [console] = [
            each
            for each in psutil.Process(live.process.pid).children()
            if "STATATMP" in each.environ()
        ]
        assert "hidden-from-code" not in " ".join(console.environ().values())
