"""Commands that take the keyboard: mata, python, pause, input, more, shell."""

import os
import re
import signal

from tests.consoles.expressions import Evaluator, InvalidExpression, Value, format_value
from tests.consoles.interpreter import Interpreter
from tests.consoles.outcomes import Broken, Failure
from tests.consoles.startup import keypad
from tests.consoles.table import command


def pause_for_more(interpreter: Interpreter) -> None:
    """Show ``--more--`` and obey one key."""
    interpreter.screen.put("--more--")
    key = interpreter.keyboard.read_key()
    interpreter.screen.put("\r        \r")
    interpreter.screen.rows = interpreter.screen.pagesize - 1 if key in (10, 13) else 0
    if key in b"qQ\x03":
        raise Broken


@command("more")
def more(interpreter: Interpreter, rest: str) -> None:
    """Pause if more is on."""
    if interpreter.screen.more:
        pause_for_more(interpreter)


class Mode:
    """A language within the console, with its own prompts, until ``end``."""

    prompt, name, code, indent = ": ", "mata", 3499, "  "

    def __init__(self, interpreter: Interpreter, *, leaves: bool) -> None:
        self._interpreter = interpreter
        self._leaves = leaves
        self._spill = interpreter.vices.text("open-mata", "ends", "continue") == "continue"
        self.values: dict[str, Value] = {}

    def run(self) -> None:
        """Run rows until ``end``, the end of the file, or an error that leaves."""
        screen = self._interpreter.screen
        self._header()
        while (row := self._row(self.prompt)) not in (None, "end"):
            if row:
                self._guarded(row)
        screen.fresh_row()
        self._rule()

    def _rule(self) -> None:
        self._interpreter.say("-" * self._interpreter.screen.linesize)

    def _header(self) -> None:
        width = self._interpreter.screen.linesize
        text = "-" * 49 + f" {self.name} (type end to exit) "
        self._interpreter.say(text + "-" * max(width - len(text), 0))

    def _row(self, prompt: str) -> str | None:
        reader = self._interpreter.reader
        row = reader.row(prompt, spill=self._spill)
        return None if row is None else row.strip() if self.name == "mata" else row.rstrip()

    def _guarded(self, row: str) -> None:
        try:
            self.evaluate(row)
            self._interpreter.screen.show("\n")
        except Failure as failure:
            stays = self._spill or not self._interpreter.reader.source.in_file
            if self._leaves or not stays or isinstance(failure, Broken):
                self._rule()
                raise
            self._interpreter.screen.put(f"r({failure.code});\n\n")

    def evaluate(self, row: str) -> None:
        """Run one row of mata."""
        if row.startswith(("function", "void", "real", "string")) and row.endswith("{"):
            while (inner := self._row("> ")) not in (None, "}"):
                pass
            return
        while row.count("(") > row.count(")") and (inner := self._row("> ")) is not None:
            row += inner
        match = re.fullmatch(r"(\w+)\s*=\s*(.+)", row)
        if match:
            self.values[match[1]] = self._value(match[2])
        else:
            self._interpreter.say(self.indent + format_value(self._value(row)))

    def _value(self, text: str) -> Value:
        def lookup(name: str, argument: str | None) -> Value:
            if argument is None and name in self.values:
                return self.values[name]
            raise InvalidExpression(f"{name} not found", self.code)

        try:
            return Evaluator(text, lookup).value()
        except InvalidExpression as error:
            name = re.match(r"\w+", text)
            message = self.message(str(error), name[0] if name else text)
            raise self._interpreter.fail(message, self.code) from error

    def message(self, reason: str, name: str) -> str:
        """Return the rows of an error."""
        reason = reason if "found" in reason else f"{name} not found"
        return f"{'<istmt>:':>25}  {self.code}  {reason}"


class PythonMode(Mode):
    """The python mode: print of an expression, names, and blocks that do nothing."""

    prompt, name, code, indent = ">>> ", "python", 7102, ""

    def evaluate(self, row: str) -> None:
        """Run one row of Python."""
        if row.endswith(":"):
            while self._row("... "):
                pass
            return
        match = re.fullmatch(r"print\((.*)\)", row)
        super().evaluate(match[1] if match else row)

    def message(self, reason: str, name: str) -> str:
        """Return a traceback."""
        where = 'Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\n'
        return f"{where}NameError: name '{name}' is not defined"


def _enter(kind: type[Mode], interpreter: Interpreter, rest: str) -> None:
    mode = kind(interpreter, leaves=rest.startswith(":"))
    text = rest.removeprefix(":").strip()
    if text:
        mode.evaluate(text)
    else:
        mode.run()


@command("mata")
def mata(interpreter: Interpreter, rest: str) -> None:
    """Enter mata, or run one row of it."""
    _enter(Mode, interpreter, rest)


@command("python")
def python(interpreter: Interpreter, rest: str) -> None:
    """Enter python, or run one row of it."""
    _enter(PythonMode, interpreter, rest)


@command("pause")
def pause(interpreter: Interpreter, rest: str) -> None:
    """Stop for commands of the keyboard, if pause is on."""
    if rest in ("on", "off"):
        interpreter.pausing = rest == "on"
        return
    if not interpreter.pausing:
        return
    interpreter.say("pause:  " + rest)
    while (row := interpreter.keyboard.read_line("-> . ").strip()) not in ("end", "q"):
        if row == "BREAK":
            raise Broken
        try:
            interpreter.run(row)
        except Failure as failure:
            interpreter.screen.put(f"r({failure.code});\n")
    interpreter.say("execution resumes...")


@command("input", 3)
def input_(interpreter: Interpreter, rest: str) -> None:
    """Read observations until ``end``."""
    data = interpreter.data
    interpreter.say("\n" + "".join(f"{name:>11}" for name in rest.split()))
    spill = interpreter.vices.text("open-block", "fails", "continue") == "continue"
    number = 1
    while True:
        row = interpreter.reader.row(f"{number:>3}. ", spill=spill)
        if row is None:
            raise interpreter.fail("unexpected end of file", 612)
        if row.strip() == "end":
            break
        number += bool(row.strip())
    data.count, data.changed = number - 1, True
    data.variables += [name for name in rest.split() if name not in data.variables]


@command("shell")
def shell(interpreter: Interpreter, rest: str) -> None:
    """Run a child on the terminal; alone, an interactive shell."""
    words = ["sh", "-c", rest] if rest else ["sh", "-i"]
    interpreter.screen.fresh_row()
    interpreter.keyboard.release()
    child = os.fork()
    if not child:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.execv("/bin/sh", words)
    os.waitpid(child, 0)
    interpreter.keyboard.take()
    interpreter.screen.column = 0
    interpreter.screen.put(keypad(interpreter.vices))
    if "break-shell" in interpreter.vices:
        interpreter.interrupts.forget()
    interpreter.interrupts.check()


@command("!")
def bang(interpreter: Interpreter, rest: str) -> None:
    """Run a child on the terminal."""
    shell(interpreter, rest)
