"""Display formats: a value, a format, what Stata prints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.formats import format_value, general
from stata_sessions.standin.missing import SYSTEM, extended

SHOWN = [
    (6165.256756756757, "%9.0g", " 6165.257"),
    (-0.0065878864, "%9.0g", "-.0065879"),
    (23667902, "%9.0g", " 2.37e+07"),
    (0.0000123456, "%9.0g", " .0000123"),
    (0.00000123456, "%9.0g", " 1.23e-06"),
    (1 / 3, "%10.0g", " .33333333"),
    (100000000, "%10.0g", " 1.000e+08"),
    (0, "%9.0g", "        0"),
    (15906, "%8.0gc", "  15,906"),
    (1234567.891, "%12.2fc", "1,234,567.89"),
    (-3.5, "%6.2f", " -3.50"),
    (3.14159, "%05.1f", "003.1"),
    (12345.678, "%10.3e", " 1.235e+04"),
    (1.5, "%-8.1f", "1.5     "),
    (3.5, "%9,1f", "      3,5"),
    (SYSTEM, "%9.2f", "        ."),
    (extended("b"), "%4.0g", "  .b"),
    (22354, "%td", "15mar2021"),
    (22354, "%tdCCYY-NN-DD", "2021-03-15"),
    (734, "%tm", " 2021m3"),
    (244, "%tq", "2021q1"),
    (1, "%21x", "+1.0000000000000X+000"),
    ("left", "%-8s", "left    "),
    ("right", "%8s", "   right"),
    ("centre", "%~10s", "  centre  "),
]


@pytest.mark.parametrize(("value", "fmt", "shown"), SHOWN)
def test_values_are_shown_as_published(value: float | str, fmt: str, shown: str) -> None:
    assert format_value(value, fmt) == shown.rjust(len(shown))


@pytest.mark.parametrize("fmt", ["%", "9.0g", "%9.0q", "%.f", ""])
def test_what_is_no_format_is_refused(fmt: str) -> None:
    with pytest.raises(StataError) as caught:
        format_value(1.0, fmt)
    assert caught.value.code == 120


@given(st.floats(-1e300, 1e300), st.integers(8, 20))
def test_a_general_format_keeps_to_its_width_and_its_digits(value: float, width: int) -> None:
    shown = general(value, width)
    assert len(shown) <= width
    assert abs(float(shown) - value) <= abs(value) * 10.0 ** -(min(width, 16) - 8) + 10.0 ** (
        3 - width
    )
