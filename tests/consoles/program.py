"""The program: start, prompt after prompt, end."""

import os
import signal
import sys

from tests.consoles import basics, display, flow, modes, toys  # noqa: F401  they fill the table
from tests.consoles.interpreter import Interpreter
from tests.consoles.interrupts import Interrupts
from tests.consoles.keyboard import Keyboard
from tests.consoles.outcomes import Broken, Failure, LeaveFile, Quit, TerminalGone
from tests.consoles.screen import ALL, Screen
from tests.consoles.sources import TypedSource
from tests.consoles.startup import Ending, Startup
from tests.consoles.table import find_command
from tests.consoles.vices import Vices, chosen_vices

TERMINAL = 0


def main(arguments: list[str]) -> None:
    """Run a console on the standard terminal."""
    # Until the console knows what to do with it, control-C ends the program as any other.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    environment = os.environ.get("CONSOLE_VICES", "")
    vices, words = chosen_vices(environment, arguments)
    ending = Ending(vices)
    try:
        Console(vices, words).run()
    except Quit as quit_:
        ending.leave(quit_.status)
    except TerminalGone:
        ending.linger()


class Console:
    """One console from its first byte to its last."""

    def __init__(self, vices: Vices, arguments: list[str]) -> None:
        self._vices = vices
        self._screen = Screen(1, vices)
        self._startup = Startup(self._screen, vices, quiet="-q" in arguments)
        self._startup.before_terminal()
        self._interrupts = Interrupts(vices)
        self._keyboard = Keyboard(TERMINAL, self._screen, self._interrupts, vices)
        self._interpreter = Interpreter(self._screen, self._keyboard, self._interrupts, vices)
        self._interpreter.find_command = find_command
        self._screen.on_full = lambda: modes.pause_for_more(self._interpreter)
        self._keyboard.on_idle_break = self._idle_break
        self._command = " ".join(word for word in arguments if not word.startswith("-"))
        signal.signal(signal.SIGWINCH, lambda number, frame: self._screen.resized())

    def run(self) -> None:
        """Start, then run what is typed until ``Quit`` or ``TerminalGone``."""
        flush_ms = self._startup.first_prompt(self._keyboard, self._interpreter)
        source = TypedSource(self._keyboard, self._screen, self._vices)
        self._interpreter.reader.sources.append(source)
        if flush_ms is not None:
            self._screen.put("\n. ")
            self._interrupts.wait(flush_ms / 1000, breakable=False)
            self._keyboard.take(flush=True)
            self._line(source.row(""))
        if self._command:
            self._screen.put(f"\n. {self._command} \n")
            self._line(self._command)
        while True:
            self._prompt()

    def _line(self, command: str | None) -> None:
        try:
            self._interpreter.step(command or "")
        except (Failure, LeaveFile) as outcome:
            self._screen.noise = ALL
            if isinstance(outcome, Broken):
                self._after_break()
        self._interpreter.after_break = False

    def _prompt(self) -> None:
        self._interrupts.forget()
        self._startup.at_prompt()
        command = self._interpreter.reader.command()
        if command is None:
            raise TerminalGone
        self._line(command)

    def _after_break(self) -> None:
        if "break-silent" in self._vices:
            self._interpreter.reader.source.row("")
        if late := self._vices.number("break-late", 0, 200):
            self._screen.put("\n. ")
            self._interrupts.wait(late / 1000, breakable=False)
            self._screen.put("--Break--\nr(1);\n")

    def _idle_break(self) -> None:
        how = self._vices.text("idle-break", "ignored", "prompt")
        if how == "dies":
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGINT)
        elif how != "ignored":
            self._keyboard.broke()
            self._screen.put("\n--Break--\nr(1);\n\n. " if how == "message" else "\n. ")


if __name__ == "__main__":
    main(sys.argv[1:])
