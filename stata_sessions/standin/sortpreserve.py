"""The order of the data, put back when a program that asked for it ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from stata_sessions.standin.dataset import Dataset


def keep_order(data: Dataset, name: str) -> Callable[[], None]:
    """Note the order in a variable of this name; return what puts it back and drops the note."""
    changed, sorted_by = data.changed, list(data.sorted_by)
    data.add(name, np.arange(data.observations, dtype=np.float64), "double")
    data.changed = changed

    def put_back() -> None:
        if name not in data.columns:
            return
        changed = data.changed
        data.take(np.argsort(data.numbers(name), kind="stable"))
        data.drop([name])
        data.sorted_by, data.changed = sorted_by, changed

    return put_back
