"""The consoles for tests do what their table of vices says, over a real terminal."""

import os
import re
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.consoles.exchanges import EXCHANGES, Exchange
from tests.consoles.families import BENIGN, BREAKING, DEADLY, LEAVING, Deadly
from tests.consoles.screen import Screen
from tests.consoles.typist import Typist
from tests.consoles.vices import VICES, NoSuchVice, Vices

pytestmark = pytest.mark.timeout(60)

DONE = 'display "D" "ONE"'


def _play(exchange: Exchange, folder: Path, typist: Typist, ending: str) -> str:
    for name, text in exchange.files:
        (folder / name).write_text(text.replace("{d}", str(folder)))
    typist.until(r"\. ")
    typist.type(*(line.replace("{d}", str(folder)) for line in exchange.typed), DONE)
    typist.shows(ending)
    return typist.text


@pytest.mark.parametrize("exchange", EXCHANGES, ids=str)
def test_vice_shows(exchange: Exchange, tmp_path: Path) -> None:
    with Typist(exchange.vices) as typist:
        _play(exchange, tmp_path, typist, exchange.shows)


@pytest.mark.parametrize("exchange", EXCHANGES, ids=str)
def test_without_vice_does_not_show(exchange: Exchange, tmp_path: Path) -> None:
    with Typist() as typist:
        text = _play(exchange, tmp_path, typist, r"\nDONE\r\n(r;.*\r\n)?\r\n\. $")
    assert not re.search(exchange.shows, text)


# What follows control-C and a line typed at once with it, while an included file spins.
BREAKS = {
    "": r"(?<!r\(1\);\r\n)--Break--\r\n(r\(1\);\r\n){2}\r\n\. display.*\r\nDONE\r\n",
    "break-flush": r"--Break--\r\n(r\(1\);\r\n){2}\r\n\. $",
    "break-eats=3": r"\r\n\. play \"D\" \"ONE\"\r\ncommand play is unrecognized",
    "break-twice=50": r"--Break--\r\nr\(1\);\r\n--Break--\r\n(r\(1\);\r\n){2}\r\n\. ",
    "break-extra": r"--Break--\r\n(r\(1\);\r\n){3}\r\n\. ",
    "break-codeless": r"--Break--\r\n\r\n\. display",
    "break-late=50": r"(r\(1\);\r\n){2}\r\n\. --Break--\r\nr\(1\);\r\n\r\n\. display",
    "break-pages": r"(a row that was under way already\r\n){40}--Break--",
    "break-unwinds": r"--Break--\r\nr\(1\);\r\n\r\n\. display",
    "break-silent": r"--Break--\r\n(r\(1\);\r\n){2}display \"D\" \"ONE\"\r\n\r\n\. $",
    "break-polled": r"--Break--\r\n(r\(1\);\r\n){2}\r\n\. display.*\r\nDONE\r\n",
    "break-delay=300": r"(row \d+\r\n){5,}--Break--",
    "break-never": r"(row \d+\r\n){20}",
    "break-nth": r"(row \d+\r\n){20}",
    "codes=1": r"--Break--\r\nr\(1\);\r\n\r\n\. display",
}


def _spin(typist: Typist, folder: Path) -> None:
    (folder / "spin.do").write_text("spin 10\n")
    typist.until(r"\. ")
    typist.type(f'include "{folder}/spin.do"')
    typist.until("row 2\r\n")


@pytest.mark.parametrize(("vices", "shows"), BREAKS.items())
def test_break(vices: str, shows: str, tmp_path: Path) -> None:
    with Typist(vices) as typist:
        _spin(typist, tmp_path)
        typist.key("\x03" + DONE + "\n")
        typist.until(shows)
        assert "unrecognized" in typist.text or "eats" not in vices


def test_second_break_is_honoured(tmp_path: Path) -> None:
    with Typist("break-nth") as typist:
        _spin(typist, tmp_path)
        typist.interrupt()
        typist.until("row 20")
        typist.interrupt()
        typist.until("--Break--")


def test_break_kills(tmp_path: Path) -> None:
    with Typist("break-kills") as typist:
        _spin(typist, tmp_path)
        typist.interrupt()
        assert typist.end() == -signal.SIGINT


def test_break_in_a_child_may_leave_the_console_alone() -> None:
    for vices, shows in {"": "--Break--", "break-shell": r"\n\r\n\. display.*\r\nDONE"}.items():
        with Typist(vices) as typist:
            typist.until(r"\. ")
            typist.type("shell echo up; exec sleep 20")
            typist.until("\nup")
            typist.interrupt()
            typist.type(DONE)
            typist.until(shows)


IDLE_BREAKS = {
    "": r"^display.*\r\nDONE",
    "idle-break=prompt": r"\r\n\. display.*\r\nDONE",
    "idle-break=message": r"--Break--\r\nr\(1\);\r\n\r\n\. display.*\r\nDONE",
    "echo=tty": r"\^Cdisplay.*\r\nDONE",
    "break-polled": r"^display.*\r\nDONE",
}


@pytest.mark.parametrize(("vices", "shows"), IDLE_BREAKS.items())
def test_break_at_the_prompt(vices: str, shows: str) -> None:
    with Typist(vices) as typist:
        typist.until(r"\. ")
        typist.interrupt()
        typist.type(DONE)
        typist.until(shows)


def test_break_at_the_prompt_kills() -> None:
    with Typist("idle-break=dies") as typist:
        typist.until(r"\. ")
        typist.interrupt()
        assert typist.end() == -signal.SIGINT


@pytest.mark.parametrize(
    ("vices", "key", "shows"),
    [
        ("more", " ", r"\r {8}\r(\d{10} .*\r\n){48}--more--$"),
        ("more", "\n", r"\r {8}\r\d{10} .*\r\n--more--$"),
        ("more", "\x04", r"\r {8}\r(\d{10} .*\r\n){48}--more--$"),
        ("more", "\x03q", r"\r {8}\r--Break--\r\nr\(1\);"),
        ("more-breaks,more", "\x03", r"\r {8}\r--Break--\r\nr\(1\);"),
        ("more,echo=tty", "q", r"\r {8}\r--Break--\r\nr\(1\);"),
    ],
)
def test_more(vices: str, key: str, shows: str) -> None:
    with Typist(vices) as typist:
        typist.until(r"\. ")
        typist.type("flood 80000")
        typist.until("--more--$")
        typist.key(key)
        typist.until(shows)


def test_more_before_the_first_prompt() -> None:
    with Typist("start-more") as typist:
        typist.until("--more--$")
        typist.key("q")
        typist.until(r"\n\. $")


# The vice, what is typed, and what comes only after the time given by the vice.
DELAYS = [
    ("start-delay=300", "", r"\. ", 0.3),
    ("start-deaf=300", DONE, "\nDONE", 0.3),
    ("start-twice=300", "", r"(?s)\. .*Notes.*\. ", 0.3),
    ("echo-pause=300", 'do "{d}/f.do"', "\nDONE", 0.3),
    ("prompt-delay=300", "display 5", r"\n5\r\n\r\n\. ", 0.3),
    ("type-stall=10", DONE, "\nDONE", 0.5),
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


def test_what_is_typed_too_early_is_lost() -> None:
    with Typist("start-flush=200") as typist:
        typist.until(r"\. ")
        typist.type('display "EAR" "LY"')
        assert not typist.quiet(0.1)  # The terminal still echoes.
        typist.quiet(0.4)
        typist.type(DONE)
        typist.until("\nDONE")
        assert "EARLY" not in typist.text


@pytest.mark.parametrize(
    ("vices", "writes"),
    [
        ("one-byte", [b"a", b"\xc3", b"\xa9", b"\n"]),
        ("cut-utf8", [b"a\xc3", b"\xa9\n"]),
        ("", None),
    ],
)
def test_writes_are_cut(vices: str, writes: list[bytes] | None) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        Screen(theirs.fileno(), Vices(vices.split(","))).put("aé\n")
        theirs.close()
        ours.setblocking(False)
        assert [ours.recv(99) for _ in writes or [b""]] == (writes or ["aé\n".encode()])


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
    [("", "exit", 0), ("exit-delay=300", "exit", 0), ("", "crash", -9), ("", "crash 11", -11)],
)
def test_end(vices: str, command: str, status: int) -> None:
    with Typist(vices) as typist:
        typist.until(r"\. ")
        started = time.monotonic()
        typist.type(command)
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


def test_families_name_known_vices_once() -> None:
    for family in (BENIGN, BREAKING, DEADLY, LEAVING):
        assert len({member.name for member in family}) == len(family)
        for member in family:
            Vices(member.vices.split(","))


def test_every_vice_is_shown() -> None:
    shown = Path(__file__).read_text() + " ".join(map(str, EXCHANGES))
    shown += " ".join(deadly.vices for deadly in DEADLY)
    assert [vice for vice in VICES if vice not in shown] == []


def test_unknown_vice_is_refused() -> None:
    with pytest.raises(NoSuchVice):
        Vices(["echoe=none"])
