"""Data commands against pandas, and what all of them owe: to refuse what they do not know."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from stata_sessions.standin.commands import abbreviations
from stata_sessions.standin.missing import SYSTEM
from tests.standin.data.conftest import Bench


def frame(bench: Bench) -> pd.DataFrame:
    """Return the data in memory with missing values as NaN."""
    data = bench.interpreter.data
    table = {}
    for name, column in data.columns.items():
        values = column.values
        table[name] = values if column.is_text else np.where(values >= SYSTEM, np.nan, values)
    return pd.DataFrame(table)


# A valid call of each data command, to which an option is added that no command has.
CALLS = [
    "append using other",
    "by foreign: summarize price",
    "collapse price",
    "compress",
    "correlate price mpg",
    "count",
    "decode foreign, generate(new)",
    "describe",
    "destring make, generate(new)",
    "drop price",
    "duplicates report price",
    "egen new = mean(price)",
    "encode make, generate(new)",
    "estimates dir",
    "export delimited using other",
    "format price %9.0g",
    "generate new = 1",
    "graph dir",
    "gsort -price",
    "histogram price",
    "import delimited other, clear",
    "isid make",
    "keep price",
    'label define new 1 "one"',
    "line price mpg",
    "list price in 1",
    "logit foreign mpg",
    "merge 1:1 make using other",
    "order mpg",
    "preserve",
    "probit foreign mpg",
    "pwcorr price mpg",
    "recode rep78 (1 = 2)",
    "regress price mpg",
    "rename price cost",
    "replace price = 1",
    "save other, replace",
    "scatter price mpg",
    "set obs 100",
    "set seed 1",
    "sort price",
    "summarize price",
    "sysuse auto, clear",
    "tabstat price",
    "tabulate foreign",
    "tabulate foreign rep78",
    "tostring price, generate(new)",
    "ttest price, by(foreign)",
    "twoway scatter price mpg",
    "use other, clear",
]


@pytest.mark.parametrize("call", CALLS)
def test_an_option_that_does_not_exist_is_refused(auto: Bench, call: str) -> None:
    auto.run("quietly save other, replace\nquietly export delimited using other")
    before = auto.interpreter.data.variables
    shown = auto.run(f"{call}{' ' if ',' in call else ', '}nosuchoption")
    assert shown.strip().splitlines()[-2:] == ["option nosuchoption not allowed", "r(198);"]
    assert auto.interpreter.data.variables == before
    assert auto.interpreter.data.observations == 74


def test_every_data_command_is_called_above() -> None:
    called = {call.split(",")[0].split()[0] for call in CALLS} | {"set"}
    own = {
        name
        for name, module in abbreviations().values()
        if module in {"files", "variables", "checks", "convert", "generate", "tabulate", "describe"}
    }
    assert {name.split()[0] for name in own} - called == set()


def test_collapse_is_a_group_by(auto: Bench) -> None:
    wanted = frame(auto).groupby(["foreign", "rep78"])["price"]
    auto.run("drop if missing(rep78)")
    auto.run(
        "collapse (mean) m=price (sd) s=price (p25) q=price (count) n=price, by(foreign rep78)"
    )
    found = frame(auto)
    assert found["m"].to_numpy() == pytest.approx(wanted.mean().to_numpy(), rel=1e-6)
    assert found["s"].to_numpy() == pytest.approx(wanted.std().to_numpy(), rel=1e-6, nan_ok=True)
    assert found["n"].tolist() == wanted.count().tolist()


@pytest.mark.parametrize("kind", ["1:1", "m:1", "1:m"])
def test_merge_is_a_join(bench: Bench, kind: str) -> None:
    generator = np.random.default_rng(3)
    left = pd.DataFrame({"k": np.repeat([1, 2, 3, 5, 8], 1 if kind[0] == "1" else 2)})
    right = pd.DataFrame({"k": np.repeat([2, 3, 4, 8, 9], 1 if kind[2] == "1" else 3)})
    left["a"], right["b"] = generator.normal(size=len(left)), generator.normal(size=len(right))
    left.sample(frac=1, random_state=1).to_stata("left.dta", write_index=False)
    right.sample(frac=1, random_state=2).to_stata("right.dta", write_index=False)
    bench.run(f"use left, clear\nmerge {kind} k using right")
    found = frame(bench).sort_values(["k", "a", "b"]).reset_index(drop=True)
    wanted = left.merge(right, on="k", how="outer", indicator=True)
    wanted = wanted.sort_values(["k", "a", "b"]).reset_index(drop=True)
    codes = wanted["_merge"].map({"left_only": 1, "right_only": 2, "both": 3}).astype(float)
    assert found["_merge"].tolist() == codes.tolist()
    for name in ("k", "a", "b"):
        assert found[name].to_numpy() == pytest.approx(wanted[name].to_numpy(), nan_ok=True)


def test_percentiles_are_those_of_the_manual(bench: Bench) -> None:
    # [R] summarize: the mean of two values where the share is met exactly.
    bench.run("set obs 10\ngenerate x = _n\nsummarize x, detail")
    assert bench.numbers("r(p10);r(p25);r(p50);r(p75);r(p99)") == [1.5, 3, 5.5, 8, 10]


def test_two_way_tables_count_and_test(auto: Bench) -> None:
    from scipy.stats import chi2_contingency

    table = pd.crosstab(frame(auto)["rep78"], frame(auto)["foreign"])
    wanted = chi2_contingency(table, correction=False)
    auto.run("tabulate rep78 foreign, chi2 matcell(counts)")
    assert auto.interpreter.matrices["counts"].values.tolist() == table.to_numpy().tolist()
    assert auto.numbers("r(chi2);r(p)") == pytest.approx([wanted.statistic, wanted.pvalue])


@pytest.mark.parametrize("option", ["", "unequal"])
def test_means_are_compared(auto: Bench, option: str) -> None:
    from scipy.stats import ttest_ind

    data = frame(auto)
    sides = [data["mpg"][data["foreign"] == side] for side in (0, 1)]
    wanted = ttest_ind(*sides, equal_var=not option)
    auto.run(f"ttest mpg, by(foreign) {option}")
    assert auto.numbers("r(t);r(p);r(df_t)") == pytest.approx(
        [wanted.statistic, wanted.pvalue, wanted.df]
    )


CODES = [
    ("summarize nosuch", 111),
    ("generate price = 1", 110),
    ("generate x = nosuch", 111),
    ("generate x = make + 1", 109),
    ("generate 1x = 1", 198),
    ("use nosuch, clear", 601),
    ("replace price = 2\nuse nosuch", 4),
    ("by mpg: summarize", 5),
    ("by foreign: save x", 190),
    ("tabulate price mpg foreign", 103),
    ("merge 1:1 foreign using auto2", 459),
    ("regress make price", 109),
    ("regress price mpg if price > 1e6", 2000),
    ("list in 0/3", 198),
    ("assert price > 4000", 9),
    ("ttest price", 100),
    ("encode price, generate(x)", 107),
    ("decode price, generate(x)", 182),
    ("format price %9s", 120),
    ("label values make origin", 181),
    ("summarize price [pweight=mpg]", 101),
    ("summarize price [fweight=gear_ratio]", 401),
    ("predict x", 301),
    ("egen x = nosuch(price)", 133),
    ("display nosuch(1)", 133),
    ("graph export x.xyz", 198),
    ("restore", 622),
    ("describe p* zz", 111),
    ("drop t", 111),
]


@pytest.mark.parametrize(("code", "return_code"), CODES)
def test_return_codes(auto: Bench, code: str, return_code: int) -> None:
    auto.run("quietly save auto2")
    assert auto.run(code).strip().splitlines()[-1] == f"r({return_code});"


CHANGES = [
    ("replace mpg = 50000", "int", "long"),
    ("replace mpg = 1.5", "int", "float"),
    ("replace mpg = 123456789.5", "int", "double"),
    ("replace mpg = 7", "int", "int"),
    ("replace make = make + make", "str18", "str34"),
]


@pytest.mark.parametrize(("code", "before", "after"), CHANGES)
def test_storage_types_grow_when_they_must(auto: Bench, code: str, before: str, after: str) -> None:
    name = code.split()[1]
    assert auto.interpreter.data.storage_type(name) == before
    shown = auto.run(code)
    assert auto.interpreter.data.storage_type(name) == after
    assert (f"variable {name} was {before} now {after}" in shown) == (before != after)


def test_a_replacement_sees_those_before_it(bench: Bench) -> None:
    bench.run("set obs 5\ngenerate x = _n if _n == 1 | _n == 4\nreplace x = x[_n-1] if x == .")
    assert bench.interpreter.data.numbers("x").tolist() == [1, 1, 1, 4, 4]


def test_preserved_data_come_back_at_the_end_of_a_program(auto: Bench) -> None:
    auto.run("program define thin\npreserve\ndrop if foreign\nend\nthin")
    assert auto.interpreter.data.observations == 74


@pytest.mark.parametrize(
    ("suffix", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_graphs_are_exported(auto: Bench, suffix: str, magic: bytes) -> None:
    shown = auto.run(f"scatter price mpg, title(Cars)\ngraph export cars.{suffix}")
    assert shown == f"file cars.{suffix} saved as {suffix.upper()} format\n"
    with open(f"cars.{suffix}", "rb") as file:
        assert file.read(5).startswith(magic)


def test_a_picture_has_the_size_asked_for(auto: Bench) -> None:
    auto.run("histogram price, frequency\ngraph export cars.png, width(800) height(600)")
    with open("cars.png", "rb") as file:
        header = file.read(24)
    assert (int.from_bytes(header[16:20]), int.from_bytes(header[20:24])) == (800, 600)
