"""The grammar that most commands share: arguments, if, in, weight, using, options."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from stata_sessions.standin.errors import (
    StataError,
    invalid_syntax,
    option_not_allowed,
    weights_not_allowed,
)
from stata_sessions.standin.quoting import closing
from stata_sessions.standin.quoting import pieces as pieces
from stata_sessions.standin.quoting import split_words as split_words
from stata_sessions.standin.quoting import unquote as unquote

if TYPE_CHECKING:
    from stata_sessions.standin.blocks import Body

_KEYWORD = re.compile(r"(?:if|in|using)\b")
_NO_WEIGHT = re.compile(r"\[\s*\]")
_WEIGHT = re.compile(r"\[\s*([a-z]+)\s*=\s*(.*)\]\s*$", re.DOTALL)
_WEIGHTS = {
    "aweight": ("aw", "aweight", "aweights"),
    "fweight": ("fw", "fweight", "fweights", "freq", "frequency"),
    "iweight": ("iw", "iweight", "iweights"),
    "pweight": ("pw", "pweight", "pweights"),
    "weight": ("w", "we", "wei", "weig", "weigh", "weight"),
}
_OPTION = re.compile(r"\s*([A-Za-z_][\w.]*|\S)")


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight: its full kind (`fweight`, ..., or plain `weight`) and its expression."""

    kind: str
    expression: str


@dataclass(frozen=True, slots=True)
class By:
    """A by prefix: the variables that form groups, those that only order within, and sorting."""

    groups: tuple[str, ...]
    order: tuple[str, ...] = ()
    sort: bool = False


@dataclass(frozen=True)
class CommandLine:
    """One command after macro expansion, read no further than somebody asks.

    `name` is the full name, `raw` all text after the word that named it. `body` gives the lines
    that follow to commands that own some (loops, programs, `input`).
    """

    name: str
    raw: str
    by: By | None = None
    body: Body | None = None

    @cached_property
    def _parts(self) -> _Parts:
        return split(self.raw)

    @property
    def arguments(self) -> str:
        """The text before if, in, using, the weight and the comma."""
        return self._parts.arguments

    @property
    def if_(self) -> str | None:
        """The expression after `if`."""
        return self._parts.clauses.get("if")

    @property
    def in_(self) -> str | None:
        """The range after `in`."""
        return self._parts.clauses.get("in")

    @property
    def using(self) -> str | None:
        """The file name after `using`, without its quotes."""
        text = self._parts.clauses.get("using")
        return None if text is None else unquote(text)

    @property
    def weight(self) -> Weight | None:
        """The weight in brackets."""
        return self._parts.weight

    @cached_property
    def options(self) -> Options:
        """The options; whoever reads them ends with `finish()`."""
        return Options(self._parts.options)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The arguments split at blanks that stand outside quotes and parentheses."""
        return tuple(split_words(self.arguments))

    def split(self) -> tuple[str, CommandLine]:
        """Return the word behind the name, and what follows it as a command of its own."""
        word, blank, rest = self.raw.strip().partition(" ")
        word, comma, options = word.partition(",")
        return word, CommandLine(self.name, comma + options + blank + rest, body=self.body)

    def allow(self, takes: str) -> None:
        """Refuse clauses that are not among `if in weight using`; or all text, for `nothing`.

        Raises:
            StataError: r(101) for a clause, r(198) for text where nothing belongs.
        """
        if takes == "nothing":
            self.options.finish()
            if self.raw.strip():
                raise invalid_syntax()
        for clause in self._parts.clauses:
            if clause not in takes.split():
                raise StataError(101, f"{clause} not allowed")
        if self.weight and "weight" not in takes:
            raise weights_not_allowed()


@dataclass(frozen=True, slots=True)
class _Parts:
    arguments: str
    clauses: dict[str, str]
    weight: Weight | None
    options: str


@dataclass
class Options:
    """Options as typed. Each must be asked for by its name, or `finish()` refuses it."""

    text: str
    _left: list[tuple[str, str | None]] = field(init=False)

    def __post_init__(self) -> None:
        self._left = list(_options(self.text))

    def _take(self, name: str, shortest: int, accept: Callable[[str | None], bool]) -> str | None:
        found: str | None = None
        for typed, value in list(self._left):
            if len(typed) >= shortest and name.startswith(typed) and accept(value):
                self._left.remove((typed, value))
                found = value if value is not None else typed
        return found

    def flag(self, name: str, shortest: int | None = None) -> bool:
        """Tell whether a plain option was given; `shortest` is its least abbreviation."""
        return self._take(name, shortest or len(name), lambda v: v is None) is not None

    def value(self, name: str, shortest: int | None = None) -> str | None:
        """Return what stands in an option's parentheses, or None if it was not given."""
        return self._take(name, shortest or len(name), lambda v: v is not None)

    def number(self, name: str, shortest: int | None = None) -> float | None:
        """Return an option's value as a number.

        Raises:
            StataError: r(198) if it is none.
        """
        text = self.value(name, shortest)
        if text is None:
            return None
        try:
            return float(text)
        except ValueError:
            raise StataError(198, f"option {name}() incorrectly specified") from None

    def rest(self) -> list[tuple[str, str | None]]:
        """Take all options nobody asked for, for commands that pass them on."""
        left, self._left = self._left, []
        return left

    def finish(self) -> None:
        """Refuse whatever nobody asked for.

        Raises:
            StataError: r(198) with the first such option's name.
        """
        if self._left:
            name, value = self._left[0]
            raise option_not_allowed(name if value is None else f"{name}()")


def split(text: str) -> _Parts:
    """Split a command's text into its parts."""
    marks, comma = _marks(text)
    before, options = (text[:comma], text[comma + 1 :]) if comma >= 0 else (text, "")
    starts = [place for place, _ in marks] + [len(before)]
    clauses = {
        word: before[place + len(word) : end].strip()
        for (place, word), end in zip(marks, starts[1:], strict=True)
        if word[0] != "["
    }
    weights = [before[p:end] for (p, w), end in zip(marks, starts[1:], strict=True) if w == "["]
    weight = _weight(weights[0].strip()) if weights else None
    return _Parts(before[: starts[0]].strip(), clauses, weight, options)


def _marks(text: str) -> tuple[list[tuple[int, str]], int]:
    marks: list[tuple[int, str]] = []
    for place, character in pieces(text):
        if character == ",":
            return marks, place
        at_word = place == 0 or text[place - 1] in " \t)\"'"
        if character in "iu" and at_word and (found := _KEYWORD.match(text, place)):
            marks.append((place, found.group()))
        elif at_word and _NO_WEIGHT.match(text, place):
            # What `[`weight'`exp']` leaves where no weight was given.
            marks.append((place, "[]"))
        elif character == "[" and at_word and _WEIGHT.match(text[place:].split("]")[0] + "]"):
            marks.append((place, "["))
    return marks, -1


def _weight(text: str) -> Weight:
    found = _WEIGHT.match(text)
    if found:
        for kind, words in _WEIGHTS.items():
            if found.group(1) in words:
                return Weight(kind, found.group(2).strip())
    raise invalid_syntax()


def _options(text: str) -> Iterator[tuple[str, str | None]]:
    place = 0
    while found := _OPTION.match(text, place):
        name, place = found.group(1), found.end()
        if name == ",":
            continue
        if text.startswith("(", place):
            end = closing(text, place)
            yield name, text[place + 1 : end].strip()
            place = end + 1
        else:
            yield name, None
