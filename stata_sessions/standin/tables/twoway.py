"""Two-way tables of frequencies, their percentages and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stata_sessions.standin.formats import general
from stata_sessions.standin.output import Output
from stata_sessions.standin.storage import Numbers
from stata_sessions.standin.tables.oneway import side_by_side

_WIDTH, _STUB, _WIDEST_STUB = 11, 10, 21
_KEYS = {
    "freq": "frequency",
    "row": "row percentage",
    "column": "column percentage",
    "cell": "cell percentage",
    "expected": "expected frequency",
}


@dataclass(frozen=True)
class TwoWay:
    """A two-way table: counts with the titles and texts of both variables.

    `contents` lists what each place of the table shows: keys of `_KEYS`.
    """

    titles: tuple[str, str]
    rows: list[str]
    columns: list[str]
    counts: NDArray[np.float64]
    contents: list[str] = field(default_factory=lambda: ["freq"])
    # The width of the first variable's display format, where it has texts to show.
    width: int = 0

    @property
    def stub(self) -> int:
        """The width of the first column."""
        longest = max([_STUB, self.width, *(len(text) for text in self.rows)])
        return min(longest, _WIDEST_STUB)

    @property
    def total(self) -> float:
        """All observations counted."""
        return float(self.counts.sum())

    def show(self, out: Output, *, key: bool = True) -> None:
        """Print the table, in parts if it is wider than a row."""
        if len(self.contents) > 1 and key:
            self._key(out)
        room = (out.linesize - self.stub - 2 - 11) // _WIDTH
        for start in range(0, len(self.columns), max(1, room)):
            self._part(out, slice(start, start + room))
        out.row()

    def _key(self, out: Output) -> None:
        texts = [_KEYS[word] for word in self.contents]
        width = max(len(text) for text in texts)
        rule = "-" * (width + 2)
        out.row()
        out.row(f"+{rule}+")
        out.row(f"| {'Key':<{width}} |")
        out.row(f"|{rule}|")
        for text in texts:
            out.row(f"| {text.center(width)} |")
        out.row(f"+{rule}+")

    def _part(self, out: Output, part: slice) -> None:
        texts = self.columns[part]
        inner, room = _WIDTH * len(texts), self.stub
        rule = "-" * (room + 1) + "+" + "-" * inner + "+" + "-" * 10
        *titles, stub = side_by_side(self.titles[0], room, self.titles[1], inner)
        out.row("\n".join(["", *titles]))
        heads = "".join(f"{text[: _WIDTH - 1]:>{_WIDTH - 1}} " for text in texts)
        out.row(f"{stub}{heads}|     Total")
        out.row(rule)
        for place, text in enumerate(self.rows):
            self._lines(out, text, self.counts[place], part, place)
            if len(self.contents) > 1:
                out.row(rule)
        if len(self.contents) == 1:
            out.row(rule)
        self._lines(out, "Total", self.counts.sum(axis=0), part, -1)

    def _lines(self, out: Output, text: str, counts: Numbers, part: slice, place: int) -> None:
        room = self.stub
        for turn, word in enumerate(self.contents):
            values = _CONTENTS[word](self, counts, place)
            texts = "".join(f"{value:>10} " for value in values[:-1][part])
            stub = text[:room] if not turn else ""
            out.row(f"{stub:>{room}} |{texts}|{values[-1]:>10} ")

    def statistics(self, names: list[str]) -> Iterator[tuple[str, dict[str, float]]]:
        """Yield the rows and results of the tests asked for."""
        from scipy.special import chdtrc

        expected = np.outer(self.counts.sum(axis=1), self.counts.sum(axis=0)) / self.total
        df = (len(self.rows) - 1) * (len(self.columns) - 1)
        pearson = float(((self.counts - expected) ** 2 / expected).sum())
        if "chi2" in names:
            p = float(chdtrc(df, pearson)) if df else 1.0
            row = f"{'Pearson chi2':>22}({df}) ={pearson:>9.4f}   Pr = {p:.3f}"
            yield row, {"chi2": pearson, "p": p}
        if "lrchi2" in names:
            known = self.counts > 0
            ratio = self.counts[known] / expected[known]
            value = float(2 * (self.counts[known] * np.log(ratio)).sum())
            p = float(chdtrc(df, value)) if df else 1.0
            row = f"{'Likelihood-ratio chi2':>22}({df}) ={value:>9.4f}   Pr = {p:.3f}"
            yield row, {"chi2_lr": value, "p_lr": p}
        if "V" in names:
            v = float(np.sqrt(pearson / self.total / (min(self.counts.shape) - 1)))
            if self.counts.shape == (2, 2):
                (a, b), (c, d) = self.counts
                v = float(np.copysign(v, a * d - b * c))
            yield f"{'Cramér’s V':>22} ={v:>9.4f}".replace("’", "'"), {"CramersV": v}


def _number(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else general(value)


def _with_total(values: Numbers, total: float, show: Callable[[float], str]) -> list[str]:
    return [show(float(value)) for value in (*values, total)]


def _percent(value: float) -> str:
    return f"{value:.2f}"


def _share(divisor: Callable[[TwoWay, Numbers], tuple[Numbers, float]]) -> Callable[..., list[str]]:
    def show(table: TwoWay, counts: Numbers, place: int) -> list[str]:
        below, total = divisor(table, counts)
        return _with_total(100 * counts / below, 100 * counts.sum() / total, _percent)

    return show


def _expected(table: TwoWay, counts: Numbers, place: int) -> list[str]:
    shares = table.counts.sum(axis=0) / table.total
    total = float(counts.sum())
    return _with_total(shares * total, total, lambda value: f"{value:.1f}")


_CONTENTS: dict[str, Callable[[TwoWay, Numbers, int], list[str]]] = {
    "freq": lambda table, counts, place: _with_total(counts, float(counts.sum()), _number),
    "expected": _expected,
    "row": _share(lambda table, counts: (counts * 0 + counts.sum(), float(counts.sum()))),
    "column": _share(lambda table, counts: (table.counts.sum(axis=0), table.total)),
    "cell": _share(lambda table, counts: (counts * 0 + table.total, table.total)),
}
