"""What happens before the first prompt and after the last: banners, failures, helpers."""

import os
import select
import signal
import time

from tests.consoles.interpreter import Interpreter
from tests.consoles.keyboard import Keyboard
from tests.consoles.licence import take_seat
from tests.consoles.outcomes import Quit
from tests.consoles.screen import Screen
from tests.consoles.vices import Vices

BANNER = """
  ___  ____  ____  ____  ____ \N{REGISTERED SIGN}
 /__    /   ____/   /   ____/      18.0
___/   /   /___/   /   /___/       MP\N{EM DASH}Parallel Edition

 Statistics and Data Science       A light imitation for tests, not Stata

Stata license: Unlimited-user 2-core network, expiring  2 Jul 2030
Serial number: 000000000000
  Licensed to: Tests

Notes:
      1. Unicode is supported; see help unicode_advice.
"""
FAILURES = {
    "licence": "License not applicable to this Stata",
    "edition": "License not applicable to this Stata",
    "no-licence": "Cannot find license file\n\nThe file stata.lic was not found.",
    "expired": "License has expired",
    "seats": "Too many users: no licence seat is free",
    "library": "stata-mp: error while loading shared libraries: libtinfo.so.5: "
    "cannot open shared object file: No such file or directory",
    "arch": "cannot execute binary file: Exec format error",
    "silent": "",
}
LINGER_S = 20.0
HANG_S = 120.0


class Startup:
    """Everything up to the first prompt."""

    def __init__(self, screen: Screen, vices: Vices, *, quiet: bool) -> None:
        self._screen, self._vices, self._quiet = screen, vices, quiet
        self._prompts = 0

    def before_terminal(self) -> None:
        """Ignore signals, start helpers, or fail before the terminal is touched."""
        note_pid(self._vices, "console", os.getpid())
        for name, number in (("deaf-term", signal.SIGTERM), ("deaf-hup", signal.SIGHUP)):
            if name in self._vices:
                signal.signal(number, signal.SIG_IGN)
        if "helper" in self._vices:
            start_helper(self._vices)
        doze(self._vices.seconds("start-delay", 2000))
        self._fail()

    def _fail(self) -> None:
        if "start-hangs" in self._vices:
            if self._vices.text("start-hangs", "") == "text":
                self._screen.put("Waiting for the licence server ...\n")
            doze(HANG_S)
        if "start-dies" in self._vices:
            self._screen.put(BANNER[:200])
            os.kill(os.getpid(), self._vices.number("start-dies", signal.SIGSEGV))
        refused = "licence-seats" in self._vices and not take_seat(self._vices)
        if refused or "start-fails" in self._vices:
            name = self._vices.text("start-fails", "seats" if refused else "licence")
            text = FAILURES[name]
            self._screen.put(text + "\n" if text else "")
            raise Quit(self._vices.number("start-status", 127 if name == "library" else 1))

    def first_prompt(self, keyboard: Keyboard, interpreter: Interpreter) -> int | None:
        """Take the terminal and print what comes first; return ms to a flush, if any."""
        flush = "start-flush" in self._vices
        if not flush:
            keyboard.take()
        self._screen.put(keypad(self._vices))
        if "asks-cursor" in self._vices:
            self._screen.put("\x1b[6n")
            doze(0.1)
            keyboard.take(flush=True)
        if not self._quiet or "banner" in self._vices:
            self._screen.put(BANNER)
        if "start-more" in self._vices:
            self._more(keyboard)
        self._profile(interpreter)
        if wait := self._vices.number("start-twice", 0, 1000):
            self._screen.put("\n. ")
            doze(wait / 1000)
            self._screen.put("\n" + BANNER)
        return self._vices.number("start-flush", 100) if flush else None

    def _more(self, keyboard: Keyboard) -> None:
        for row in range(3):
            self._screen.put(f"a message of the site, part {row}\n--more--")
            if keyboard.read_key() in b"qQ":
                break
            self._screen.put("\r        \r")
        self._screen.put("\r        \r")

    def _profile(self, interpreter: Interpreter) -> None:
        if "profile" in self._vices:
            wrapped = self._vices.text("profile", "") == "wrapped"
            path = "/opt/" + "a_long_name/" * 7 + "profile.do" if wrapped else "/opt/profile.do"
            text = f"Running {path} ..."
            rows = [text[:79], "> " + text[79:]] if wrapped else [text]
            self._screen.put("\n" + "\n".join(rows) + "\n\n")
        if "profile-rows" in self._vices:
            self._screen.put("\n. \n. display 1\n1\n\n. not_a_command\nr(111);\n\nr(111);\n")
        if "profile-rmsg" in self._vices:
            interpreter.settings["rmsg"] = "on"
        if "profile-cd" in self._vices:
            os.chdir(self._vices.text("profile-cd", "/"))

    def at_prompt(self) -> None:
        """Do what is due when a prompt comes."""
        self._prompts += 1
        if self._prompts == 1 and "start-deaf" in self._vices:
            self._screen.put("\n. ")
            doze(self._vices.seconds("start-deaf", 1000))
        if delay := self._vices.seconds("prompt-late", 150):
            print_later(delay)


class Ending:
    """How the program leaves."""

    def __init__(self, vices: Vices) -> None:
        self._vices = vices

    def leave(self, status: int) -> None:
        """Exit with a status, slowly or not at all if the vices say so."""
        doze(self._vices.seconds("exit-delay", 500))
        if "exit-never" in self._vices:
            doze(LINGER_S)
        # The death of a session's leader hangs up on its group: the child must be deaf before.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if "exit-child" in self._vices and not fork():
            note_pid(self._vices, "exit-child", os.getpid())
            doze(self._vices.seconds("exit-child", 10_000))
        os._exit(status)

    def linger(self) -> None:
        """Leave after the terminal is gone, late if the console is deaf to that."""
        if "deaf-hup" in self._vices:
            doze(LINGER_S)
        os._exit(1)


def keypad(vices: Vices) -> str:
    """Return the terminal string of start and shell escapes."""
    if "keypad" not in vices:
        return ""
    return "\x1b[?1h\x1b=" if vices.text("keypad", "") == "xterm" else "\x1b="


def doze(seconds: float) -> None:
    """Wait; signals do not shorten it."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        select.select([], [], [], left)


def fork() -> int:
    """Fork; the child keeps no signal handler of ours."""
    pid = os.fork()
    if not pid:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return pid


def note_pid(vices: Vices, name: str, pid: int) -> None:
    """Append a process to the file of pids."""
    if "pid-file" in vices:
        with open(vices.text("pid-file", "pids"), "a", encoding="utf-8") as file:
            file.write(f"{name} {pid}\n")


def print_later(delay_s: float) -> None:
    """Let a background child print a row after a delay."""
    if child := fork():
        os.waitpid(child, 0)
        return
    if not os.fork():
        doze(delay_s)
        os.write(1, b"\r\n[1]+  Done   background child\r\n")
    os._exit(0)


def start_helper(vices: Vices) -> None:
    """Start a child that is deaf to HUP and TERM and lives for a bounded time."""
    where, _, terminal = vices.text("helper", "group").partition("+")
    if child := fork():
        if where == "daemon":
            os.waitpid(child, 0)
        return
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if where != "group":
        os.setsid()
    if where == "daemon" and os.fork():
        os._exit(0)
    if not terminal:
        null = os.open(os.devnull, os.O_RDWR)
        for handle in range(3):
            os.dup2(null, handle)
    note_pid(vices, "helper", os.getpid())
    doze(vices.number("helper-life", 20_000) / 1000)
    os._exit(0)
