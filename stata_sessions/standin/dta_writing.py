"""Writing `.dta` files in format 118, which Stata 14 and later read."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import numpy as np

from stata_sessions.standin.dataset import Dataset, Variable
from stata_sessions.standin.dta import (
    CODES,
    FIRST_MISSING,
    FLOAT_MISSING,
    FLOAT_STEP,
    LAYOUTS,
    STEP,
    TYPES,
)
from stata_sessions.standin.missing import SYSTEM

_LAYOUT = LAYOUTS[118]
_TYPE_CODES = {kind: code for code, kind in TYPES.items()}


def write(data: Dataset, path: Path) -> str:
    """Write the data to a file, whole or not at all; return the date written into it."""
    stamp = timestamp()
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_bytes(_file(data, stamp))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return stamp


def timestamp() -> str:
    """Return the current time as a `.dta` file holds it."""
    now = datetime.now().astimezone()
    return f"{now.day:2d} {now:%b %Y %H:%M}"


def _file(data: Dataset, stamp: str) -> bytes:
    header = b"<stata_dta>" + _header(data, stamp)
    long_strings, addresses = _long_strings(data)
    sections = {
        "map": b"\0" * (14 * 8),
        "variable_types": b"".join(_number(_type_code(v.type), "u2") for v in _all(data)),
        "varnames": b"".join(_text(name, _LAYOUT.name) for name in data.columns),
        "sortlist": _sort_list(data),
        "formats": b"".join(_text(v.format, _LAYOUT.format) for v in _all(data)),
        "value_label_names": b"".join(_text(v.value_label, _LAYOUT.name) for v in _all(data)),
        "variable_labels": b"".join(_text(v.label, _LAYOUT.variable_label) for v in _all(data)),
        "characteristics": _characteristics(data),
        "data": _records(data, addresses),
        "strls": long_strings,
        "value_labels": _value_labels(data),
    }
    places, pieces, place = [0], [header], len(header)
    for name, content in sections.items():
        places.append(place)
        pieces.append(f"<{name}>".encode() + content + f"</{name}>".encode())
        place += len(pieces[-1])
    places.append(place)
    pieces.append(b"</stata_dta>")
    places.append(place + len(pieces[-1]))
    table = b"".join(_number(each, "u8") for each in places)
    pieces[1] = b"<map>" + table + b"</map>"
    return b"".join(pieces)


def _all(data: Dataset) -> list[Variable]:
    return list(data.columns.values())


def _number(value: int, code: str) -> bytes:
    return np.array([value], "<" + code).tobytes()


def _text(text: str, size: int) -> bytes:
    raw = text.encode()[: size - 1]
    return raw.decode("utf-8", "ignore").encode().ljust(size, b"\0")


def _type_code(kind: str) -> int:
    return _TYPE_CODES.get(kind) or (32768 if kind == "strL" else int(kind[3:]))


def _header(data: Dataset, stamp: str) -> bytes:
    label = data.label.encode()
    return (
        b"<header><release>118</release><byteorder>LSF</byteorder><K>"
        + _number(len(data.columns), "u2")
        + b"</K><N>"
        + _number(data.observations, "u8")
        + b"</N><label>"
        + _number(len(label), "u2")
        + label
        + b"</label><timestamp>"
        + _number(len(stamp), "u1")
        + stamp.encode()
        + b"</timestamp></header>"
    )


def _sort_list(data: Dataset) -> bytes:
    order = [data.variables.index(name) + 1 for name in data.sorted_by]
    order += [0] * (len(data.columns) + 1 - len(order))
    return b"".join(_number(place, _LAYOUT.sort) for place in order)


def _characteristics(data: Dataset) -> bytes:
    found = []
    for owner, notes in data.notes.items():
        for name, text in [("note0", str(len(notes)))] + [
            (f"note{n}", note) for n, note in enumerate(notes, 1)
        ]:
            content = _text(owner, _LAYOUT.name) + _text(name, _LAYOUT.name) + text.encode() + b"\0"
            found.append(b"<ch>" + _number(len(content), "u4") + content + b"</ch>")
    return b"".join(found)


def _long_strings(data: Dataset) -> tuple[bytes, dict[tuple[int, int], bytes]]:
    """Return the strL section and the address of each of its strings."""
    pieces, addresses = [], {}
    for number, variable in enumerate(_all(data), 1):
        if variable.type != "strL":
            continue
        for row, text in enumerate(variable.values, 1):
            if text:
                raw = text.encode() + b"\0"
                pieces.append(b"GSO" + _number(number, "u4") + _number(row, "u8") + b"\x82")
                pieces.append(_number(len(raw), "u4") + raw)
                addresses[number, row] = _number(number, "u2") + _number(row, "u8")[:6]
    return b"".join(pieces), addresses


def _records(data: Dataset, addresses: dict[tuple[int, int], bytes]) -> bytes:
    codes = [
        "<" + CODES[v.type] if v.type in CODES else f"S{8 if v.type == 'strL' else v.type[3:]}"
        for v in _all(data)
    ]
    record = np.dtype([(f"v{place}", code) for place, code in enumerate(codes)])
    table = np.zeros(data.observations, record)
    for place, variable in enumerate(_all(data)):
        if variable.type == "strL":
            rows = range(1, data.observations + 1)
            table[f"v{place}"] = [addresses.get((place + 1, row), b"") for row in rows]
        elif variable.is_text:
            table[f"v{place}"] = [text.encode() for text in variable.values]
        else:
            table[f"v{place}"] = _stored(np.asarray(variable.values, np.float64), variable.type)
    return table.tobytes()


def _stored(values: np.ndarray[tuple[int], np.dtype[np.float64]], kind: str) -> object:
    absent = values >= SYSTEM
    steps = np.where(absent, (values - SYSTEM) / STEP, 0.0)
    if kind in FIRST_MISSING:
        return np.where(absent, FIRST_MISSING[kind] + steps, values)
    if kind == "double":
        return values
    plain = np.where(absent, 0.0, values).astype("<f4")
    codes = (FLOAT_MISSING + steps.astype(np.int64) * FLOAT_STEP).astype("<u4").view("<f4")
    return np.where(absent, codes, plain)


def _value_labels(data: Dataset) -> bytes:
    found = []
    attached = {variable.value_label for variable in data.columns.values()}
    for name, texts in data.value_labels.items():
        if name not in attached:
            continue
        values, raws = list(texts), [text.encode() + b"\0" for text in texts.values()]
        offsets = np.concatenate([[0], np.cumsum([len(raw) for raw in raws])]).astype("<u4")
        codes = _stored(np.asarray(values, np.float64), "long")
        content = (
            _number(len(values), "u4")
            + _number(int(offsets[-1]), "u4")
            + offsets[:-1].tobytes()
            + np.asarray(codes).astype("<i4").tobytes()
            + b"".join(raws)
        )
        found.append(b"<lbl>" + _number(len(content), "u4") + _text(name, _LAYOUT.name) + b"\0\0\0")
        found.append(content + b"</lbl>")
    return b"".join(found)
