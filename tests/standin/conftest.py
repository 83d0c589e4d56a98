"""Stand-in consoles on real pseudo-terminals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.standin.typist import PROMPT, Typist

Start = Callable[..., Typist]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start consoles; switches and TERM by keyword."""
    started: list[Typist] = []

    def begin(
        *arguments: str, switches: str = "", term: str = "dumb", ready: bool = True
    ) -> Typist:
        environ = {"TERM": term, "STATA_SESSIONS_STANDIN": switches}
        typist = Typist([*(arguments or ("-q",))], tmp_path, environ)
        started.append(typist)
        if ready:
            typist.until(PROMPT)
        return typist

    yield begin
    for typist in started:
        typist.child.close(force=True)


@pytest.fixture
def console(start: Start) -> Typist:
    """A console at its first prompt."""
    return start()
