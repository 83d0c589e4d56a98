"""How values and variables are called in output."""

from __future__ import annotations

import numpy as np

from stata_sessions.standin.dataset import Dataset
from stata_sessions.standin.formats import format_value


def shown_value(data: Dataset, name: str, row: int, *, labelled: bool = True) -> str:
    """Return the text of one value, its label if it has one, without padding."""
    variable = data.columns[name]
    value = variable.values[row]
    if variable.is_text:
        return str(value)
    texts = data.texts(name) if labelled else {}
    return texts.get(float(value)) or format_value(float(value), variable.format).strip()


def shown_column(
    data: Dataset, name: str, rows: np.ndarray[tuple[int], np.dtype[np.intp]], *, labelled: bool
) -> list[str]:
    """Return the texts of some of a variable's values, without padding."""
    return [shown_value(data, name, int(row), labelled=labelled) for row in rows]


def title_of(data: Dataset, name: str) -> str:
    """Return what a table is headed with: the variable's label, or its name."""
    return data.columns[name].label or name


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun in the right number."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
