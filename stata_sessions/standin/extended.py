"""Extended macro functions: what stands behind the colon in `local x : ...`."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stata_sessions.standin.errors import invalid_syntax
from stata_sessions.standin.macro_lists import listed
from stata_sessions.standin.quoting import split_words, unquote

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter


_STORED = re.compile(r"([res])\((scalars|macros|matrices)\)$")


def extended_function(interp: Interpreter, text: str) -> str:
    """Return the value of an extended macro function.

    Raises:
        StataError: r(198) for one that we do not have.
    """
    stored = _STORED.match(text.strip())
    if stored:
        return " ".join(getattr(getattr(interp, stored[1]), stored[2]))
    word, _, rest = text.strip().partition(" ")
    function = _FUNCTIONS.get(word)
    if function is None:
        raise invalid_syntax()
    return function(interp, rest.strip())


def _word(interp: Interpreter, text: str) -> str:
    count, _, rest = text.partition(" ")
    if count == "count":
        return str(len(list(split_words(rest))))
    found = re.match(r"(\S+)\s+of\b\s*(.*)", text, re.DOTALL)
    if found is None:
        raise invalid_syntax()
    words = [unquote(word) for word in split_words(found[2])]
    number = interp.whole(found[1])
    return words[number - 1] if 1 <= number <= len(words) else ""


def _length(interp: Interpreter, text: str) -> str:
    kind, _, rest = text.partition(" ")
    if kind not in ("local", "global"):
        raise invalid_syntax()
    macros = interp.macros.locals if kind == "local" else interp.macros.globals
    return str(len(macros.get(rest.strip(), "")))


def _display(interp: Interpreter, text: str) -> str:
    from stata_sessions.standin.commands.display import composed

    return composed(interp, text)


def _variable(interp: Interpreter, text: str) -> str:
    word, _, name = text.partition(" ")
    if word not in ("label", "variable") or not name.strip():
        raise invalid_syntax()
    return str(interp.data.variable_label(interp.data.expand(name.strip())[0]))


def _value(interp: Interpreter, text: str) -> str:
    found = re.match(r"label\s+(\S+)$", text)
    if found is None:
        raise invalid_syntax()
    return str(interp.data.value_label(interp.data.expand(found[1])[0]))


def _type(interp: Interpreter, text: str) -> str:
    return str(interp.data.storage_type(interp.data.expand(text)[0]))


def _format(interp: Interpreter, text: str) -> str:
    return str(interp.data.format(interp.data.expand(text)[0]))


def _label(interp: Interpreter, text: str) -> str:
    """`label lblname #` or `label (varname) #`."""
    found = re.match(r"(\(\s*(\w+)\s*\)|\w+)\s+(\S+)", text)
    if found is None:
        raise invalid_syntax()
    name = found[1]
    if found[2]:
        name = str(interp.data.value_label(interp.data.expand(found[2])[0]))
    return str(interp.data.label_text(name, interp.evaluate(found[3])))


def _data(interp: Interpreter, text: str) -> str:
    if text != "label":
        raise invalid_syntax()
    return str(interp.data.label) if interp.has_data else ""


def _directory(interp: Interpreter, text: str) -> str:
    words = [unquote(word) for word in split_words(text)]
    if len(words) < 2 or words[1] not in ("files", "dirs", "other"):
        raise invalid_syntax()
    pattern = words[2] if len(words) > 2 else "*"
    folder = Path(words[0] or ".")
    entries = sorted(os.scandir(folder), key=lambda e: e.name.lower()) if folder.is_dir() else []
    wanted = [e.name for e in entries if e.is_dir() == (words[1] == "dirs")]
    matching = [n for n in wanted if fnmatch.fnmatch(n.lower(), pattern.lower())]
    return " ".join(f'"{name}"' for name in matching)


def _substitute(interp: Interpreter, text: str) -> str:
    """`subinstr local name "from" "to" [, all]`, local or global."""
    words = list(split_words(text.replace(",", " , ")))
    if len(words) < 4 or words[0] not in ("local", "global"):
        raise invalid_syntax()
    macros = interp.macros.locals if words[0] == "local" else interp.macros.globals
    old, new = unquote(words[2]), unquote(words[3])
    return macros.get(words[1], "").replace(old, new, -1 if "all" in words[4:] else 1)


def _piece(interp: Interpreter, text: str) -> str:
    """`piece # # of "text"`."""
    found = re.match(r"(\S+)\s+(\S+)\s+of\s+(.*)", text, re.DOTALL)
    if found is None:
        raise invalid_syntax()
    number, width = interp.whole(found[1]), interp.whole(found[2])
    words, rows = unquote(found[3]).split(), [""]
    for word in words:
        if rows[-1] and len(rows[-1]) + 1 + len(word) > width:
            rows.append(word)
        else:
            rows[-1] = f"{rows[-1]} {word}".strip()
    return rows[number - 1] if 1 <= number <= len(rows) else ""


def _environment(interp: Interpreter, text: str) -> str:
    return interp.environ.get(text.strip(), "")


def _matrix_names(place: str) -> Callable[[Interpreter, str], str]:
    def names(interp: Interpreter, text: str) -> str:
        found = re.match(r"(?:([er])\()?(\w+)\)?$", text.strip())
        if found is None:
            raise invalid_syntax()
        store = getattr(interp, found[1]).matrices if found[1] else interp.matrices
        return " ".join(getattr(store[found[2]], place)) if found[2] in store else ""

    return names


def _all(interp: Interpreter, text: str) -> str:
    kind, _, pattern = text.partition(" ")
    names: list[str] = {
        "globals": sorted(interp.macros.globals),
        "scalars": sorted(interp.scalars),
        "matrices": sorted(interp.matrices),
        "numeric": [],
    }.get(kind, [])
    return " ".join(f'"{n}"' for n in names if fnmatch.fnmatch(n, unquote(pattern) or "*"))


_FUNCTIONS: dict[str, Callable[[Interpreter, str], str]] = {
    "word": _word,
    "length": _length,
    "list": lambda interp, text: listed(interp.macros.locals, interp.macros.globals, text),
    "display": _display,
    "di": _display,
    "variable": _variable,
    "var": _variable,
    "value": _value,
    "val": _value,
    "type": _type,
    "format": _format,
    "label": _label,
    "data": _data,
    "dir": _directory,
    "subinstr": _substitute,
    "piece": _piece,
    "environment": _environment,
    "env": _environment,
    "rownames": _matrix_names("rows"),
    "rowfullnames": _matrix_names("rows"),
    "colnames": _matrix_names("columns"),
    "colfullnames": _matrix_names("columns"),
    "all": _all,
}
