"""timer: how long things take."""

from __future__ import annotations

import time
from dataclasses import dataclass

from stata_sessions.standin.commands import command
from stata_sessions.standin.errors import StataError, invalid_syntax
from stata_sessions.standin.interpreter import Interpreter
from stata_sessions.standin.syntax import CommandLine


@dataclass
class Timer:
    """Seconds gathered, how often, and since when it runs."""

    seconds: float = 0.0
    times: int = 0
    since: float | None = None


@command("timer", takes="")
def timer(interp: Interpreter, line: CommandLine) -> None:
    """Start, stop, list or clear a timer."""
    word, *rest = line.arguments.split() or [""]
    line.options.finish()
    numbers = [int(text) for text in rest if text.isdigit()]
    if word == "clear":
        interp.timers = {k: t for k, t in interp.timers.items() if numbers and k not in numbers}
    elif word == "list":
        _list(interp, numbers)
    elif word in ("on", "off") and numbers:
        if not 1 <= numbers[0] <= 100:
            raise StataError(198, "timer number must be between 1 and 100")
        _switch(interp.timers.setdefault(numbers[0], Timer()), word == "on")
    else:
        raise invalid_syntax()


def _switch(timer: Timer, on: bool) -> None:
    now = time.monotonic()
    if on:
        timer.since = now
    elif timer.since is not None:
        timer.seconds += now - timer.since
        timer.times, timer.since = timer.times + 1, None


def _list(interp: Interpreter, numbers: list[int]) -> None:
    interp.r.clear()
    for number, timer in sorted(interp.timers.items()):
        if numbers and number not in numbers:
            continue
        mean = timer.seconds / timer.times if timer.times else 0.0
        interp.out.row(f"{number:4d}: {timer.seconds:10.2f} / {timer.times:8d} = {mean:13.4f}")
        interp.r.scalars[f"t{number}"] = timer.seconds
        interp.r.scalars[f"nt{number}"] = float(timer.times)
