"""The base of all our errors: a stable kind, a sentence, and the facts behind it."""

from __future__ import annotations

from typing import ClassVar

# What a client is told where nobody knows when there will be room.
UNKNOWN_RETRY_S = 5

Fact = str | int | float | bool | None | tuple[str, ...]


class StataSessionsError(Exception):
    """The base of all our errors; never raised itself."""

    kind: ClassVar[str] = "error"

    def __init__(self, message: str, **facts: Fact) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts

    @property
    def retry_after_s(self) -> int | None:
        """Seconds after which the same may succeed; None if it will not by waiting alone."""
        found = self.facts.get("retry_after_s")
        return found if isinstance(found, int) else None
