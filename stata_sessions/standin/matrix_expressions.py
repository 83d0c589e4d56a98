"""Matrix expressions, read and worked out in one go."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from stata_sessions.standin.errors import StataError, invalid_syntax, not_found, type_mismatch
from stata_sessions.standin.lexer import Cursor, Token
from stata_sessions.standin.matrices import OPERATORS, Numbers, named, single, sized, square
from stata_sessions.standin.missing import SYSTEM, extended
from stata_sessions.standin.results import Matrix

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

# [P] matrix define: from the loosest to the tightest binding.
_STRENGTH = {"\\": 1, ",": 2, "+": 3, "-": 3, "*": 4, "/": 5, "#": 6}
_PREFIX_STRENGTH = 7


def matrix_value(interp: Interpreter, text: str) -> Matrix:
    """Return the matrix an expression stands for.

    Raises:
        StataError: r(503) where sizes do not fit, r(111) for unknown names.
    """
    parser = _Parser(interp, text)
    value = parser.expression()
    if parser.here.kind != "end":
        raise invalid_syntax()
    return value


def number_function(interp: Interpreter, name: str, text: str) -> float:
    """Return the value of a function such as `rowsof(A)` or `el(A, 1, 2)`."""
    pieces = [piece.strip() for piece in text.split(",")]
    found = _find(interp, pieces[0])
    matrix = matrix_value(interp, pieces[0]) if found is None else found
    if name == "el":
        row, column = (interp.whole(piece) for piece in pieces[1:3])
        height, width = matrix.values.shape
        inside = 1 <= row <= height and 1 <= column <= width
        return float(matrix.values[row - 1, column - 1]) if inside else SYSTEM
    if name in ("rownumb", "colnumb"):
        names = matrix.rows if name == "rownumb" else matrix.columns
        wanted = pieces[1].strip('"')
        return names.index(wanted) + 1.0 if wanted in names else SYSTEM
    return float(_NUMBERS[name](matrix.values))


_NUMBERS: dict[str, Callable[[Numbers], float]] = {
    "rowsof": lambda a: a.shape[0],
    "colsof": lambda a: a.shape[1],
    "det": lambda a: float(np.linalg.det(square(a))),
    "trace": lambda a: float(np.trace(square(a))),
    "issymmetric": lambda a: float(a.shape[0] == a.shape[1] and np.array_equal(a, a.T)),
    "matmissing": lambda a: float(bool((a >= SYSTEM).any())),
}


def _find(interp: Interpreter, name: str) -> Matrix | None:
    if name[1:2] == "(" and name[0] in "re" and name.endswith(")"):
        stored: Matrix | None = getattr(interp, name[0]).matrices.get(name[2:-1])
        if stored is None:
            raise StataError(111, f"matrix {name} not found")
        return stored
    return interp.matrices.get(name)


def _found(interp: Interpreter, name: str) -> Matrix:
    matrix = _find(interp, name)
    if matrix is None:
        raise not_found(name)
    return matrix


class _Parser(Cursor):
    def __init__(self, interp: Interpreter, text: str) -> None:
        super().__init__(text)
        self._interp = interp

    def expression(self, strength: int = 0) -> Matrix:
        left = self._transposed(self._operand())
        while self.here.kind == "operator":
            operator = self.here.text
            binding = _STRENGTH.get(operator, 0)
            if binding <= strength:
                break
            self.take()
            left = OPERATORS[operator](left, self.expression(binding))
        return left

    def _transposed(self, value: Matrix) -> Matrix:
        while self.at("'"):
            self.take()
            value = Matrix(value.values.T, value.columns, value.rows)
        return value

    def _operand(self) -> Matrix:
        token = self.take()
        if token.kind == "number":
            return single(float(token.text))
        if token.kind == "missing":
            return single(extended(token.text[1:]))
        if token.kind == "name":
            return self._named(token)
        if token.text == "-":
            value = self.expression(_PREFIX_STRENGTH)
            return Matrix(-value.values, value.rows, value.columns)
        if token.text != "(":
            raise invalid_syntax()
        value = self.expression()
        self.expect(")")
        return value

    def _named(self, token: Token) -> Matrix:
        name = token.text
        if self.at("("):
            opened = self.take()
            if name in ("r", "e") and self.here.kind == "name":
                stored = self.take().text
                self.expect(")")
                return _found(self._interp, f"{name}({stored})")
            return self._function(name, opened)
        matrix = self._interp.matrices.get(name)
        if self.at("[") and matrix is not None:
            return self._part(matrix)
        return matrix or single(self._number(name))

    def _number(self, text: str) -> float:
        value = self._interp.evaluate(text)
        if isinstance(value, str):
            raise type_mismatch()
        return float(value)

    def _function(self, name: str, opened: Token) -> Matrix:
        text = self.up_to(opened, ")")
        function = _FUNCTIONS.get(name)
        if function is not None:
            return function(self._interp, text)
        return single(self._number(f"{name}({text})"))

    def _part(self, matrix: Matrix) -> Matrix:
        """Read `[rows, columns]`: a number, a range `1..2`, an open range `2...`, or a name."""
        inside = self.up_to(self.take(), "]")
        rows, _, columns = inside.partition(",")
        across = self._range(rows, matrix.rows)
        down = self._range(columns or "1", matrix.columns)
        return Matrix(matrix.values[across, down], matrix.rows[across], matrix.columns[down])

    def _range(self, text: str, names: tuple[str, ...]) -> slice:
        first, dots, last = text.strip().partition("..")
        start = self._place(first, names)
        end = len(names) if dots and last in ("", ".") else self._place(last or first, names)
        if not 1 <= start <= end <= len(names):
            raise StataError(503, "conformability error")
        return slice(start - 1, end)

    def _place(self, text: str, names: tuple[str, ...]) -> int:
        name = text.strip().strip('"')
        return names.index(name) + 1 if name in names else self._interp.whole(text)


def _inverse(interp: Interpreter, text: str) -> Matrix:
    matrix = matrix_value(interp, text)
    try:
        values = np.asarray(np.linalg.inv(square(matrix.values)), np.float64)
    except np.linalg.LinAlgError:
        raise StataError(504, "matrix singular") from None
    return Matrix(values, matrix.columns, matrix.rows)


def _pair(text: str) -> list[str]:
    pieces = text.split(",")
    if len(pieces) not in (2, 3):
        raise invalid_syntax()
    return pieces


def _sized(interp: Interpreter, text: str) -> Matrix:
    height, width, *value = (float(interp.evaluate(piece)) for piece in _pair(text))
    return named(np.full(sized(int(height), int(width)), value[0] if value else SYSTEM))


def _identity(interp: Interpreter, text: str) -> Matrix:
    size = interp.whole(text)
    return named(np.eye(*sized(size, size)))


def _of_values(function: Callable[[Numbers], Numbers]) -> Callable[[Interpreter, str], Matrix]:
    return lambda interp, text: named(function(matrix_value(interp, text).values))


def _cholesky(values: Numbers) -> Numbers:
    try:
        return np.asarray(np.linalg.cholesky(square(values)), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise StataError(506, "matrix not positive definite") from None


_FUNCTIONS: dict[str, Callable[[Interpreter, str], Matrix]] = {
    "I": _identity,
    "J": _sized,
    "inv": _inverse,
    "invsym": _inverse,
    "syminv": _inverse,
    "diag": _of_values(lambda a: np.diag(a.ravel()[: sized(a.size, a.size)[0]])),
    "vecdiag": _of_values(lambda a: np.diag(a)[np.newaxis, :]),
    "cholesky": _of_values(_cholesky),
}
