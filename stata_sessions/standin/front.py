"""The front door: `[-q] [-b] [command ...]`, and starts that fail."""

from __future__ import annotations

import select
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import takewhile

from stata_sessions.standin.errors import ExitConsole
from stata_sessions.standin.faults import VARIABLE, Faults, listing

USAGE = 'usage:  python -m stata_sessions.standin [-h -q -b --faults] ["command"]\n'
_FLAGS = frozenset({"-h", "-q", "-b", "-e", "--faults"})
_REFUSALS = {
    "license": "License not applicable to this Stata\n",
    "expired": "License has expired\n",
    "seats": "All licensed seats are in use; try again later\n",
    "no_license": "Cannot find license file\n\nThe file stata.lic is not where it should be.\n",
    "loader": (
        "stata-mp: error while loading shared libraries: libtinfo.so.5: "
        "cannot open shared object file: No such file or directory\n"
    ),
}


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the console; return its exit status, which says nothing about commands that failed."""
    # Behind the first word everything belongs to the command.
    flags = list(takewhile(_FLAGS.__contains__, arguments))
    words = list(arguments[len(flags) :])
    if "-h" in flags or "--faults" in flags:
        sys.stdout.write(listing() if "--faults" in flags else USAGE)
        return 0
    faults = Faults(environ.get(VARIABLE, ""))
    status = _refuse(faults)
    if status is not None:
        return status
    return _run(flags, words, environ, faults)


def _run(flags: list[str], words: list[str], environ: Mapping[str, str], faults: Faults) -> int:
    from stata_sessions.standin.repl import Console

    # Programs may nest 64 deep, with blocks inside blocks.
    sys.setrecursionlimit(20000)
    console = Console(environ, faults)
    if {"-b", "-e"}.intersection(flags):
        from stata_sessions.standin.batch import run_batch

        return run_batch(console, words, quiet="-q" in flags)
    with suppress(ExitConsole):
        console.start(quiet="-q" in flags)
        console.run(" ".join(words))
    return 0


def _refuse(faults: Faults) -> int | None:
    """Act out a start that fails; None if the start goes well."""
    select.select([], [], [], faults.seconds("start_delay"))
    start = faults["start"]
    if start == "silent":
        while True:
            signal.pause()
    if start not in _REFUSALS:
        return None
    (sys.stderr if start == "seats" else sys.stdout).write(_REFUSALS[start])
    return 127 if start == "loader" else faults.count("start_status")
