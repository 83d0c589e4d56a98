"""Macros, scalars, settings and waiting."""

import os
import re

from tests.consoles.expressions import format_value
from tests.consoles.interpreter import Interpreter
from tests.consoles.screen import ALL, ERRORS
from tests.consoles.table import command

IGNORED_SETTINGS = frozenset(
    {"graphics", "seed", "varabbrev", "type", "maxvar", "matsize", "dp", "scheme"}
    | {"logtype", "level", "adosize", "niceness", "max_memory", "sortseed", "rng", "rngstream"}
)


def unquoted(text: str) -> str:
    """Return text without one pair of quotes around it."""
    text = text.strip()
    if text.startswith('`"') and text.endswith("\"'"):
        return text[2:-2]
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _define(interpreter: Interpreter, scope: dict[str, str], rest: str) -> None:
    match = re.match(r"(\+\+|--)?(\w+)\s*(=)?(.*)", rest, re.DOTALL)
    if match is None:
        raise interpreter.fail("invalid syntax", 198)
    name, text = match[2], match[4]
    if match[1]:
        step = 1 if match[1] == "++" else -1
        scope[name] = format_value(float(scope.get(name, "0")) + step)
    elif match[3]:
        scope[name] = format_value(interpreter.evaluate(text))
    elif text.strip():
        scope[name] = unquoted(text)
    else:
        scope.pop(name, None)


@command("local", 3)
def local(interpreter: Interpreter, rest: str) -> None:
    _define(interpreter, interpreter.macros.locals, rest)


@command("global", 2)
def global_(interpreter: Interpreter, rest: str) -> None:
    _define(interpreter, interpreter.macros.globals, rest)


@command("tempfile")
def tempfile(interpreter: Interpreter, rest: str) -> None:
    folder = format_value(interpreter.evaluate("c(tmpdir)"))
    for number, name in enumerate(rest.split()):
        interpreter.macros.locals[name] = f"{folder}/St{os.getpid()}.{number:06}"


@command("args")
def args(interpreter: Interpreter, rest: str) -> None:
    scope = interpreter.macros.locals
    for number, name in enumerate(rest.split(), 1):
        scope[name] = scope.get(str(number), "")


@command("macro", 2)
def macro(interpreter: Interpreter, rest: str) -> None:
    words = rest.split()
    if words[:2] == ["drop", "_all"]:
        interpreter.macros.globals.clear()
    elif words[:1] == ["drop"]:
        for name in words[1:]:
            interpreter.macros.globals.pop(name, None)
    else:
        for name, text in sorted(interpreter.macros.globals.items()):
            interpreter.say(f"{name + ':':16}{text}")


@command("scalar", 3)
def scalar(interpreter: Interpreter, rest: str) -> None:
    name, equals, text = rest.removeprefix("define ").partition("=")
    if equals:
        interpreter.names.scalars[name.strip()] = interpreter.evaluate(text)
    else:
        for key, value in interpreter.names.scalars.items():
            interpreter.say(f"{key:>10} = {format_value(value):>10}")


@command("set")
def set_(interpreter: Interpreter, rest: str) -> None:
    name, _, value = rest.partition(" ")
    value = value.split(",")[0].strip()
    if name == "more":
        interpreter.screen.more = value == "on"
    elif name in ("rmsg", "trace"):
        interpreter.settings[name] = value
    elif name in ("output", "outp"):
        interpreter.screen.output_level = ERRORS if value == "error" else ALL
    elif name in ("linesize", "li", "pagesize"):
        _set_size(interpreter, name, int(value))
    elif name == "obs":
        _set_observations(interpreter, int(value))
    elif name == "processors":
        _set_processors(interpreter, value)
    elif name not in IGNORED_SETTINGS:
        raise interpreter.fail(f"set {name} is not allowed", 198)


def _set_processors(interpreter: Interpreter, value: str) -> None:
    most = interpreter.vices.number("processors", 64)
    if not most:
        raise interpreter.fail("set processors is not allowed", 198)
    if not value.isdecimal() or not 1 <= int(value) <= most:
        raise interpreter.fail(f"processors must be between 1 and {most}", 198)
    interpreter.settings["processors"] = value


def _set_size(interpreter: Interpreter, name: str, value: int) -> None:
    if name == "pagesize":
        interpreter.screen.pagesize = value
    elif 40 <= value <= 255:
        interpreter.screen.linesize = value
    else:
        raise interpreter.fail("linesize must be between 40 and 255", 198)


def _set_observations(interpreter: Interpreter, count: int) -> None:
    data = interpreter.data
    if count < data.count:
        raise interpreter.fail("observation number must be larger than before", 198)
    interpreter.say(f"Number of observations (_N) was {data.count}, now {count}.")
    data.changed = data.changed or count != data.count
    data.count = count


@command("sleep", 2)
def sleep(interpreter: Interpreter, rest: str) -> None:
    shielded = interpreter.interrupts.shielded
    interpreter.interrupts.wait(float(interpreter.evaluate(rest)) / 1000, breakable=not shielded)
