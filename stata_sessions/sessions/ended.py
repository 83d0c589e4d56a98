"""The sessions that have ended: who asks for one of them is told when and why."""

from __future__ import annotations

from collections import OrderedDict

from stata_sessions.errors import SessionGone


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
