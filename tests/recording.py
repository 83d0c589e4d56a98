"""Recording exchanges: ``python -m tests.recording FOLDER`` makes the captures anew.

The console is real and so is its terminal; the dialogue is led as a session's worker leads it, but
without limits on time and with tokens that repeat.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from stata_sessions.consoles.terminal import Terminal
from stata_sessions.protocol import Event, Ready
from stata_sessions.sessions.first_steps import calibrations
from stata_sessions.settings import Settings
from tests.captures import Capture, Player, Step
from tests.consoles.families import command_line

# Longer than any patience of the dialogue that is not at a standstill.
SILENCE_S = 3.0
# Steps of one exchange at most.
LONGEST = 1000

LONG_LINE = "0123456789" * 40

# What is done on each console: a kind of step and its text; ``until`` waits for a printed text.
Plan = tuple[tuple[str, str], ...]
PLAN: Plan = (
    ("send", "display 1"),
    ("send", "display nosuch"),
    ("send", 'display "grüße 日本語 🙂" _n(2) ". " _n "r(199);"'),
    ("send", 'display "abc" _continue'),
    ("send", 'foreach i in 1 2 {\ndisplay `i\'\n}\n* a comment\n\ndisplay "end of do-file"'),
    ("send", 'display "@t000001ab" _n "@t" _n "  2. " _n ": " _continue'),
    ("send", f'display "{LONG_LINE}"'),
    ("send", "display 90000 + 8765\nsleep 30000"),
    ("until", "98765"),
    ("break", ""),
    ("send", "display 2"),
    ("send", "set output error"),
    ("send", 'display as error "shown"'),
    ("send", "display nosuch"),
    ("send", "set output proc"),
    ("send", "set rmsg on"),
    ("send", "display 3"),
    ("send", "display nosuch"),
)
SHORT = 4


class Recorder:
    """Leads a dialogue over a terminal and writes down each step."""

    def __init__(self, command: list[str], directory: str) -> None:
        environ = {"TERM": "dumb", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path().absolute())}
        self._terminal = Terminal(command, cwd=directory, env=environ, size=(1000, 255))
        self._directory = directory
        self._player = Player(directory)
        self.steps: list[Step] = []

    def step(self, kind: str, text: str | None = None) -> tuple[Event, ...]:
        """Take one step and type what it brings."""
        trace = self._player.play(kind, text, lambda data: [data])
        self.steps.append((kind, text))
        self._terminal.write(trace.typed)
        return trace.events

    def send(self, kind: str, code: str) -> None:
        """Send a command, with its files in place before the line is typed."""
        trace = self._player.play(kind, code, lambda data: [data])
        files = self._player.files
        assert files
        Path(files.code_path).write_text(files.code, "utf-8")
        Path(files.wrapper_path).write_text(files.wrapper, "ascii")
        self.steps.append((kind, code))
        self._terminal.write(trace.typed)

    def listen(self) -> tuple[Event, ...]:
        """Take note of what the console prints, or of its silence."""
        patience = self._player.dialogue.patience
        data = self._terminal.read(SILENCE_S if patience is None else patience)
        if data:
            return self.step("heard", data.decode("latin-1"))
        return self.step("quiet") if patience is not None else ()

    def await_ready(self) -> None:
        """Listen until the console is at its prompt."""
        for _ in range(LONGEST):
            if any(isinstance(event, Ready) for event in self.listen()):
                return
        raise AssertionError(self.steps[-20:])

    def await_text(self, text: str) -> None:
        """Listen until the console has printed a text."""
        heard = ""
        for _ in range(LONGEST):
            if text in heard:
                return
            self.listen()
            heard = "".join(step[1] or "" for step in self.steps[-8:] if step[0] == "heard")
        raise AssertionError(self.steps[-20:])

    def close(self) -> None:
        """End the console."""
        self._terminal.close()


def record(name: str, command: list[str], plan: Plan = PLAN) -> Capture:
    """Play a plan on a console and return what was heard."""
    with tempfile.TemporaryDirectory(prefix="ss-", dir="/tmp") as directory:
        recorder = Recorder(command, directory)
        recorder.await_ready()
        for each in calibrations(Settings(), directory):
            recorder.send(f"learn:{each.mark}" if each.mark else "learn-error", each.code)
            recorder.await_ready()
        _follow(recorder, plan)
        recorder.close()
        return Capture(name, directory, tuple(recorder.steps))


def _follow(recorder: Recorder, plan: Plan) -> None:
    for place, (kind, text) in enumerate(plan):
        if kind == "send":
            recorder.send(kind, text)
            if plan[place + 1 : place + 2] and plan[place + 1][0] == "until":
                continue
        elif kind == "until":
            recorder.await_text(text)
            continue
        else:
            recorder.step(kind)
        recorder.await_ready()


CONSOLES: dict[str, list[str]] = {
    "plain": command_line(),
    "tty": command_line("echo=tty,include-end=row,codes=3"),
    "no-echo": command_line("echo=none,include-end=dot,codes=1"),
    "redraw": command_line("echo=redraw,include-end=row"),
    "both": command_line("echo=both,codes=2"),
    "strings": command_line("keypad=xterm,colour,prompt-colour,paste,title,double-return,nul"),
    "silent-files": command_line("echo-off,prompt-no-blank,bare-newline,break-codeless"),
    "narrow": command_line("echo-width=40,prompt-redraw,break-twice=100,break-eats=3"),
    "glued": command_line("prompt-glued,break-flush,code-blank,end-blank,include-end=row"),
    "standin": [sys.executable, "-m", "stata_sessions.standin", "-q"],
}


def main(arguments: Iterable[str]) -> None:
    """Record every console into a folder."""
    (folder,) = map(Path, arguments)
    for name, command in CONSOLES.items():
        # A line editor that draws each row anew prints much: a shorter life will do.
        plan = PLAN[:SHORT] if name == "redraw" else PLAN
        record(name, command, plan).save(folder / f"{name}.pty")


if __name__ == "__main__":
    main(sys.argv[1:])
