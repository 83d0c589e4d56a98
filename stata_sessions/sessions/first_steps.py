"""What is run before the first command of a session: how it speaks, and what it is set to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stata_sessions.sessions.command import Command
from stata_sessions.sessions.record import Record
from stata_sessions.sessions.starting import unreadable
from stata_sessions.settings import Settings

MARK = "stata-sessions is ready"
# The code that fails on purpose, once, so that the rows around an error are known.
FAILING_CODE = "error 198"
RETRY_S = 0.25
TRIES = 8


@dataclass(frozen=True, slots=True)
class FirstStep:
    """Code to run: of known content, with a ``mark``, or as an internal ``command``."""

    code: str
    mark: str | None = None
    command: Command | None = None


def calibrations(settings: Settings, working_dir: str) -> Iterator[FirstStep]:
    """Yield two commands of known content that show what this console prints around a command.

    A console that does not know one of the settings made here goes on without.
    """
    lines = ["capture set more off"]
    if settings.linesize:
        lines.append(f"capture set linesize {settings.linesize}")
    lines.append(f'capture cd "{working_dir}"')
    yield FirstStep("\n".join([*lines, f'display "{MARK}"']), MARK)
    yield FirstStep(FAILING_CODE, "")


def first_steps(record: Record, return_code: Callable[[], int]) -> Iterator[FirstStep]:
    """Yield what is run first; each has ended, with ``return_code``, when the next is asked for.

    The settings made here are the only ones that the server ever makes. Raises LaunchFailed if they
    cannot be made: the folder of the files may be on a disk that shows them late.
    """
    for step in calibrations(record.settings, record.origin.working_dir):
        yield step
        tries = 1
        while step.mark and return_code():
            if tries == TRIES:
                raise unreadable(record.workspace.path, return_code())
            tries += 1
            threading.Event().wait(RETRY_S)
            yield step
    if processors := processors_of(record.settings):
        command = _internal(record, f"set processors {processors}")
        yield FirstStep(command.code, command=command)
        _warn_if_refused(record, command)


def processors_of(settings: Settings) -> int:
    """Return how many processors a session may use: its own limit or its share; 0 is no limit."""
    total = settings.processors_total
    share = max(1, total // settings.max_sessions) if total else 0
    return min(filter(None, (settings.processors, share)), default=0)


def _internal(record: Record, code: str) -> Command:
    with record.changed:
        command = Command(
            record.name,
            0,
            code,
            changed=record.changed,
            transcript=record.transcript,
            time_limit_s=None,
            private=True,
            clock=record.clock,
        )
        command.begin(record.epoch)
    return command


def _warn_if_refused(record: Record, command: Command) -> None:
    if not command.return_code:
        return
    rows = [row for row in command.private_output.splitlines() if row.strip()]
    said = next((row for row in rows if not row.startswith(("r(", ". "))), "no reason given")
    warning = (
        f"'{command.code}' was refused with r({command.return_code}): {said}; this Stata uses as "
        "many processors as it likes (processors, processors_total)"
    )
    record.warn(warning)
