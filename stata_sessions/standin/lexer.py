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


def _unreadable(text: str, place: int) -> Exception:
    words = text[place:].split()
    return invalid(words[0]) if words else invalid_syntax()
