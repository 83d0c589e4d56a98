"""Models: what statsmodels computes, we print."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from stata_sessions.standin.missing import SYSTEM
from tests.standin.data.conftest import Bench

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import statsmodels.api as sm


def columns(bench: Bench, *names: str) -> list[Any]:
    return [bench.interpreter.data.numbers(name) for name in names]


def estimates(bench: Bench) -> tuple[Any, Any]:
    """Return coefficients and standard errors, those at a base level left out."""
    e = bench.interpreter.e
    b, variance = e.matrices["b"].values[0], e.matrices["V"].values
    kept = np.diag(variance) > 0
    return b[kept], np.sqrt(np.diag(variance))[kept]


def oracle(y: Any, *regressors: Any, weights: Any = None, **fit: Any) -> Any:
    matrix = np.column_stack([*regressors, np.ones(len(y))])
    model = sm.OLS(y, matrix) if weights is None else sm.WLS(y, matrix, weights=weights)
    return model.fit(**fit)


def agree(bench: Bench, result: Any) -> None:
    b, se = estimates(bench)
    assert b == pytest.approx(np.asarray(result.params), rel=1e-8)
    assert se == pytest.approx(np.asarray(result.bse), rel=1e-8)


def test_least_squares(auto: Bench) -> None:
    auto.run("regress price weight mpg foreign")
    price, *others = columns(auto, "price", "weight", "mpg", "foreign")
    result = oracle(price, *others)
    agree(auto, result)
    wanted = [result.nobs, result.fvalue, result.rsquared, result.rsquared_adj, result.llf]
    assert auto.numbers("e(N);e(F);e(r2);e(r2_a);e(ll)") == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("option", "kind"), [("robust", "HC1"), ("vce(hc2)", "HC2"), ("vce(hc3)", "HC3")]
)
def test_robust_errors(auto: Bench, option: str, kind: str) -> None:
    auto.run(f"regress price weight mpg, {option}")
    price, *others = columns(auto, "price", "weight", "mpg")
    agree(auto, oracle(price, *others, cov_type=kind, use_t=True))


def test_clustered_errors(auto: Bench) -> None:
    auto.run("regress price weight mpg, vce(cluster rep78)")
    price, weight, mpg, rep78 = columns(auto, "price", "weight", "mpg", "rep78")
    kept = rep78 < SYSTEM
    result = oracle(
        price[kept], weight[kept], mpg[kept], cov_type="cluster",
        cov_kwds={"groups": rep78[kept]}, use_t=True,
    )  # fmt: skip
    agree(auto, result)
    assert auto.numbers("e(df_r);e(N_clust)") == [4, 5]


def test_analytic_weights(auto: Bench) -> None:
    auto.run("regress price weight mpg [aweight=turn]")
    price, weight, mpg, turn = columns(auto, "price", "weight", "mpg", "turn")
    agree(auto, oracle(price, weight, mpg, weights=turn))


def test_frequency_weights_repeat_observations(auto: Bench) -> None:
    for options in ("", ", robust", ", vce(cluster foreign)"):
        auto.run(f"sysuse auto, clear\nregress price weight [fweight=trunk]{options}")
        weighted = estimates(auto)
        data = auto.interpreter.data
        data.take(np.repeat(np.arange(74), data.numbers("trunk").astype(int)))
        auto.run(f"regress price weight{options}")
        repeated = estimates(auto)
        assert weighted[0] == pytest.approx(repeated[0])
        assert weighted[1] == pytest.approx(repeated[1])


def test_factor_variables_are_indicators(auto: Bench) -> None:
    auto.run("regress price i.rep78##c.mpg i.foreign")
    factors = estimates(auto)
    code = "\n".join(
        f"generate d{n} = rep78 == {n}\ngenerate m{n} = d{n}*mpg" for n in (2, 3, 4, 5)
    )
    auto.run(f"{code}\nregress price d2 d3 d4 d5 mpg m2 m3 m4 m5 foreign if rep78 < .")
    assert np.sort(factors[0]) == pytest.approx(np.sort(estimates(auto)[0]), rel=1e-6)
    assert np.sort(factors[1]) == pytest.approx(np.sort(estimates(auto)[1]), rel=1e-6)


@pytest.mark.parametrize("command", ["logit", "probit"])
@pytest.mark.parametrize("option", ["", "robust"])
def test_binary_outcomes(auto: Bench, command: str, option: str) -> None:
    auto.run(f"{command} foreign weight mpg, {option}")
    foreign, *others = columns(auto, "foreign", "weight", "mpg")
    matrix = np.column_stack([*others, np.ones(74)])
    model = {"logit": sm.Logit, "probit": sm.Probit}[command](foreign, matrix)
    result = model.fit(disp=0, tol=1e-12, maxiter=200)
    b, se = estimates(auto)
    assert b == pytest.approx(result.params, rel=1e-5)
    if not option:
        assert se == pytest.approx(result.bse, rel=1e-4)
        assert auto.numbers("e(ll);e(r2_p)") == pytest.approx([result.llf, result.prsquared])


def test_robust_logit_errors_are_sandwiches(auto: Bench) -> None:
    auto.run("logit foreign weight mpg, robust")
    foreign, *others = columns(auto, "foreign", "weight", "mpg")
    matrix = np.column_stack([*others, np.ones(74)])
    result = sm.Logit(foreign, matrix).fit(disp=0, cov_type="HC0", tol=1e-12)
    assert estimates(auto)[1] == pytest.approx(result.bse * np.sqrt(74 / 73), rel=1e-4)


def test_predictions_and_tests(auto: Bench) -> None:
    auto.run("regress price weight mpg foreign\npredict double fit\npredict double gap, residuals")
    auto.run("predict double spread, stdp\npredict double hat, hat\npredict double std, rstandard")
    price, *others = columns(auto, "price", "weight", "mpg", "foreign")
    result = oracle(price, *others)
    fit, gap, spread, hat, std = columns(auto, "fit", "gap", "spread", "hat", "std")
    influence = result.get_influence()
    assert fit == pytest.approx(result.fittedvalues)
    assert gap == pytest.approx(result.resid)
    assert spread == pytest.approx(result.get_prediction().se_mean)
    assert hat == pytest.approx(influence.hat_matrix_diag)
    assert std == pytest.approx(influence.resid_studentized_internal)
    auto.run("test weight = 2*mpg + 1")
    wanted = result.f_test((np.array([[1.0, -2.0, 0.0, 0.0]]), np.array([1.0])))
    assert auto.numbers("r(F);r(p)") == pytest.approx([float(wanted.fvalue), float(wanted.pvalue)])


SPANNED = [
    ("2*weight + 3", "", True),
    ("2*weight + 3", "noconstant", False),
    ("5", "", True),
    ("5", "noconstant", False),
    ("weight^2", "", False),
    ("1e5 + foreign", "", False),
    ("1e-9*weight", "", True),
    ("1e-9*trunk", "", False),
]


@pytest.mark.parametrize(("expression", "option", "spanned"), SPANNED)
def test_columns_that_others_span_are_left_out(
    auto: Bench, expression: str, option: str, spanned: bool
) -> None:
    auto.run(f"generate double x = {expression}")
    shown = auto.run(f"regress price weight x, {option}")
    assert ("note: x omitted because of collinearity." in shown) == spanned
    assert ("x |          0  (omitted)" in shown) == spanned
    if not spanned:
        price, weight, x = columns(auto, "price", "weight", "x")
        last = [] if option else [np.ones(74)]
        scale = np.abs(x).max()
        result = sm.OLS(price, np.column_stack([weight, x / scale, *last])).fit()
        b, _ = estimates(auto)
        assert b[1] * scale == pytest.approx(result.params[1], rel=1e-5)


def test_a_sample_keeps_up_with_the_data(auto: Bench) -> None:
    auto.run("regress price rep78\ngsort -price\ncount if e(sample)")
    assert auto.numbers("r(N)") == [69]
    auto.run("count if e(sample) & missing(rep78)")
    assert auto.numbers("r(N)") == [0]


def test_a_sample_outlives_what_happens_between_preserve_and_restore(auto: Bench) -> None:
    auto.run(
        "regress price mpg\npreserve\ndrop if foreign\nrestore, preserve\n"
        "regress price rep78\nestimates store one\nrestore\nsort mpg"
    )
    auto.run("regress price rep78\npreserve\ncollapse price\nrestore\nsort mpg\ncount if e(sample)")
    assert auto.numbers("r(N)") == [69]


def test_a_sample_ends_with_the_data_it_was_of(auto: Bench) -> None:
    auto.run("save other\nregress price mpg\nmerge 1:1 make using other, nogenerate\nsort mpg")
    auto.run("drop in 1\ncount if e(sample)")
    assert auto.numbers("r(N)") == [0]


def test_restored_estimates_answer_as_before(auto: Bench) -> None:
    auto.run("regress price mpg\nestimates store one\nregress price weight\nestimates restore one")
    assert auto.numbers("_b[mpg]") == [pytest.approx(-238.8943)]
    assert "mpg" in auto.run("regress")
