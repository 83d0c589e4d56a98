"""Local and global macros and their expansion."""

import re
from collections.abc import Callable

_GLOBAL = re.compile(r"\$(?:\{(\w+)\}|([A-Za-z_]\w*))")
_MAXIMUM_DEPTH = 20


class Macros:
    """Globals, and one scope of locals for each do-file or program that runs."""

    def __init__(self, evaluate: Callable[[str], str]) -> None:
        self.globals: dict[str, str] = {}
        self.scopes: list[dict[str, str]] = [{}]
        self._evaluate = evaluate

    @property
    def locals(self) -> dict[str, str]:
        """The innermost scope."""
        return self.scopes[-1]

    def expand(self, text: str, depth: int = 0) -> str:
        """Replace macros in a command; undefined ones vanish."""
        if "`" in text:
            text = self._expand_locals(text, depth)
        if "$" in text:
            text = _GLOBAL.sub(lambda match: self.globals.get(match[1] or match[2], ""), text)
        return text

    def _expand_locals(self, text: str, depth: int) -> str:
        out: list[str] = []
        place = 0
        while place < len(text):
            if text[place] != "`" or text.startswith('`"', place):
                out.append(text[place])
                place += 1
                continue
            end = _closing(text, place)
            if end < 0:
                out.append(text[place:])
                break
            out.append(self._value(text[place + 1 : end], depth))
            place = end + 1
        return "".join(out)

    def _value(self, name: str, depth: int) -> str:
        if depth > _MAXIMUM_DEPTH:
            return ""
        name = self.expand(name, depth + 1)
        if name.startswith("="):
            return self._evaluate(name[1:])
        return self.expand(self.locals.get(name.strip(), ""), depth + 1)


def _closing(text: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(text)):
        if text[place] == "`":
            depth += 1
        elif text[place] == "'":
            depth -= 1
            if depth == 0:
                return place
    return -1
