"""Mata's values: matrices of numbers or strings, what operators do to them, how they are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.formats import general
from stata_sessions.standin.missing import SYSTEM

# Always two dimensions: float64, or objects that are strings.
Value = NDArray[Any]
_MESSAGES = {
    3000: "expression invalid",
    3200: "conformability error",
    3250: "type mismatch",
    3301: "subscript invalid",
}


def failure(code: int, message: str = "") -> StataError:
    """Return an error as Mata words it, with the row that names the place."""
    return StataError(code, f"{'<istmt>:':>25}  {code}  {message or _MESSAGES[code]}")


def number(value: float) -> Value:
    """Return a number as a value."""
    return np.array([[value]], dtype=np.float64)


def text(value: str) -> Value:
    """Return a string as a value."""
    return np.array([[value]], dtype=object)


def is_text(value: Value) -> bool:
    """Tell whether a value holds strings."""
    return value.dtype == object


def scalar(value: Value) -> float:
    """Return the number a value must be.

    Raises:
        StataError: r(3200) for a matrix, r(3250) for strings.
    """
    if value.shape != (1, 1):
        raise failure(3200)
    return float(numbers(value)[0, 0])


def string(value: Value) -> str:
    """Return the string a value must be.

    Raises:
        StataError: r(3200) for a matrix, r(3250) for numbers.
    """
    if value.shape != (1, 1):
        raise failure(3200)
    if not is_text(value):
        raise failure(3250)
    return str(value[0, 0])


def numbers(value: Value) -> Value:
    """Return a value that must hold numbers.

    Raises:
        StataError: r(3250) if it holds strings.
    """
    if is_text(value):
        raise failure(3250)
    return value


def computed(function: Callable[..., Any], *values: Value) -> Value:
    """Apply a function of numbers; what is missing, or comes out so, is missing."""
    known = [np.where(numbers(v) >= SYSTEM, np.nan, v) for v in values]
    with np.errstate(all="ignore"):
        result = np.atleast_2d(np.asarray(function(*known), dtype=np.float64))
    return np.where(np.isfinite(result), result, SYSTEM)


def _same(left: Value, right: Value) -> None:
    if left.shape != right.shape:
        raise failure(3200)


def _add(left: Value, right: Value) -> Value:
    _same(left, right)
    if is_text(left) and is_text(right):
        return np.asarray(left + right)
    return computed(np.add, left, right)


def _times(left: Value, right: Value) -> Value:
    if (1, 1) in (left.shape, right.shape):
        return computed(np.multiply, left, right)
    if left.shape[1] != right.shape[0]:
        raise failure(3200)
    return computed(np.matmul, left, right)


def _over(left: Value, right: Value) -> Value:
    if right.shape != (1, 1):
        raise failure(3200)
    return computed(np.divide, left, right)


def _alike(function: Callable[..., Any]) -> Callable[[Value, Value], Value]:
    def apply(left: Value, right: Value) -> Value:
        _same(left, right)
        return computed(function, left, right)

    return apply


def _compared(function: Callable[..., Any]) -> Callable[[Value, Value], Value]:
    def apply(left: Value, right: Value) -> Value:
        if is_text(left) != is_text(right):
            raise failure(3250)
        return number(left.shape == right.shape and bool(np.all(function(left, right))))

    return apply


def _each(function: Callable[..., Any]) -> Callable[[Value, Value], Value]:
    def apply(left: Value, right: Value) -> Value:
        try:
            return computed(function, left, right)
        except ValueError:
            raise failure(3200) from None

    return apply


def _joined(left: Value, right: Value, axis: int) -> Value:
    if left.size and right.size and left.shape[1 - axis] != right.shape[1 - axis]:
        raise failure(3200)
    if is_text(left) != is_text(right):
        raise failure(3250)
    return np.concatenate([part for part in (left, right) if part.size] or [left], axis=axis)


def _not_equal(left: Value, right: Value) -> Value:
    return number(1.0 - scalar(_COMPARISONS["=="](left, right)))


_COMPARISONS: dict[str, Callable[[Value, Value], Value]] = {
    "==": _compared(np.equal),
    "!=": _not_equal,
    "<": _compared(np.less),
    ">": _compared(np.greater),
    "<=": _compared(np.less_equal),
    ">=": _compared(np.greater_equal),
}
_EACH = {":*": np.multiply, ":/": np.divide, ":+": np.add, ":-": np.subtract, ":^": np.power,
         ":==": np.equal, ":!=": np.not_equal, ":<": np.less, ":>": np.greater,
         ":<=": np.less_equal, ":>=": np.greater_equal}  # fmt: skip
OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "+": _add,
    "-": _alike(np.subtract),
    "*": _times,
    "/": _over,
    "^": _alike(np.power),
    "#": lambda left, right: computed(np.kron, left, right),
    ",": lambda left, right: _joined(left, right, 1),
    "\\": lambda left, right: _joined(left, right, 0),
    "&": lambda left, right: number(bool(scalar(left)) and bool(scalar(right))),
    "|": lambda left, right: number(bool(scalar(left)) or bool(scalar(right))),
    **_COMPARISONS,
    **{name: _each(function) for name, function in _EACH.items()},
}


def shown(value: Value) -> list[str]:
    """Return the rows that show a value: a matrix in a frame, of a symmetric one the triangle."""
    if value.shape == (1, 1):
        one = value[0, 0]
        return [f"  {one if is_text(value) else general(float(one), 12)}"]
    height, width = value.shape
    symmetric = height == width and not is_text(value) and bool((value == value.T).all())
    texts = [[str(v) if is_text(value) else general(float(v), 12) for v in line] for line in value]
    room = max((len(entry) for line in texts for entry in line), default=0)
    lead = len(str(height))
    rule = " " * (lead + 3) + "+" + "-" * (width * (room + 3) + 1) + "+"
    rows = ["[symmetric]"] if symmetric else []
    rows.append(" " * (lead + 3) + "".join(f"{c:>{room + 3}}" for c in range(1, width + 1)))
    rows.append(rule)
    for place, line in enumerate(texts):
        entries = line[: place + 1] if symmetric else line
        row = "".join(f"{entry:>{room + 3}}" for entry in entries).ljust(width * (room + 3))
        rows.append(f"{place + 1:>{lead + 2}} |{row[1:]}  |")
    return [*rows, rule]
