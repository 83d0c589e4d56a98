"""Which observations a command works on: if, in, by, weights and missing values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from stata_sessions.standin.errors import StataError, invalid, no_observations
from stata_sessions.standin.functions import Rows
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.storage import Mask, Numbers, is_text, missing_in
from stata_sessions.standin.vectors import column, truths

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter
    from stata_sessions.standin.syntax import CommandLine, Weight


def in_range(interp: Interpreter, text: str) -> slice:
    """Return the observations `in 1/5`, `in -3/l` or `in 7` names.

    Raises:
        StataError: r(198) if there are none such.
    """
    count = interp.data.observations
    first, slash, last = text.partition("/")
    ends = [_place(interp, end.strip(), count) for end in ((first, last) if slash else (first,))]
    start, end = ends[0], ends[-1]
    if not 1 <= start <= end <= count:
        raise StataError(198, "observation numbers out of range")
    return slice(start - 1, end)


def _place(interp: Interpreter, text: str, count: int) -> int:
    if text.lower() == "f":
        return 1
    if text.lower() == "l":
        return count
    try:
        number = interp.whole(text)
    except StataError:
        raise invalid(text) from None
    return number if number >= 0 else count + number + 1


def sample(
    interp: Interpreter, line: CommandLine, variables: Iterable[str] = (), rows: Rows | None = None
) -> Mask:
    """Return where a command works: if, in and by hold and no listed variable is missing."""
    data = interp.data
    chosen = np.ones(data.observations, dtype=np.bool_)
    if data.within is not None:
        chosen &= data.within
        rows = rows or Rows.grouped((~data.within).astype(np.intp))
    if line.in_ is not None:
        place = in_range(interp, line.in_)
        chosen[: place.start] = False
        chosen[place.stop :] = False
    if line.if_ is not None:
        chosen &= truths(interp, line.if_, rows)
    for name in variables:
        chosen &= ~missing_in(data.columns[name].values)
    return chosen


def some(chosen: Mask) -> Mask:
    """Return a sample as given.

    Raises:
        StataError: r(2000) if it is empty.
    """
    if not chosen.any():
        raise no_observations()
    return chosen


def weights(
    interp: Interpreter, weight: Weight | None, chosen: Mask, allowed: str
) -> tuple[str, Numbers]:
    """Return the kind of a weight and its values; a sample loses what has none.

    The first of the `allowed` kinds (separated by blanks) is what `[weight=...]` means.

    Raises:
        StataError: r(101) for a kind that is not allowed, r(402) for negative weights, r(401) for
            frequencies that are not whole.
    """
    if weight is None:
        return "", np.ones(len(chosen))
    kinds = allowed.split()
    kind = kinds[0] if weight.kind == "weight" and kinds else weight.kind
    if kind not in kinds:
        raise StataError(101, f"{kind}s not allowed" if kinds else "weights not allowed")
    values = column(interp, weight.expression)
    if is_text(values):
        raise StataError(109, "type mismatch")
    numbers = np.asarray(values, dtype=np.float64)
    known = chosen & (numbers < SYSTEM)
    if kind != "iweight" and (numbers[known] < 0).any():
        raise StataError(402, "negative weights encountered")
    if kind == "fweight" and (numbers[known] != np.trunc(numbers[known])).any():
        raise StataError(401, "may not use noninteger frequency weights")
    chosen &= known & (numbers != 0)
    return kind, numbers


def one_numeric(interp: Interpreter, text: str) -> str:
    """Return the one numeric variable that a text names.

    Raises:
        StataError: r(100), r(102), r(103) for none or several.
    """
    return numeric(interp, interp.data.single(text))[0]


def numeric(interp: Interpreter, text: str) -> list[str]:
    """Return the variables of a list, all of them numeric.

    Raises:
        StataError: r(109) for strings.
    """
    names = interp.data.expand(text)
    for name in names:
        if interp.data.columns[name].is_text:
            raise StataError(109, f"{name}:  string variable may not be used here")
    return names
