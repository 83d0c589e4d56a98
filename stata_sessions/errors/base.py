"""The base of all our errors: a stable kind, a sentence, and the facts behind it."""

from __future__ import annotations

from typing import ClassVar

Fact = str | int | float | bool | None | tuple[str, ...]


class StataSessionsError(Exception):
    """The base of all our errors; never raised itself."""

    kind: ClassVar[str] = "error"

    def __init__(self, message: str, **facts: Fact) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts
