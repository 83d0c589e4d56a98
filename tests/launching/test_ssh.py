"""Sessions on another machine, through ssh: a real server and a real client of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from stata_sessions.client import Client
from stata_sessions.errors import LaunchFailed, StataSessionsError
from stata_sessions.settings import Settings
from stata_sessions.states import CommandState
from tests.doors import ENVIRON, eventually, light_console
from tests.launching.conduct import FOREVER, check_a_break, check_input, client_of
from tests.launching.sharing import consoles_in, shared_folder
from tests.launching.ssh import SshServer, ssh_server
from tests.live.conftest import LiveServer, serving


@pytest.fixture(scope="module")
def far() -> Iterator[SshServer]:
    with ssh_server() as running:
        yield running


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    with shared_folder() as folder:
        yield folder


def given(far: SshServer, shared: Path) -> dict[str, Any]:
    return {
        "launcher": "command",
        "launch_command": far.template,
        "launch_host": "127.0.0.1",
        "shared_dir": str(shared),
        "stata_path": str(light_console(shared)),
        "working_dir": str(shared),
        "port": 0,
        "max_sessions": 10,
    }


@pytest.fixture(scope="module")
def live(far: SshServer, shared: Path) -> Iterator[LiveServer]:
    with serving(Settings(**given(far, shared))) as running:
        yield running
    eventually(lambda: consoles_in(shared) == [])


@pytest.fixture
def stata(live: LiveServer) -> Iterator[Client]:
    with client_of(live) as client:
        yield client


def test_code_runs_over_there(stata: Client, shared: Path) -> None:
    session_id = stata.create_session()
    assert stata.execute("display 6 * 7", session_id).output == ". display 6 * 7\n42\n"
    assert stata.execute("error 111", session_id).return_code == 111
    assert stata.execute("pwd", session_id).output.strip().endswith(str(shared))
    place = stata.session(session_id).place
    assert place and place.node == os.uname().nodename
    assert stata.session(session_id).memory_bytes is None


def test_a_break_passes_and_the_data_stay(stata: Client) -> None:
    check_a_break(stata)


def test_a_console_that_asks_for_input_gets_it(stata: Client) -> None:
    check_input(stata)


def test_nothing_is_left_over_there_when_a_session_is_closed(stata: Client, shared: Path) -> None:
    session_id = stata.create_session()
    assert consoles_in(shared)
    stata.submit(FOREVER, session_id)
    stata.destroy_session(session_id)
    eventually(lambda: consoles_in(shared) == [])


def test_a_client_that_is_killed_is_a_loss_that_is_explained(stata: Client, shared: Path) -> None:
    session_id = stata.create_session()
    pid = stata.session(session_id).pid
    assert pid and psutil.Process(pid).name() == "ssh"
    command = stata.submit(FOREVER, session_id)
    eventually(lambda: stata.session(session_id).running == command.number)
    os.kill(pid, signal.SIGKILL)
    lost = stata.wait(command).command
    assert lost.state is CommandState.LOST
    assert lost.reason == "the program that led to the console was killed by signal 9"
    eventually(lambda: consoles_in(shared) == [])


def test_a_host_that_cannot_be_reached_is_told_in_the_words_of_ssh(
    far: SshServer, shared: Path
) -> None:
    nobody = far.template.replace(f"-p {far.port}", "-p 1")
    settings = Settings(**given(far, shared) | {"launch_command": nobody})
    with (
        serving(settings) as live,
        pytest.raises(LaunchFailed, match="ended before Stata was started: ssh: .* refused"),
    ):
        Client(live.url).create_session()


def test_a_host_is_an_option_and_none_can_smuggle_in_others(stata: Client) -> None:
    session_id = stata.create_session(options={"host": "localhost"})
    assert stata.execute("display 1", session_id).ok
    with pytest.raises(StataSessionsError, match="option host = '-oProxyCommand=x': give the name"):
        stata.create_session(options={"host": "-oProxyCommand=x"})


def test_a_server_that_is_killed_leaves_nothing_over_there(far: SshServer, shared: Path) -> None:
    settings = given(far, shared)
    flags = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
    argv = [sys.executable, "-m", "stata_sessions", "serve", *(_flag(each) for each in flags)]
    with subprocess.Popen(argv, env=ENVIRON, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        url = server.stdout.readline().split()[4]
        command = Client(url).submit(FOREVER)
        assert command.session_id == "default"
        assert eventually(lambda: consoles_in(shared))
        server.kill()
    eventually(lambda: consoles_in(shared) == [])


def _flag(word: str) -> str:
    return word.replace("_", "-") if word.startswith("--") else word
