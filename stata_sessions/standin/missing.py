"""Stata's missing values: `.` is 2^1023, `.a` to `.z` follow it, so that they sort last."""

from __future__ import annotations

SYSTEM = 2.0**1023
_STEP = 2.0**1011


def extended(letter: str) -> float:
    """Return `.a` to `.z` for a letter and `.` for none."""
    return SYSTEM + _STEP * (ord(letter) - 96 if letter else 0)


def is_missing(value: float) -> bool:
    """Tell whether a number is a missing value (a NaN counts as one)."""
    return not value < SYSTEM


def missing_name(value: float) -> str:
    """Return how a missing value is written."""
    step = round((value - SYSTEM) / _STEP) if SYSTEM < value <= SYSTEM + 26 * _STEP else 0
    return "." + (chr(96 + step) if step else "")
