"""Matrices: operators, names, and how one is listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.formats import format_value
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.results import Matrix

if TYPE_CHECKING:
    from stata_sessions.standin.output import Output

Numbers = NDArray[np.float64]
# [R] limits: Stata/BE.
_MOST_ROWS = 800


def named(values: Numbers, rows: tuple[str, ...] = (), columns: tuple[str, ...] = ()) -> Matrix:
    """Return a matrix; rows and columns without names are r1, r2, ... and c1, c2, ..."""
    height, width = values.shape
    if len(rows) != height:
        rows = tuple(f"r{i}" for i in range(1, height + 1))
    if len(columns) != width:
        columns = tuple(f"c{i}" for i in range(1, width + 1))
    return Matrix(values, rows, columns)


def square(values: Numbers) -> Numbers:
    """Return a matrix that must be square.

    Raises:
        StataError: r(503) if it is not.
    """
    if values.shape[0] != values.shape[1]:
        raise StataError(503, "matrix not square")
    return values


def sized(height: int, width: int) -> tuple[int, int]:
    """Return the size of a matrix to be made.

    Raises:
        StataError: r(503) if it is none, r(908) if it is more than [R] limits allows.
    """
    if min(height, width) < 1:
        raise StataError(503, "conformability error")
    if max(height, width) > _MOST_ROWS:
        raise StataError(908, "matsize too small")
    return height, width


def single(value: float) -> Matrix:
    """Return a number as a matrix."""
    return named(np.array([[value]]))


def _issingle(matrix: Matrix) -> bool:
    return matrix.values.shape == (1, 1)


def _known(values: Numbers) -> Numbers:
    return np.where(values >= SYSTEM, np.nan, values)


def _settled(values: Numbers) -> Numbers:
    return np.where(np.isfinite(values), values, SYSTEM)


def _elementwise(operation: Callable[[Numbers, Numbers], Numbers]) -> _Operation:
    def apply(left: Matrix, right: Matrix) -> Matrix:
        if left.values.shape != right.values.shape:
            raise StataError(503, "conformability error")
        values = operation(_known(left.values), _known(right.values))
        return Matrix(_settled(values), left.rows, left.columns)

    return apply


_Operation = Callable[[Matrix, Matrix], Matrix]


def _times(left: Matrix, right: Matrix) -> Matrix:
    a, b = _known(left.values), _known(right.values)
    if _issingle(left):
        return Matrix(_settled(a[0, 0] * b), right.rows, right.columns)
    if _issingle(right):
        return Matrix(_settled(a * b[0, 0]), left.rows, left.columns)
    if a.shape[1] != b.shape[0]:
        raise StataError(503, "conformability error")
    return Matrix(_settled(a @ b), left.rows, right.columns)


def _over(left: Matrix, right: Matrix) -> Matrix:
    if not _issingle(right):
        raise StataError(503, "conformability error")
    with np.errstate(divide="ignore", invalid="ignore"):
        values = _known(left.values) / _known(right.values)[0, 0]
        return Matrix(_settled(values), left.rows, left.columns)


def _beside(left: Matrix, right: Matrix) -> Matrix:
    if left.values.shape[0] != right.values.shape[0]:
        raise StataError(503, "conformability error")
    columns = _joined(left.columns, right.columns, "c")
    return Matrix(np.hstack([left.values, right.values]), left.rows, columns)


def _above(left: Matrix, right: Matrix) -> Matrix:
    if left.values.shape[1] != right.values.shape[1]:
        raise StataError(503, "conformability error")
    rows = _joined(left.rows, right.rows, "r")
    return Matrix(np.vstack([left.values, right.values]), rows, left.columns)


def _kronecker(left: Matrix, right: Matrix) -> Matrix:
    (a, b), (c, d) = left.values.shape, right.values.shape
    sized(a * c, b * d)
    product = np.kron(_known(left.values), _known(right.values))
    return named(_settled(np.asarray(product, np.float64)))


def _joined(left: tuple[str, ...], right: tuple[str, ...], letter: str) -> tuple[str, ...]:
    """Names of joined rows or columns; those that only count go on counting."""
    counting = all(name == f"{letter}{i}" for i, name in enumerate(right, 1))
    if counting and all(name == f"{letter}{i}" for i, name in enumerate(left, 1)):
        return tuple(f"{letter}{i}" for i in range(1, len(left) + len(right) + 1))
    return left + right


OPERATORS: dict[str, _Operation] = {
    "+": _elementwise(lambda a, b: a + b),
    "-": _elementwise(lambda a, b: a - b),
    "*": _times,
    "/": _over,
    "#": _kronecker,
    ",": _beside,
    "\\": _above,
}


def list_matrix(out: Output, title: str, matrix: Matrix, fmt: str) -> None:
    """Print a matrix as `matrix list` does; of a symmetric one the lower triangle."""
    values = matrix.values
    height, width = values.shape
    symmetric = height == width and np.array_equal(values, values.T)
    out.row(f"\n{'symmetric ' if symmetric else ''}{title}[{height},{width}]")
    texts = [[format_value(float(v), fmt).strip() for v in row] for row in values]
    room = max(len(text) for text in [*matrix.columns, *(c for row in texts for c in row)])
    lead = max(len(name) for name in matrix.rows)
    at_once = max(1, (out.linesize - lead) // (room + 2))
    for first in range(0, width, at_once):
        shown = range(first, min(first + at_once, width))
        if first:
            out.row()
        out.row(" " * lead + "".join(f"  {matrix.columns[c]:>{room}}" for c in shown))
        for place, name in enumerate(matrix.rows):
            row = [f"  {texts[place][c]:>{room}}" for c in shown if not symmetric or c <= place]
            if row:
                out.row(f"{name:>{lead}}" + "".join(row))
