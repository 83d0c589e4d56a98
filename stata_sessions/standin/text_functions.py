"""String functions, each over single values: the table says what its arguments are."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from stata_sessions.standin.formats import format_value, general
from stata_sessions.standin.missing import SYSTEM, extended, is_missing
from stata_sessions.standin.quoting import split_words, unquote

# What regexs() refers to: the last match of regexm() in this console.
_last_match: list[str] = []
_NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][-+]?\d+)?\s*$")


def _substring(text: str, start: float, length: float = SYSTEM) -> str:
    if is_missing(start):
        return ""
    first = int(start) - 1 if start > 0 else len(text) + int(start)
    if first < 0 or start == 0:
        return ""
    return text[first:] if is_missing(length) else text[first : first + max(0, int(length))]


def _bytes_substring(text: str, start: float, length: float = SYSTEM) -> str:
    if text.isascii():
        return _substring(text, start, length)
    raw = text.encode().decode("latin-1")
    return _substring(raw, start, length).encode("latin-1").decode("utf-8", "replace")


def _position(text: str, wanted: str) -> float:
    return float(text.find(wanted) + 1) if wanted else 0.0


def _last_position(text: str, wanted: str) -> float:
    return float(text.rfind(wanted) + 1) if wanted else 0.0


def _substitute(text: str, old: str, new: str, times: float) -> str:
    if not old:
        return text
    return text.replace(old, new, -1 if is_missing(times) else int(times))


def _substitute_word(text: str, old: str, new: str, times: float) -> str:
    pattern = rf"(?<!\S){re.escape(old)}(?!\S)"
    return re.sub(pattern, lambda _: new, text, count=0 if is_missing(times) else int(times))


def _proper(text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word.group().capitalize(), text)


def _word(text: str, number: float) -> str:
    words = [unquote(word) for word in split_words(text)] if text.strip() else []
    place = int(number) - 1 if number > 0 else len(words) + int(number)
    return words[place] if 0 <= place < len(words) and number else ""


def real(text: str) -> float:
    """Return the number a text spells, or missing."""
    if _NUMBER.match(text):
        value = float(text.lower().replace("d", "e"))
        return value if abs(value) < SYSTEM else SYSTEM
    stripped = text.strip()
    if re.fullmatch(r"\.[a-z]", stripped):
        return extended(stripped[1])
    return SYSTEM


def string(value: float, fmt: str = "") -> str:
    """Return a number as text, by a format or as %9.0g."""
    return format_value(value, fmt).strip() if fmt else general(value)


def _regular(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error:
        return re.compile(re.escape(pattern))


def _regex_match(text: str, pattern: str, caseless: float = 0.0) -> float:
    found = re.search(_regular(pattern).pattern, text, re.IGNORECASE if caseless else 0)
    if found:
        _last_match[:] = [found.group(), *(group or "" for group in found.groups())]
    return float(found is not None)


def _regex_group(number: float) -> str:
    return _last_match[int(number)] if 0 <= number < len(_last_match) else ""


def _regex_replace(text: str, pattern: str, new: str) -> str:
    return _regular(pattern).sub(lambda _: new, text, count=1)


def _regex_replace_all(text: str, pattern: str, new: str) -> str:
    return _regular(pattern).sub(re.sub(r"\$(\d)", r"\\\1", new), text)


def _matches(text: str, pattern: str) -> float:
    return float(fnmatchcase(text, pattern.replace("[", "[[]")))


def _abbreviated(text: str, width: float) -> str:
    room = int(width)
    if len(text) <= room:
        return text
    return text[: room - 2] + "~" + text[-1]


def _not_in(text: str, characters: str) -> float:
    places = [n for n, character in enumerate(text, 1) if character not in characters]
    return float(places[0]) if places else 0.0


def _plural(count: float, text: str, plural: str = "") -> str:
    if abs(count) == 1:
        return text
    if plural.startswith("+"):
        return text + plural[1:]
    return plural or text + "s"


def _name(text: str) -> str:
    name = re.sub(r"\W", "_", text)
    return ("_" + name if name[:1].isdigit() or not name else name)[:32]


def _byte_length(text: str) -> float:
    return float(len(text.encode()))


def _tidy(text: str) -> str:
    return re.sub(r"(?<=\S) {2,}(?=\S)", " ", text)


_CORE: dict[str, tuple[Callable[..., Any], str]] = {
    "strlen": (_byte_length, "s"),
    "ustrlen": (lambda text: float(len(text)), "s"),
    "substr": (_bytes_substring, "sn?n"),
    "usubstr": (_substring, "sn?n"),
    "strpos": (_position, "ss"),
    "ustrpos": (_position, "ss"),
    "strrpos": (_last_position, "ss"),
    "strupper": (str.upper, "s"),
    "strlower": (str.lower, "s"),
    "strproper": (_proper, "s"),
    "strtrim": (lambda text: text.strip(" "), "s"),
    "strltrim": (lambda text: text.lstrip(" "), "s"),
    "strrtrim": (lambda text: text.rstrip(" "), "s"),
    "stritrim": (_tidy, "s"),
    "strreverse": (lambda text: text[::-1], "s"),
    "subinstr": (_substitute, "sssn"),
    "subinword": (_substitute_word, "sssn"),
    "word": (_word, "sn"),
    "wordcount": (lambda text: float(len(list(split_words(text))) if text.strip() else 0), "s"),
    "real": (real, "s"),
    "strofreal": (string, "n?s"),
    "regexm": (_regex_match, "ss"),
    "regexs": (_regex_group, "n"),
    "regexr": (_regex_replace, "sss"),
    "ustrregexm": (_regex_match, "ss?n"),
    "ustrregexs": (_regex_group, "n"),
    "ustrregexra": (_regex_replace_all, "sss"),
    "ustrregexrf": (_regex_replace, "sss"),
    "strmatch": (_matches, "ss"),
    "abbrev": (_abbreviated, "sn"),
    "char": (lambda code: chr(int(code)) if 0 < code < 256 else "", "n"),
    "uchar": (lambda code: chr(int(code)) if 0 < code < 0x110000 else "", "n"),
    "indexnot": (_not_in, "ss"),
    "plural": (_plural, "ns?s"),
    "strtoname": (_name, "s"),
}
_OTHER_NAMES = {
    "length": "strlen",
    "upper": "strupper",
    "lower": "strlower",
    "proper": "strproper",
    "trim": "strtrim",
    "ltrim": "strltrim",
    "rtrim": "strrtrim",
    "itrim": "stritrim",
    "reverse": "strreverse",
    "ustrupper": "strupper",
    "ustrlower": "strlower",
    "ustrtrim": "strtrim",
    "index": "strpos",
    "string": "strofreal",
}
PLAIN = _CORE | {name: _CORE[other] for name, other in _OTHER_NAMES.items()}
