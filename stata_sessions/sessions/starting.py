"""From a program to a prompt that we are in step with, or to an error that explains itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from stata_sessions.consoles import ConsoleSpec, ExitReport
from stata_sessions.errors import LaunchFailed, LaunchTimedOut, LicenceExpired, NoLicenceSeat
from stata_sessions.sessions.causes import (
    UNKNOWN,
    Cause,
    cause_by_error,
    cause_by_signal,
    cause_by_text,
)
from stata_sessions.settings import Settings

LAST_ROWS = 12


def new_token() -> str:
    """Return letters and digits that nobody can guess, for a sentinel."""
    return secrets.token_hex(12)


def spec_of(
    settings: Settings, directory: Path, mark: str, options: dict[str, str], working_dir: str
) -> ConsoleSpec:
    """Return what a launcher needs to know of a console."""
    return ConsoleSpec(
        directory=directory,
        mark=mark,
        columns=settings.columns,
        rows=settings.rows,
        nice=settings.nice,
        data_limit_bytes=settings.data_limit_mb * 2**20,
        options=options,
        working_dir=working_dir,
    )


def start_failed(what: str, text: str, program: str) -> LaunchFailed:
    """The console was ended before its first prompt; ``text`` is what it said."""
    return _explained(what, text, program, cause_by_text(_last_rows(text)))


def unreadable(directory: Path, return_code: int) -> LaunchFailed:
    """The console is ready, but cannot run the files that it is given."""
    return LaunchFailed(
        f"the console cannot run the files in {directory}: r({return_code})",
        hint="it has to be able to read that folder: see work_dir and shared_dir",
    )


def start_ended(report: ExitReport, text: str, program: str, settings: Settings) -> LaunchFailed:
    """The console ended by itself before its first prompt; ``report`` tells how."""
    what = report.reason or f"ended before its first prompt ({report})"
    if report.reason:
        cause = UNKNOWN
    elif report.signal is not None:
        cause = cause_by_signal(report.signal)
    else:
        cause = cause_by_text(_last_rows(text), settings.licence_words)
    return _explained(what, text, program, cause)


def start_timed_out(text: str, program: str, settings: Settings) -> LaunchFailed:
    """The console lives, but shows no prompt that it would answer at."""
    what = f"no prompt within {settings.worker_start_timeout:g} seconds (worker_start_timeout)"
    cause = cause_by_text(_last_rows(text), settings.licence_words)
    return _explained(what, text, program, cause, LaunchTimedOut)


def queue_timed_out(why: str, program: str, settings: Settings) -> LaunchFailed:
    """The console got no place in time; ``why`` is the reason of whoever gives the places."""
    what = f"no place within {settings.queue_timeout:g} seconds (queue_timeout): {why or 'unknown'}"
    return _explained(what, "", program, UNKNOWN, LaunchTimedOut)


def start_refused(error: OSError, program: str) -> LaunchFailed:
    """The system would not start the console, or not take the files of its first commands."""
    cause = cause_by_error(error, program)
    return _explained("cannot be started", str(error), program, cause)


def first_that_starts(
    programs: Sequence[str], start: Callable[[str], None], begin_anew: Callable[[], bool]
) -> None:
    """Start the first of several programs that will; raises the failure that tells most.

    Another edition that has no licence at all hides nothing about the one that has.
    """
    failures: list[LaunchFailed] = []
    for program in programs:
        try:
            start(program)
            return
        except LaunchFailed as error:
            failures.append(error)
        except OSError as error:
            failures.append(start_refused(error, program))
        if isinstance(failures[-1], NoLicenceSeat) or not begin_anew():
            break
    licence = [each for each in failures if isinstance(each, NoLicenceSeat | LicenceExpired)]
    raise (licence or failures)[-1]


def _last_rows(text: str) -> list[str]:
    return [row.rstrip() for row in text.splitlines() if row.strip()][-LAST_ROWS:]


def _explained(
    what: str, text: str, program: str, cause: Cause, default: type[LaunchFailed] = LaunchFailed
) -> LaunchFailed:
    """Explain a failed start with the console's own last words and a hint what to do."""
    last = "\n".join(_last_rows(text))
    details = f"{program}: {what}: {last}" if last else f"{program}: {what} without a word"
    return (cause.error or default)(details, hint=cause.hint, last_rows=last)
