"""Lists of numbers: `1 2 3`, `1/5`, `0(.1)1`, `1 3 to 9`, `10 8:2`."""

from __future__ import annotations

import re

from stata_sessions.standin.errors import StataError

_MOST = 1_000_000

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_ITEM = re.compile(
    rf"\s*(?P<start>{_NUMBER})(?:/(?P<end>{_NUMBER})"
    rf"|(?:\(|\[)(?P<step>{_NUMBER})(?:\)|\])(?P<last>{_NUMBER})"
    rf"|\s+(?P<second>{_NUMBER})\s*(?:\bto\b|:)\s*(?P<to>{_NUMBER}))?(?=\s|,|$),?"
)


def numlist(text: str) -> list[float]:
    """Return the numbers of a list.

    Raises:
        StataError: r(121) if it is none.
    """
    numbers: list[float] = []
    place = 0
    text = text.strip()
    while place < len(text):
        found = _ITEM.match(text, place)
        if found is None:
            raise StataError(121, "invalid numlist")
        numbers.extend(_expanded(found))
        place = found.end()
    return numbers


def _expanded(found: re.Match[str]) -> list[float]:
    start = float(found["start"])
    if found["end"]:
        return _progression(start, 1.0, float(found["end"]))
    if found["step"]:
        return _progression(start, float(found["step"]), float(found["last"]))
    if found["second"]:
        return _progression(start, float(found["second"]) - start, float(found["to"]))
    return [start]


def _progression(start: float, step: float, end: float) -> list[float]:
    if not step:
        raise StataError(124, "invalid numlist")
    turns = (end - start) / step + 1e-9
    if not turns < _MOST:
        raise StataError(123, "invalid numlist has too many elements")
    return (
        [start + turn * step for turn in range(int(turns) + 1)] if (end - start) / step >= 0 else []
    )
