"""Lists of regressors with factor variables: `i.`, `c.`, `ib#.`, `#` and `##`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from stata_sessions.standin.dataset import Dataset
from stata_sessions.standin.errors import StataError, invalid_syntax, operators_not_allowed
from stata_sessions.standin.quoting import split_words
from stata_sessions.standin.storage import Mask, Numbers

_PART = re.compile(
    r"(?:(?P<operator>c|i?b?(?P<base>\d+|n|\((?:first|last|freq|\#\d+)\))?|i?(?P<level>\d+)|i)\.)?"
    r"(?P<name>\(.+\)|[^\W\d][\w*?~]*(?:-[^\W\d]\w*)?)$"
)
_TIME_SERIES = re.compile(r"(?:^|#)[LFDS]\d*\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Factor:
    """One variable in a term; `levels` is None for a continuous one."""

    name: str
    levels: tuple[float, ...] | None = None
    base: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a design: a product of variables and of indicators of levels.

    `reason` says why it is not estimated: `base`, `empty` or `omitted`; empty if it is.
    """

    parts: tuple[tuple[str, float | None], ...]
    bases: tuple[bool, ...]
    reason: str = ""

    @property
    def name(self) -> str:
        """The name it has in e(b)."""
        texts = []
        for (name, level), base in zip(self.parts, self.bases, strict=True):
            texts.append(self._part(name, level, base))
        return "#".join(texts)

    def _part(self, name: str, level: float | None, base: bool) -> str:
        off = self.reason != ""
        if level is None:
            if len(self.parts) == 1:
                return ("o." if off else "") + name
            return ("co." if off else "c.") + name
        mark = "b" if base and off else "o" if off else ""
        return f"{level:.0f}{mark}.{name}"

    @property
    def term(self) -> tuple[str, ...]:
        """The variables it is made of, factors without their levels."""
        return tuple(
            name
            if level is None and len(self.parts) == 1
            else ("c." if level is None else "") + name
            for name, level in self.parts
        )

    @property
    def is_factor(self) -> bool:
        """Whether it is shown under a heading, with levels beneath."""
        return len(self.parts) > 1 or self.parts[0][1] is not None

    def values(self, data: Dataset) -> Numbers:
        """Return its values in all observations; missing values are not looked at."""
        result: Numbers = np.ones(data.observations)
        for name, level in self.parts:
            column = data.numbers(name)
            result = result * (column if level is None else column == level)
        return result


def columns(data: Dataset, text: str, chosen: Mask) -> list[Column]:
    """Return the columns that a list of regressors stands for.

    Raises:
        StataError: r(101) for time-series operators, r(111) for what is no variable, r(109) for
            strings, r(452) for factors with values that cannot be levels.
    """
    terms: list[tuple[Factor, ...]] = []
    for word in split_words(text) if text.strip() else ():
        for term in _terms(data, word, chosen):
            if not any(_same(term, known) for known in terms):
                terms.append(term)
    found: list[Column] = []
    for term in terms:
        found += _columns(term, terms, data, chosen)
    return found


def variables(data: Dataset, text: str) -> list[str]:
    """Return the variables that occur in a list of regressors."""
    everything = np.zeros(data.observations, dtype=np.bool_)
    found = [
        factor.name
        for word in (split_words(text) if text.strip() else ())
        for term in _terms(data, word, everything)
        for factor in term
    ]
    return list(dict.fromkeys(found))


def _same(one: tuple[Factor, ...], other: tuple[Factor, ...]) -> bool:
    return sorted((f.name, f.levels is None) for f in one) == sorted(
        (f.name, f.levels is None) for f in other
    )


def _terms(data: Dataset, word: str, chosen: Mask) -> Iterator[tuple[Factor, ...]]:
    if _TIME_SERIES.search(word):
        raise operators_not_allowed()
    pieces = re.split(r"(##?)(?![^(]*\))", word)
    alone = len(pieces) == 1
    choices = [_factors(data, piece, chosen, alone=alone) for piece in pieces[::2]]
    if alone:
        for factor in choices[0]:
            yield (factor,)
        return
    crossed = "##" in pieces
    for factors in product(*choices):
        yield from _subsets(factors) if crossed else [factors]


def _subsets(factors: tuple[Factor, ...]) -> Iterator[tuple[Factor, ...]]:
    """Yield the terms of a full crossing: a b a#b c a#c b#c a#b#c."""
    for last in range(len(factors)):
        for size in range(last + 1):
            for others in combinations(factors[:last], size):
                yield (*others, factors[last])


def _factors(data: Dataset, piece: str, chosen: Mask, *, alone: bool) -> list[Factor]:
    found = _PART.match(piece)
    if found is None:
        if "." in piece or "#" in piece:
            raise invalid_syntax()
        return [Factor(name) for name in _numeric(data, piece)]
    operator = found["operator"] or ("c" if alone else "i")
    names = _numeric(data, found["name"].strip("()"))
    if operator == "c":
        return [Factor(name) for name in names]
    return [_factor(data, name, found, chosen) for name in names]


def _numeric(data: Dataset, text: str) -> list[str]:
    names = data.expand(text)
    for name in names:
        if data.columns[name].is_text:
            raise StataError(109, f"{name}:  string variable may not be used here")
    return names


def _factor(data: Dataset, name: str, found: re.Match[str], chosen: Mask) -> Factor:
    values = data.numbers(name)[chosen]
    levels = tuple(float(level) for level in np.unique(values))
    if any(level < 0 or level != int(level) for level in levels):
        kind = "negative values" if min(levels) < 0 else "noninteger values"
        raise StataError(452, f"{name}:  factor variables may not contain {kind}")
    if found["level"]:
        return Factor(name, (float(found["level"]),), None)
    base = found["base"]
    if not levels or base == "n":
        return Factor(name, levels, None)
    return Factor(name, levels, _base(base, levels, values))


def _base(text: str | None, levels: tuple[float, ...], values: Numbers) -> float:
    if text is None or text == "(first)":
        return levels[0]
    if text == "(last)":
        return levels[-1]
    if text == "(freq)":
        return max(levels, key=lambda level: int(np.count_nonzero(values == level)))
    if text.startswith("(#"):
        return levels[int(text[2:-1]) - 1]
    return float(text)


def _columns(
    term: tuple[Factor, ...], terms: list[tuple[Factor, ...]], data: Dataset, chosen: Mask
) -> Iterator[Column]:
    # However it is written, a product names its factors first.
    term = tuple(sorted(term, key=lambda factor: factor.levels is None))
    for choice in product(*(factor.levels or (None,) for factor in term)):
        bases = tuple(
            level is not None and level == factor.base
            for factor, level in zip(term, choice, strict=True)
        )
        parts = tuple((f.name, level) for f, level in zip(term, choice, strict=True))
        reason = "base" if _is_base(term, bases, terms) else ""
        if len(parts) > 1 and None not in choice:
            # A cell without observations is shown even at a base level.
            filled = Column(parts, bases).values(data)[chosen].any()
            reason = reason if filled else "empty"
        yield Column(parts, bases, reason)


def _is_base(
    term: tuple[Factor, ...], bases: tuple[bool, ...], terms: list[tuple[Factor, ...]]
) -> bool:
    """Tell whether a column is spanned by others because a factor in it is at its base level."""
    if not any(bases):
        return False
    if all(bases):
        return True
    rests = (term[:place] + term[place + 1 :] for place, base in enumerate(bases) if base)
    return any(_same(rest, known) for rest in rests for known in terms)
