"""The table of functions, and how they meet missing values, strings and whole columns.

`NUMERIC` functions map arrays of numbers and give missing wherever an argument is; `PLAIN` ones
(strings, dates) map single values and are repeated over columns; `SPECIAL` ones see all there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stata_sessions.standin.asides import aside
from stata_sessions.standin.errors import invalid_syntax, type_mismatch, unknown_function
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.storage import Mask, Numbers, Strings, is_text


@dataclass(frozen=True)
class Rows:
    """Where each observation stands: its number in its group, and the size of the group.

    `order` sorts the observations by group; `places` is each observation's place in that order.
    `chosen` says for which observations random numbers are drawn; None means all.
    """

    numbers: Numbers
    sizes: Numbers
    order: NDArray[np.intp]
    places: NDArray[np.intp]
    chosen: Mask | None = None

    @classmethod
    def whole(cls, count: int) -> Rows:
        """Return the rows of data without groups."""
        places = np.arange(count)
        return cls(
            (places + 1).astype(np.float64),
            np.full(count, float(count), dtype=np.float64),
            places,
            places,
        )

    @classmethod
    @aside
    def grouped(cls, group: NDArray[np.intp]) -> Rows:
        """Return the rows of data whose observations belong to numbered groups."""
        order = np.argsort(group, kind="stable")
        counts = np.bincount(group) if len(group) else np.zeros(0, dtype=np.intp)
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(counts) else counts
        places = np.empty(len(group), dtype=np.intp)
        places[order] = np.arange(len(group))
        return cls(places - starts[group] + 1.0, counts[group].astype(np.float64), order, places)


def call(name: str, arguments: list[Any], rows: Rows | None = None) -> Any:
    """Return a function's value: a column where an argument is one.

    Raises:
        StataError: r(133) for an unknown function, r(109) for a string where a number belongs,
            r(198) for the wrong number of arguments.
    """
    if name in _SPECIAL:
        return _SPECIAL[name](arguments, rows)
    if name in _NUMERIC:
        return _numeric(*_NUMERIC[name], arguments)
    from stata_sessions.standin import dates, distributions, text_functions

    if name in distributions.NUMERIC:
        return _numeric(*distributions.NUMERIC[name], arguments)
    if name in distributions.DRAWS:
        return _drawn(*distributions.DRAWS[name], arguments, rows)
    for table in (text_functions.PLAIN, dates.PLAIN):
        if name in table:
            return _plain(*table[name], arguments)
    raise unknown_function(name)


def _check_count(counts: tuple[int, ...], arguments: list[Any]) -> None:
    if len(arguments) not in counts:
        raise invalid_syntax()


@aside
def _numeric(function: Callable[..., Any], counts: tuple[int, ...], arguments: list[Any]) -> Any:
    _check_count(counts, arguments)
    if any(is_text(argument) for argument in arguments):
        raise type_mismatch()
    columns = np.broadcast_arrays(*(np.asarray(a, dtype=np.float64) for a in arguments))
    absent = np.logical_or.reduce([column >= SYSTEM for column in columns])
    with np.errstate(all="ignore"):
        result = function(*(np.where(absent, 1.0, column) for column in columns))
        result = np.where(absent | ~(np.abs(result) < SYSTEM), SYSTEM, result)
    return result if result.ndim else float(result)


@aside
def _plain(function: Callable[..., Any], kinds: str, arguments: list[Any]) -> Any:
    """Call a function of single values; `kinds` says `s`, `n` or `x` (either) for each.

    What follows a `?` may be left out.
    """
    required, _, optional = kinds.partition("?")
    if not len(required) <= len(arguments) <= len(required + optional):
        raise invalid_syntax()
    for kind, argument in zip(required + optional, arguments, strict=False):
        if kind != "x" and is_text(argument) != (kind == "s"):
            raise type_mismatch()
    columns = [a for a in arguments if isinstance(a, np.ndarray)]
    if not columns:
        return function(*arguments)
    spread = [a.tolist() if isinstance(a, np.ndarray) else [a] * len(columns[0]) for a in arguments]
    values = [function(*row) for row in zip(*spread, strict=True)]
    if isinstance(values[0], str) if values else "s" in kinds:
        result: Strings = np.empty(len(values), dtype=object)
        result[:] = values
        return result
    return np.asarray(values, dtype=np.float64)


def _drawn(
    function: Callable[..., Any], counts: tuple[int, ...], arguments: list[Any], rows: Rows | None
) -> Any:
    _check_count(counts, arguments)
    if rows is None:
        return float(function(1, *arguments)[0])
    count = len(rows.numbers)
    chosen = np.ones(count, dtype=np.bool_) if rows.chosen is None else rows.chosen
    parameters = [a[chosen] if isinstance(a, np.ndarray) else a for a in arguments]
    drawn = function(int(chosen.sum()), *parameters)
    known = np.isfinite(drawn)
    for parameter in parameters:
        known &= np.less(parameter, SYSTEM)
    result = np.full(count, SYSTEM)
    result[chosen] = np.where(known, drawn, SYSTEM)
    return result


def _round(value: Numbers, unit: Numbers | float = 1.0) -> Numbers:
    # Halves go up, as in Stata, not to the even neighbour.
    return np.where(unit == 0, value, np.floor(value / unit + 0.5) * unit)


def _mod(value: Numbers, divisor: Numbers) -> Numbers:
    return np.where(divisor > 0, value - divisor * np.floor(value / divisor), SYSTEM)


def _invlogit(value: Numbers) -> Numbers:
    return 1.0 / (1.0 + np.exp(-value))


def _comb(n: Numbers, k: Numbers) -> Numbers:
    from scipy.special import comb

    return np.asarray(comb(np.floor(n), np.floor(k)), dtype=np.float64)


_NUMERIC: dict[str, tuple[Callable[..., Any], tuple[int, ...]]] = {
    "abs": (np.abs, (1,)),
    "acos": (np.arccos, (1,)),
    "asin": (np.arcsin, (1,)),
    "atan": (np.arctan, (1,)),
    "atan2": (np.arctan2, (2,)),
    "ceil": (np.ceil, (1,)),
    "cloglog": (lambda x: np.log(-np.log(1 - x)), (1,)),
    "comb": (_comb, (2,)),
    "cos": (np.cos, (1,)),
    "cosh": (np.cosh, (1,)),
    "exp": (np.exp, (1,)),
    "floor": (np.floor, (1,)),
    "int": (np.trunc, (1,)),
    "invlogit": (_invlogit, (1,)),
    "ln": (np.log, (1,)),
    "ln1p": (np.log1p, (1,)),
    "log": (np.log, (1,)),
    "log10": (np.log10, (1,)),
    "logit": (lambda p: np.log(p / (1 - p)), (1,)),
    "mod": (_mod, (2,)),
    "reldif": (lambda x, y: np.abs(x - y) / (np.abs(y) + 1), (2,)),
    "round": (_round, (1, 2)),
    "sign": (np.sign, (1,)),
    "sin": (np.sin, (1,)),
    "sinh": (np.sinh, (1,)),
    "sqrt": (np.sqrt, (1,)),
    "tan": (np.tan, (1,)),
    "tanh": (np.tanh, (1,)),
    "trunc": (np.trunc, (1,)),
}


def _result(values: Any) -> Any:
    if is_text(values):
        return values
    return np.asarray(values, dtype=np.float64) if np.ndim(values) else float(values)


def _missing(arguments: list[Any], rows: Rows | None) -> Any:
    if not arguments:
        raise invalid_syntax()
    marks = [(a == "") if is_text(a) else (np.asarray(a) >= SYSTEM) for a in arguments]
    found = marks[0]
    for mark in marks[1:]:
        found = found | mark
    return _result(np.asarray(found, dtype=np.float64))


def _cond(arguments: list[Any], rows: Rows | None) -> Any:
    _check_count((3, 4), arguments)
    condition, yes, no = arguments[:3]
    if is_text(condition) or is_text(yes) != is_text(no):
        raise type_mismatch()
    if len(arguments) == 4:
        no = _cond([np.asarray(condition) >= SYSTEM, arguments[3], yes], rows)
        yes, no = no, arguments[2]
    if not any(isinstance(a, np.ndarray) and a.ndim for a in (condition, yes, no)):
        return yes if condition else no
    if is_text(yes):
        yes, no = np.asarray(yes, dtype=object), np.asarray(no, dtype=object)
    return np.where(np.asarray(condition) != 0, yes, no)


def _extreme(choose: Callable[[Any, Any], Any], worst: float) -> Callable[..., Any]:
    """Return min or max, which pass over missing values."""

    def extreme(arguments: list[Any], rows: Rows | None) -> Any:
        if len(arguments) < 2:
            raise invalid_syntax()
        if any(is_text(argument) for argument in arguments):
            raise type_mismatch()
        found: Any = np.float64(worst)
        for argument in arguments:
            value = np.asarray(argument, dtype=np.float64)
            found = choose(found, np.where(value >= SYSTEM, worst, value))
        return _result(np.where(found == worst, SYSTEM, found))

    return extreme


def _inlist(arguments: list[Any], rows: Rows | None) -> Any:
    if len(arguments) < 2:
        raise invalid_syntax()
    value, *members = arguments
    if any(is_text(member) != is_text(value) for member in members):
        raise type_mismatch()
    found: Any = np.False_
    for member in members:
        found = found | (np.asarray(value, dtype=object if is_text(value) else None) == member)
    return _result(np.asarray(found, dtype=np.float64))


def _inrange(arguments: list[Any], rows: Rows | None) -> Any:
    _check_count((3,), arguments)
    value, least, greatest = arguments
    if len({is_text(argument) for argument in arguments}) > 1:
        raise type_mismatch()
    if is_text(value):
        value = np.asarray(value, dtype=object)
        return _result(np.asarray((value >= least) & (value <= greatest), dtype=np.float64))
    value, least, greatest = (np.asarray(a, dtype=np.float64) for a in arguments)
    above = (least >= SYSTEM) | (value >= least)
    below = (greatest >= SYSTEM) | (value <= greatest)
    return _result(np.asarray(above & below & (value < SYSTEM), dtype=np.float64))


def _running_sum(arguments: list[Any], rows: Rows | None) -> Any:
    _check_count((1,), arguments)
    if is_text(arguments[0]):
        raise type_mismatch()
    if rows is None:
        return 0.0 if arguments[0] >= SYSTEM else float(arguments[0])
    values = np.broadcast_to(np.asarray(arguments[0], dtype=np.float64), rows.numbers.shape)
    sums = np.cumsum(np.where(values >= SYSTEM, 0.0, values)[rows.order])
    first = rows.places - rows.numbers.astype(np.intp) + 1
    before = np.where(first > 0, sums[first - 1], 0.0) if len(sums) else sums
    return sums[rows.places] - before


_SPECIAL: dict[str, Callable[[list[Any], Rows | None], Any]] = {
    "cond": _cond,
    "inlist": _inlist,
    "inrange": _inrange,
    "max": _extreme(np.maximum, -np.inf),
    "mi": _missing,
    "min": _extreme(np.minimum, np.inf),
    "missing": _missing,
    "sum": _running_sum,
}
