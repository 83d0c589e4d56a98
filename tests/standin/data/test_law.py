"""The law: whatever is typed, a data command answers with a result or one of Stata's errors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.standin.data.conftest import Bench
from tests.standin.data.test_commands import CALLS

MORE = [
    "collapse (mean) price (sd) x=mpg [aw=weight], by(foreign)",
    "egen new = pctile(price), p(90) by(foreign)",
    "estimates table ., b(%9.3f) star stats(N r2)",
    "histogram price, bin(5) frequency",
    "list price make in 1/5, sepby(foreign) clean noobs",
    "predict double new if mpg, residuals",
    'recode rep78 (1/2=1 "a") (min/max=3) (else=.), generate(new)',
    "regress price mpg i.foreign##c.weight ib2.rep78 [aw=turn], vce(cluster rep78) level(90)",
    "summarize price mpg [fw=rep78], detail",
    "tabstat price mpg, statistics(mean sd p50) by(foreign) columns(statistics) format(%9.1f)",
    "tabulate foreign rep78, chi2 row column nofreq",
    "test (mpg = 0) (2*_cons = 1)",
    "twoway (scatter price mpg) (lfit price mpg if foreign), legend(off)",
]
PIECES = [
    "price",
    "make",
    "foreign",
    "nosuch",
    "_all",
    "p*",
    "0",
    "-1",
    ".",
    "x",
    "using",
    "if",
    "in",
    ",",
    "(",
    ")",
    "=",
    "==",
    "#",
    "##",
    "i.",
    "c.",
    "[aw=mpg]",
    "in 1/3",
    "by(foreign)",
    "generate(y)",
    "level(x)",
    "stats()",
    "%9.2f",
    "replace",
    "robust",
    '"text"',
]
edits = st.lists(st.tuples(st.sampled_from(["drop", "put", "add"]), st.integers(0, 40),
                           st.sampled_from(PIECES)), max_size=3)  # fmt: skip


def edited(call: str, changes: list[tuple[str, int, str]]) -> str:
    """Return a call with tokens dropped, replaced and added."""
    tokens = re.findall(r"\w+|\s+|[^\w\s]", call)
    for what, place, piece in changes:
        place %= len(tokens) + 1
        tokens[place : place + (what != "add")] = [] if what == "drop" else [piece]
    return "".join(tokens)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("law"))


@given(st.sampled_from([*CALLS, *MORE]), edits, st.booleans())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_command_fails_but_as_stata_does(
    shared: Bench, monkeypatch: pytest.MonkeyPatch, call: str,
    changes: list[tuple[str, int, str]], grouped: bool,
) -> None:  # fmt: skip
    folder: Path = shared.folder
    monkeypatch.chdir(folder)
    shared.run("sysuse auto, clear\nquietly save other, replace\nquietly regress price mpg i.rep78")
    typed = ("bysort foreign: " if grouped else "") + edited(call, changes)
    assert "stand-in failed" not in shared.run(typed)
