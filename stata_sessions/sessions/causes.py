"""Why a console did not start, told from its last words, from the system, or from how it ended.

No manual lists what every version of Stata prints when its licence refuses it. The table holds the
texts that are known and the words that any other would need; ``licence_words`` adds a site's own.
"""

from __future__ import annotations

import errno
import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from stata_sessions.errors import LaunchFailed, LicenceExpired, NoLicenceSeat


@dataclass(frozen=True, slots=True)
class Cause:
    """What is behind a failed start: the error that it is, if it has one, and what to do."""

    hint: str
    error: type[LaunchFailed] | None = None


UNKNOWN = Cause("")
NO_SEAT = Cause(
    "all seats of Stata's licence are taken: close another Stata, or try again later", NoLicenceSeat
)
EXPIRED = Cause("Stata's licence has expired: waiting does not help, renew it", LicenceExpired)

# Looked for in each of the last rows, in this order, whatever the case of the letters.
_BY_TEXT: tuple[tuple[str, Cause], ...] = (
    (
        r"not applicable to this Stata",
        Cause("the licence is for another edition: set --stata-edition or --stata-path"),
    ),
    (
        r"cannot find licen[sc]e|licen[sc]e is invalid|no (valid )?licen[sc]e( file)?\b(?! seat)",
        Cause(
            "Stata found no valid licence file: start it once by hand as this user, or check "
            "stata.lic"
        ),
    ),
    (r"\b(licen[sc]e|subscription|trial|evaluation|stata)\b.*\b(has )?expired\b", EXPIRED),
    (r"\bexpired\b.*\b(licen[sc]e|subscription|trial)\b", EXPIRED),
    (r"too many .*\busers\b|too many users", NO_SEAT),
    (r"\bseats?\b", NO_SEAT),
    (r"\b(maximum|limit|allowed|licensed) .*\b(users|copies|instances)\b", NO_SEAT),
    (r"\blicen[sc]es?\b.*(\bin use\b|\blimit\b|exceeded|\bunavailable\b)", NO_SEAT),
    (r"\b(users?|licen[sc]e) limit\b", NO_SEAT),
    (r"\b(simultaneous|concurrent) .*\b(users|sessions|copies|instances)\b", NO_SEAT),
    (
        r"licen[sc]e server",
        Cause("Stata waits for its licence server: see whether this machine reaches it"),
    ),
    (
        r"error while loading shared libraries|library not loaded|cannot open shared object",
        Cause("a system library that this Stata needs is missing: install it, then try again"),
    ),
    (r"exec format error|bad cpu type", Cause("the program is for another kind of machine")),
    (r"permission denied", Cause("the program may not be executed by this user")),
)

_BY_ERRNO = {
    errno.ENOSPC: "the disk of the private folders is full: make room there, or set work_dir",
    errno.EDQUOT: "the quota of the server's account is used up where the private folders are",
    errno.EROFS: "the private folders are on a disk that is read-only: set work_dir",
    errno.EMFILE: "the server has too many files open: raise LimitNOFILE, or lower max_sessions",
    errno.ENFILE: "the machine has too many files open",
    errno.EAGAIN: "the system starts no more processes for this account: see ulimit -u, TasksMax",
    errno.ENOMEM: "the machine has no memory left for another process",
}

_BY_SIGNAL: dict[int, str] = {
    signal.SIGKILL: "the system may have ended it for want of memory: see the system's log",
    signal.SIGILL: "the program needs another processor than this machine has",
    signal.SIGSEGV: "the program crashed: start it by hand; it may need an update",
    signal.SIGBUS: "the program crashed: start it by hand; it may need an update",
    signal.SIGXCPU: "a limit on processor time ended it: see ulimit -t",
}


def cause_by_text(rows: Sequence[str], licence_words: Sequence[str] = ()) -> Cause:
    """Return what a console's last rows give as the cause."""
    low = [row.lower() for row in rows]
    if any(words.lower() in row for words in licence_words if words for row in low):
        return NO_SEAT
    for pattern, cause in _BY_TEXT:
        if any(re.search(pattern, row, re.IGNORECASE) for row in rows):
            return cause
    return UNKNOWN


def cause_by_signal(number: int) -> Cause:
    """Return what a signal tells: a crash is a crash, whatever was printed before it."""
    return Cause(_BY_SIGNAL.get(number, ""))


def cause_by_error(error: OSError, program: str) -> Cause:
    """Return what the system's refusal means for whoever runs the server."""
    of_folder = error.filename is not None and str(error.filename) != program
    if of_folder and error.errno in (errno.EACCES, errno.EPERM):
        return Cause("the server's account may not write in the private folder: see work_dir")
    if of_folder and error.errno == errno.ENOENT:
        return Cause("the place of the private folders has vanished: see work_dir")
    if error.errno in _BY_ERRNO:
        return Cause(_BY_ERRNO[error.errno])
    return cause_by_text([str(error)])
