"""Where a session comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """What was asked for when the session was made."""

    launcher: str
    console: str
    working_dir: str
