"""Prefixes, blocks, programs, do-files and exits."""

import re

from tests.consoles.interpreter import Interpreter, split_word
from tests.consoles.outcomes import Failure, LeaveFile, Quit
from tests.consoles.reader import braces, until_end
from tests.consoles.screen import ALL, ERRORS, SILENT
from tests.consoles.sources import do_path
from tests.consoles.table import command

MESSAGES = {
    1: "--Break--",
    4: "no; dataset in memory has changed since last saved",
    9: "assertion is false",
    111: "not found",
    198: "invalid syntax",
    199: "unrecognized command",
    601: "file not found",
}


def _block(interpreter: Interpreter, *, first: int = 2, angle: bool = False) -> list[str]:
    try:
        return interpreter.reader.block(first, braces, angle=angle)
    except EOFError as error:
        raise interpreter.fail("unexpected end of file", 612) from error


def _run_prefixed(interpreter: Interpreter, rest: str, noise: int) -> None:
    saved = interpreter.screen.noise
    # The rows of a quiet block are not echoed; those of a captured one are.
    interpreter.screen.noise = noise if noise == ERRORS else saved
    try:
        body = _block(interpreter, angle=True) if rest == "{" else None
        interpreter.screen.noise = noise
        if body is not None:
            interpreter.run_commands(body)
        elif rest:
            interpreter.dispatch(rest, rest)
    finally:
        interpreter.screen.noise = saved


@command("capture", 3)
def capture(interpreter: Interpreter, rest: str) -> None:
    """Run a command and keep its return code."""
    interpreter.codes.capturing += 1
    try:
        _run_prefixed(interpreter, rest.removeprefix(":").strip(), SILENT)
        interpreter.names.rc = 0
    except Failure as failure:
        interpreter.names.rc = failure.code
        interpreter.after_break = False
    finally:
        interpreter.codes.capturing -= 1


@command("quietly", 3)
def quietly(interpreter: Interpreter, rest: str) -> None:
    """Run a command without its output."""
    _run_prefixed(interpreter, rest, min(ERRORS, interpreter.screen.noise))


@command("noisily", 1)
def noisily(interpreter: Interpreter, rest: str) -> None:
    """Run a command with its output."""
    _run_prefixed(interpreter, rest, ALL)


@command("nobreak")
def nobreak(interpreter: Interpreter, rest: str) -> None:
    """Run a command that no break ends."""
    check, interpreter.screen.on_write = interpreter.screen.on_write, lambda: None
    honoured = interpreter.interrupts.shielded
    interpreter.interrupts.shielded = True
    try:
        _run_prefixed(interpreter, rest, interpreter.screen.noise)
    finally:
        interpreter.screen.on_write = check
        interpreter.interrupts.shielded = honoured


@command("if")
def if_(interpreter: Interpreter, rest: str) -> None:
    """Run a command or block if a condition holds."""
    if rest.endswith("{"):
        holds = interpreter.true(rest[:-1])
        body = _block(interpreter, angle=True)
        if holds:
            _run_branch(interpreter, body)
    else:
        condition, action = _split_condition(interpreter, rest)
        holds = interpreter.true(condition)
        if holds:
            interpreter.dispatch(action, action)
    interpreter.last_if = holds


def _run_branch(interpreter: Interpreter, body: list[str]) -> None:
    try:
        interpreter.run_commands(body)
    except Failure as failure:
        if "block-codes" in interpreter.vices:
            interpreter.codes.report(failure, 0.0, typed=False)
        raise


def _split_condition(interpreter: Interpreter, rest: str) -> tuple[str, str]:
    for match in re.finditer(r"\s+", rest):
        head, tail = rest[: match.start()], rest[match.end() :]
        word = split_word(tail)[0]
        known = word in interpreter.programs or interpreter.find_command(word)
        if known and head[-1] not in "=<>&|!+-*/":
            return head, tail
    raise interpreter.fail("invalid syntax", 198)


@command("else")
def else_(interpreter: Interpreter, rest: str) -> None:
    """Run a command or block if the condition before did not hold."""
    skipped = interpreter.last_if
    if rest == "{":
        body = _block(interpreter, angle=True)
        if not skipped:
            interpreter.run_commands(body)
    elif not skipped:
        interpreter.dispatch(rest, rest)
    elif rest.endswith("{"):
        _block(interpreter, angle=True)
    interpreter.last_if = skipped or interpreter.last_if


@command("foreach")
def foreach(interpreter: Interpreter, rest: str) -> None:
    """Run a block for each element of a list."""
    match = re.match(r"(\w+)\s+(in|of\s+(\w+))\s+(.*)\{$", rest, re.DOTALL)
    if match is None:
        raise interpreter.fail("invalid syntax", 198)
    body = _block(interpreter)
    for element in _elements(interpreter, match[3] or "", match[4].strip()):
        interpreter.macros.locals[match[1]] = element
        interpreter.run_commands(body)
    interpreter.macros.locals.pop(match[1], None)


def _elements(interpreter: Interpreter, kind: str, text: str) -> list[str]:
    if kind.startswith("loc"):
        text = interpreter.macros.locals.get(text, "")
    elif kind.startswith("glo"):
        text = interpreter.macros.globals.get(text, "")
    elif kind.startswith("num"):
        return _numbers(text)
    return [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', text)]


def _numbers(text: str) -> list[str]:
    numbers: list[str] = []
    for word in text.split():
        match = re.fullmatch(r"(-?\d+)(?:/|\((\d+)\))(-?\d+)", word)
        if match:
            numbers += map(str, range(int(match[1]), int(match[3]) + 1, int(match[2] or 1)))
        else:
            numbers.append(word)
    return numbers


@command("forvalues", 4)
def forvalues(interpreter: Interpreter, rest: str) -> None:
    """Run a block for each number of a range."""
    match = re.match(r"(\w+)\s*=\s*(.*?)\s*\{$", rest)
    if match is None:
        raise interpreter.fail("invalid syntax", 198)
    body = _block(interpreter)
    for number in _numbers(match[2].replace(" ", "")):
        interpreter.macros.locals[match[1]] = number
        interpreter.run_commands(body)
    interpreter.macros.locals.pop(match[1], None)


@command("while")
def while_(interpreter: Interpreter, rest: str) -> None:
    """Run a block as long as a condition holds."""
    condition = interpreter.raw.strip().removeprefix("while").removesuffix("{")
    body = _block(interpreter)
    while interpreter.true(interpreter.macros.expand(condition)):
        interpreter.interrupts.check()
        interpreter.run_commands(body)


@command("}")
def brace(interpreter: Interpreter, rest: str) -> None:
    """Refuse a brace that closes nothing."""
    raise interpreter.fail("unmatched close brace", 199)


@command("program", 2)
def program(interpreter: Interpreter, rest: str) -> None:
    """Define, drop or list programs."""
    words = rest.split(",")[0].split()
    if words and words[0] == "drop":
        _drop_programs(interpreter, words[1:])
        return
    if words and words[0] in ("list", "dir"):
        interpreter.say("\n".join(sorted(interpreter.programs)))
        return
    name = words[1] if words[0] in ("define", "def", "de", "d") else words[0]
    if name in interpreter.programs:
        raise interpreter.fail(f"program {name} already defined", 110)
    try:
        interpreter.programs[name] = interpreter.reader.block(1, until_end, angle=False)
    except EOFError as error:
        raise interpreter.fail("unexpected end of file", 612) from error


def _drop_programs(interpreter: Interpreter, names: list[str]) -> None:
    if names == ["_all"]:
        interpreter.programs.clear()
        return
    for name in names:
        if interpreter.programs.pop(name, None) is None:
            raise interpreter.fail(f"program {name} not found", 111)


@command("do")
def do(interpreter: Interpreter, rest: str) -> None:
    """Run a do-file with echo and its own locals."""
    _run_file(interpreter, rest, echo=True)


@command("run", 2)
def run(interpreter: Interpreter, rest: str) -> None:
    """Run a do-file silently."""
    saved = interpreter.screen.noise
    interpreter.screen.noise = min(saved, ERRORS)
    try:
        _run_file(interpreter, rest, echo=False)
    finally:
        interpreter.screen.noise = saved


def _run_file(interpreter: Interpreter, rest: str, *, echo: bool) -> None:
    path, arguments = _path_of(interpreter, rest)
    arguments, _, options = arguments.partition(",")
    with interpreter.scope(arguments):
        nostop = "nostop" in options
        interpreter.run_file(do_path(path), echo=echo, ends=True, nostop=nostop)


def _path_of(interpreter: Interpreter, rest: str) -> tuple[str, str]:
    match = re.match(r"`\"(.*?)\"'|\"([^\"]*)\"|([^\s,]+)", rest)
    if match is None:
        raise interpreter.fail("invalid file specification", 198)
    return match[1] or match[2] or match[3], rest[match.end() :]


@command("include", 3)
def include(interpreter: Interpreter, rest: str) -> None:
    """Run a do-file with echo in the caller's scope."""
    interpreter.run_file(do_path(_path_of(interpreter, rest)[0]), echo=True, ends=False)


@command("#delimit", 2)
def delimit(interpreter: Interpreter, rest: str) -> None:
    """Change the delimiter of a do-file."""
    if not interpreter.reader.source.in_file:
        raise interpreter.fail("#delimit not allowed", 198)
    interpreter.reader.source.delimiter = ";" if rest.startswith(";") else "\n"


@command("error", 3)
def error(interpreter: Interpreter, rest: str) -> None:
    """Fail with a code and its message."""
    code = int(interpreter.evaluate(rest))
    if code:
        raise interpreter.fail(MESSAGES.get(code, ""), code)


@command("assert", 3)
def assert_(interpreter: Interpreter, rest: str) -> None:
    """Fail unless a condition holds."""
    if not interpreter.true(rest):
        raise interpreter.fail(MESSAGES[9], 9)


@command("exit", 1)
def exit_(interpreter: Interpreter, rest: str) -> None:
    """Leave the do-file, the program or the console."""
    code, _, options = rest.partition(",")
    leaves = "STATA" in options.split()
    if leaves or len(interpreter.reader.sources) == 1:
        if interpreter.data.changed and "clear" not in options.split():
            raise interpreter.fail(MESSAGES[4], 4)
        raise Quit(0)
    if code.strip() and (number := int(interpreter.evaluate(code))):
        raise Failure(number)
    raise LeaveFile
