"""Functions: over single values and over columns they say the same."""

from __future__ import annotations

import numpy as np
import pytest

from stata_sessions.standin.distributions import Stream
from stata_sessions.standin.functions import Rows, call
from stata_sessions.standin.missing import SYSTEM
from tests.standin.data.conftest import Bench

# Distribution values from published tables.
VALUES = [
    ("normal(1.96)", 0.9750021),
    ("invnormal(.975)", 1.959964),
    ("ttail(20, 2.086)", 0.025),
    ("invttail(71, .025)", 1.9939434),
    ("chi2tail(1, 3.841459)", 0.05),
    ("Ftail(2, 71, 69.748)", 0.0),
    ("invFtail(1, 10, .05)", 4.9646),
    ("binomialtail(10, 5, .5)", 0.6230469),
    ("lngamma(5)", 3.1780538),
    ("comb(5, 2)", 10),
    ("round(2.5)", 3),
    ("round(-2.5)", -2),
    ("round(1234.567, .01)", 1234.57),
    ("mod(-1, 3)", 2),
    ("int(-1.7)", -1),
    ("min(2, .)", 2),
    ("max(., .)", SYSTEM),
    ("cond(., 1, 2)", 1),
    ("cond(., 1, 2, 3)", 3),
    ("inrange(5, ., 10)", 1),
    ("inrange(., 1, 10)", 0),
    ("inlist(3, 1, 2, 3)", 1),
    ("missing(.a)", 1),
    ('strpos("abc", "c")', 3),
    ('strlen("é")', 2),
    ('ustrlen("é")', 1),
    ('real("1e3")', 1000),
    ('real("x")', SYSTEM),
    ("mdy(2, 29, 2021)", SYSTEM),
    ('date("29feb2020", "DMY")', 21974),
    ("dow(td(15mar2021))", 1),
    ("ym(2021, 3)", 734),
    ("dofm(ym(2021, 3))", 22340),
    ('clock("1jan1960 00:00:01", "DMYhms")', 1000),
]


@pytest.mark.parametrize(("expression", "value"), VALUES)
def test_values(bench: Bench, expression: str, value: float) -> None:
    assert bench.numbers(expression) == [pytest.approx(value, rel=1e-4, abs=1e-5)]


@pytest.mark.parametrize(
    ("expression", "value"), [case for case in VALUES if "." not in case[0] or "(" in case[0]]
)
def test_a_column_has_the_value_that_a_single_one_has(
    bench: Bench, expression: str, value: float
) -> None:
    bench.run(f"set obs 3\ngenerate double x = {expression}")
    column = bench.interpreter.data.numbers("x")
    assert column == pytest.approx([value] * 3, rel=1e-4, abs=1e-5)


def test_a_running_sum_begins_anew_in_each_group() -> None:
    rows = Rows.grouped(np.array([1, 0, 1, 0]))
    sums = call("sum", [np.array([1.0, 2.0, SYSTEM, 4.0])], rows)
    assert sums.tolist() == [1.0, 2.0, 1.0, 6.0]


def test_uniform_numbers_are_those_of_the_published_generator() -> None:
    # Stata 18, seed 12345: moments and extremes of 74 draws as in a published log.
    draws = Stream(12345).uniform(74)
    assert draws.mean() == pytest.approx(0.4837835, abs=1e-7)
    assert draws.std(ddof=1) == pytest.approx(0.3017227, abs=1e-7)
    assert (draws.min(), draws.max()) == (
        pytest.approx(0.0034476, abs=1e-7),
        pytest.approx(0.9978225, abs=1e-7),
    )


def test_draws_do_not_depend_on_how_many_are_taken_at_once() -> None:
    together, apart = Stream(7), Stream(7)
    assert together.uniform(1000).tolist() == [
        value for count in (1, 311, 1, 400, 287) for value in apart.uniform(count)
    ]


@pytest.mark.parametrize(
    ("expression", "mean", "sd"),
    [
        ("rnormal(3, 2)", 3, 2),
        ("runiform(2, 4)", 3, 0.577),
        ("runiformint(1, 6)", 3.5, 1.708),
        ("rbinomial(10, .3)", 3, 1.449),
        ("rpoisson(4)", 4, 2),
        ("rexponential(2)", 2, 2),
        ("rchi2(3)", 3, 2.449),
    ],
)
def test_draws_have_the_moments_of_their_distribution(
    bench: Bench, expression: str, mean: float, sd: float
) -> None:
    bench.run(f"set seed 1\nset obs 20000\ngenerate x = {expression}")
    values = bench.interpreter.data.numbers("x")
    assert values.mean() == pytest.approx(mean, abs=0.06)
    assert values.std() == pytest.approx(sd, abs=0.06)


def test_numbers_are_drawn_where_the_condition_holds_and_nowhere_else(bench: Bench) -> None:
    bench.run("set obs 4\nset seed 1\ngenerate a = runiform()\nset seed 1")
    bench.run("generate b = runiform() if _n > 2\ngenerate c = rnormal(cond(_n > 2, ., 0), 1)")
    data = bench.interpreter.data
    assert data.numbers("b").tolist() == [SYSTEM, SYSTEM, *data.numbers("a")[:2]]
    assert (data.numbers("c") < SYSTEM).tolist() == [True, True, False, False]
