"""What squeue tells of our jobs: one row each, for all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

# Finished jobs are shown as long as the controller remembers them; the order is that of the queue.
SQUEUE = (
    "squeue",
    "--me",
    "--noheader",
    "--states=all",
    "--sort=-p,i",
    "--format=%i|%T|%r|%N|%S|%j",
)
WAITING = frozenset({"PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT"})
# It has a node, but that is still being started.
CONFIGURING = "CONFIGURING"
LIVE = WAITING | {CONFIGURING, "RUNNING", "SUSPENDED", "SIGNALING", "STOPPED", "RESIZING"}
# Slurm has not thought about it yet.
_NO_REASON = {"None", "N/A", "(null)", ""}
NOT_YET_KNOWN = "Pending"


@dataclass(frozen=True, slots=True)
class Row:
    """A job as squeue shows it; ``position`` counts our waiting jobs before it."""

    job: str
    state: str
    reason: str
    node: str
    start: datetime | None
    name: str
    position: int | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it has no place yet."""
        return self.state in WAITING

    @property
    def is_running(self) -> bool:
        """Whether its console can be expected to say something."""
        return self.is_live and not self.is_waiting and self.state != CONFIGURING

    @property
    def is_live(self) -> bool:
        """Whether it holds a place, or will."""
        return self.state in LIVE

    @property
    def queued(self) -> str:
        """Why it waits, in Slurm's word; empty if it does not."""
        if self.state == CONFIGURING:
            return "Configuring"
        if not self.is_waiting:
            return ""
        return NOT_YET_KNOWN if self.reason in _NO_REASON else self.reason


def parse(text: str) -> list[Row]:
    """Return the rows of squeue's answer; what does not look like one is left out."""
    return list(_rows(text))


def _rows(text: str) -> Iterator[Row]:
    waiting = 0
    for line in text.splitlines():
        fields = line.strip().split("|", 5)
        if len(fields) != 6:
            continue
        job, state, reason, node, start, name = fields
        row = Row(job, state, reason.strip("()"), node, _moment(start), name)
        if row.is_waiting:
            row = Row(job, state, row.reason, "", row.start, name, waiting)
            waiting += 1
        yield row


def _moment(text: str) -> datetime | None:
    try:
        # Slurm tells the local time of this machine.
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        return None


def orphans(rows: Sequence[Row], prefix: str, owned: Collection[str]) -> list[str]:
    """Return the numbers of live jobs that bear our prefix and that nobody owns."""
    return [
        row.job
        for row in rows
        if row.is_live and row.name.startswith(prefix) and row.name not in owned
    ]
