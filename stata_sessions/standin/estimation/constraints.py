"""Linear constraints on coefficients, as `test` and `lincom` take them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from stata_sessions.standin.errors import StataError, invalid_syntax
from stata_sessions.standin.estimation.model import Model
from stata_sessions.standin.expressions import (
    Binary,
    Coefficient,
    Constant,
    Name,
    Node,
    Unary,
    parse,
)
from stata_sessions.standin.formats import general
from stata_sessions.standin.storage import Numbers

_SPECIAL = re.compile(r"(?<![\w.])(?:\d+[bo]?|c|o|co|i)\.\w+(?:#(?:(?:\d+[bo]?|c|i)\.)?\w+)*")


@dataclass(frozen=True)
class Linear:
    """A combination of coefficients and a constant."""

    weights: Numbers
    constant: float

    def minus(self, other: Linear) -> Linear:
        """Return the difference."""
        return Linear(self.weights - other.weights, self.constant - other.constant)

    def text(self, model: Model) -> str:
        """Return it as an equation with the constant on the right."""
        parts: list[str] = []
        equation = "" if model.command == "regress" else f"[{model.depvar}]"
        for name, weight in zip(model.names, self.weights, strict=True):
            if weight:
                size = "" if abs(weight) == 1 else f"{general(abs(weight))}*"
                sign = ("- " if weight < 0 else "+ ") if parts else ("- " if weight < 0 else "")
                parts.append(f"{sign}{size}{equation}{name}")
        return f"{' '.join(parts) or '0'} = {general(-self.constant)}"


def combination(model: Model, text: str) -> Linear:
    """Read a linear combination of coefficients.

    Raises:
        StataError: r(111) for what is no coefficient, r(131) for what is not linear.
    """
    special: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        key = f"__special{len(special)}"
        special[key] = found.group()
        return key

    return _read(model, parse(_SPECIAL.sub(named, text).strip()), special)


def _read(model: Model, node: Node, special: dict[str, str]) -> Linear:
    match node:
        case Constant(value) if isinstance(value, float):
            return Linear(np.zeros(len(model.names)), value)
        case Name(name):
            return _unit(model, special.get(name, name))
        case Coefficient("_b", what):
            return _unit(model, special.get(what, what))
        case Unary("-", operand):
            inner = _read(model, operand, special)
            return Linear(-inner.weights, -inner.constant)
        case Unary("+", operand):
            return _read(model, operand, special)
        case Binary(operator, left, right):
            return _combined(operator, _read(model, left, special), _read(model, right, special))
    raise invalid_syntax()


def _unit(model: Model, name: str) -> Linear:
    place = model.place(name)
    if place is None:
        matching = [n for n, known in enumerate(model.names) if known.startswith(name)]
        place = matching[0] if len(matching) == 1 else None
    if place is None:
        raise StataError(111, f"{name} not found")
    weights = np.zeros(len(model.names))
    weights[place] = 1.0
    return Linear(weights, 0.0)


def _combined(operator: str, left: Linear, right: Linear) -> Linear:
    if operator == "+":
        return Linear(left.weights + right.weights, left.constant + right.constant)
    if operator == "-":
        return left.minus(right)
    if operator == "*" and not right.weights.any():
        left, right = right, left
    if operator == "*" and not left.weights.any():
        return Linear(right.weights * left.constant, right.constant * left.constant)
    if operator == "/" and not right.weights.any():
        return Linear(left.weights / right.constant, left.constant / right.constant)
    raise StataError(131, "not possible with test")
