"""Which command a caller's own execution id stands for."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

# Ids are only asked about while their command runs or shortly after.
REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Execution:
    """A run that a caller may name later: its own id, and where it went."""

    id: str
    session: str
    command: int
    file_path: str | None = None


class Executions:
    """The latest runs, by the ids that callers gave them."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._by_id: OrderedDict[str, Execution] = OrderedDict()
        self._lock = Lock()

    def add(self, execution: Execution) -> None:
        """Remember a run, forgetting the oldest beyond the limit."""
        with self._lock:
            self._by_id[execution.id] = execution
            self._by_id.move_to_end(execution.id)
            while len(self._by_id) > self._limit:
                self._by_id.popitem(last=False)

    def find(self, session: str, command: int) -> Execution | None:
        """Return the run behind a command, if its caller named it."""
        with self._lock:
            runs = [e for e in self._by_id.values() if (e.session, e.command) == (session, command)]
        return runs[-1] if runs else None
