"""What is said of a console that waits for input: nothing goes on until somebody answers."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable

from stata_sessions.cli.answers import show_json
from stata_sessions.client import Client
from stata_sessions.client.connection import DEFAULT_URL

AWAITING = "awaiting-input"


def telling(
    stata: Client, session_id: str, *, as_json: bool, err: bool = True
) -> Callable[[str], None]:
    """Return what says what a session waits for, and how to answer; a row of JSON for programs."""

    def tell(hint: str) -> None:
        answer = f"stata-sessions input {_where(stata, session_id)} TEXT"
        if as_json:
            told = {"state": AWAITING, "session_id": session_id, "hint": hint, "answer": answer}
            show_json(told, indent=None, err=err)
        else:
            # Not by click, which would write into the table that ``run`` shows.
            stream = sys.stderr if err else sys.stdout
            stream.write(f"session {session_id} waits for input ({hint})\nanswer with: {answer}\n")
            stream.flush()

    return tell


def _where(stata: Client, session_id: str) -> str:
    words = ["--session", session_id]
    if stata.address.url != DEFAULT_URL:
        words += ["--url", stata.address.url]
    return shlex.join(words)
