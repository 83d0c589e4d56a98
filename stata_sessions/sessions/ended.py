"""The sessions that have ended: who asks for one of them is told when and why."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from stata_sessions.errors import SessionGone
from stata_sessions.sessions.session import Session


class Ended:
    """How sessions ended, by name; the oldest are forgotten first. Its owner holds a lock."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._by_name: OrderedDict[str, SessionGone] = OrderedDict()

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def get(self, name: str) -> SessionGone | None:
        """Return how a session ended, if that is remembered."""
        return self._by_name.get(name)

    def add(self, name: str, gone: SessionGone) -> None:
        """Remember one more."""
        self._by_name[name] = gone
        while len(self._by_name) > self._kept:
            self._by_name.popitem(last=False)

    def forget(self, name: str) -> None:
        """Forget it, as there is a new one of that name."""
        self._by_name.pop(name, None)


def oldest_lost(sessions: Iterable[Session], kept: int) -> list[Session]:
    """Return those of the sessions, the oldest first, that were lost, but for the last ``kept``.

    Nobody may ever restart or destroy them, and each has a folder with all that its Stata left.
    """
    lost = [each for each in sessions if not (each.holds_slot or each.is_closed)]
    return lost[: max(0, len(lost) - kept)]
