"""Parameters as local macros, and what cannot be one."""

from __future__ import annotations

import pytest

from stata_sessions.client.mapping import with_parameters
from stata_sessions.errors import InvalidInput


def test_parameters_are_locals_before_the_code() -> None:
    code = with_parameters("display `x'", {"x": 1.5, "of": 'a "b" c', "n": -3})
    assert code == 'local x 1.5\nlocal of `"a "b" c"\'\nlocal n -3\ndisplay `x\''


@pytest.mark.parametrize(
    ("name", "value"),
    [("x", "`c(pwd)'"), ("x", "$S_DATE"), ("x", "a\nb"), ("x", "\"'"), ("x y", "a"), ("", "a")],
)
def test_what_stata_would_read_as_code_is_refused(name: str, value: str) -> None:
    with pytest.raises(InvalidInput):
        with_parameters("display 1", {name: value})
