"""Runs commands: prefixes, blocks, programs, do-files, and what errors print on the way up."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.consoles.codes import Codes
from tests.consoles.data import Data
from tests.consoles.expressions import Evaluator, InvalidExpression, Value, format_value
from tests.consoles.interrupts import Interrupts
from tests.consoles.keyboard import Keyboard
from tests.consoles.macros import Macros
from tests.consoles.names import Names
from tests.consoles.outcomes import Broken, Failure, LeaveFile
from tests.consoles.reader import Reader
from tests.consoles.screen import ALL, ERRORS, Screen
from tests.consoles.sources import BodySource, FileSource, Source
from tests.consoles.vices import Vices

MOST_NESTED = 64
Command = Callable[["Interpreter", str], None]


class Interpreter:
    """The state of one console and the running of its commands."""

    def __init__(
        self, screen: Screen, keyboard: Keyboard, interrupts: Interrupts, vices: Vices
    ) -> None:
        self.screen, self.keyboard, self.interrupts, self.vices = (
            screen,
            keyboard,
            interrupts,
            vices,
        )
        self.reader = Reader(vices, self._before_prompt)
        self.macros = Macros(lambda text: format_value(self.evaluate(text)))
        self.data = Data()
        self.programs: dict[str, list[str]] = {}
        self.settings = {"rmsg": "off", "trace": "on" if "trace-on" in vices else "off"}
        self.names = Names(self.data, screen, self.settings)
        self.codes = Codes(screen, self.settings, vices)
        self.pausing = False
        self.last_if = True
        self.raw = ""
        self.after_break = False
        self.find_command: Callable[[str], Command | None] = lambda word: None
        screen.on_write = interrupts.check

    # Prompts and rows

    def _before_prompt(self, source: Source) -> None:
        if not source.echo or source.in_file and not self.screen.wants(ALL):
            return
        if source.in_file:
            self.screen.fresh_row()
        elif self._glued():
            return
        if "prompt-no-blank" in self.vices:
            return
        if source.blank or "prompt-blank" in self.vices:
            self.screen.put("\n")
        if not source.in_file:
            if "prompt-row" in self.vices:
                self.screen.put("warning: the licence server does not answer\n")
            self.interrupts.wait(self.vices.seconds("prompt-delay", 100), breakable=False)

    def _glued(self) -> bool:
        """End the output of a command; return whether its partial row stays."""
        self.screen.rows = 0
        if "prompt-glued" in self.vices and self.screen.column:
            return True
        self.screen.fresh_row()
        return False

    def say(self, text: str) -> None:
        """Show a row of ordinary output."""
        self.screen.fresh_row()
        self.screen.show(text + "\n")

    def fail(self, message: str, code: int) -> Failure:
        """Show an error message and return the failure to raise."""
        for row in message.split("\n") if message else []:
            self.screen.error(row)
        return Failure(code)

    # Running

    def step(self, command: str) -> None:
        """Run one command of the keyboard or a do-file and print its code if it fails."""
        source, started = self.reader.source, time.monotonic()
        source.blank = bool(self.macros.expand(command).strip())
        self.codes.start()
        try:
            self.run(command)
        except Failure as failure:
            source.blank = True
            elapsed_s = time.monotonic() - started
            self.codes.report(failure, elapsed_s, typed=not source.in_file)
            raise
        except LeaveFile:
            source.blank = True
            raise
        if source.blank and self.settings["rmsg"] == "on":
            self.screen.put(f"r;{self.codes.timing(time.monotonic() - started)}\n")

    def run(self, command: str) -> None:
        """Expand and run one command; errors have shown their message when they leave."""
        if not command:
            return
        text = self.macros.expand(command).strip()
        if not text:
            return
        try:
            self.interrupts.check()
            self._trace(command, text)
            self.dispatch(command, text)
        except InvalidExpression as error:
            raise self.fail(str(error), error.code) from error
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise self.fail("invalid syntax", 198) from error
        except Broken:
            if not self.after_break:
                self.after_break = True
                if self.screen.noise >= ERRORS:
                    self.show_break()
                self.keyboard.broke()
            raise

    def show_break(self) -> None:
        """Print what a break prints, as often as the vices say."""
        for _ in range(40 if "break-pages" in self.vices else 0):
            self.screen.put("a row that was under way already\n")
        if "break-twice" in self.vices:
            self.screen.put("--Break--\nr(1);\n")
            self.interrupts.wait(self.vices.seconds("break-twice", 50), breakable=False)
        self.screen.put("--Break--\n")

    def _trace(self, command: str, text: str) -> None:
        if self.settings["trace"] == "on" and len(self.macros.scopes) > 1:
            self.screen.show(f"{'  ' * len(self.macros.scopes)}- {command}\n")
            if command != text:
                self.screen.show(f"{'  ' * len(self.macros.scopes)}= {text}\n")

    def dispatch(self, command: str, text: str) -> None:
        """Run an expanded command; ``command`` is the same before expansion."""
        word, rest = split_word(text)
        if word in self.programs:
            self.run_program(word, rest)
            return
        function = self.find_command(word)
        if function is None:
            raise self.fail(self._unknown(word), 199)
        self.raw = command
        function(self, rest)

    def _unknown(self, word: str) -> str:
        if not word[0].isalpha() and word[0] != "_":
            return f"{word} is not a valid command name"
        old = "old-words" in self.vices
        return f"unrecognized command:  {word}" if old else f"command {word} is unrecognized"

    def run_commands(self, commands: list[str]) -> None:
        """Run the body of a block or program, without echo."""
        self.reader.sources.append(BodySource(commands))
        source = self.reader.source
        try:
            while self.reader.source is source and (command := self.reader.command()) is not None:
                self.run(command)
        finally:
            self.reader.sources.remove(source)

    def run_program(self, name: str, arguments: str) -> None:
        """Run a program with its own locals."""
        with self.scope(arguments):
            traced = self.settings["trace"]
            if traced == "on":
                self.say(f"  {'-' * 60} begin {name} ---")
            try:
                self.run_commands(self.programs[name])
            except LeaveFile:
                pass
            finally:
                if traced == "on":
                    self.say(f"  {'-' * 60} end {name} ---")
                self.settings["trace"] = traced

    @contextmanager
    def scope(self, arguments: str) -> Iterator[None]:
        """Run with fresh locals: `0', `1' and so on."""
        words = [word.strip('"') for word in arguments.split()]
        numbered = {str(i): word for i, word in enumerate(words, 1)}
        self.macros.scopes.append({"0": arguments, **numbered})
        try:
            yield
        finally:
            self.macros.scopes.pop()

    def run_file(self, path: str, *, echo: bool, ends: bool, nostop: bool = False) -> None:
        """Run a do-file; print ``end of do-file`` as do, run and include do."""
        if len(self.reader.sources) > MOST_NESTED:
            raise self.fail("system limit exceeded", 1000)
        try:
            source = FileSource(path, self.screen, self.interrupts, self.vices, echo=echo)
        except OSError as error:
            raise self.fail(f"file {path} not found", 601) from error
        more, trace = self.screen.more, self.settings["trace"]
        self.reader.sources.append(source)
        try:
            self._run_steps(nostop=nostop)
        except (Failure, LeaveFile):
            self._leave(source, echo=echo, ends=ends)
            raise
        finally:
            self.settings["trace"] = trace
            self.screen.more = more if ends else self.screen.more
            self.screen.more = "more-returns" in self.vices or self.screen.more
        self._leave(source, echo=echo, ends=ends)

    def _leave(self, source: Source, *, echo: bool, ends: bool) -> None:
        if echo:
            self._end_row(ends=ends)
        self.reader.sources.remove(source)
        if "delimit-persists" in self.vices and self.reader.source.in_file:
            self.reader.source.delimiter = source.delimiter

    def _run_steps(self, *, nostop: bool) -> None:
        while True:
            command = self.reader.command()
            if command is None:
                return
            try:
                self.step(command)
            except LeaveFile:
                if "exit-caller" in self.vices and self.reader.sources[-2].in_file:
                    raise
                return
            except Failure as failure:
                if not nostop or isinstance(failure, Broken):
                    raise

    def _end_row(self, *, ends: bool) -> None:
        how = "row" if ends else self.vices.text("include-end", "none", "row")
        if how == "none" or not self.screen.wants(ALL):
            return
        if self.codes.hidden or self.after_break and "break-unwinds" in self.vices:
            return
        dot = ". " if how == "dot" or "end-dot" in self.vices else ""
        self.screen.fresh_row()
        self.screen.put(f"\n{dot}\n" if dot else "\n")
        if how != "dot":
            blank = "\n" if "end-blank" in self.vices else ""
            self.screen.put(f"end of do-file\n{blank}")

    # Values

    def evaluate(self, text: str) -> Value:
        """Return the value of an expression."""
        return Evaluator(text, self.names.lookup).value()

    def true(self, text: str) -> bool:
        """Whether a condition holds."""
        return bool(self.evaluate(text))


def split_word(text: str) -> tuple[str, str]:
    """Return the first word of a command and the rest."""
    if text[:1] in "!{}":
        return text[:1], text[1:].strip()
    place = 0
    while place < len(text) and (text[place].isalnum() or text[place] in "_#."):
        place += 1
    place = max(place, 1) if text else 0
    return text[:place], text[place:].strip()
