"""Lists of variables: abbreviations, wildcards and ranges."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from fnmatch import fnmatchcase

from stata_sessions.standin.errors import StataError, operators_not_allowed, variable_not_found

_ITEM = re.compile(r"[^\s,-]+\s*-\s*[^\s,-]+|[^\s,]+")
_NAME = re.compile(r"[^\W\d]\w{0,31}")
_NUMBERED = re.compile(r"(?P<stem>[^\W\d]\w*?)(?P<first>\d+)\s*-\s*(?P=stem)(?P<last>\d+)")
_OPERATED = re.compile(r"\w+\.\w|\w+#")
# Returns the full name of a variable, or None.
Finder = Callable[[str], str | None]
_RESERVED = frozenset(
    [
        "_all",
        "_b",
        "byte",
        "_coef",
        "_cons",
        "double",
        "float",
        "if",
        "in",
        "int",
        "long",
        "_n",
        "_N",
        "_pi",
        "_pred",
        "_rc",
        "_skip",
        "strL",
        "using",
        "with",
    ]
)


def check_name(name: str) -> str:
    """Return a name as given.

    Raises:
        StataError: r(198) if it cannot name a variable.
    """
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise StataError(198, f"{name} invalid name")
    return name


def abbreviated(name: str, variables: Collection[str]) -> str | None:
    """Return the one variable that a name abbreviates, or None.

    Raises:
        StataError: r(111) if several do.
    """
    found = [variable for variable in variables if variable.startswith(name)]
    if len(found) > 1:
        raise StataError(111, f"{name} ambiguous abbreviation")
    return found[0] if found else None


def expand(text: str, variables: Sequence[str], find: Finder) -> list[str]:
    """Return the variables a list stands for, in the order in which it names them."""
    found: list[str] = []
    for item in _ITEM.findall(text):
        found += _item(item, variables, find)
    return found


def new_names(text: str) -> list[str]:
    """Return the names of variables to be made: `a b` and ranges like `x1-x3`.

    Raises:
        StataError: r(198) for what cannot name a variable.
    """
    found: list[str] = []
    for item in _ITEM.findall(text):
        ends = _NUMBERED.fullmatch(item)
        numbers = range(int(ends["first"]), int(ends["last"]) + 1) if ends else ()
        found += [f"{ends['stem']}{number}" for number in numbers] if ends else [item]
    return [check_name(name) for name in found]


def _item(item: str, variables: Sequence[str], find: Finder) -> list[str]:
    if item == "_all":
        return list(variables)
    if item in variables:
        return [item]
    first, dash, last = item.partition("-")
    if dash and first.strip() and last.strip():
        start, end = (variables.index(_one(name.strip(), find)) for name in (first, last))
        if start > end:
            raise StataError(111, f"{first.strip()} not found")
        return list(variables[start : end + 1])
    if "*" in item or "?" in item or "~" in item:
        pattern = item.replace("~", "*").replace("[", "[[]")
        matching = [variable for variable in variables if fnmatchcase(variable, pattern)]
        if not matching:
            raise variable_not_found(item)
        return matching
    return [_one(item, find)]


def _one(name: str, find: Finder) -> str:
    if _OPERATED.match(name):
        raise operators_not_allowed()
    found = find(name)
    if found is None:
        raise variable_not_found(name)
    return found


def abbreviation(name: str, room: int) -> str:
    """Return a name shortened for a table: its beginning, a tilde, its last character."""
    if len(name) <= room:
        return name
    return name[: room - 2] + "~" + name[-1]
