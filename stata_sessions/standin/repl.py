"""The console: banner, profile, prompt, --more-- and break."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType

from stata_sessions.standin.asides import wait_by
from stata_sessions.standin.blocks import ReadBody
from stata_sessions.standin.dofiles import DoFile, run_file
from stata_sessions.standin.errors import (
    Break,
    ExitConsole,
    ExitFile,
    StataError,
)
from stata_sessions.standin.faults import Faults
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.keyboard import Keyboard, linger
from stata_sessions.standin.lines import CommandReader
from stata_sessions.standin.output import Output, Screen
from stata_sessions.standin.screen import TerminalScreen

_MORE = "--more--"
_WIDEST = 255
_LEADING_DOTS = re.compile(r"^(\s*\. )+")
BANNER = """
  stata_sessions.standin: a stand-in console for demonstrations and tests.
  It is not Stata, no StataCorp product, and knows a part of the language.
  Numbers that matter belong to the real program. Type about for what it knows.

"""


class Console:
    """One console on one terminal (or pipe)."""

    in_file = False

    def __init__(self, environ: Mapping[str, str], faults: Faults) -> None:
        self.faults = faults
        screen = TerminalScreen(sys.stdout.fileno(), faults)
        self.keyboard = Keyboard(sys.stdin.fileno(), screen, faults, environ.get("TERM", ""))
        self.out = Output(screen)
        self.interpreter = Interpreter(self.out, self.keyboard, faults, environ)
        self.interpreter.on_break = self.keyboard.flush
        self.interpreter.more = self.more
        self.interpreter.ask = self.physical
        self.interpreter.settings.more = faults.on("more")
        self.out.after_row = self._after_row
        self.keyboard.complete = self._completion
        # Where the page that --more-- measures began, in rows.
        self._page_start = 0
        self.resize()

    def start(self, *, quiet: bool) -> None:
        """Show what comes before the first prompt, the profile included."""
        self._install_signals()
        self.interpreter.executed = True
        self.keyboard.open()
        if not quiet or self.faults.on("banner"):
            self.out.force(BANNER)
        if self.faults.on("start_more"):
            with suppress(Break):
                self._more()
        for name in ("sysprofile.do", "profile.do"):
            self._run_profile(Path(name))

    def run(self, first: str = "") -> None:
        """Run a first command, then what is typed, until the input or somebody ends it."""
        reader = CommandReader(self, slash_comments=self.faults.on("slash_comments"))
        try:
            if first:
                self.run_once(first)
            while (text := self._next_command(reader)) is not None:
                self._run_one(text, reader)
            self.out.force("\n")
        except ExitConsole:
            pass
        finally:
            self.keyboard.close()
        if self.faults["sighup"] == "ignore" and self.keyboard.lost:
            linger()

    def become_batch(self, screen: Screen) -> None:
        """Write to a file instead of the terminal."""
        self.out.screen = screen
        self.out.linesize = 79
        self.interpreter.settings.batch = True

    def run_once(self, text: str, *, echo: bool = True) -> None:
        """Run a command given on the command line, echoed first."""
        if echo:
            self.out.force(f". {text} \n")
        self._attempt(text, None)

    def physical(self, prompt: str) -> str | None:
        """Return the next typed line."""
        self._page_start = self.out.rows
        line = self.keyboard.read_line(prompt)
        # What was interrupted while the prompt stood was nothing.
        self.interpreter.break_due = None
        if line is not None:
            self.out.log(f"{prompt}{line}\n")
        self.out.column = 0
        return line

    def resize(self) -> None:
        """Let linesize and pagesize follow the terminal."""
        self.out.linesize = min(max(self.keyboard.columns - 1, 40), _WIDEST)
        self.interpreter.settings.pagesize = max(self.keyboard.rows - 1, 5)

    def _next_command(self, reader: CommandReader) -> str | None:
        self.out.fresh_row()
        if self.interpreter.executed:
            self.out.force("\n")
        delay_s = self.faults.seconds("prompt_delay")
        if delay_s:
            self._idle(delay_s)
        text = reader.next(". ")
        # A leading dot is what people paste together with a command.
        return _LEADING_DOTS.sub("", text) if text else text

    def _run_one(self, text: str, reader: CommandReader) -> None:
        style = {"numbered": None, ">": "> "}.get(self.faults["if_prompt"], ". ")
        self._attempt(text, ReadBody(reader, style))

    def _attempt(self, text: str, body: ReadBody | None) -> StataError | None:
        error = None
        try:
            error = self.interpreter.attempt(text, body, self.faults.count("codes"))
        except ExitFile:
            raise ExitConsole from None
        if isinstance(error, Break):
            for _ in range(self.faults.count("break_rows") - 1):
                self.out.force("--Break--\nr(1);\n")
        return error

    def _run_profile(self, path: Path) -> None:
        if not path.is_file():
            return
        self.out.force(f"\nRunning {path.resolve()} ...\n\n")
        rows = self.out.rows
        with self.out.silenced(quiet=False, hush=True), suppress(StataError):
            run_file(self.interpreter, DoFile(str(path)))
        # The blank row behind "Running" is the prompt's own where the profile shows nothing.
        self.interpreter.executed = self.out.rows != rows

    def _completion(self, word: str) -> str:
        interpreter = self.interpreter
        names = interpreter.data.variables if interpreter.has_data else []
        matches = [name for name in names if name.startswith(word)]
        return os.path.commonprefix(list(matches))[len(word) :]

    def _after_row(self) -> None:
        self.interpreter.poll()
        settings = self.interpreter.settings
        if settings.more and self.out.rows - self._page_start >= settings.pagesize:
            self.more()

    def more(self) -> None:
        """Stop at --more-- until a key is pressed, if somebody can; `q` breaks."""
        if self.keyboard.is_terminal and not self.interpreter.settings.batch:
            self._more()

    def _more(self) -> None:
        screen = self.out.screen
        screen.write(_MORE)
        key = self.keyboard.read_key()
        screen.write("\r" + " " * len(_MORE) + "\r")
        # Enter and l show one row more; every other key a page.
        one_more = key in ("\n", "\r", "l")
        room = self.interpreter.settings.pagesize - 1 if one_more else 0
        self._page_start = self.out.rows - room
        if key in ("q", "Q", ""):
            self.keyboard.flush()
            raise Break

    def _idle(self, seconds: float) -> None:
        self.keyboard.waiting = True
        self.interpreter.wait(seconds)
        self.keyboard.waiting = False

    def _install_signals(self) -> None:
        wakeup, alarm = os.pipe()
        os.set_blocking(alarm, False)
        signal.set_wakeup_fd(alarm, warn_on_full_buffer=False)
        self.interpreter.wakeups.append(wakeup)
        wait_by(self.interpreter.wait_for)
        signal.signal(signal.SIGINT, self._interrupted)
        signal.signal(signal.SIGWINCH, lambda number, frame: self.resize())
        if self.faults["sigterm"] == "ignore":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if self.faults["sighup"] == "ignore":
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if self.faults.on("helper"):
            subprocess.Popen(["sleep", "3600"])  # noqa: S607  # a fault on order, in tests alone

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self.keyboard.waiting or self.faults["break"] == "deaf":
            return
        if self.faults["break"] == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        self.interpreter.break_due = time.monotonic() + self.faults.seconds("break_delay")
