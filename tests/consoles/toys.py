"""Toy data, files, and commands that make a console misbehave."""

import os
import re
import signal

from tests.consoles.basics import unquoted
from tests.consoles.expressions import format_value
from tests.consoles.flow import MESSAGES
from tests.consoles.interpreter import Interpreter
from tests.consoles.table import command


@command("clear")
def clear(interpreter: Interpreter, rest: str) -> None:
    interpreter.data.clear()
    if rest.split() == ["all"]:
        interpreter.programs.clear()
        interpreter.names.scalars.clear()


@command("drop")
def drop(interpreter: Interpreter, rest: str) -> None:
    interpreter.data.clear()
    interpreter.data.changed = True


@command("generate", 1)
def generate(interpreter: Interpreter, rest: str) -> None:
    match = re.match(r"(?:(?:byte|int|long|float|double|str\w+)\s+)?(\w+)\s*=(.*)", rest)
    if match is None:
        raise interpreter.fail("invalid syntax", 198)
    if match[1] in interpreter.data.variables:
        raise interpreter.fail(f"variable {match[1]} already defined", 110)
    interpreter.evaluate(match[2])
    interpreter.data.variables.append(match[1])
    interpreter.data.changed = True


@command("count", 3)
def count(interpreter: Interpreter, rest: str) -> None:
    interpreter.names.results = {"N": float(interpreter.data.count)}
    interpreter.say(f"  {interpreter.data.count}")


@command("summarize", 2)
def summarize(interpreter: Interpreter, rest: str) -> None:
    for name in rest.split():
        if name not in interpreter.data.variables:
            raise interpreter.fail(f"variable {name} not found", 111)
    interpreter.say("    Variable |        Obs        Mean")
    for name in rest.split() or interpreter.data.variables:
        interpreter.say(f"{name:>12} | {interpreter.data.count:>10}           1")
    interpreter.names.results = {"N": float(interpreter.data.count), "mean": 1.0}


@command("describe", 1)
def describe(interpreter: Interpreter, rest: str) -> None:
    data = interpreter.data
    interpreter.say(f"\nContains data\n Observations: {data.count:>10}")
    interpreter.say(f"    Variables: {len(data.variables):>10}\n" + "\n".join(data.variables))


@command("list", 1)
def list_(interpreter: Interpreter, rest: str) -> None:
    for number in range(1, min(interpreter.data.count, 5) + 1):
        interpreter.say(f"{number:>5}. | {'  '.join('1' for _ in interpreter.data.variables)} |")


@command("use", 1)
def use(interpreter: Interpreter, rest: str) -> None:
    name, _, options = rest.rpartition(",") if "," in rest else (rest, "", "")
    if interpreter.data.changed and "clear" not in options:
        raise interpreter.fail(MESSAGES[4], 4)
    path = _dta(unquoted(name))
    try:
        interpreter.data.read(path)
    except OSError as error:
        raise interpreter.fail(f"file {path} not found", 601) from error


@command("sysuse")
def sysuse(interpreter: Interpreter, rest: str) -> None:
    if interpreter.data.changed and "clear" not in rest:
        raise interpreter.fail(MESSAGES[4], 4)
    interpreter.data.clear()
    interpreter.data.count, interpreter.data.variables = 74, ["make", "price", "mpg"]
    interpreter.say("(1978 automobile data)")


@command("save", 2)
def save(interpreter: Interpreter, rest: str) -> None:
    name, _, options = rest.rpartition(",") if "," in rest else (rest, "", "")
    path = _dta(unquoted(name))
    if os.path.exists(path) and "replace" not in options:
        raise interpreter.fail(f"file {path} already exists", 602)
    interpreter.data.write(path)
    note = f"file {path} saved"
    # Notes in paragraphs break between words and are indented.
    wide = len(note) > interpreter.screen.linesize
    interpreter.say(f"file {path}\n    saved" if wide else note)


def _dta(path: str) -> str:
    return path if os.path.splitext(path)[1] else path + ".dta"


@command("return")
def return_(interpreter: Interpreter, rest: str) -> None:
    words = rest.replace("=", " ").split()
    if words[:1] == ["scalar"]:
        interpreter.names.results[words[1]] = interpreter.evaluate(rest.partition("=")[2])
    elif interpreter.names.results:
        rows = [f"{'r(' + key + ')':>19} =  {format_value(v)}" for key, v in
                interpreter.names.results.items()]  # fmt: skip
        interpreter.say("\nscalars:\n" + "\n".join(rows))


@command("type", 2)
def type_(interpreter: Interpreter, rest: str) -> None:
    path = unquoted(rest)
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise interpreter.fail(f"file {path} not found", 601) from error
    interpreter.screen.show(text if text.endswith("\n") else text + "\n")


@command("cd")
def cd(interpreter: Interpreter, rest: str) -> None:
    try:
        os.chdir(unquoted(rest) or os.path.expanduser("~"))
    except OSError as error:
        raise interpreter.fail("unable to change to " + unquoted(rest), 170) from error
    interpreter.say(os.getcwd())


@command("pwd")
def pwd(interpreter: Interpreter, rest: str) -> None:
    interpreter.say(os.getcwd())


@command("log")
def log(interpreter: Interpreter, rest: str) -> None:
    if rest.startswith("using"):
        interpreter.say("-" * interpreter.screen.linesize)
        interpreter.say(f"      name:  <unnamed>\n       log:  {unquoted(rest[5:])}")


@command("graph")
def graph(interpreter: Interpreter, rest: str) -> None:
    match = re.match(r"export\s+(\"[^\"]*\"|[^\s,]+)", rest)
    if match is None:
        return
    path = unquoted(match[1])
    if not path.endswith((".svg", ".eps", ".ps", ".pdf")):
        raise interpreter.fail(f"translator Graph2{path.rpartition('.')[2]} not found", 111)
    with open(path, "w", encoding="utf-8") as file:
        file.write("<svg/>\n")
    old = interpreter.vices.text("graph-note", "new") == "old"
    note = f"(file {path} written in SVG format)" if old else f"file {path} saved as SVG format"
    interpreter.say(note)


@command("flood")
def flood(interpreter: Interpreter, rest: str) -> None:
    """Print so many bytes of numbered rows, 80 bytes each, as fast as possible."""
    rows, per_chunk = int(rest) // 80, 800
    for first in range(0, rows, per_chunk):
        interpreter.interrupts.check()
        last = min(first + per_chunk, rows)
        text = "".join(f"{n:010} {'flood ' * 11}..\n" for n in range(first, last))
        (interpreter.screen.show if interpreter.screen.paged else interpreter.screen.put)(text)


@command("hog")
def hog(interpreter: Interpreter, rest: str) -> None:
    """Take so many MB of memory and keep them, as data would."""
    try:
        interpreter.data.hoard.append(b"x" * (int(rest) * 2**20))
    except MemoryError as error:
        raise interpreter.fail("op. sys. refuses to provide memory", 909) from error


@command("crash")
def crash(interpreter: Interpreter, rest: str) -> None:
    """Die by a signal in the middle of a row."""
    interpreter.screen.put("     |   12.5  half a r")
    os.kill(os.getpid(), int(rest or signal.SIGKILL))


@command("spin")
def spin(interpreter: Interpreter, rest: str) -> None:
    """Print a row every so many ms until a break."""
    number = 0
    while True:
        interpreter.say(f"row {number}")
        interpreter.interrupts.wait(int(rest or 50) / 1000)
        number += 1


def _nothing(interpreter: Interpreter, rest: str) -> None:
    return


for _name in (
    "version",
    "discard",
    "preserve",
    "restore",
    "timer",
    "ereturn",
    "sreturn",
    "_return",
):
    command(_name)(_nothing)


@command("cls")
def cls(interpreter: Interpreter, rest: str) -> None:
    interpreter.screen.put("\x1b[H\x1b[2J")


@command("#review")
def review(interpreter: Interpreter, rest: str) -> None:
    history = getattr(interpreter.reader.sources[0], "history", [])
    for number, row in enumerate(reversed(history[-5:]), 1):
        interpreter.say(f"{number} {row}")
