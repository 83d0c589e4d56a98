"""What the `syntax` command is told: a description of a command's own grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from stata_sessions.standin.errors import invalid_syntax
from stata_sessions.standin.quoting import closing, pieces, split_words

_LISTS = frozenset(
    {"varlist", "varname", "newvarlist", "newvarname", "namelist", "name", "anything"}
)
_WEIGHTS = {"aw": "aweight", "fw": "fweight", "iw": "iweight", "pw": "pweight"}
_OPTION = re.compile(r"(?P<name>\*|[A-Za-z_]\w*)(?:\((?P<type>.*)\))?$", re.DOTALL)
_SPECIFICATION = re.compile(r"(\w+)\s*(?:\((.*)\))?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OptionDescription:
    """One option: `name` in lower case, `shortest` its least abbreviation.

    `kind` is the word in its parentheses (`string`, `integer`, `real`, `varlist`, ...), empty for a
    plain option; `rest` what follows that word: a default or restrictions.
    """

    name: str
    shortest: int
    kind: str = ""
    rest: str = ""
    required: bool = False
    negated: bool = False


@dataclass
class Description:
    """A described grammar."""

    list_kind: str = ""
    list_required: bool = False
    list_settings: dict[str, str] = field(default_factory=dict)
    allowed: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    # Clauses whose macro holds only what follows the word: `if/`, `using/`, `=/exp`.
    bare: set[str] = field(default_factory=set)
    weights: list[str] = field(default_factory=list)
    options: list[OptionDescription] = field(default_factory=list)
    # Whether `*` takes the options nobody described.
    collects: bool = False


@lru_cache(maxsize=256)
def described(text: str) -> Description:
    """Read a description.

    Raises:
        StataError: r(197), r(198) if it is none.
    """
    description = Description()
    before, options, optional = _halves(text)
    for item, required in _items(before):
        _clause(description, item, required)
    for item, required in _items(options):
        _option(description, item, required and not optional)
    return description


def _halves(text: str) -> tuple[str, str, bool]:
    """Split at the comma, which may stand inside the bracket of optional options."""
    for place, character in pieces(text):
        if character == ",":
            return text[:place], text[place + 1 :], False
        if character == "[":
            end = closing(text, place)
            inside = text[place + 1 : end].strip()
            if inside.startswith(","):
                return text[:place], inside[1:] + " " + text[end + 1 :], True
    return text, "", False


def _items(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each item and whether it stands outside brackets, hence is required."""
    for word in split_words(text):
        if word.startswith("["):
            for inner in split_words(word[1:-1]):
                yield inner, False
        else:
            yield word, True


def _clause(description: Description, item: str, required: bool) -> None:
    found = _SPECIFICATION.match(item)
    name, settings = (found[1], found[2] or "") if found else (item, "")
    if name in _LISTS:
        description.list_kind, description.list_required = name, required
        description.list_settings = dict(_settings(settings))
    elif name[:2] in _WEIGHTS and name in (name[:2], _WEIGHTS[name[:2]], _WEIGHTS[name[:2]] + "s"):
        description.weights.append(_WEIGHTS[name[:2]])
    else:
        word = item.replace("/", "").replace("=exp", "exp")
        if word not in ("if", "in", "using", "exp"):
            raise invalid_syntax()
        description.allowed.add(word)
        if required:
            description.required.add(word)
        if "/" in item:
            description.bare.add(word)


def _settings(text: str) -> Iterator[tuple[str, str]]:
    for word in split_words(text):
        name, _, value = word.partition("=")
        yield name, value or "yes"


def _option(description: Description, item: str, required: bool) -> None:
    found = _OPTION.match(item)
    if found is None:
        raise invalid_syntax()
    written = found["name"]
    if written == "*":
        description.collects = True
        return
    negated = written.startswith("no") and written[2:3].isupper()
    capitals = re.match(r"(?:no)?[A-Z_]*", written)
    shortest = len(capitals.group()) if capitals and not written.islower() else len(written)
    kind, _, rest = (found["type"] or "").strip().partition(" ")
    description.options.append(
        OptionDescription(
            written.lower(), shortest or len(written), kind, rest.strip(), required, negated
        )
    )
