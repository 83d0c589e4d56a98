"""Where a dialogue stands."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Where the dialogue stands."""

    STARTING = "starting"
    READY = "ready"
    RUNNING = "running"
    CLOSING = "closing"
