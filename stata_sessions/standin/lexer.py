"""Expression text to tokens."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from stata_sessions.standin.errors import invalid, invalid_syntax
from stata_sessions.standin.quoting import end_of_string


class Token(NamedTuple):
    """A token: kind (`number date missing text name operator end`), text and place."""

    kind: str
    text: str
    place: int


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?(?![A-Za-z_]))
  | (?P<date>(?:t[dcCwmqhy]|d)\([^()]*\))
  | (?P<missing>\.[a-z]?(?![\w.]))
  | (?P<name>[^\W\d]\w*)
  | (?P<operator>==|!=|~=|<=|>=|&&|\|\||[-+*/^<>!~&|(),\[\]\#'.\\:])
    )""",
    re.VERBOSE,
)
_QUOTE = re.compile(r'\s*(?=`?")')


@lru_cache(maxsize=4096)
def tokens(text: str, *, strict: bool = True) -> tuple[Token, ...]:
    """Return the tokens of an expression, closed by one of kind `end`.

    Unless `strict`, the tokens end before a character that cannot stand in an expression.

    Raises:
        StataError: r(198) for a character that cannot stand in an expression.
    """
    found: list[Token] = []
    place, length = 0, len(text.rstrip())
    while place < length:
        quote = _QUOTE.match(text, place)
        if quote:
            start = quote.end()
            place = end_of_string(text, start)
            width = 2 if text[start] == "`" else 1
            found.append(Token("text", text[start + width : place - width], start))
            continue
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            if strict:
                raise _unreadable(text, place)
            return (*found, Token("end", "", place))
        found.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        place = match.end()
    return (*found, Token("end", "", len(text)))


class Cursor:
    """A place among the tokens of a text."""

    def __init__(self, text: str, *, strict: bool = True) -> None:
        self.text = text
        self._tokens = tokens(text, strict=strict)
        self._at = 0

    @property
    def here(self) -> Token:
        """The next token."""
        return self._tokens[self._at]

    def at(self, operator: str) -> bool:
        """Tell whether an operator comes next."""
        return self.here.kind == "operator" and self.here.text == operator

    def take(self) -> Token:
        """Return the next token and go on."""
        self._at += 1
        return self._tokens[self._at - 1]

    def expect(self, operator: str) -> Token:
        """Take an operator.

        Raises:
            StataError: r(198) if something else comes next.
        """
        if not self.at(operator):
            raise invalid_syntax()
        return self.take()

    def up_to(self, opened: Token, closer: str) -> str:
        """Return the text from behind an opening bracket to the one that closes it; take that."""
        depth = 0
        while depth or not self.at(closer):
            if self.here.kind == "end":
                raise invalid_syntax()
            depth += self.at("(") - self.at(")")
            self.take()
        return self.text[opened.place + 1 : self.take().place].strip()


def _unreadable(text: str, place: int) -> Exception:
    words = text[place:].split()
    return invalid(words[0]) if words else invalid_syntax()
