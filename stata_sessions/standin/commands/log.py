"""log: write what the console shows to text files."""

from __future__ import annotations

from datetime import datetime

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, file_exists, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.output import Log
from stata_sessions.standin.quoting import path_of
from stata_sessions.standin.syntax import CommandLine

_UNNAMED = "<unnamed>"


@command("log", takes="using")
def log(interp: Interpreter, line: CommandLine) -> None:
    """Open, close, suspend or show logs."""
    word = line.arguments.split(" ")[0] if line.arguments else ""
    if word == "using" or line.using is not None:
        _open(interp, line)
    elif word == "close":
        _close(interp, line.arguments.split()[1:])
    elif word in ("on", "off"):
        name = (line.arguments.split()[1:] or [_UNNAMED])[0]
        found = _named(interp, name)
        found.paused = word == "off"
        _say(
            interp, found, "resumed" if word == "on" else "paused", "on" if word == "on" else "off"
        )
    elif word in ("", "query"):
        _query(interp)
    else:
        raise invalid_syntax()


def _named(interp: Interpreter, name: str) -> Log:
    if name not in interp.out.logs:
        raise StataError(606, "no log file open" if name == _UNNAMED else f"log {name} not open")
    return interp.out.logs[name]


def _open(interp: Interpreter, line: CommandLine) -> None:
    name = line.options.value("name") or _UNNAMED
    append, replace = line.options.flag("append"), line.options.flag("replace")
    text, smcl = line.options.flag("text", 1), line.options.flag("smcl", 1)
    silent = line.options.flag("nomsg")
    line.options.finish()
    if name in interp.out.logs:
        raise StataError(604, "log file already open")
    path = path_of(line.using or "")
    if not path.name:
        raise invalid_syntax()
    if not path.suffix:
        path = path.with_suffix(".log" if text or not smcl else ".smcl")
    if path.exists() and not (append or replace):
        raise file_exists(str(path))
    try:
        file = path.open("a" if append else "w", encoding="utf-8", errors="surrogateescape")
    except OSError:
        raise StataError(603, f"file {path} could not be opened") from None
    log = Log(name, path.resolve(), "smcl" if path.suffix == ".smcl" else "text", file)
    interp.out.logs[name] = log
    if not silent:
        interp.out.rule()
        _say(interp, log, "opened", "")


def _say(interp: Interpreter, log: Log, happened: str, rule: str) -> None:
    """Print what has become of a log, framed as Stata frames it."""
    out = interp.out
    now = datetime.now().astimezone()
    out.row(f"      name:  {log.name}")
    out.row(f"       log:  {log.path}")
    out.row(f"  log type:  {log.kind}")
    stamp = f"{now.day:2d} {now:%b %Y, %H:%M:%S}"
    out.row(f"{happened + ' on':>10}:  {stamp}")
    if rule:
        out.rule()


def _close(interp: Interpreter, names: list[str]) -> None:
    wanted = names or [_UNNAMED]
    if wanted == ["_all"]:
        wanted = list(interp.out.logs)
    for name in wanted:
        log = _named(interp, name)
        _say(interp, log, "closed", "close")
        interp.out.logs.pop(name).file.close()


def _query(interp: Interpreter) -> None:
    if not interp.out.logs:
        interp.out.row("(log closed)")
    for log in interp.out.logs.values():
        _say(interp, log, "opened", "")
