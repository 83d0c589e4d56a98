"""Control-C and ``--more--`` on the consoles for tests."""

import signal
from pathlib import Path

import pytest

from tests.consoles.typist import Typist

pytestmark = pytest.mark.timeout(60)

DONE = 'display "D" "ONE"'


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
    "cooked": r"\^Cdisplay \"D\" \"ONE\"\r\n--Break--",
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


@pytest.mark.parametrize(("vices", "broken"), [("", True), ("break-shell", False)])
def test_break_in_a_child(vices: str, broken: bool) -> None:
    with Typist(vices) as typist:
        typist.until(r"\. ")
        typist.type("shell echo up; exec sleep 20")
        typist.until("\nup")
        typist.interrupt()
        typist.type(DONE)
        typist.until(r"\. display.*\r\nDONE")
        assert ("--Break--" in typist.text) == broken


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
        ("more-row,more", " \n", r"\r {8}\r(\d{10} .*\r\n){48}--more--$"),
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
