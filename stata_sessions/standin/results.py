"""What commands leave behind: r(), e() and s()."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stata_sessions.standin.errors import StataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Matrix:
    """A matrix with named rows and columns; missing values keep Stata's bit patterns."""

    values: NDArray[np.float64]
    rows: tuple[str, ...]
    columns: tuple[str, ...]


def drop_named(store: dict[str, Any], names: list[str], kind: str) -> None:
    """Drop scalars or matrices by name, or with `_all` every one.

    Raises:
        StataError: r(111) for a name that is not there.
    """
    for name in names:
        if name == "_all":
            store.clear()
        elif store.pop(name, None) is None:
            raise StataError(111, f"{kind} {name} not found")


@dataclass
class Results:
    """One store of results, in the order in which the command saved them.

    `sample` marks the observations an estimation used, for `e(sample)`; the data side gives it
    its meaning. `details` holds what a later command (predict, test) needs and nobody lists.
    """

    scalars: dict[str, float] = field(default_factory=dict)
    macros: dict[str, str] = field(default_factory=dict)
    matrices: dict[str, Matrix] = field(default_factory=dict)
    sample: Any = None
    details: Any = None

    def clear(self) -> None:
        """Forget everything."""
        self.take(Results())

    def take(self, other: Results) -> None:
        """Become a copy of another store."""
        self.scalars, self.macros = dict(other.scalars), dict(other.macros)
        self.matrices = dict(other.matrices)
        self.sample, self.details = other.sample, other.details

    def copy(self) -> Results:
        """Return a copy that later commands do not disturb."""
        copy = Results()
        copy.take(self)
        return copy
