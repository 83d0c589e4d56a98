"""From a program to a prompt that we are in step with, or to an error that explains itself."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stata_sessions.errors import LaunchFailed, LaunchTimedOut
from stata_sessions.settings import Settings

MARK = "stata-sessions is ready"
# The code that fails on purpose, once, so that the rows around an error are known.
FAILING_CODE = "error 198"
LAST_ROWS = 12

_HINTS: tuple[tuple[str, str], ...] = (
    (
        r"not applicable to this Stata",
        "the licence is for another edition: set --stata-edition or --stata-path",
    ),
    (
        r"[Cc]annot find license|[Ll]icense is invalid|no licen[sc]e file",
        "Stata found no valid licence file: start it once by hand as this user, or check stata.lic",
    ),
    (r"[Ee]xpired", "the licence has expired"),
    (
        r"(?i)too many users|seats?\b|licen[sc]e.*(in use|limit|exceeded)|simultaneous",
        "all seats of the licence are taken: close another Stata, or lower --max-sessions",
    ),
    (
        r"error while loading shared libraries|Library not loaded|cannot open shared object",
        "a system library that this Stata needs is missing: install it, then try again",
    ),
    (r"Exec format error|Bad CPU type", "the program is for another kind of machine"),
    (r"Permission denied", "the program may not be executed by this user"),
)


def new_token() -> str:
    """Return letters and digits that nobody can guess, for a sentinel."""
    return secrets.token_hex(12)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Two commands of known content that show what this console prints around a command."""

    code: str
    mark: str | None


def calibrations(settings: Settings, working_dir: str) -> Iterator[Calibration]:
    """Yield what is run before the first command of a session.

    The settings made here are the only ones that the server ever makes; a console that does not
    know one of them goes on without.
    """
    lines = ["capture set more off"]
    if settings.linesize:
        lines.append(f"capture set linesize {settings.linesize}")
    if settings.processors:
        lines.append(f"capture set processors {settings.processors}")
    lines.append(f'capture cd "{working_dir}"')
    yield Calibration("\n".join([*lines, f'display "{MARK}"']), MARK)
    yield Calibration(FAILING_CODE, "")


def launch_error(
    make: Callable[..., LaunchFailed], what: str, text: str, program: str
) -> LaunchFailed:
    """Explain a failed start with the console's own last words and a hint what to do."""
    rows = [row.rstrip() for row in text.splitlines() if row.strip()]
    last = "\n".join(rows[-LAST_ROWS:])
    hint = next((advice for pattern, advice in _HINTS if re.search(pattern, text)), "")
    details = f"{what}: {last}" if last else f"{what} without a word"
    return make(f"{program}: {details}", hint=hint, last_rows=last)


def start_failed(what: str, text: str, program: str) -> LaunchFailed:
    """The console ended before its first prompt."""
    return launch_error(LaunchFailed, what, text, program)


def start_timed_out(limit_s: float, text: str, program: str) -> LaunchFailed:
    """The console lives, but shows no prompt that it would answer at."""
    what = f"no prompt within {limit_s:g} seconds (worker_start_timeout)"
    return launch_error(LaunchTimedOut, what, text, program)
