"""A terminal reads, types, wakes and ends with its program, whoever else holds it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from stata_sessions.consoles.terminal import WRITE_LIMIT, Terminal

PATIENCE_S = 20.0


@contextmanager
def _terminal(code: str, **options: Any) -> Iterator[Terminal]:
    """Run Python code on a terminal."""
    argv = [sys.executable, "-S", "-E", "-c", code]
    terminal = Terminal(argv, cwd="/", env={"TERM": "dumb"}, size=(40, 100), **options)
    try:
        yield terminal
    finally:
        terminal.close()


def _read(terminal: Terminal, text: bytes) -> bytes:
    data, until = b"", time.monotonic() + PATIENCE_S
    while text not in data:
        assert time.monotonic() < until, data
        data += terminal.read(1)
    return data


def _read_to_end(terminal: Terminal) -> bytes:
    data, until = b"", time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            data += terminal.read(1)
        except EOFError:
            return data
    raise AssertionError(data)


def test_a_program_gets_the_size_and_a_session_of_its_own() -> None:
    code = "import os; print(*os.get_terminal_size(), os.getsid(0) == os.getpid())"
    with _terminal(code) as terminal:
        assert _read_to_end(terminal) == b"100 40 True\r\n"
        report = terminal.close()
    assert (report.exit_status, report.signal) == (0, None)


def test_what_is_typed_arrives_and_what_is_printed_is_read() -> None:
    with _terminal("print('got', input())") as terminal:
        terminal.write(b"a li")
        terminal.write(b"ne\n")
        assert b"got a line\r\n" in _read_to_end(terminal)


def test_a_terminal_that_echoes_draws_no_control_characters() -> None:
    code = "import os; os.system('stty echo'); print('ready'); input(); print('got it')"
    with _terminal(code) as terminal:
        _read(terminal, b"ready\r\n")
        terminal.write(b"a\x01b\n")
        assert b"a\x01b\r\n" in _read(terminal, b"got it")


def test_a_read_ends_in_time() -> None:
    with _terminal("input()") as terminal:
        started = time.monotonic()
        assert terminal.read(0.1) == b""
        assert 0.09 < time.monotonic() - started < PATIENCE_S
        assert terminal.read(0) == b""


def test_a_read_is_woken_from_any_thread_and_by_an_earlier_wake() -> None:
    with _terminal("input()") as terminal:
        terminal.wake()
        assert terminal.read(None) == b""
        waker = threading.Timer(0.05, terminal.wake)
        waker.start()
        assert terminal.read(None) == b""
        waker.join()


@pytest.fixture
def hasty_switches() -> Iterator[None]:
    """Have threads interrupt one another nearly everywhere."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hasty_switches")
def test_who_wakes_it_while_it_closes_writes_into_nobody_s_file(tmp_path: Path) -> None:
    over = threading.Event()

    def wake(terminal: Terminal) -> None:
        while not over.is_set():
            terminal.wake()

    for _ in range(40):
        over.clear()
        with _terminal("pass") as terminal:
            threads = [threading.Thread(target=wake, args=(terminal,)) for _ in range(3)]
            for thread in threads:
                thread.start()
        with ExitStack() as files:
            # These get the numbers that have just become free.
            opened = [files.enter_context((tmp_path / str(n)).open("wb")) for n in range(6)]
            over.wait(0.002)
            over.set()
            for thread in threads:
                thread.join(PATIENCE_S)
            assert [os.fstat(file.fileno()).st_size for file in opened] == [0] * 6


def test_the_end_is_seen_although_a_child_holds_the_terminal() -> None:
    code = "import os, time\nprint('parent')\nif os.fork() == 0: time.sleep(30)"
    with _terminal(code) as terminal:
        started = time.monotonic()
        assert b"parent" in _read_to_end(terminal)
        assert time.monotonic() - started < 10


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_signal_is_reported(number: signal.Signals) -> None:
    with _terminal(f"import os; os.kill(os.getpid(), {int(number)})") as terminal:
        _read_to_end(terminal)
        report = terminal.close()
        assert (report.exit_status, report.signal) == (None, number)
        assert str(report) == f"killed by signal {int(number)}, {number.name}"
        assert terminal.close() == report


def test_an_exit_status_is_reported() -> None:
    with _terminal("raise SystemExit(7)") as terminal:
        _read_to_end(terminal)
        assert str(terminal.close()) == "exit status 7"


def test_closing_ends_a_program_that_lives() -> None:
    with _terminal("import time; time.sleep(60)") as terminal:
        pid = terminal.pid
        assert terminal.close().signal == signal.SIGKILL
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_an_interrupt_that_the_server_ignores_reaches_the_console() -> None:
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        test_an_interrupt_reaches_the_foreground()
    finally:
        signal.signal(signal.SIGINT, handler)


def test_an_interrupt_reaches_the_foreground() -> None:
    # One that comes before the program waits for it must not be missed.
    code = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [2]); print('up')\n"
    code += "signal.sigwait([2]); print('broken')"
    with _terminal(code) as made:
        _read(made, b"up")
        made.interrupt()
        assert b"broken" in _read_to_end(made)


def test_an_interrupt_that_comes_too_late_reaches_nobody() -> None:
    # In a session of its own: it would be interrupted itself, and all of its group.
    code = (
        "import sys; from stata_sessions.consoles.terminal import Terminal\n"
        "ended = Terminal([sys.executable, '-c', ''], cwd='/', env={}, size=(9, 99))\n"
        "ended.wait(20); ended.interrupt(); ended.close(); print('still here')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, start_new_session=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"still here\n")


def test_typing_never_blocks_and_is_bounded() -> None:
    code = "import sys, tty; tty.setraw(0); print('up', flush=True)\n"
    code += "import time; time.sleep(60)"
    with _terminal(code) as terminal:
        _read(terminal, b"up")
        terminal.write(b"x" * (WRITE_LIMIT - 1))
        with pytest.raises(BufferError):
            terminal.write(b"x" * WRITE_LIMIT)


def test_what_a_slow_reader_left_is_typed_later() -> None:
    code = "import sys, tty, time; tty.setraw(0); print('up', flush=True); time.sleep(0.3)\n"
    code += "left = 100000\nwhile left: left -= len(sys.stdin.buffer.raw.read(left))\nprint('all')"
    with _terminal(code) as terminal:
        _read(terminal, b"up")
        terminal.write(b"x" * 100_000)
        assert b"all" in _read_to_end(terminal)


def test_another_thread_may_not_use_it() -> None:
    errors: list[BaseException] = []

    def trespass(terminal: Terminal) -> None:
        try:
            terminal.read(0)
        except AssertionError as error:
            errors.append(error)

    with _terminal("input()") as terminal:
        thread = threading.Thread(target=trespass, args=(terminal,))
        thread.start()
        thread.join(PATIENCE_S)
    assert len(errors) == 1


@pytest.mark.parametrize("argv", [["/nowhere/stata-mp"], ["no-such-program"]])
def test_a_missing_program_is_an_error_of_the_system(argv: list[str]) -> None:
    with pytest.raises(OSError, match=argv[0]):
        Terminal(argv, cwd="/", env={}, size=(40, 100))


def test_nothing_is_left_open() -> None:
    before = psutil.Process().num_fds()
    for _ in range(3):
        with _terminal("print('up')") as terminal:
            _read_to_end(terminal)
    assert psutil.Process().num_fds() == before
