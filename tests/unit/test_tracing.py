"""Ids of requests: kept when sane, made when not."""

from __future__ import annotations

import pytest

from stata_sessions.tracing import request_id


@pytest.mark.parametrize(
    "given", ["7", "0af7651916cd43dd8448eb211c80319c", "a.b_c-d:e/f+g=", "x" * 64]
)
def test_a_sane_id_is_kept(given: str) -> None:
    assert request_id(given) == given


@pytest.mark.parametrize("given", [None, "", "x" * 65, "a b", "a\nb", "a\n", "-a", "ä", '{"a":1}'])
def test_any_other_is_replaced_by_one_of_its_own(given: str | None) -> None:
    made = request_id(given)
    assert made != given and len(made) == 16
    assert made != request_id(given)
