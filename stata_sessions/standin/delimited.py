"""Text files of values with delimiters, as `import delimited` and `export delimited` take them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from stata_sessions.standin.dataset import Dataset, strings
from stata_sessions.standin.formats import format_value, general
from stata_sessions.standin.missing import is_missing, missing_name
from stata_sessions.standin.storage import Mask, Values, smallest_type
from stata_sessions.standin.text_functions import real

_SNIFFED = "\t,;|"
_WORD = re.compile(r"[^\W\d]")


def guess_delimiter(text: str) -> str:
    """Return the delimiter that the first row holds most often, a tab winning over a comma."""
    first = text.split("\n", 1)[0]
    return max(_SNIFFED, key=first.count) if any(d in first for d in _SNIFFED) else ","


def read_table(text: str, delimiter: str) -> list[list[str]]:
    """Return the rows of a delimited text; empty ones are left out."""
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=False)
    return [row for row in rows if row]


def has_names(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row can hold names: each of its texts has a letter."""
    return all(_WORD.search(text) for text in rows[0])


def to_dataset(rows: list[list[str]], names: list[str], *, doubles: bool, as_text: bool) -> Dataset:
    """Return data made of text values; columns of numbers become numeric."""
    data = Dataset(observations=len(rows))
    for place, name in enumerate(names):
        texts = [row[place] if place < len(row) else "" for row in rows]
        stripped = [text.strip() for text in texts]
        values, kind = _text_column(texts) if as_text else _column(stripped, texts, doubles=doubles)
        data.add(name, values, kind)
    data.changed = True
    return data


def _column(stripped: list[str], texts: list[str], *, doubles: bool) -> tuple[Values, str]:
    numbers = np.array([real(text) for text in stripped], dtype=np.float64)
    for text, value in zip(stripped, numbers, strict=True):
        if is_missing(value) and not re.fullmatch(r"|\.[a-z]?", text):
            return _text_column(texts)
    kind = smallest_type(numbers, whole_only=True)
    if kind == "double" and not doubles and _short(stripped):
        kind = "float"
    return numbers, kind


def _text_column(texts: list[str]) -> tuple[Values, str]:
    column = strings(texts)
    return column, smallest_type(column)


def _short(texts: list[str]) -> bool:
    """Tell whether float keeps all digits that were written."""
    return all(len(re.sub(r"\D", "", text.lower().partition("e")[0])) <= 7 for text in texts)


def variable_names(header: Sequence[str], case: str) -> list[str]:
    """Return valid names made of a header; what cannot be one becomes v1, v2, ..."""
    found: list[str] = []
    for place, text in enumerate(header, 1):
        name = re.sub(r"\W", "", text.strip().replace(" ", "")) or f"v{place}"
        name = f"v{place}" if name[0].isdigit() else name[:32]
        name = getattr(name, case)() if case in ("lower", "upper") else name
        found.append(name if name not in found else f"v{place}")
    return found


def to_rows(
    data: Dataset, names: list[str], chosen: Mask, *, labelled: bool, formatted: bool
) -> Iterator[list[str]]:
    """Yield the texts of each observation's values."""
    for row in np.flatnonzero(chosen):
        yield [
            _text(data, name, int(row), labelled=labelled, formatted=formatted) for name in names
        ]


def _text(data: Dataset, name: str, row: int, *, labelled: bool, formatted: bool) -> str:
    variable = data.columns[name]
    if variable.is_text:
        return str(variable.values[row])
    value = float(variable.values[row])
    if labelled and value in data.texts(name):
        return data.texts(name)[value]
    if is_missing(value):
        return missing_name(value).removeprefix(".") and missing_name(value)
    if formatted or variable.format.startswith("%t"):
        return format_value(value, variable.format).strip()
    # Seven digits are what a float holds; fifteen keep a double as it was typed.
    return general(value, 9 if variable.type == "float" else 17)


def write_table(path: Path, rows: Iterator[Sequence[str]], delimiter: str) -> None:
    """Write rows to a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
