"""The data in memory: named columns of float64 or strings, their labels, formats and order.

Columns are never changed in place: whoever changes one puts a new array in its stead. That makes
a copy of the whole data cheap, which `preserve` and `merge` lean on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from stata_sessions.standin.errors import (
    StataError,
    already_defined,
    too_many_variables,
    variable_not_found,
)
from stata_sessions.standin.missing import SYSTEM, is_missing, missing_name
from stata_sessions.standin.storage import (
    Mask,
    Strings,
    Values,
    blank,
    default_format,
    is_text,
    promoted,
    settled,
    smallest_type,
    width,
)
from stata_sessions.standin.varlists import abbreviated, check_name, expand


@dataclass
class Variable:
    """One column: its storage type, format and labels."""

    type: str
    values: Values
    format: str
    label: str = ""
    value_label: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it holds strings."""
        return self.type.startswith("str")


class Mark:
    """A set of observations that keeps up with sorting and dropping."""

    def __init__(self, rows: Mask) -> None:
        self.rows = rows


@dataclass
class Dataset:
    """The data in memory.

    `within` restricts commands to one group of a by prefix; `value_labels` holds the texts of
    value labels by name; `notes` those of each variable, or of `_dta`.
    """

    columns: dict[str, Variable] = field(default_factory=dict)
    observations: int = 0
    label: str = ""
    filename: str = ""
    filedate: str = ""
    value_labels: dict[str, dict[float, str]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    sorted_by: list[str] = field(default_factory=list)
    changed: bool = False
    # Whether the beginning of a name may stand for it; `set varabbrev off` forbids that.
    abbreviates: bool = True
    within: Mask | None = None
    _marks: WeakSet[Mark] = field(default_factory=WeakSet, repr=False)
    # What marks held when this copy was made, for `revive`.
    _held: list[tuple[Mark, Mask]] = field(default_factory=list, repr=False)

    @property
    def variables(self) -> list[str]:
        """The names of the variables, in order."""
        return list(self.columns)

    @property
    def width(self) -> int:
        """The bytes of one observation."""
        return sum(width(variable.type) for variable in self.columns.values())

    def find(self, name: str) -> str | None:
        """Return the full name of a variable, or None."""
        if name in self.columns:
            return name
        return abbreviated(name, self.columns) if self.abbreviates else None

    def expand(self, text: str) -> list[str]:
        """Return the names a list of variables stands for.

        Raises:
            StataError: r(111) for what is no variable.
        """
        return expand(text, self.variables, self.find)

    def single(self, text: str) -> str:
        """Return the name of the one variable that a text names.

        Raises:
            StataError: r(100), r(103) for none or several, r(111) for what is no variable.
        """
        names = self.expand(text)
        if not names:
            raise StataError(100, "varlist required")
        if len(names) > 1:
            raise too_many_variables()
        return names[0]

    def one(self, text: str) -> Variable:
        """Return the variable a name stands for.

        Raises:
            StataError: r(111) if there is none.
        """
        name = self.find(text.strip())
        if name is None:
            raise variable_not_found(text.strip())
        return self.columns[name]

    def column(self, name: str) -> Values:
        """Return the values of a variable, given by its name or an abbreviation."""
        return self.one(name).values

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return the values of a variable known to be numeric."""
        return np.asarray(self.one(name).values, dtype=np.float64)

    def value(self, name: str, observation: int) -> float | str:
        """Return a variable's value in an observation, counted from 1."""
        variable = self.one(name)
        if not 1 <= observation <= self.observations:
            return "" if variable.is_text else SYSTEM
        value = variable.values[observation - 1]
        return str(value) if variable.is_text else float(value)

    def add(self, name: str, values: Values, kind: str = "", **details: str) -> Variable:
        """Add a variable; without a type it gets the smallest that fits.

        Raises:
            StataError: r(110) if the name is taken, r(198) if it is no name.
        """
        check_name(name)
        if name in self.columns:
            raise already_defined(name)
        kind = kind or smallest_type(values)
        if not is_text(values):
            values = settled(np.asarray(values, dtype=np.float64), kind)
        if not self.columns:
            self.observations = self.observations or len(values)
        details.setdefault("format", default_format(kind))
        self.columns[name] = Variable(kind, values, **details)
        self.changed = True
        return self.columns[name]

    def replace(self, name: str, values: Values, *, promote: bool = True) -> str:
        """Give a variable new values; return its storage type afterwards."""
        variable = self.columns[name]
        if promote and (kind := promoted(variable.type, values)) != variable.type:
            if variable.format == default_format(variable.type):
                variable.format = default_format(kind)
            variable.type = kind
        if not variable.is_text:
            values = settled(np.asarray(values, dtype=np.float64), variable.type)
        self.columns[name] = replace(variable, values=values)
        self.changed = True
        self.forget_order(name)
        return variable.type

    def forget_order(self, name: str) -> None:
        """Note that a variable no longer sorts the data."""
        if name in self.sorted_by:
            self.sorted_by = self.sorted_by[: self.sorted_by.index(name)]

    def drop(self, names: list[str]) -> None:
        """Drop variables."""
        for name in names:
            self.forget_order(name)
            del self.columns[name]
            self.notes.pop(name, None)
        self.changed = True
        if not self.columns:
            self.observations, self.sorted_by = 0, []

    def take(self, rows: NDArray[np.intp] | Mask) -> None:
        """Keep or reorder observations, by a mask or by their places."""
        for name, variable in self.columns.items():
            self.columns[name] = replace(variable, values=variable.values[rows])
        for mark in self._marks:
            mark.rows = mark.rows[rows]
        count = int(rows.sum()) if rows.dtype == np.bool_ else len(rows)
        self.changed = True
        self.observations = count

    def grow(self, count: int) -> None:
        """Add empty observations at the end."""
        more = count - self.observations
        for name, variable in self.columns.items():
            values = np.concatenate([variable.values, blank(more, variable.type)])
            self.columns[name] = replace(variable, values=values)
        for mark in self._marks:
            mark.rows = np.concatenate([mark.rows, np.zeros(more, dtype=np.bool_)])
        self.observations, self.changed, self.sorted_by = count, True, []

    def mark(self, rows: Mask) -> Mark:
        """Return a set of observations that keeps up with what happens to the data."""
        mark = Mark(rows.copy())
        self._marks.add(mark)
        return mark

    def copy(self) -> Dataset:
        """Return a copy that later commands do not disturb; its marks are at rest."""
        return replace(
            self,
            columns={name: replace(variable) for name, variable in self.columns.items()},
            value_labels={name: dict(texts) for name, texts in self.value_labels.items()},
            notes={name: list(texts) for name, texts in self.notes.items()},
            sorted_by=list(self.sorted_by),
            within=None,
            _marks=WeakSet(),
            _held=[*self._held, *((mark, mark.rows) for mark in self._marks)],
        )

    def revive(self) -> Dataset:
        """Return the copy itself, its marks as they were when it was made."""
        for mark, rows in self._held:
            mark.rows = rows
            self._marks.add(mark)
        self._held = []
        return self

    def variable_label(self, name: str) -> str:
        """Return a variable's label."""
        return self.one(name).label

    def value_label(self, name: str) -> str:
        """Return the name of a variable's value label."""
        return self.one(name).value_label

    def storage_type(self, name: str) -> str:
        """Return a variable's storage type."""
        return self.one(name).type

    def format(self, name: str) -> str:
        """Return a variable's display format."""
        return self.one(name).format

    def label_text(self, label: str, value: float) -> str:
        """Return what a value label says of a value: the value itself where it says nothing."""
        text = self.value_labels.get(label, {}).get(value)
        if text is not None:
            return text
        if is_missing(value):
            return missing_name(value)
        return str(int(value)) if value == int(value) else f"{value:.9g}"

    def texts(self, name: str) -> dict[float, str]:
        """Return the texts of a variable's values; empty without a value label."""
        variable = self.columns.get(name)
        return self.value_labels.get(variable.value_label, {}) if variable else {}


def strings(values: list[str]) -> Strings:
    """Return a column of strings."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
