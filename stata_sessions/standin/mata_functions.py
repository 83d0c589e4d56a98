"""Mata's functions, by name, and its doors to Stata's data, macros and matrices."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from stata_sessions.standin import functions
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.formats import format_value
from stata_sessions.standin.mata_values import (
    Value,
    computed,
    failure,
    is_text,
    number,
    numbers,
    scalar,
    string,
    text,
)
from stata_sessions.standin.matrices import named, sized
from stata_sessions.standin.matrix_expressions import matrix_value
from stata_sessions.standin.missing import SYSTEM

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

Function = Callable[..., Value]


def _of_numbers(function: Callable[..., Any]) -> Function:
    return lambda a: computed(function, a)


def _square(function: Callable[[Value], Any]) -> Function:
    def apply(a: Value) -> Value:
        if a.shape[0] != a.shape[1]:
            raise failure(3205, "square matrix required")
        try:
            return computed(function, a)
        except np.linalg.LinAlgError:
            return np.full(a.shape, SYSTEM)

    return apply


def _filled(rows: Value, columns: Value, value: Value) -> Value:
    return np.full(sized(int(scalar(rows)), int(scalar(columns))), value[0, 0], dtype=value.dtype)


def _cross(a: Value, b: Value) -> Value:
    if len(a) != len(b):
        raise failure(3200)
    return computed(lambda x, y: x.T @ y, a, b)


_NUMERIC: dict[str, Callable[..., Any]] = {
        "sqrt": np.sqrt, "exp": np.exp, "ln": np.log, "log": np.log, "abs": np.abs,
        "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc, "round": np.rint,
        "sum": np.sum, "min": np.nanmin, "max": np.nanmax, "trace": np.trace,
        "mean": lambda a: a.mean(axis=0), "colsum": lambda a: a.sum(axis=0),
        "rowsum": lambda a: a.sum(axis=1)[:, None], "diag": lambda a: np.diag(a.ravel()),
        "diagonal": lambda a: np.diag(a)[:, None], "variance": lambda a: np.cov(a, rowvar=False),
}  # fmt: skip
PURE: dict[str, Function] = {
    **{name: _of_numbers(function) for name, function in _NUMERIC.items()},
    "invsym": _square(np.linalg.inv), "luinv": _square(np.linalg.inv),
    "cholesky": _square(np.linalg.cholesky), "det": _square(np.linalg.det),
    "rows": lambda a: number(a.shape[0]), "cols": lambda a: number(a.shape[1]),
    "length": lambda a: number(a.size), "I": lambda n: np.eye(*sized(int(scalar(n)), 1)[:1]),
    "J": _filled, "cross": _cross,
    "strofreal": lambda a: text(format_value(scalar(a), "%9.0g").strip()),
}  # fmt: skip


class Doors:
    """Functions that reach into the session."""

    def __init__(self, interp: Interpreter) -> None:
        self._interp = interp

    def st_local(self, name: Value, *value: Value) -> Value:
        """Return or set a local macro."""
        return self._macro(self._interp.macros.locals, name, *value)

    def st_global(self, name: Value, *value: Value) -> Value:
        """Return or set a global macro."""
        return self._macro(self._interp.macros.globals, name, *value)

    @staticmethod
    def _macro(store: dict[str, str], name: Value, *value: Value) -> Value:
        if not value:
            return text(store.get(string(name), ""))
        store[string(name)] = string(value[0])
        return EMPTY

    def st_numscalar(self, name: Value, *value: Value) -> Value:
        """Return or set a scalar."""
        if not value:
            found = self._interp.evaluate(_stored(string(name)))
            return text(found) if isinstance(found, str) else number(found)
        self._interp.scalars[string(name)] = scalar(value[0])
        return EMPTY

    def st_matrix(self, name: Value, *value: Value) -> Value:
        """Return or set a matrix."""
        if not value:
            return matrix_value(self._interp, string(name)).values
        self._interp.matrices[string(name)] = named(numbers(value[0]))
        return EMPTY

    def st_nobs(self) -> Value:
        """Return the number of observations."""
        return number(self._interp.data.observations)

    def st_data(self, rows: Value, names: Value) -> Value:
        """Return numeric variables as columns."""
        return self._columns(rows, names, strings=False)

    def st_sdata(self, rows: Value, names: Value) -> Value:
        """Return string variables as columns."""
        return self._columns(rows, names, strings=True)

    def _columns(self, rows: Value, names: Value, *, strings: bool) -> Value:
        data = self._interp.data
        chosen = self._rows(rows)
        found = data.expand(" ".join(str(name) for name in names.ravel()))
        if any(data.columns[name].is_text != strings for name in found):
            raise failure(3250)
        return np.column_stack([data.columns[name].values[chosen] for name in found])

    def _rows(self, rows: Value) -> Value:
        count = self._interp.data.observations
        wanted = numbers(rows).ravel()
        if wanted.size == 1 and wanted[0] >= SYSTEM:
            return np.arange(count)
        if ((wanted < 1) | (wanted > count)).any():
            raise failure(3301)
        return wanted.astype(np.intp) - 1

    def st_store(self, rows: Value, name: Value, values: Value) -> Value:
        """Write a column into a variable."""
        data, chosen = self._interp.data, self._rows(rows)
        if values.shape != (len(chosen), 1):
            raise failure(3200)
        full = data.numbers(data.single(string(name))).copy()
        full[chosen] = numbers(values)[:, 0]
        data.replace(data.single(string(name)), full)
        return EMPTY

    def st_addvar(self, kind: Value, name: Value) -> Value:
        """Add a variable; return its place."""
        data = self._interp.data
        data.add(string(name), np.full(data.observations, SYSTEM), string(kind))
        return number(len(data.columns))

    def stata(self, command: Value) -> Value:
        """Run a command."""
        self._interp.run_line(string(command))
        return EMPTY

    def display(self, value: Value) -> Value:
        """Print a string."""
        self._interp.out.row(string(value))
        return EMPTY

    def printf(self, fmt: Value, *values: Value) -> Value:
        """Print values by a format."""
        shown = string(fmt).replace("\\n", "\n")
        for value in values:
            found = re.search(r"%[-\d.]*[gfes]c?", shown)
            if found is None:
                break
            shown = shown[: found.start()] + _printed(value, found[0]) + shown[found.end() :]
        self._interp.out.text(shown)
        return EMPTY


EMPTY: Value = np.empty((0, 0))
DOORS = frozenset(name for name in vars(Doors) if not name.startswith("_"))


def _printed(value: Value, fmt: str) -> str:
    if is_text(value):
        return string(value)
    if fmt == "%g":
        return format_value(scalar(value), "%9.0g").strip()
    return format_value(scalar(value), fmt)


def _stored(name: str) -> str:
    return name if "(" in name else f"scalar({name})"


def stata_function(name: str, arguments: list[Value]) -> Value:
    """Apply one of Stata's own functions to each element.

    Raises:
        StataError: r(3499) if there is none.
    """
    try:
        shape = np.broadcast_shapes(*(a.shape for a in arguments))
        flat = [np.broadcast_to(a, shape).ravel() for a in arguments]
        found = functions.call(name, flat)
    except StataError as error:
        if error.code == 133:
            raise failure(3499, f"{name}() not found") from None
        raise failure(3250) from None
    except ValueError:
        raise failure(3200) from None
    return np.asarray(found).reshape(shape)
