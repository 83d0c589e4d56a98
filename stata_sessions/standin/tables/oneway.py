"""One-way tables of frequencies."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from stata_sessions.standin.output import Output

Levels = list[tuple[str, float]]


def heading_rows(title: str, room: int) -> list[str]:
    """Return a title broken into rows of limited width, long words broken too."""
    return textwrap.wrap(title, room, break_on_hyphens=False) or [""]


def side_by_side(left: str, room: int, right: str, inner: int) -> Iterator[str]:
    """Yield what stands above the heads of columns: titles of both sides, wrapped.

    The right one is centred and ends above the heads; the last row of the left one, which comes
    without anything to its right, stands beside them.
    """
    beside, above = heading_rows(left, room), heading_rows(right, inner)
    rows = max(len(beside), len(above) + 1)
    beside = [""] * (rows - len(beside)) + beside
    above = [""] * (rows - 1 - len(above)) + above
    for stub, text in zip(beside[:-1], above, strict=True):
        yield f"{stub:>{room}} |{' ' * ((inner - len(text) + 1) // 2)}{text}".rstrip()
    yield f"{beside[-1]:>{room}} |"


@dataclass(frozen=True)
class OneWay:
    """A one-way table: the text of each level with its frequency."""

    title: str
    levels: Levels
    # The width of the variable's display format, where it has texts to show.
    width: int = 0

    @property
    def total(self) -> float:
        """All observations counted."""
        return sum(count for _, count in self.levels)

    def show(self, out: Output) -> None:
        """Print the table."""
        room = max([11, self.width, *(len(text) for text, _ in self.levels)])
        room = min(room, out.linesize - 38)
        rows = heading_rows(self.title, room)
        out.row()
        for row in rows[:-1]:
            out.row(f"{row:>{room}} |")
        out.row(f"{rows[-1]:>{room}} |      Freq.     Percent        Cum.")
        out.row("-" * (room + 1) + "+" + "-" * 35)
        cumulated = 0.0
        for text, count in self.levels:
            cumulated += count
            share, sums = (100 * x / self.total for x in (count, cumulated))
            out.row(f"{text[:room]:>{room}} |{_count(count)}{share:>12.2f}{sums:>12.2f}")
        out.row("-" * (room + 1) + "+" + "-" * 35)
        out.row(f"{'Total':>{room}} |{_count(self.total)}{100:>12.2f}")


def _count(value: float) -> str:
    if value == int(value):
        return f"{int(value):>11,}"
    from stata_sessions.standin.formats import general

    return f"{general(value):>11}"
