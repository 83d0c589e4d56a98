"""How the consoles for tests start, dawdle and die."""

import os
import pty
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.consoles.families import DEADLY, Deadly, command_line
from tests.consoles.typist import Typist

pytestmark = pytest.mark.timeout(60)

DONE = 'display "D" "ONE"'


# The vice, what is typed, and what comes only after the time given by the vice.
DELAYS = [
    ("start-delay=300", "", r"\. ", 0.3),
    ("start-deaf=300", DONE, "\nDONE", 0.3),
    ("start-twice=300", "", r"(?s)\. .*Notes.*\. ", 0.3),
    ("echo-pause=300", 'do "{d}/f.do"', "\nDONE", 0.3),
    ("prompt-delay=300", "display 5", r"\n5\r\n\r\n\. ", 0.3),
    ("type-stall=10", DONE, "\nDONE", 0.5),
    ("crawl=20", DONE, "\nDONE", 0.3),
    ("drain-delay=300", DONE, "\nDONE", 0.3),
]


@pytest.mark.parametrize(("vices", "typed", "shows", "delay_s"), DELAYS)
def test_delay(vices: str, typed: str, shows: str, delay_s: float, tmp_path: Path) -> None:
    (tmp_path / "f.do").write_text(DONE + "\n")
    with Typist(vices) as typist:
        started = time.monotonic()
        if typed:
            typist.until(r"\. ")
            started = time.monotonic()
            typist.type(typed.replace("{d}", str(tmp_path)))
        typist.until(shows)
        assert time.monotonic() - started > delay_s * 0.9


def test_what_is_typed_before_a_prompt_is_lost() -> None:
    with Typist("prompt-flush") as typist:
        typist.until(r"\. ")
        typist.type("sleep 700")
        typist.until("sleep 700\r\n")
        typist.type('display "EAR" "LY"')
        typist.until(r"\. ")
        typist.type(DONE)
        typist.until("\nDONE")
        assert "EARLY" not in typist.text


def test_terminal_echoes_while_a_command_runs() -> None:
    with Typist("cooked") as typist:
        typist.until(r"\. ")
        typist.type("sleep 700")
        typist.until("sleep 700\r\n")
        typist.type(DONE)
        typist.until(r'^display "D" "ONE"\r\n\r\n\. display "D" "ONE"\r\nDONE')


def test_what_is_typed_too_early_is_lost() -> None:
    with Typist("start-flush=200") as typist:
        typist.until(r"\. ")
        typist.type('display "EAR" "LY"')
        assert not typist.quiet(0.1)  # The terminal still echoes.
        for _ in range(30):
            typist.quiet(0.2)
            typist.type(DONE)
            if "\nDONE" in typist.text:
                break
        typist.until("\nDONE")
        assert "EARLY" not in typist.text


@pytest.mark.parametrize("deadly", DEADLY, ids=str)
def test_deadly_start(deadly: Deadly) -> None:
    with Typist(deadly.vices) as typist:
        if deadly.status is None:
            typist.until(deadly.fragment)
            assert typist.quiet(0.2)
            assert typist.child.isalive()
        else:
            assert typist.end() == deadly.status
            assert deadly.fragment in typist.text
        assert not re.search(r"^\. $", typist.text, re.MULTILINE)


def test_dies_after_so_many_bytes() -> None:
    for vices, status in {"dies-after=300": -9, "dies-after=300,dies-signal=11": -11}.items():
        with Typist(vices) as typist:
            typist.type("flood 80000")
            assert typist.end() == status
            assert len(typist.raw) < 400


@pytest.mark.parametrize(
    ("vices", "command", "status"),
    [
        ("", "exit", 0),
        ("", "set obs 5\nexit, clear", 0),
        ("", 'do "{d}/exits.do"', 0),
        ("exit-delay=300", "exit", 0),
        ("", "crash", -9),
        ("", "crash 11", -11),
    ],
)
def test_end(vices: str, command: str, status: int, tmp_path: Path) -> None:
    (tmp_path / "exits.do").write_text("set obs 5\nexit, clear STATA\n")
    with Typist(vices) as typist:
        typist.until(r"\. ")
        started = time.monotonic()
        typist.type(command.replace("{d}", str(tmp_path)))
        assert typist.end() == status
        assert "delay" not in vices or time.monotonic() - started > 0.25


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _helper_of(pids: Path, name: str) -> int:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        rows = pids.read_text().split("\n") if pids.exists() else []
        for row in rows:
            if row.startswith(name):
                return int(row.split()[1])
    raise AssertionError(f"no {name} in {pids}")


def test_child_holds_the_terminal_after_exit(tmp_path: Path) -> None:
    with Typist(f"exit-child=10000,pid-file={tmp_path}/pids") as typist:
        typist.until(r"\. ")
        typist.type("exit")
        child = _helper_of(tmp_path / "pids", "exit-child")
        assert typist.child.wait() == 0
        assert typist.held()
        os.kill(child, signal.SIGKILL)
        assert not typist.held()


def test_never_exits() -> None:
    with Typist("exit-never") as typist:
        typist.until(r"\. ")
        typist.type("exit")
        typist.until("exit\r\n")
        assert typist.quiet(0.2)
        assert typist.child.isalive()


@pytest.mark.parametrize(
    "where", ["group", "session", "daemon", "group+terminal", "daemon+terminal"]
)
def test_helper_is_deaf(where: str, tmp_path: Path) -> None:
    with Typist(f"helper={where},helper-life=20000,pid-file={tmp_path}/pids") as typist:
        typist.until(r"\. ")
        helper = _helper_of(tmp_path / "pids", "helper")
        assert (os.getpgid(helper) == typist.pid) == where.startswith("group")
        for number in (signal.SIGTERM, signal.SIGHUP):
            os.kill(helper, number)
        typist.type("exit")
        assert typist.child.wait() == 0
        assert typist.held() == where.endswith("terminal")
    assert _alive(helper)
    os.kill(helper, signal.SIGKILL)


@pytest.mark.parametrize("vice", ["deaf-term", "deaf-hup"])
def test_signal_is_ignored(vice: str) -> None:
    number = signal.SIGTERM if vice == "deaf-term" else signal.SIGHUP
    with Typist() as typist:
        typist.until(r"\. ")
        os.kill(typist.pid, number)
        assert typist.end() == -number
    with Typist(vice) as typist:
        typist.until(r"\. ")
        os.kill(typist.pid, number)
        typist.type(DONE)
        typist.until("\nDONE")


@pytest.mark.parametrize(("vices", "lingers"), [("", False), ("deaf-hup", True)])
def test_the_terminal_goes(vices: str, lingers: bool) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command_line(vices), stdin=theirs, stdout=theirs)
    os.close(theirs)
    seen = b""
    while b"\n. " not in seen:
        seen += os.read(ours, 4096)
    os.close(ours)
    try:
        assert process.wait(0.3 if lingers else 10) == 1
        assert not lingers
    except subprocess.TimeoutExpired:
        assert lingers
    finally:
        process.kill()
        process.wait()


def test_a_licence_has_so_many_seats(tmp_path: Path) -> None:
    vices = f"licence-seats=2,licence-folder={tmp_path}"
    with Typist(vices) as first, Typist(vices) as second:
        first.until(r"\. ")
        second.until(r"\. ")
        with Typist(vices) as third:
            third.until("Too many users")
            assert third.end() == 1
        first.type("exit")
        first.child.wait()
        with Typist(vices) as fourth:
            fourth.until(r"\. ")
    assert len((tmp_path / "asked").read_text().split()) == 4
