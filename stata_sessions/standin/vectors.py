"""Expressions over whole columns: variables, `_n`, subscripts and operators, by groups too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from stata_sessions.standin.errors import not_found, type_mismatch
from stata_sessions.standin.expressions import Call, Name, Stored, Subscript, evaluate, parse
from stata_sessions.standin.functions import Rows, call
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.scalars import ScalarEnvironment, combine
from stata_sessions.standin.storage import Mask, Numbers, Values, is_text

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
}


class Columns(ScalarEnvironment):
    """Names as columns; whatever does not vary stays a single value."""

    def __init__(self, interpreter: Interpreter, rows: Rows) -> None:
        super().__init__(interpreter)
        self._interpreter = interpreter
        self._rows = rows

    def name(self, node: Name) -> Any:
        """Return a variable's column, or the single value the name has otherwise."""
        if node.name == "_n":
            return self._rows.numbers
        if node.name == "_N":
            return self._rows.sizes
        data = self._interpreter.data
        if not node.name.startswith("_") or node.name in data.columns:
            found = data.find(node.name)
            if found is not None:
                return data.columns[found].values
        return super().name(node)

    def subscript(self, node: Subscript, indexes: list[Any]) -> Any:
        """Return a variable's values in other observations of the same group."""
        data = self._interpreter.data
        found = data.find(node.name)
        if found is None:
            if node.name not in self._interpreter.matrices:
                raise not_found(node.name)
            return super().subscript(node, indexes)
        if is_text(indexes[0]):
            raise type_mismatch()
        values, rows = data.columns[found].values, self._rows
        index = np.broadcast_to(np.asarray(indexes[0], dtype=np.float64), rows.numbers.shape)
        inside = (index >= 1) & (index <= rows.sizes)
        places = np.where(inside, rows.numbers, 1).astype(np.intp)
        offset = np.where(inside, np.trunc(np.where(inside, index, 1)) - places, 0)
        order = rows.order
        taken = values[order][(rows.places + offset).astype(np.intp)] if len(values) else values
        return np.where(inside, taken, "" if is_text(values) else SYSTEM)

    def stored(self, node: Stored) -> Any:
        """Return a stored result; e(sample) is a column."""
        if node.store == "e" and node.name == "sample":
            return self._sample()
        return super().stored(node)

    def _sample(self) -> Numbers:
        sample = getattr(self._interpreter.e.sample, "rows", self._interpreter.e.sample)
        count = self._interpreter.data.observations
        if sample is None or len(sample) != count:
            return np.zeros(count)
        return np.asarray(sample, dtype=np.float64)

    def call(self, node: Call, arguments: list[Any]) -> Any:
        """Return a function's values."""
        if node.name == "scalar":
            return super().call(node, arguments)
        return call(node.name, arguments, self._rows)

    def unary(self, operator: str, value: Any) -> Any:
        """Apply `-`, `+` or `!`."""
        if not isinstance(value, np.ndarray):
            return super().unary(operator, value)
        if is_text(value):
            raise type_mismatch()
        if operator == "!":
            return (value == 0).astype(np.float64)
        return np.where(value >= SYSTEM, value, -value) if operator == "-" else value

    def binary(self, operator: str, left: Any, right: Any) -> Any:
        """Apply an operator."""
        if not (isinstance(left, np.ndarray) or isinstance(right, np.ndarray)):
            return combine(operator, left, right)
        if is_text(left) or is_text(right):
            return _text_binary(operator, left, right)
        if operator in _COMPARISONS:
            return _COMPARISONS[operator](left, right).astype(np.float64)
        if operator in "&|":
            both = np.logical_and if operator == "&" else np.logical_or
            return both(left != 0, right != 0).astype(np.float64)
        with np.errstate(all="ignore"):
            result = _ARITHMETIC[operator](left, right)
        bad = (left >= SYSTEM) | (right >= SYSTEM) | ~(np.abs(result) < SYSTEM)
        return np.where(bad, SYSTEM, result)


def _text_binary(operator: str, left: Any, right: Any) -> Any:
    if not (is_text(left) and is_text(right)):
        raise type_mismatch()
    if operator == "+":
        return np.add(np.asarray(left, dtype=object), np.asarray(right, dtype=object))
    if operator not in _COMPARISONS:
        raise type_mismatch()
    sides = (np.asarray(side, dtype=object) for side in (left, right))
    return _COMPARISONS[operator](*sides).astype(np.float64)


class OneRow(ScalarEnvironment):
    """Names as their values in one observation, for commands that work row after row."""

    row = 0

    def __init__(self, interpreter: Interpreter, rows: Rows) -> None:
        super().__init__(interpreter)
        self._interpreter, self._rows = interpreter, rows

    def name(self, node: Name) -> Any:
        """Return a variable's value in the current observation."""
        if node.name in ("_n", "_N"):
            counts = self._rows.numbers if node.name == "_n" else self._rows.sizes
            return float(counts[self.row])
        found = self._interpreter.data.find(node.name)
        if found is None:
            return super().name(node)
        return self._at(found, self.row)

    def subscript(self, node: Subscript, indexes: list[Any]) -> Any:
        """Return a variable's value in an observation of the same group."""
        found = self._interpreter.data.find(node.name)
        if found is None:
            return super().subscript(node, indexes)
        number, size = int(self._rows.numbers[self.row]), int(self._rows.sizes[self.row])
        inside = not isinstance(indexes[0], str) and 1 <= indexes[0] <= size
        if not inside:
            return "" if self._interpreter.data.columns[found].is_text else SYSTEM
        place = int(self._rows.places[self.row]) + int(indexes[0]) - number
        return self._at(found, int(self._rows.order[place]))

    def _at(self, name: str, row: int) -> Any:
        variable = self._interpreter.data.columns[name]
        value = variable.values[row]
        return str(value) if variable.is_text else float(value)


def column(interp: Interpreter, text: str, rows: Rows | None = None) -> Values:
    """Return an expression's values in all observations."""
    rows = rows or Rows.whole(interp.data.observations)
    value = evaluate(parse(text.strip()), Columns(interp, rows))
    if isinstance(value, np.ndarray) and value.shape == rows.numbers.shape:
        return value
    if isinstance(value, str):
        return np.full(rows.numbers.shape, value, dtype=object)
    return np.full(rows.numbers.shape, float(value))


def truths(interp: Interpreter, text: str, rows: Rows | None = None) -> Mask:
    """Return where a condition holds; a missing value counts as true.

    Raises:
        StataError: r(109) for a string.
    """
    values = column(interp, text, rows)
    if is_text(values):
        raise type_mismatch()
    return np.asarray(values != 0, dtype=np.bool_)
