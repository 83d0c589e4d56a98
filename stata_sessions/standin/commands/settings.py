"""set and creturn."""

from __future__ import annotations

from collections.abc import Callable

from stata_sessions.standin import commands
from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, invalid, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.syntax import CommandLine

_FLAGS = {"more": "more", "rmsg": "rmsg", "trace": "trace", "tr": "trace", "mo": "more"}
# Settings that change nothing here but are remembered, because do-files begin with them.
_REMEMBERED = frozenset(
    ["adosize", "checksum", "graphics", "httpproxy", "iterlog", "logmsg", "logtype", "matsize"]
    + ["max_memory", "maxiter", "maxvar", "mem", "memory", "min_memory", "niceness", "printcolor"]
    + ["processors", "scheme", "scrollbufsize", "searchdefault", "segmentsize", "sortmethod"]
    + ["timeout1", "timeout2", "traceexpand", "tracehilite", "traceindent", "tracenumber"]
    + ["tracesep", "update_query"]
)


@command("set", takes="")
def set_(interp: Interpreter, line: CommandLine) -> None:
    """Change a setting."""
    words = line.arguments.split()
    if not words:
        raise invalid_syntax()
    name, value = words[0], " ".join(words[1:])
    known = commands.find(f"set {name}")
    if known:
        known[1](interp, CommandLine(known[0], line.raw.split(name, 1)[1]))
        return
    line.options.flag("permanently", 4)
    line.options.finish()
    if name in _FLAGS:
        setattr(interp.settings, _FLAGS[name], _on(value))
    elif name in _NAMED:
        _NAMED[name](interp, value)
    elif name in _REMEMBERED:
        interp.settings.remembered[name] = value
    else:
        raise invalid(name)


def _on(value: str) -> bool:
    if value not in ("on", "off"):
        raise invalid(value) if value else invalid_syntax()
    return value == "on"


def _between(interp: Interpreter, name: str, value: str, least: int, most: int) -> int:
    number = interp.whole(value) if value else 0
    if not least <= number <= most:
        raise StataError(198, f"{name} must be between {least} and {most}")
    return number


def _linesize(interp: Interpreter, value: str) -> None:
    interp.out.linesize = _between(interp, "linesize", value, 40, 255)


def _pagesize(interp: Interpreter, value: str) -> None:
    interp.settings.pagesize = _between(interp, "pagesize", value, 2, 32000)


def _output(interp: Interpreter, value: str) -> None:
    kinds = [k for k in ("proc", "inform", "error") if value and k.startswith(value)]
    if not kinds:
        raise invalid(value)
    interp.settings.output = kinds[0]
    interp.out.only_errors = kinds[0] == "error"


def _level(interp: Interpreter, value: str) -> None:
    number = float(interp.evaluate(value))
    if not 10 <= number <= 99.99:
        raise StataError(198, "level() must be between 10 and 99.99 inclusive")
    interp.settings.level = number


def _type(interp: Interpreter, value: str) -> None:
    if value not in ("byte", "int", "long", "float", "double"):
        raise invalid(value)
    interp.settings.type = value


def _depth(interp: Interpreter, value: str) -> None:
    interp.settings.trace_depth = _between(interp, "tracedepth", value, 0, 32000)


def _varabbrev(interp: Interpreter, value: str) -> None:
    interp.settings.remembered["varabbrev"] = "on" if _on(value) else "off"
    if interp.has_data:
        interp.data.abbreviates = _on(value)


_NAMED: dict[str, Callable[[Interpreter, str], None]] = {
    "linesize": _linesize,
    "li": _linesize,
    "pagesize": _pagesize,
    "output": _output,
    "ou": _output,
    "level": _level,
    "type": _type,
    "tracedepth": _depth,
    "varabbrev": _varabbrev,
}


@command("creturn", shortest=3, takes="")
def creturn(interp: Interpreter, line: CommandLine) -> None:
    """List what c() tells."""
    line.options.finish()
    if line.arguments not in ("list", "l", "li", "lis"):
        raise invalid_syntax()
    interp.out.row("\nSystem values\n")
    for name in interp.settings.names():
        shown = interp.settings.shown(interp, name)
        if isinstance(interp.settings.value(interp, name), str):
            shown = f'"{shown}"'
        interp.out.row(f"{f'c({name})':>24} = {shown}")
