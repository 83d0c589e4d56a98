"""Expressions over single values: what `display`, `if`, `while` and `` `= ' `` work with."""

from __future__ import annotations

import math
import operator as operators
from collections.abc import Callable
from typing import TYPE_CHECKING

from stata_sessions.standin.errors import not_found, repeated, type_mismatch
from stata_sessions.standin.expressions import (
    Call,
    Coefficient,
    MatrixCall,
    Name,
    Stored,
    Subscript,
)
from stata_sessions.standin.missing import SYSTEM, is_missing

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter
    from stata_sessions.standin.results import Results

Value = float | str

_COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "==": operators.eq,
    "!=": operators.ne,
    "<": operators.lt,
    ">": operators.gt,
    "<=": operators.le,
    ">=": operators.ge,
}


def _divide(left: float, right: float) -> float:
    return left / right if right else SYSTEM


def _power(left: float, right: float) -> float:
    power = left**right if left or right > 0 else (SYSTEM if right else 1.0)
    return SYSTEM if isinstance(power, complex) else power


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operators.add,
    "-": operators.sub,
    "*": operators.mul,
    "/": _divide,
    "^": _power,
}


def combine(operator: str, left: Value, right: Value) -> Value:
    """Apply an operator to two values, with Stata's rules for missing values and strings."""
    if isinstance(left, str) or isinstance(right, str):
        return _combine_text(operator, left, right)
    if operator in _ARITHMETIC:
        if is_missing(left) or is_missing(right):
            return SYSTEM
        return settle(_ARITHMETIC[operator], left, right)
    if operator in _COMPARISONS:
        return float(_COMPARISONS[operator](left, right))
    return float(bool(left and right) if operator == "&" else bool(left or right))


def _combine_text(operator: str, left: Value, right: Value) -> Value:
    if operator == "*" and isinstance(left, str) != isinstance(right, str):
        text, times = (left, right) if isinstance(left, str) else (right, left)
        return repeated(str(text), float(times))
    if not (isinstance(left, str) and isinstance(right, str)):
        raise type_mismatch()
    if operator == "+":
        return left + right
    if operator in _COMPARISONS:
        return float(_COMPARISONS[operator](left, right))
    raise type_mismatch()


def settle(function: Callable[..., float], *arguments: float) -> float:
    """Return a function's value, missing where mathematics has none or it is too large."""
    try:
        value = function(*arguments)
    except (ArithmeticError, ValueError):
        return SYSTEM
    return value if math.isfinite(value) and abs(value) < SYSTEM else SYSTEM


class ScalarEnvironment:
    """Names as single values: variables stand for their first observation."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter

    def name(self, node: Name) -> Value:
        """Return the value of a variable, scalar or `_` constant."""
        name, interpreter = node.name, self._interpreter
        if name in _CONSTANTS:
            return _CONSTANTS[name](interpreter)
        if interpreter.has_data and (variable := interpreter.data.find(name)):
            return interpreter.data.value(variable, 1)
        if name in interpreter.scalars:
            return interpreter.scalars[name]
        raise not_found(name)

    def subscript(self, node: Subscript, indexes: list[Value]) -> Value:
        """Return an observation of a variable or an element of a matrix."""
        places = [int(i) if not isinstance(i, str) and not is_missing(i) else 0 for i in indexes]
        interpreter = self._interpreter
        if node.name in interpreter.matrices:
            return self._element(node.name, places)
        if not (interpreter.has_data and (variable := interpreter.data.find(node.name))):
            raise not_found(node.name)
        if 1 <= places[0] <= interpreter.data.observations:
            return interpreter.data.value(variable, places[0])
        first = interpreter.data.value(variable, 1) if interpreter.data.observations else 0.0
        return "" if isinstance(first, str) else SYSTEM

    def _element(self, name: str, places: list[int]) -> float:
        values = self._interpreter.matrices[name].values
        row, column = (*places, 1)[:2] if values.shape[0] > 1 or len(places) > 1 else (1, places[0])
        inside = 1 <= row <= values.shape[0] and 1 <= column <= values.shape[1]
        return float(values[row - 1, column - 1]) if inside else SYSTEM

    def coefficient(self, node: Coefficient) -> Value:
        """Return a coefficient or its standard error from e(b) and e(V)."""
        matrix = self._interpreter.e.matrices.get("b" if node.store == "_b" else "V")
        if matrix is None:
            raise not_found(f"[{node.what}]")
        data = self._interpreter.data if self._interpreter.has_data else None
        place = _place((data and data.find(node.what)) or node.what, matrix.columns)
        if node.store == "_b":
            return float(matrix.values[0, place])
        return math.sqrt(float(matrix.values[place, place]))

    def stored(self, node: Stored) -> Value:
        """Return a stored result; one that is not there is missing."""
        if node.store == "c":
            return self._interpreter.settings.value(self._interpreter, node.name)
        results: Results = getattr(self._interpreter, node.store)
        if node.name in results.scalars:
            return float(results.scalars[node.name])
        return results.macros.get(node.name, SYSTEM)

    def call(self, node: Call, arguments: list[Value]) -> Value:
        """Return a function's value."""
        if node.name == "scalar":
            name = str(arguments[0])
            if name not in self._interpreter.scalars:
                raise not_found(name)
            return self._interpreter.scalars[name]
        from stata_sessions.standin.functions import call

        value: Value = call(node.name, arguments)
        return value

    def matrix_call(self, node: MatrixCall) -> Value:
        """Return the value of a function of matrices."""
        from stata_sessions.standin.matrix_expressions import number_function

        return number_function(self._interpreter, node.name, node.arguments)

    def unary(self, operator: str, value: Value) -> Value:
        """Apply `-`, `+` or `!`."""
        if operator == "+":
            # `display "a" + "b"` is two items, the second one +"b".
            return value
        if isinstance(value, str):
            raise type_mismatch()
        if operator == "!":
            return float(not value)
        return value if is_missing(value) else -value

    def binary(self, operator: str, left: Value, right: Value) -> Value:
        """Apply an operator."""
        return combine(operator, left, right)


def _place(name: str, columns: tuple[str, ...]) -> int:
    if name in columns:
        return columns.index(name)
    # A level may be written without the mark of a base or omitted one.
    from stata_sessions.standin.estimation.model import plain_name

    plain = [plain_name(column) for column in columns]
    if plain_name(name) not in plain:
        raise not_found(f"[{name}]")
    return plain.index(plain_name(name))


_CONSTANTS: dict[str, Callable[[Interpreter], Value]] = {
    "_pi": lambda _: math.pi,
    "_rc": lambda interpreter: float(interpreter.return_code),
    "_n": lambda _: 1.0,
    "_N": lambda i: float(i.data.observations) if i.has_data else 0.0,
}
