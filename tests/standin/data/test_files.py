"""Data files: what we write others read, and what others write we read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from stata_sessions.standin import dta, dta_writing
from stata_sessions.standin.commands.files import SHIPPED
from stata_sessions.standin.dataset import Dataset, strings
from stata_sessions.standin.errors import StataError
from stata_sessions.standin.missing import SYSTEM, extended
from stata_sessions.standin.storage import WIDTHS
from tests.standin.data.conftest import Bench

VALUES = np.array([1.0, -2.0, SYSTEM, extended("a"), extended("z"), 100.0])


def everything() -> Dataset:
    """Data with every storage type, labels, notes, and missing values of all kinds."""
    data = Dataset(label="Some données")
    for kind in WIDTHS:
        data.add(f"as_{kind}", VALUES, kind, label=f"stored as {kind}")
    data.add("short", strings(["a", "", "é", "b", "c", "d"]), "str3")
    data.add("long_text", strings(["x" * 3000, "", "y", "", "z", "é" * 10]), "strL")
    data.value_labels["answer"] = {1.0: "yes", 100.0: "a hundred", extended("a"): "refused"}
    data.columns["as_byte"].value_label = "answer"
    data.columns["as_double"].format = "%12.3fc"
    data.notes["_dta"] = ["first", "second"]
    data.sorted_by = ["as_byte"]
    return data


def test_data_survive_a_round_trip(tmp_path: Path) -> None:
    data, path = everything(), tmp_path / "data.dta"
    dta_writing.write(data, path)
    back = dta.read(path)
    assert back.value_labels == data.value_labels
    assert (back.label, back.notes, back.sorted_by) == (data.label, data.notes, ["as_byte"])
    for name, column in data.columns.items():
        other = back.columns[name]
        assert (other.type, other.format, other.label) == (column.type, column.format, column.label)
        assert other.values.tolist() == column.values.tolist()


def test_pandas_reads_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / "data.dta"
    dta_writing.write(everything(), path)
    frame = pd.read_stata(path, convert_categoricals=False, convert_missing=True)
    assert [str(value) for value in frame["as_int"]] == ["1", "-2", ".", ".a", ".z", "100"]
    assert [str(value) for value in frame["as_float"]] == ["1.0", "-2.0", ".", ".a", ".z", "100.0"]
    assert frame["long_text"][0] == "x" * 3000


def test_readstat_reads_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / "data.dta"
    dta_writing.write(everything(), path)
    frame, about = pyreadstat.read_dta(str(path), user_missing=True)
    assert frame["as_double"].tolist()[3:5] == ["a", "z"]
    assert about.column_names_to_labels["as_byte"] == "stored as byte"
    assert about.variable_value_labels["as_byte"][1] == "yes"
    assert about.notes == ["first", "second"]


@pytest.mark.parametrize("version", [114, 117, 118, 119])
def test_we_read_what_pandas_writes(tmp_path: Path, version: int) -> None:
    path = tmp_path / "data.dta"
    frame = pd.DataFrame({"x": [1.5, np.nan, 3.0], "n": [1, 2, 3], "s": ["a", "bc", ""]})
    frame.to_stata(path, write_index=False, version=version, data_label="pandas")
    data = dta.read(path)
    assert data.label == "pandas"
    assert data.columns["x"].values.tolist() == [1.5, SYSTEM, 3.0]
    assert data.columns["n"].values.tolist() == [1, 2, 3]
    assert data.columns["s"].values.tolist() == ["a", "bc", ""]


def test_what_is_no_data_file_is_refused(tmp_path: Path) -> None:
    for content in (b"nothing", b"<stata_dta><header><release>999"):
        (tmp_path / "data.dta").write_bytes(content)
        with pytest.raises(StataError) as caught:
            dta.read(tmp_path / "data.dta")
        assert caught.value.code == 610


def test_a_save_that_fails_leaves_nothing_behind(auto: Bench, tmp_path: Path) -> None:
    auto.run("generate x = 1")
    (tmp_path / "taken.dta").mkdir()
    for name in ("no/such/folder", "taken"):
        assert auto.run(f"save {name}, replace").endswith("r(603);\n")
    assert auto.interpreter.data.changed
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["code.do"]


def test_the_shipped_data_name_their_licence() -> None:
    text = (SHIPPED / "LICENSE.txt").read_text("utf-8")
    for path in SHIPPED.glob("*.dta"):
        assert path.name in text


def test_delimited_text_survives_a_round_trip(auto: Bench) -> None:
    before = auto.interpreter.data.columns["gear_ratio"].values.tolist()
    auto.run("export delimited using cars, nolabel\nimport delimited using cars, clear")
    data = auto.interpreter.data
    assert data.columns["gear_ratio"].values.tolist() == before
    assert data.columns["make"].values[0] == "AMC Concord"
    assert data.columns["rep78"].values[2] == SYSTEM
