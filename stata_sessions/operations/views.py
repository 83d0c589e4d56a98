"""How a view asks Stata: through a do-file of its own, and rows that nobody else prints.

A do-file has its own local macros, so a view leaves none behind. Its answers are rows that begin
with a fresh token; echo, trace and whatever else appears between them is not read. ``as error``
gets them past ``set output error``.

What a view may change is put back by the do-file itself: r() is held while a command runs that
returns results; ``_rc``, which any command written in Stata may set by its own ``capture``, is set
again.
"""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field

from stata_sessions.errors import ViewFailed
from stata_sessions.operations.registry import Context
from stata_sessions.operations.session_models import WhichSession
from stata_sessions.sessions import Session

# A name for the held r() that no user's program would choose.
HELD = "__stata_sessions_view"
SEPARATOR = "|"


class Awkward(NamedTuple):
    """A character that means something to Stata or to us, and how Stata writes it."""

    text: str
    stata: str


# In braces Stata reads its own markup; the others end a field or a row of ours.
AWKWARD = {
    "b": Awkward("{", '"{"'),
    "p": Awkward(SEPARATOR, f'"{SEPARATOR}"'),
    "n": Awkward("\n", "char(10)"),
    "r": Awkward("\r", "char(13)"),
}
# Messages begin at the margin; the echo of code does not, and rmsg says nothing.
SAID = re.compile(r"^(?![.>] |r; t=|r\(\d+\))\S")
# How Stata breaks a row that is wider than its linesize.
WRAP = "\n> "


class ViewArguments(WhichSession):
    """A session to look into, and how long to wait while it is busy."""

    wait_s: Annotated[
        float, Field(ge=0.1, le=600, description="Seconds to wait for a busy session.")
    ] = 30


@dataclass(frozen=True, slots=True)
class Rows:
    """What a view was told: rows of fields, by the word that each begins with; other text."""

    rows: tuple[tuple[str, list[str]], ...]
    text: str
    return_code: int

    def of(self, word: str) -> Iterator[list[str]]:
        """Yield the fields of each row of a word."""
        return (fields for found, fields in self.rows if found == word)

    def first(self, word: str) -> list[str]:
        """Return the fields of a word's first row. Raises ViewFailed if there is none."""
        for fields in self.of(word):
            return fields
        raise ViewFailed(f"Stata did not tell {word}: {self.refusal}")

    @property
    def refusal(self) -> str:
        """What Stata said when it refused: its first row that is neither echo nor ours."""
        return next((row for row in self.text.split("\n") if SAID.match(row)), "no reason given")


class Question:
    """A view's do-file in the making."""

    def __init__(self) -> None:
        self.token = "v" + secrets.token_hex(5)
        self._marks = {f"{self.token}{letter}": each for letter, each in AWKWARD.items()}
        self._lines: list[str] = []

    def run(self, *lines: str) -> Question:
        """Add lines as they are."""
        self._lines += lines
        return self

    def tell(self, word: str, *fields: str) -> Question:
        """Add a row; a field is a plain word, a format with an expression, or ``text_of``."""
        parts = [f'"{self.token}{word}"', *(self._field(each) for each in fields)]
        self._lines.append(f"display as error {' '.join(parts)}")
        return self

    def text_of(self, expression: str) -> str:
        """Return a field for a string expression, safe from what Stata or we would read in it."""
        for mark, character in self._marks.items():
            expression = f'subinstr({expression}, {character.stata}, "{mark}", .)'
        return f"={expression}"

    def guarded(self, *lines: str) -> Question:
        """Add lines that may fail or set results, and put everything back after them.

        The row ``guard`` tells their return code.
        """
        self._lines += [
            "local held_rc = _rc",
            # Left over only if a break came in the midst of an earlier view.
            f"capture _return drop {HELD}",
            f"_return hold {HELD}",
            # What these commands print is wanted even from a user who chose to see errors alone.
            "local held_output = c(output)",
            "set output proc",
            "capture noisily {",
            *lines,
            "}",
        ]
        self.tell("guard", "%9.0f _rc")
        self._lines += [
            "set output `held_output'",
            f"_return restore {HELD}",
            "capture error `held_rc'",
        ]
        return self

    def text(self) -> str:
        """Return the do-file."""
        return "\n".join(self._lines) + "\n"

    def read(self, output: str, return_code: int) -> Rows:
        """Return the rows among a do-file's output."""
        ours, others = [], []
        for row in output.replace(WRAP, "").split("\n"):
            if row.startswith(self.token):
                word, *fields = row.removeprefix(self.token).split(SEPARATOR)
                ours.append((word, [self._plain(each) for each in fields]))
            else:
                others.append(row)
        return Rows(tuple(ours), "\n".join(others), return_code)

    def _plain(self, field: str) -> str:
        if self.token in field:
            for mark, character in self._marks.items():
                field = field.replace(mark, character.text)
        return field

    @staticmethod
    def _field(field: str) -> str:
        shown = field if field[:1] in ("%", "=") else f'"{field}"'
        return f'"{SEPARATOR}" {shown}'


def ask(session: Session, question: Question, folder: Path, wait_s: float) -> Rows:
    """Let a session's Stata run the question's do-file, and read its rows."""
    path = folder / f"{question.token}.do"
    path.write_text(question.text(), encoding="utf-8")
    result = session.query(f'do "{path}"', wait_s=wait_s)
    return question.read(result.output, result.return_code)


@contextmanager
def private_folder(session: Session) -> Iterator[Path]:
    """Lend a folder that the session's Stata can see, and only this server's user."""
    with tempfile.TemporaryDirectory(dir=session.folder, prefix="view-") as folder:
        yield Path(folder)


def asked(context: Context, given: ViewArguments, question: Question) -> tuple[Session, Rows]:
    """Ask the session that the caller named, and return it with what it told."""
    session = context.manager.get(given.session_id)
    with private_folder(session) as folder:
        return session, ask(session, question, folder, given.wait_s)


def number_of(text: str) -> float | int | str | None:
    """Return a number as Stata writes it; None for ``.``, and ``.a`` to ``.z`` as they are."""
    shown = text.strip()
    if shown in ("", "."):
        return None
    if len(shown) == 2 and shown[0] == "." and shown[1].islower():
        return shown
    value = float(shown)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def whole(text: str) -> int:
    """Return a count as Stata writes it."""
    return int(float(text.strip() or 0))


def names_of(text: str) -> Sequence[str]:
    """Return the names in a list that Stata separates by blanks."""
    return text.split()
