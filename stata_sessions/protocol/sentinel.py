"""The mark that ends a command: how to print it, and how to find it again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

# Every token begins with a character that is rare in statistical output, so that text without it
# needs no closer look. It means nothing to Stata inside quotes, and is not a SMCL directive.
FLAG = "@"

# The smallest line size of Stata is 40 columns: a token has to fit into a row of its own.
TOKEN_LENGTH = 24

TokenSource = Callable[[], str]

# What stands in front of an echoed line: the dot, or the prompt of a block, Mata or Python.
PROMPTS = r"(?:\. |: |> |>>> | *\d+\. )*"

_WRAP = r"(?:\n> ?)?"


def wrappable(text: str) -> str:
    """Return a pattern for ``text`` that Stata may have folded anywhere with a ``> `` row."""
    return _WRAP.join(re.escape(character) for character in text)


@dataclass(frozen=True)
class Sentinel:
    """A fresh token in two pieces, so that no echo of its line can be taken for its output."""

    first: str
    second: str

    @classmethod
    def fresh(cls, new_token: TokenSource) -> Sentinel:
        """Make a sentinel from a source of at least 23 unguessable ASCII letters and digits."""
        token = FLAG + new_token()[: TOKEN_LENGTH - 1]
        middle = len(token) // 2
        return cls(token[:middle], token[middle:])

    @property
    def token(self) -> str:
        """The text that the line prints, in one piece."""
        return self.first + self.second

    @property
    def line(self) -> str:
        """The command that prints the token, even under ``set output error``."""
        return f'display as error "{self.first}" "{self.second}"'

    @cached_property
    def echo(self) -> re.Pattern[str]:
        """A whole row (or several, if folded) that echoes the line, with its prompts."""
        return re.compile(rf"{PROMPTS}{wrappable(self.line)}[ ]*(?:\^[JM])?\n?")

    def echo_start(self, text: str) -> int:
        """Return where the echo of the line begins in ``text``, -1 if it is not there."""
        if self.first not in text and "\n>" not in text:
            return -1
        # Nearly always the echo is one plain row, and a pattern for each token costs time to make.
        plain = text.find(f". {self.line}\n")
        if plain >= 0 and text.count(self.first) == 1:
            return plain
        match = self.echo.search(text)
        return match.start() if match else -1

    @cached_property
    def _folded_token(self) -> re.Pattern[str]:
        return re.compile(wrappable(self.token))

    def find(self, text: str) -> tuple[int, int] | None:
        """Return where the token stands in ``text``, folded or not, or None."""
        at = text.find(self.token)
        if at >= 0:
            return at, at + len(self.token)
        if FLAG in text and "\n>" in text:
            match = self._folded_token.search(text)
            return match.span() if match else None
        return None

    def first_sign(self, text: str, end: int) -> int:
        """Return where its echo, perhaps clipped, begins in ``text``; ``end`` if not before."""
        before = text[:end]
        found = [at for at in (self.echo_start(before), before.find(self.first)) if at >= 0]
        return min(found, default=end)
