"""A fitted model: what tables, predict and test need of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from stata_sessions.standin.dataset import Dataset
from stata_sessions.standin.estimation.terms import Column
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.results import Matrix
from stata_sessions.standin.storage import Mask, Numbers

Table = NDArray[np.float64]
# What must be left of a column's squared length once its mean, and once the columns before it,
# are accounted for. Below lies what rounding leaves.
_SPANNED, _SPANNED_SHARE = 1e-13, 1e-11
_MARKS = re.compile(r"(?<=\d)o(?=\.)|(?<!\w)c?o\.")


@dataclass(frozen=True)
class Design:
    """The estimated columns as a matrix, and all columns with what became of them."""

    columns: tuple[Column, ...]
    matrix: Table
    constant: bool

    @property
    def estimated(self) -> list[int]:
        """The places, among all coefficients, of the estimated ones."""
        places = [place for place, column in enumerate(self.columns) if not column.reason]
        return [*places, len(self.columns)] if self.constant else places

    @property
    def names(self) -> list[str]:
        """The names of all coefficients."""
        return [column.name for column in self.columns] + (["_cons"] if self.constant else [])

    def full(self, short: Numbers) -> Numbers:
        """Spread a vector over the estimated coefficients to all, with zeros elsewhere."""
        vector = np.zeros(len(self.names))
        vector[self.estimated] = short
        return vector

    def full_square(self, short: Table) -> Table:
        """Spread a matrix over the estimated coefficients to all, with zeros elsewhere."""
        square = np.zeros((len(self.names), len(self.names)))
        square[np.ix_(self.estimated, self.estimated)] = short
        return square


def design(
    data: Dataset, columns: list[Column], chosen: Mask, weight: Numbers, *, constant: bool
) -> Design:
    """Build a design, leaving out columns that those before them span."""
    vectors = [column.values(data)[chosen] for column in columns if not column.reason]
    matrix = np.column_stack([*vectors, np.ones(int(chosen.sum()))])
    spanned = iter(_spanned(matrix[:, :-1], weight, centred=constant))
    kept = [
        column if column.reason or not next(spanned) else replace(column, reason="omitted")
        for column in columns
    ]
    staying = [not c.reason for c in kept if c.reason in ("", "omitted")]
    return Design(tuple(kept), matrix[:, [*staying, constant]], constant)


def _spanned(matrix: Table, weight: Numbers, *, centred: bool) -> list[bool]:
    """Tell which columns the constant (if `centred`) and the columns before them span.

    This is Cholesky's method on the correlations: what is left of a column's unit length once
    those before are accounted for.
    """
    lengths = weight @ matrix**2
    if centred:
        matrix = matrix - (weight @ matrix) / weight.sum()
    rest = weight @ matrix**2
    scale = np.where(rest > _SPANNED * lengths, np.sqrt(np.maximum(rest, 1e-300)), np.inf)
    square = (matrix * weight[:, None]).T @ matrix / np.outer(scale, scale)
    count = matrix.shape[1]
    factor = np.zeros((count, count))
    spanned: list[bool] = []
    for place in range(count):
        row = square[place]
        for before in range(place):
            if not spanned[before]:
                inner = factor[place, :before] @ factor[before, :before]
                factor[place, before] = (row[before] - inner) / factor[before, before]
        left = row[place] - factor[place, :place] @ factor[place, :place]
        spanned.append(not left > _SPANNED_SHARE)
        factor[place, place] = np.sqrt(max(left, 0.0))
    return spanned


@dataclass(frozen=True)
class Model:
    """A fitted model. `df` is None where the normal distribution is used instead of t.

    `robust` is what the table says of a robust variance, empty for the model's own.
    """

    command: str
    depvar: str
    design: Design
    b: Numbers
    V: Table
    df: float | None
    robust: str = ""
    clusters: tuple[str, int] | None = None
    extra: dict[str, float] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The names of all coefficients."""
        return self.design.names

    @property
    def se(self) -> Numbers:
        """The standard errors."""
        return np.sqrt(np.maximum(np.diag(self.V), 0.0))

    def matrices(self) -> dict[str, Matrix]:
        """Return e(b) and e(V)."""
        names = tuple(self.names)
        return {
            "b": Matrix(self.b.reshape(1, -1), ("y1",), names),
            "V": Matrix(self.V, names, names),
        }

    def linear(self, data: Dataset) -> Numbers:
        """Return the linear prediction in all observations."""
        total = np.zeros(data.observations)
        for column, value in zip(self.design.columns, self.b, strict=False):
            if value:
                total = total + value * column.values(data)
        return total + self.b[-1] if self.design.constant else total

    def rows(self, data: Dataset) -> Table:
        """Return the regressors of all observations, constant last, not estimated ones zero."""
        vectors = [
            column.values(data) if not column.reason else np.zeros(data.observations)
            for column in self.design.columns
        ]
        if self.design.constant:
            vectors.append(np.ones(data.observations))
        return np.column_stack(vectors)

    def variables(self) -> list[str]:
        """Return the variables that the prediction needs."""
        return list(
            dict.fromkeys(
                name
                for column in self.design.columns
                if not column.reason
                for name, _ in column.parts
            )
        )

    def place(self, text: str) -> int | None:
        """Return the place of a coefficient by its name, however its marks are written."""
        wanted = plain_name(text)
        for place, name in enumerate(self.names):
            if plain_name(name) == wanted:
                return place
        return None


def notes(built: Design) -> list[str]:
    """Return what is said of columns that are not estimated for want of information."""
    texts = {
        "empty": "identifies no observations in the sample",
        "omitted": "omitted because of collinearity",
    }
    return [
        f"note: {_MARKS.sub('', column.name)} {texts[column.reason]}."
        for column in built.columns
        if column.reason in texts
    ]


def plain_name(name: str) -> str:
    """Return a coefficient's name without marks for base and omitted levels."""
    parts = []
    for part in name.replace(" ", "").split("#"):
        head, dot, tail = part.rpartition(".")
        level = head.rstrip("bo").removeprefix("i").removesuffix("b")
        parts.append(f"{level}.{tail}" if dot and level not in ("", "c") else tail)
    return "#".join(parts)


def wald(model: Model, places: list[int]) -> tuple[float, int]:
    """Return the Wald statistic that coefficients are zero, and its degrees of freedom.

    The statistic is missing where the variance (few clusters, many coefficients) lacks rank.
    """
    if not places:
        return 0.0, 0
    value, rank = quadratic(model.b[places], model.V[np.ix_(places, places)])
    return (value if rank == len(places) else SYSTEM), rank


def quadratic(gap: Numbers, spread: Table) -> tuple[float, int]:
    """Return gap' spread^-1 gap and the rank of the spread."""
    # In units of its standard errors, so that rank does not depend on the units of variables.
    scale = np.sqrt(np.diag(spread))
    scale = np.where(scale > 0, scale, 1.0)
    gap, spread = gap / scale, spread / np.outer(scale, scale)
    rank = int(np.linalg.matrix_rank(spread, tol=1e-10, hermitian=True))
    return float(gap @ np.linalg.pinv(spread, rcond=1e-10, hermitian=True) @ gap), rank
