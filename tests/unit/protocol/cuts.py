"""Ways to cut bytes, as a terminal may hand them out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import strategies as st

from tests.captures import Cut


def whole(data: bytes) -> list[bytes]:
    """Do not cut."""
    return [data]


def pieces_of(size: int) -> Cut:
    """Return a cut into pieces of one size."""
    return lambda data: [data[at : at + size] for at in range(0, len(data), size)]


def behind_rows(data: bytes) -> list[bytes]:
    """Cut behind each newline."""
    return re.split(rb"(?<=\n)", data)


def before_row_ends(data: bytes) -> list[bytes]:
    """Cut before each newline, or before the CR of it."""
    return re.split(rb"(?=\r?\n)", data)


def in_sizes(sizes: Sequence[int]) -> Cut:
    """Return a cut into pieces of these sizes, in turn and over again."""

    def cut(data: bytes) -> list[bytes]:
        pieces, at, turn = [], 0, 0
        while at < len(data):
            size = sizes[turn % len(sizes)]
            pieces.append(data[at : at + size])
            at, turn = at + size, turn + 1
        return pieces

    return cut


FIVE_WAYS: dict[str, Cut] = {
    "byte by byte": pieces_of(1),
    "in threes": pieces_of(3),
    "behind rows": behind_rows,
    "before row ends": before_row_ends,
    "unevenly": in_sizes((1, 60, 2, 300, 17)),
}

SIZES = st.lists(
    st.one_of(st.integers(1, 4), st.integers(1, 100), st.integers(1, 5000)), min_size=1, max_size=12
)
