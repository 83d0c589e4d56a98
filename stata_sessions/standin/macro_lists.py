"""`local x : list ...`: macros as lists of words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from stata_sessions.standin.errors import invalid_syntax
from stata_sessions.standin.quoting import split_words, unquote

_BINARY = re.compile(r"(\w+|global\(\w+\))\s*(\||&|-|==|===|in\b)\s*(\w+|global\(\w+\))$")

Words = list[str]


def listed(locals_: Mapping[str, str], globals_: Mapping[str, str], text: str) -> str:
    """Return the value of one list function over macros given by name."""

    def words(name: str) -> Words:
        name = name.strip()
        found = re.match(r"global\((\w+)\)$", name)
        value = globals_.get(found[1], "") if found else locals_.get(name, "")
        return [unquote(word) for word in split_words(value)]

    binary = _BINARY.match(text.strip())
    if binary:
        return _BINARIES[binary[2]](words(binary[1]), words(binary[3]))
    word, _, rest = text.strip().partition(" ")
    if word == "posof":
        found = re.match(r"(`\"[^\"]*\"'|\"[^\"]*\")\s+in\s+(\S+)$", rest.strip())
        if found is None:
            raise invalid_syntax()
        wanted, among = unquote(found[1]), words(found[2])
        return str(among.index(wanted) + 1 if wanted in among else 0)
    if word not in _UNARIES:
        raise invalid_syntax()
    return _UNARIES[word](words(rest))


def _joined(words: Words) -> str:
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def _without(left: Words, right: Words) -> Words:
    rest, removed = [], list(right)
    for word in left:
        if word in removed:
            removed.remove(word)
        else:
            rest.append(word)
    return rest


_BINARIES: dict[str, Callable[[Words, Words], str]] = {
    "|": lambda a, b: _joined(a + [word for word in b if word not in a]),
    "&": lambda a, b: _joined([word for word in a if word in b]),
    "-": lambda a, b: _joined(_without(a, b)),
    "==": lambda a, b: str(int(a == b)),
    "===": lambda a, b: str(int(sorted(a) == sorted(b))),
    "in": lambda a, b: str(int(all(word in b for word in a))),
}
_UNARIES: dict[str, Callable[[Words], str]] = {
    "uniq": lambda a: _joined(list(dict.fromkeys(a))),
    "dups": lambda a: _joined([word for i, word in enumerate(a) if word in a[:i]]),
    "sort": lambda a: _joined(sorted(a)),
    "retokenize": _joined,
    "clean": _joined,
    "sizeof": lambda a: str(len(a)),
}
