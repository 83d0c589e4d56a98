"""``stata-sessions run`` and ``exec``, with a server and without one."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil
import pytest

from stata_sessions.client import Client
from tests.cli.running import CLI, is_alive, run_cli
from tests.doors import BOUND_S, ENVIRON, eventually, light_console
from tests.live.conftest import LiveServer


@pytest.fixture
def stata(live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.chdir(tmp_path)
    return Client(live_server.url)


def do_file(folder: Path, name: str, code: str) -> str:
    path = folder / name
    path.write_text(code)
    return str(path)


def below(stata: Client, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command against this server."""
    return run_cli(*arguments, environ={"STATA_SESSIONS_URL": stata.address.url})


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*CLI, *arguments],
        env=ENVIRON,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(stream: IO[str] | None, row: str) -> None:
    assert stream is not None
    for each in stream:
        if each.strip() == row:
            return
    raise AssertionError(f"no row {row!r}")


def test_a_do_file_is_streamed_and_its_session_closed(stata: Client, tmp_path: Path) -> None:
    path = do_file(tmp_path, "a.do", 'display "one"\npwd\n')
    done = below(stata, "run", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\none\n" in done.stdout and f"\n{tmp_path}\n" in done.stdout
    assert [each.session_id for each in stata.sessions()] == ["default"]


def test_an_error_is_exit_status_1(stata: Client, tmp_path: Path) -> None:
    done = below(stata, "run", do_file(tmp_path, "a.do", "error 198\n"))
    assert done.returncode == 1
    assert done.stdout.endswith("r(198);\n") and "a.do: r(198);" in done.stderr


def test_a_named_session_keeps_its_data(stata: Client, tmp_path: Path) -> None:
    stata.create_session("mine")
    paths = [do_file(tmp_path, f"{n}.do", f"global n ${{n}}{n}\n") for n in range(3)]
    assert below(stata, "run", "--session", "mine", *paths).returncode == 0
    assert stata.execute('display "<$n>"', "mine").output.endswith("\n<012>\n")


def test_several_files_run_side_by_side(stata: Client, tmp_path: Path) -> None:
    paths = [do_file(tmp_path, f"{n}.do", f"sleep 2000\ndisplay {n}*11\n") for n in (1, 2, 3)]
    paths.append(do_file(tmp_path, "bad.do", "error 111\n"))
    logs = tmp_path / "logs"
    began = time.monotonic()
    done = below(stata, "run", "-j", "3", "--logs", str(logs), *paths)
    assert time.monotonic() - began < 5.9, "six seconds one after the other"
    assert done.returncode == 1
    assert re.findall(r"==> \S+/(\w+)\.do <==", done.stdout) == ["1", "2", "3", "bad"]
    assert re.findall(r"(\w+)\.do: (\S+)", done.stderr) == [
        ("1", "finished"),
        ("2", "finished"),
        ("3", "finished"),
        ("bad", "r(111);"),
    ]
    assert "\n22\n" in (logs / "2.log").read_text()


def test_more_files_than_the_server_has_room_for(stata: Client, tmp_path: Path) -> None:
    stata.create_session()
    paths = [do_file(tmp_path, f"{n}.do", "sleep 100\n") for n in range(5)]
    done = below(stata, "run", *paths)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("finished") == 5


def test_a_full_server_is_exit_status_3(stata: Client, tmp_path: Path) -> None:
    for _ in range(3):
        stata.create_session()
    done = below(stata, "run", do_file(tmp_path, "a.do", "display 1\n"))
    assert done.returncode == 3 and "Maximum sessions (4) reached" in done.stderr


def test_two_files_cannot_have_one_log(stata: Client, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    paths = [do_file(tmp_path, "a.do", "display 1\n"), do_file(tmp_path, "b/a.do", "display 2\n")]
    done = below(stata, "run", "--logs", str(tmp_path), *paths)
    assert done.returncode == 2 and "two files would have the log" in done.stderr


def test_json_for_programs(stata: Client, tmp_path: Path) -> None:
    paths = [do_file(tmp_path, "a.do", "display 1\n"), do_file(tmp_path, "b.do", "error 9\n")]
    done = below(stata, "run", "--json", *paths)
    found = json.loads(done.stdout)
    assert [(each["state"], each["return_code"]) for each in found] == [
        ("finished", 0),
        ("finished", 9),
    ]
    assert found[1]["output"].endswith("r(9);\n") and done.returncode == 1


def test_the_first_interrupt_breaks_stata(stata: Client, tmp_path: Path) -> None:
    path = do_file(tmp_path, "a.do", 'display "under way"\nsleep 60000\n')
    with running("run", path, "--url", stata.address.url) as process:
        read_until(process.stdout, "under way")
        process.send_signal(signal.SIGINT)
        output, told = process.communicate(timeout=BOUND_S)
    assert process.returncode == 1
    assert "--Break--" in output and output.endswith("r(1);\n")
    assert "a.do: r(1);" in told
    assert [each.session_id for each in stata.sessions()] == ["default"]


def test_the_second_interrupt_leaves(serve: Callable[..., LiveServer], tmp_path: Path) -> None:
    path = light_console(tmp_path, "break-never")
    stata = Client(serve(stata_path=str(path), break_grace=600).url)
    code = do_file(tmp_path, "a.do", 'display "under way"\nsleep 60000\n')
    with running("run", code, "--url", stata.address.url) as process:
        read_until(process.stdout, "under way")
        process.send_signal(signal.SIGINT)
        read_until(process.stderr, "sending a break; Ctrl-C once more leaves")
        process.send_signal(signal.SIGINT)
        assert process.wait(BOUND_S) == 130
    eventually(lambda: [each.session_id for each in stata.sessions()] == ["default"])


def test_sigterm_leaves_no_session(stata: Client, tmp_path: Path) -> None:
    path = do_file(tmp_path, "a.do", 'display "under way"\nsleep 60000\n')
    with running("run", path, "--url", stata.address.url) as process:
        read_until(process.stdout, "under way")
        process.terminate()
        assert process.wait(BOUND_S) == 130
    eventually(lambda: [each.session_id for each in stata.sessions()] == ["default"])


def test_without_a_server_a_private_one_is_started_and_ended(tmp_path: Path) -> None:
    stata = str(light_console(tmp_path))
    path = do_file(tmp_path, "a.do", "display 6*7\nsleep 500\n")
    with running("run", path, "--stata-path", stata) as process:
        read_until(process.stdout, "42")
        below_it = psutil.Process(process.pid).children(recursive=True)
        assert process.wait(BOUND_S) == 0
    assert len(below_it) > 1, "a server and a console"
    eventually(lambda: not any(is_alive(each) for each in below_it))


def test_the_key_breaks_stata_and_not_its_private_server(tmp_path: Path) -> None:
    stata = str(light_console(tmp_path))
    path = do_file(tmp_path, "a.do", 'display "under way"\nsleep 60000\n')
    with running("run", path, "--stata-path", stata) as process:
        read_until(process.stdout, "under way")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does for Ctrl-C
        output, told = process.communicate(timeout=BOUND_S)
    assert process.returncode == 1
    assert output.endswith("r(1);\n") and "a.do: r(1);" in told


def test_a_private_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    done = run_cli("exec", "display 1", "--stata-path", str(tmp_path))
    assert done.returncode == 4
    assert "no console Stata found" in done.stderr
    assert "No server could be started" in done.stderr


def test_a_server_that_was_named_must_answer() -> None:
    done = run_cli("exec", "display 1", "--url", "http://127.0.0.1:9")
    assert done.returncode == 4 and "no server answers at http://127.0.0.1:9" in done.stderr


def test_exec_uses_the_default_session(stata: Client) -> None:
    assert below(stata, "exec", "global n 7").returncode == 0
    done = below(stata, "exec", 'display "<$n>"\nerror 459')
    assert (done.returncode, done.stderr) == (1, "r(459);\n")
    assert "\n<7>\n" in done.stdout


def test_exec_reads_code_from_standard_input(stata: Client) -> None:
    environ = {"STATA_SESSIONS_URL": stata.address.url}
    done = run_cli("exec", "-", "--json", environ=environ, input="display 6*7\n")
    assert json.loads(done.stdout)["output"].endswith("\n42\n")


def test_a_time_limit_breaks(stata: Client) -> None:
    done = below(stata, "exec", "sleep 60000", "--time-limit", "0.3", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["command"]["reason"] == "time-limit"


def test_a_time_limit_is_named_as_the_reason(stata: Client, tmp_path: Path) -> None:
    limit = ("--time-limit", "0.3")
    assert below(stata, "exec", "sleep 60000", *limit).stderr == "r(1); the time limit has passed\n"
    path = do_file(tmp_path, "a.do", "sleep 60000\n")
    assert "a.do: r(1); the time limit has passed after" in below(stata, "run", path, *limit).stderr


def test_a_stata_that_dies_is_told_of(stata: Client) -> None:
    session = stata.create_session("mine")
    code = 'display "under way"\nsleep 60000'
    with running("exec", "-s", session, code, "--url", stata.address.url) as process:
        read_until(process.stdout, "under way")
        os.kill(stata.session(session).pid or 0, signal.SIGKILL)
        _, told = process.communicate(timeout=BOUND_S)
    assert process.returncode == 4
    assert told.startswith("lost: ") and "SIGKILL" in told


def seen_on_terminal(*arguments: str, until: str | None = None) -> str:
    """Return what a person sees of a command, to its end or until the pattern stands there."""
    shown, its = pty.openpty()
    process = subprocess.Popen(
        [*CLI, *arguments],
        env=ENVIRON | {"TERM": "xterm", "COLUMNS": "200"},
        stdin=its,
        stdout=its,
        stderr=its,
    )
    os.close(its)
    seen = ""
    deadline = time.monotonic() + BOUND_S
    try:
        while not (until and re.search(until, seen)):
            assert time.monotonic() < deadline, seen
            if select.select([shown], [], [], 0.1)[0]:
                seen += os.read(shown, 65536).decode(errors="replace")
    except OSError:  # the command has ended, and its terminal with it
        assert until is None, seen
    finally:
        process.kill()
        process.wait()
        os.close(shown)
    return seen


def test_people_see_how_far_each_file_is(stata: Client, tmp_path: Path) -> None:
    code = "".join(f"display {n}\n" for n in range(9)) + "sleep 60000\n"
    file = do_file(tmp_path, "a.do", code)
    seen = seen_on_terminal("run", file, "--url", stata.address.url, until=r"a\.do .* 10/10")
    assert re.search(r"^8\r?$", seen, re.MULTILINE), "the output stands above"


def test_a_question_stands_above_the_table_too(stata: Client, tmp_path: Path) -> None:
    file = do_file(tmp_path, "a.do", "display _request(x)\n")
    seen = seen_on_terminal("run", file, "--url", stata.address.url, until="answer with: ")
    assert re.search(r"[\r\n](\x1b\[\w+)*session \w+ waits for input", seen), repr(seen)


def test_on_a_terminal_a_return_code_stands_once(stata: Client) -> None:
    seen = seen_on_terminal("exec", "error 198", "--url", stata.address.url)
    assert seen.count("r(198);") == 1
