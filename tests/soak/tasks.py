"""One command of the storm: what it may come to, and whether it did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stata_sessions.errors import OutputDiscarded
from stata_sessions.sessions import Command
from stata_sessions.sessions.views import CommandView

WORD = re.compile(r"w\d+x")
TIME_LIMIT_S = 0.3
BREAKS = {"stop", "time-limit"}


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of code; W stands for the word that this command alone prints.

    ``output`` is the whole output if it ends by itself, or its beginning if it does not.
    ``ends``: by itself, with this return code; None if it never does.
    """

    code: str
    output: str
    ends: int | None = 0


_HELLO = '. display "W"\nW\n'
SORTS: dict[str, Sort] = {
    "quick": Sort('display "W"', _HELLO),
    "failing": Sort(
        'display "W"\ndisplay nosuch',
        _HELLO + "\n. display nosuch\nnosuch not found\nr(111);\n",
        111,
    ),
    "rows": Sort(
        'forvalues i = 1/30 {\ndisplay "W"\n}',
        '. forvalues i = 1/30 {\n  2. display "W"\n  3. }\n' + "W\n" * 30,
    ),
    "partial": Sort('display "W" _continue', '. display "W" _continue\nW\n'),
    "asleep": Sort('display "W"\nsleep 60000', _HELLO + "\n. sleep 60000\n", None),
    "talking": Sort('display "W"\nspin 5', _HELLO + "\n. spin 5\n", None),
    "crashing": Sort('display "W"\ncrash 11', _HELLO + "\n. crash 11\n", None),
}


@dataclass(slots=True)
class Task:
    """A command that was submitted, and what has been seen of it."""

    command: Command
    sort: str
    word: str
    seen: str = ""
    cancelled: bool = False
    checked: bool = False

    def expected(self) -> str:
        """Return the whole output, or how it begins."""
        return SORTS[self.sort].output.replace("W", self.word)

    def look(self) -> None:
        """Read what there is by now; it must never be taken back."""
        try:
            self.seen = self.command.output()
        except OutputDiscarded:
            self.checked = True

    def verdict(self, excuses: set[str]) -> Iterator[str]:
        """Name what is wrong with the end; ``excuses`` are the reasons that others gave for it."""
        view, output = self.command.view(), self.command.output()
        if set(WORD.findall(output)) - {self.word}:
            yield f"foreign output: {output[:300]!r}"
        if not output.startswith(self.seen):
            yield f"output taken back: {self.seen[:300]!r}, then {output[:300]!r}"
        if not self._is_legal(view, excuses):
            yield f"illegal end: {view.state} {view.return_code} {view.reason!r} {view.rung!r}"
        if not self._is_complete(view, output):
            yield f"wrong output: {view.state} {output[:300]!r}"

    def _is_legal(self, view: CommandView, excuses: set[str]) -> bool:
        # Nothing may be lost because a break was not answered: these consoles answer all.
        excused = any(excuse in view.reason for excuse in excuses - BREAKS)
        if view.state == "finished":
            return view.return_code is not None and view.return_code == SORTS[self.sort].ends
        if view.state == "broken":
            return view.return_code == 1 and view.reason in excuses & BREAKS
        if view.state == "lost":
            return view.return_code is None and not view.data_kept and excused
        return self.cancelled if view.reason == "cancelled" else excused

    def _is_complete(self, view: CommandView, output: str) -> bool:
        if view.state == "finished":
            return output == self.expected()
        if view.started_at is None:
            return output == ""
        own = self.expected()
        # What was cut short ends in the middle: of the echo, of the output, or of the break.
        return output.startswith(own) or own.startswith(_before_the_cut(output))


def _before_the_cut(output: str) -> str:
    return re.sub(r"\n?\n?(--Break--\n)?(r\(1\);\n)?\Z", "", output)
