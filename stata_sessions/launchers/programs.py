"""Short questions to the programs of another system, each with an end."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

log = logging.getLogger(__name__)
# Slurm's programs give up after 9 seconds if their controller does not answer.
ANSWER_S = 15.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program said; ``status`` is None if it could not be started or took too long."""

    status: int | None
    text: str
    complaint: str

    @property
    def is_good(self) -> bool:
        """Whether the program was content."""
        return self.status == 0


def ask(argv: Sequence[str], environ: Mapping[str, str], limit_s: float = ANSWER_S) -> Answer:
    """Run a program to its end and return what it said; never raises."""
    try:
        done = subprocess.run(
            argv,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit_s,
            # A second Ctrl-C at a server's terminal must not keep it from cancelling its jobs.
            start_new_session=True,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("%s: %s", argv[0], error)
        return Answer(None, "", str(error))
    if done.returncode:
        log.info("%s: status %d: %s", argv[0], done.returncode, done.stderr.strip())
    return Answer(done.returncode, done.stdout, done.stderr.strip())
