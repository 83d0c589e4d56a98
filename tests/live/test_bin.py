"""The scripts in bin/ as people start them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

BIN = Path(__file__).resolve().parents[2] / "bin"
BOUND_S = 60


@contextmanager
def guide_server(*arguments: str) -> Iterator[str]:
    """Start the guide's own command line and yield its address."""
    command = [sys.executable, str(BIN / "stata_mcp_server.py"), "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
            assert found
            yield found[0]
        finally:
            process.terminate()
            assert process.wait(BOUND_S) == 0


def sessions_at(address: str) -> dict[str, object]:
    with urlopen(f"{address}/sessions", timeout=BOUND_S) as answer:
        return dict(json.load(answer))


def test_the_guides_command_line_serves() -> None:
    flags = ["--multi-session", "--max-sessions", "3", "--session-timeout", "3600"]
    with guide_server(*flags, "--console", "standin") as address:
        assert sessions_at(address)["max_sessions"] == 3


def test_a_command_line_of_the_existing_server_serves() -> None:
    flags = ["--force-port", "--log-file-location", "dofile", "--workspace-root", "/tmp"]
    flags += ["--log-level", "INFO", "--result-display-mode", "compact", "--max-output-tokens", "9"]
    with guide_server(*flags, "--console", "standin") as address:
        assert sessions_at(address)["max_sessions"] == 4


def test_vs_code_settings_count_unless_a_flag_says_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"stata-vscode.multiSession.maxSessions": 7, /* rest */}', encoding="utf-8")
    flags = ["--vscode-settings", str(file), "--console", "standin"]
    with guide_server(*flags) as address:
        assert sessions_at(address)["max_sessions"] == 7
    with guide_server(*flags, "--max-sessions", "2") as address:
        assert sessions_at(address)["max_sessions"] == 2


def test_the_command_line_takes_no_program_of_the_folder_for_its_own(tmp_path: Path) -> None:
    (tmp_path / "signal.py").write_text("raise SystemExit('not the one that was meant')\n")
    command = [str(BIN / "stata-sessions"), "--version"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=BOUND_S)
    assert (ran.stderr, ran.returncode) == ("", 0)
    assert ran.stdout.startswith("stata-sessions")


def test_the_demonstration_shows_what_it_promises() -> None:
    command = [sys.executable, str(BIN / "demo.py"), "--console", "standin"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert (shown.stderr, shown.returncode) == ("", 0)
    assert "\n  the server is stopped, and every console with it\n" in shown.stdout
    assert "bin/stata-sessions serve" in shown.stdout.splitlines()[-1]


def test_the_demonstration_can_be_left_by_ctrl_c() -> None:
    command = [sys.executable, str(BIN / "demo.py"), "--console", "standin"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    for row in process.stdout:
        if "created sessions" in row:
            break
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, told = process.communicate(timeout=110)
    assert told == "demo: left early; the server is stopped, and every console with it\n"
