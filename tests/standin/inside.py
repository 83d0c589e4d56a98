"""Code run by an interpreter in this process, for tests of the language alone."""

from __future__ import annotations

import os

from stata_sessions.standin.dofiles import DoFile, run_file
from stata_sessions.standin.errors import ExitConsole, StataError
from stata_sessions.standin.faults import Faults
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.keyboard import Keyboard
from stata_sessions.standin.output import Output


class Pages:
    """A screen that remembers."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


NOTHING = os.open(os.devnull, os.O_RDONLY)


class Inside:
    """An interpreter whose output is text."""

    def __init__(self) -> None:
        self.pages = Pages()
        keyboard = Keyboard(NOTHING, self.pages, Faults(), "dumb")
        self.interpreter = Interpreter(Output(self.pages), keyboard, Faults(), {})

    def run(self, code: str, folder: str) -> str:
        """Run code as a silent do-file would; return what it shows, errors included."""
        path = os.path.join(folder, "code.do")
        with open(path, "w", encoding="utf-8") as file:
            file.write(code + "\n")
        self.pages.text = ""
        out = self.interpreter.out
        try:
            with out.silenced(quiet=False, hush=True):
                run_file(self.interpreter, DoFile(path))
        except (StataError, ExitConsole):
            pass
        return self.pages.text
