"""What ends the console: signals, the end of its terminal, and its own exit."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import termios
from collections.abc import Iterator

from stata_sessions.cli.doctor.bench import Bench, Program, shown
from stata_sessions.cli.doctor.table import Finding, examination
from stata_sessions.consoles import ExitReport

END_S = 3.0
SILENT_S = 0.5


@examination()
def sigterm(found: Bench) -> Iterator[Finding]:
    """Ask it to end."""
    yield _signalled(found, signal.SIGTERM)


@examination()
def sighup(found: Bench) -> Iterator[Finding]:
    """Hang up."""
    yield _signalled(found, signal.SIGHUP)


@examination()
def exit_with_changed_data(found: Bench) -> Iterator[Finding]:
    """Leave with unsaved data, then without."""
    found.ask("set obs 1")
    found.ask("generate x = 1")
    text = found.ask("exit")
    yield Finding(
        "exit with changed data", "is refused with r(4)" if "r(4);" in text else shown(text)
    )
    found.type("exit, clear\n")
    took_s = found.await_end(END_S)
    report = found.console.close(0)
    yield Finding("exit, clear", "lives on" if took_s is None else str(report))


def _signalled(found: Bench, number: signal.Signals) -> Finding:
    os.kill(found.console.pid, number)
    took_s = found.await_end(END_S)
    if took_s is None:
        return Finding(number.name, f"is ignored for {END_S:g} s")
    return Finding(number.name, f"ends it after {took_s:.2f} s ({found.console.close(0)})")


def closed_terminal(program: Program) -> Finding:
    """Close the terminal under a console, without a signal of ours."""
    question = "a closed terminal"
    ours, its = os.openpty()
    process = subprocess.Popen(
        program.argv,
        env={**program.environ, "TERM": "dumb"},
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(its)
    try:
        _read_until_silent(ours, program.start_limit_s)
        os.close(ours)
        status = process.wait(END_S)
    except subprocess.TimeoutExpired:
        return Finding(question, f"is ignored for {END_S:g} s")
    finally:
        process.kill()
        process.wait()
    return Finding(question, f"ends it ({ExitReport(*_told(status))})")


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _told(status: int) -> tuple[int | None, int | None]:
    return (None, -status) if status < 0 else (status, None)


def _read_until_silent(terminal: int, limit_s: float) -> None:
    poll = select.poll()
    poll.register(terminal, select.POLLIN)
    wait_s = limit_s
    while poll.poll(int(wait_s * 1000)):
        try:
            os.read(terminal, 65536)
        except OSError:  # it has ended
            return
        wait_s = SILENT_S
