"""Storage types: what fits, how values settle into them, and missing values in columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.missing import SYSTEM

Numbers = NDArray[np.float64]
Strings = NDArray[np.object_]
Values = Numbers | Strings
Mask = NDArray[np.bool_]

# Missing values are huge numbers: arithmetic meets them on purpose and sorts them out afterwards.
np.seterr(all="ignore")

# Least and greatest value of each whole-number type; what follows the greatest is missing.
RANGES = {"byte": (-127, 100), "int": (-32767, 32740), "long": (-2147483647, 2147483620)}
WIDTHS = {"byte": 1, "int": 2, "long": 4, "float": 4, "double": 8}
_FORMATS = {
    "byte": "%8.0g",
    "int": "%8.0g",
    "long": "%12.0g",
    "float": "%9.0g",
    "double": "%10.0g",
}
LONGEST_STRING = 2045
_LARGEST_FLOAT = 1.70141173319264e38


def is_text(values: Any) -> bool:
    """Tell whether a column or single value holds strings."""
    return isinstance(values, str) or (isinstance(values, np.ndarray) and values.dtype == object)


def check_type(kind: str) -> str:
    """Return a storage type as given.

    Raises:
        StataError: r(198) if there is none of this name.
    """
    if kind in WIDTHS or kind in ("str", "strL"):
        return kind
    if kind.startswith("str") and kind[3:].isdigit() and 1 <= int(kind[3:]) <= LONGEST_STRING:
        return kind
    raise StataError(198, f"{kind} invalid storage type")


def default_format(kind: str) -> str:
    """Return the display format a new variable of a storage type gets."""
    if kind in _FORMATS:
        return _FORMATS[kind]
    return f"%{max(9, string_width(kind)) if kind != 'strL' else 9}s"


def string_width(kind: str) -> int:
    """Return the bytes a string type holds."""
    return int(kind[3:]) if kind[3:].isdigit() else LONGEST_STRING


def width(kind: str) -> int:
    """Return the bytes a storage type takes in each observation."""
    return WIDTHS.get(kind) or (8 if kind == "strL" else string_width(kind))


def missing_in(values: Values) -> Mask:
    """Tell which values of a column are missing; an empty string is."""
    return np.asarray(values == "" if is_text(values) else values >= SYSTEM, dtype=np.bool_)


def blank(count: int, kind: str = "float") -> Values:
    """Return a column of missing values."""
    if kind.startswith("str"):
        return np.full(count, "", dtype=object)
    return np.full(count, SYSTEM)


def settled(values: Numbers, kind: str) -> Numbers:
    """Return numbers as a storage type keeps them: rounded, or missing where they do not fit."""
    known = values < SYSTEM
    if kind == "float":
        clipped = np.where(known & (np.abs(values) <= _LARGEST_FLOAT), values, 0.0)
        rounded = clipped.astype(np.float32).astype(np.float64)
        fits = known & (np.abs(values) <= _LARGEST_FLOAT)
        return np.where(fits, rounded, np.where(known, SYSTEM, values))
    if kind == "double":
        return values
    least, greatest = RANGES[kind]
    whole = np.trunc(np.where(known, values, 0.0))
    fits = known & (whole >= least) & (whole <= greatest)
    return np.where(fits, whole, np.where(known, SYSTEM, values))


def smallest_type(values: Values, *, whole_only: bool = False) -> str:
    """Return the smallest type that keeps a column as it is (`double` if none smaller does)."""
    if is_text(values):
        longest = max((len(text.encode()) for text in values), default=1)
        return f"str{max(1, longest)}" if longest <= LONGEST_STRING else "strL"
    numbers = np.asarray(values, dtype=np.float64)
    known = numbers[numbers < SYSTEM]
    whole = bool((known == np.trunc(known)).all())
    for kind, (least, greatest) in RANGES.items():
        if whole and (not known.size or (known.min() >= least and known.max() <= greatest)):
            return kind
    if whole_only or not (settled(known, "float") == known).all():
        return "double"
    return "float"


def promoted(kind: str, values: Values) -> str:
    """Return the type a variable of type `kind` takes so that new values fit."""
    if is_text(values):
        needed = smallest_type(values)
        order = [LONGEST_STRING + 1 if k == "strL" else string_width(k) for k in (kind, needed)]
        return kind if order[0] >= order[1] else needed
    numbers = np.asarray(values, dtype=np.float64)
    if kind == "double" or (settled(numbers, kind) == numbers).all():
        return kind
    if kind == "float":
        known = numbers[numbers < SYSTEM]
        return kind if (np.abs(known) <= _LARGEST_FLOAT).all() else "double"
    needed = smallest_type(values)
    if needed in RANGES:
        return needed
    known = numbers[numbers < SYSTEM]
    return "float" if kind != "long" and (np.abs(known) <= 16777216).all() else "double"
