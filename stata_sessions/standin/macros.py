"""Local and global macros, and their expansion in a line of code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.missing import SYSTEM, is_missing, missing_name

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

_SPECIAL = re.compile(r"[`$\\]")
_SIMPLE = re.compile(r"`(\w+)'")
_GLOBAL = re.compile(r"\$(_*[A-Za-z]\w*)")
_STORED = re.compile(r"([resc])\((\w+)\)")
_STEPPED = re.compile(r"(\+\+|--)?(\w+)(\+\+|--)?")
# How deep macros may refer to one another; a macro that contains itself ends here.
_DEEPEST = 100
# As c(cmdlen) says.
_LONGEST = 264_408


class Macros:
    """Macros by name: one set of locals for each running program or do-file, one of globals."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self.globals: dict[str, str] = {}
        self.locals: dict[str, str] = {}

    def expand(self, text: str, depth: int = 0) -> str:
        """Return text with its macros replaced, innermost first."""
        if "`" not in text and "$" not in text:
            return text
        if depth > _DEEPEST:
            return text
        done: list[str] = []
        place = length = 0
        while found := _SPECIAL.search(text, place):
            done.append(text[place : found.start()])
            piece, place = self._special(text, found.start(), depth)
            done.append(piece)
            length += len(piece)
            if length > _LONGEST:
                raise StataError(920, "macro substitution results in line that is too long")
        done.append(text[place:])
        return "".join(done)

    def _special(self, text: str, place: int, depth: int) -> tuple[str, int]:
        character = text[place]
        follower = text[place + 1 : place + 2]
        if character == "\\":
            escapes = follower in ("`", "$") and follower != ""
            return (follower, place + 2) if escapes else ("\\", place + 1)
        if character == "$":
            return self._global(text, place, depth)
        if follower == '"':
            return '`"', place + 2
        return self._local(text, place, depth)

    def _local(self, text: str, place: int, depth: int) -> tuple[str, int]:
        simple = _SIMPLE.match(text, place)
        if simple:
            value = self.locals.get(simple[1], "")
            return self.expand(value, depth + 1), simple.end()
        end = _closing_quote(text, place)
        if end < 0:
            return "`", place + 1
        inside = text[place + 1 : end]
        if inside.startswith("macval(") and inside.endswith(")"):
            return self.locals.get(self.expand(inside[7:-1], depth + 1), ""), end + 1
        return self._value(self.expand(inside, depth + 1), depth), end + 1

    def _global(self, text: str, place: int, depth: int) -> tuple[str, int]:
        if text.startswith("${", place):
            end = text.find("}", place)
            if end > 0:
                name = self.expand(text[place + 2 : end], depth + 1)
                return self.expand(self.globals.get(name, ""), depth + 1), end + 1
        found = _GLOBAL.match(text, place)
        if found:
            return self.expand(self.globals.get(found[1], ""), depth + 1), found.end()
        if text.startswith("$`", place):
            name, end = self._local(text, place + 1, depth)
            return self.expand(self.globals.get(name, ""), depth + 1), end
        return "$", place + 1

    def _value(self, inside: str, depth: int) -> str:
        """Return what `inside' stands for once nested macros are gone."""
        if inside.startswith("="):
            return format_macro(self._interpreter.evaluate(inside[1:]))
        if inside.startswith(":"):
            from stata_sessions.standin.extended import extended_function

            return extended_function(self._interpreter, inside[1:].strip())
        if stored := _STORED.fullmatch(inside):
            return self._stored(stored[1], stored[2])
        stepped = _STEPPED.fullmatch(inside)
        if stepped and (stepped[1] or stepped[3]):
            return self._step(stepped[1] or "", stepped[2], stepped[3] or "")
        return self.expand(self.locals.get(inside, ""), depth + 1)

    def _stored(self, store: str, name: str) -> str:
        if store == "c":
            value = self._interpreter.settings.value(self._interpreter, name)
            return "" if value == SYSTEM else format_macro(value)
        results = getattr(self._interpreter, store)
        if name in results.macros:
            return str(results.macros[name])
        return format_macro(results.scalars[name]) if name in results.scalars else ""

    def _step(self, before: str, name: str, after: str) -> str:
        old = self.locals.get(name, "") or "0"
        sign = "+" if "+" in (before or after) else "-"
        self.locals[name] = format_macro(self._interpreter.evaluate(f"({old}){sign}1"))
        return self.locals[name] if before else old


def _closing_quote(text: str, place: int) -> int:
    depth = 0
    for at in range(place, len(text)):
        if text[at] == "`" and text[at + 1 : at + 2] != '"':
            depth += 1
        elif text[at] == "'" and text[at - 1] != '"':
            depth -= 1
            if not depth:
                return at
    return -1


def put(macros: dict[str, str], name: str, value: str) -> None:
    """Set a macro; an empty one is as good as none."""
    if value:
        macros[name] = value
    else:
        macros.pop(name, None)


def format_macro(value: float | str) -> str:
    """Return how a value is written into a macro: all its digits, as short as possible."""
    if isinstance(value, str):
        return value
    if is_missing(value):
        return missing_name(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    from stata_sessions.standin.formats import format_value

    return format_value(value, "%18.0g").strip()
