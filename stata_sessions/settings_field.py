"""How one setting is described: what every table of settings is made of."""

from __future__ import annotations

from dataclasses import field
from typing import TypeVar

T = TypeVar("T")

KIB, MIB, GIB = 2**10, 2**20, 2**30
DAY_S = 86_400
YEAR_S = 365 * DAY_S


def setting(
    default: T,
    purpose: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    secret: bool = False,
    heading: str = "",
) -> T:
    """Describe one setting; ``heading`` opens a new group in the printed tables."""
    described = {
        "purpose": purpose,
        "minimum": minimum,
        "maximum": maximum,
        "choices": choices,
        "secret": secret,
        "heading": heading,
    }
    return field(default=default, repr=not secret, metadata=described)
