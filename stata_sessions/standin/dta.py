"""Reading `.dta` files, formats 117 to 119 (https://www.stata.com/help.cgi?dta).

An own reader, because only one keeps `.a` to `.z`, storage types, sort order and notes; files of
older formats go through pandas, which keeps the values and labels.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stata_sessions.standin.dataset import Dataset, Variable, strings
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.missing import SYSTEM
from stata_sessions.standin.storage import Numbers, Values

STEP = 2.0**1011
TYPES = {65526: "double", 65527: "float", 65528: "long", 65529: "int", 65530: "byte"}
CODES = {"double": "f8", "float": "f4", "long": "i4", "int": "i2", "byte": "i1"}
# The first missing value of each type as the file holds it, and the step from one to the next.
FIRST_MISSING = {"byte": 101, "int": 32741, "long": 2147483621}
FLOAT_MISSING, FLOAT_STEP = 0x7F000000, 0x800


@dataclass(frozen=True)
class Layout:
    """The widths in which the releases differ, in bytes."""

    count: str = "u2"
    observations: str = "u8"
    label: str = "u2"
    name: int = 129
    format: int = 57
    variable_label: int = 321
    sort: str = "u2"
    long_string: tuple[int, int] = (2, 6)
    offset: int = 8


LAYOUTS = {
    117: Layout("u2", "u4", "u1", 33, 49, 81, "u2", (4, 4), 4),
    118: Layout(),
    119: Layout(count="u4", sort="u4", long_string=(3, 5)),
}


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw, self.place, self.order = raw, 0, "<"

    def tag(self, name: str) -> None:
        end = self.raw.index(f"<{name}>".encode(), self.place)
        self.place = end + len(name) + 2

    def take(self, size: int) -> bytes:
        self.place += size
        return self.raw[self.place - size : self.place]

    def number(self, code: str) -> int:
        return int(np.frombuffer(self.take(int(code[1])), self.order + code)[0])

    def text(self, size: int) -> str:
        return self.take(size).split(b"\0", 1)[0].decode("utf-8", "replace")


def read(path: Path) -> Dataset:
    """Read a file.

    Raises:
        StataError: r(610) if it is no Stata file of a known format.
    """
    raw = path.read_bytes()
    if not raw.startswith(b"<stata_dta>"):
        return _read_older(path)
    reader = _Reader(raw)
    try:
        return _read(reader)
    except (ValueError, IndexError, KeyError):
        raise StataError(610, f"file {path} not Stata format") from None


def _read(reader: _Reader) -> Dataset:
    reader.tag("release")
    layout = LAYOUTS[int(reader.take(3))]
    reader.tag("byteorder")
    reader.order = "<" if reader.take(3) == b"LSF" else ">"
    reader.tag("K")
    count = reader.number(layout.count)
    data = Dataset()
    reader.tag("N")
    data.observations = reader.number(layout.observations)
    reader.tag("label")
    data.label = reader.text(reader.number(layout.label))
    reader.tag("timestamp")
    data.filedate = reader.text(reader.number("u1"))
    kinds = _headings(reader, layout, count, data)
    _characteristics(reader, layout, data)
    reader.tag("data")
    records = _records(reader, kinds, data.observations)
    long_strings = _long_strings(reader, layout)
    for place, (name, kind) in enumerate(zip(data.columns, kinds, strict=True)):
        data.columns[name].values = _values(records[f"v{place}"], kind, layout, long_strings)
    _value_labels(reader, layout, data)
    return data


def _headings(reader: _Reader, layout: Layout, count: int, data: Dataset) -> list[str]:
    reader.tag("variable_types")
    codes = [reader.number("u2") for _ in range(count)]
    kinds = [TYPES.get(code) or ("strL" if code == 32768 else f"str{code}") for code in codes]
    reader.tag("varnames")
    names = [reader.text(layout.name) for _ in range(count)]
    reader.tag("sortlist")
    order = [reader.number(layout.sort) for _ in range(count + 1)]
    reader.tag("formats")
    formats = [reader.text(layout.format) for _ in range(count)]
    reader.tag("value_label_names")
    value_labels = [reader.text(layout.name) for _ in range(count)]
    reader.tag("variable_labels")
    labels = [reader.text(layout.variable_label) for _ in range(count)]
    nothing: Values = np.zeros(0)
    for name, kind, fmt, label, value_label in zip(
        names, kinds, formats, labels, value_labels, strict=True
    ):
        data.columns[name] = Variable(kind, nothing, fmt, label, value_label)
    data.sorted_by = [names[place - 1] for place in order[: order.index(0)]]
    return kinds


def _characteristics(reader: _Reader, layout: Layout, data: Dataset) -> None:
    """Keep the notes; other characteristics are not known here."""
    reader.tag("characteristics")
    while reader.raw.startswith(b"<ch>", reader.place):
        reader.tag("ch")
        end = reader.number("u4") + reader.place
        owner, name = reader.text(layout.name), reader.text(layout.name)
        if name.startswith("note") and name[4:].isdigit() and name != "note0":
            data.notes.setdefault(owner, []).append(reader.text(end - reader.place))
        reader.place = end + len("</ch>")


def _records(reader: _Reader, kinds: list[str], count: int) -> Any:
    codes = [
        reader.order + CODES[kind] if kind in CODES else f"S{8 if kind == 'strL' else kind[3:]}"
        for kind in kinds
    ]
    # Trailing zero bytes of a long string's address must stay, so those are read as raw bytes.
    codes = ["V8" if kind == "strL" else code for kind, code in zip(kinds, codes, strict=True)]
    record = np.dtype([(f"v{place}", code) for place, code in enumerate(codes)])
    raw = reader.take(record.itemsize * count)
    return np.frombuffer(raw, record, count) if kinds else None


def _values(raw: Any, kind: str, layout: Layout, long_strings: dict[bytes, str]) -> Values:
    if kind == "strL":
        first, _ = layout.long_string
        keys = [bytes(value.tobytes()) for value in raw]
        return strings([long_strings.get(_key(key[:first], key[first:]), "") for key in keys])
    if kind.startswith("str"):
        return strings([text.split(b"\0", 1)[0].decode("utf-8", "replace") for text in raw])
    return _numbers(raw, kind)


def _numbers(raw: Any, kind: str) -> Numbers:
    values: Numbers = raw.astype(np.float64)
    if kind == "float":
        bits = np.ascontiguousarray(raw.astype("<f4")).view("<u4")
        absent = (bits >= FLOAT_MISSING) & (bits < 0x80000000)
        steps = (bits.astype(np.int64) - FLOAT_MISSING) // FLOAT_STEP
        return np.where(absent, SYSTEM + np.where(absent, steps, 0) * STEP, values)
    if kind in FIRST_MISSING:
        first = FIRST_MISSING[kind]
        steps = np.maximum(values - first, 0.0)
        values = np.where(values >= first, SYSTEM + steps * STEP, values)
    return np.where(np.isfinite(values), values, SYSTEM)


def _key(variable: bytes, observation: bytes) -> bytes:
    return variable.rstrip(b"\0") + b"/" + observation.rstrip(b"\0")


def _long_strings(reader: _Reader, layout: Layout) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    reader.tag("strls")
    while reader.raw.startswith(b"GSO", reader.place):
        reader.take(3)
        variable, observation = reader.take(4), reader.take(layout.offset)
        reader.take(1)
        size = reader.number("u4")
        text = reader.take(size).rstrip(b"\0").decode("utf-8", "replace")
        found[_key(variable, observation)] = text
    return found


def _value_labels(reader: _Reader, layout: Layout, data: Dataset) -> None:
    reader.tag("value_labels")
    while reader.raw.startswith(b"<lbl>", reader.place):
        reader.tag("lbl")
        reader.take(4)
        name = reader.text(layout.name)
        reader.take(3)
        count, size = reader.number("u4"), reader.number("u4")
        offsets = [reader.number("u4") for _ in range(count)]
        values = [reader.number("i4") for _ in range(count)]
        texts = reader.take(size)
        data.value_labels[name] = {
            _label_value(value): texts[start:].split(b"\0", 1)[0].decode("utf-8", "replace")
            for value, start in zip(values, offsets, strict=True)
        }
        reader.take(len("</lbl>"))


def _label_value(value: int) -> float:
    first = FIRST_MISSING["long"]
    return SYSTEM + (value - first) * STEP if value >= first else float(value)


def _read_older(path: Path) -> Dataset:
    import pandas as pd
    from pandas.io.stata import StataReader

    try:
        with StataReader(path, convert_categoricals=False, convert_dates=False) as reader:
            frame = reader.read()
            labels, texts = reader.variable_labels(), reader.value_labels()
            title = reader.data_label
    except (ValueError, struct.error):
        raise StataError(610, f"file {path} not Stata format") from None
    data = Dataset(observations=len(frame), label=title)
    for name in frame.columns:
        series = frame[name]
        if pd.api.types.is_numeric_dtype(series.dtype):
            values: Values = series.to_numpy(np.float64, na_value=np.nan)
            values = np.where(np.isnan(values), SYSTEM, values)
        else:
            values = strings([str(text) for text in series])
        data.add(str(name), values, label=labels.get(name, ""))
    data.value_labels = {
        name: {float(value): text for value, text in pairs.items()} for name, pairs in texts.items()
    }
    data.changed = False
    return data
