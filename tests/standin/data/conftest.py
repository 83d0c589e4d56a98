"""An interpreter in this process, with the automobile data at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stata_sessions.standin.interpreter import Interpreter
from tests.standin.inside import Inside

Run = Callable[[str], str]


class Bench:
    """Code in, what it shows out; the interpreter stays to be asked."""

    def __init__(self, folder: Path) -> None:
        self._inside = Inside()
        self.folder = folder

    @property
    def interpreter(self) -> Interpreter:
        return self._inside.interpreter

    def run(self, code: str) -> str:
        return self._inside.run(code, str(self.folder))

    def numbers(self, expressions: str) -> list[float]:
        """Return the values of expressions separated by semicolons."""
        return [float(self.interpreter.evaluate(text)) for text in expressions.split(";")]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.chdir(tmp_path)
    yield Bench(tmp_path)


@pytest.fixture
def auto(bench: Bench) -> Bench:
    """A bench with the automobile data loaded."""
    assert bench.run("sysuse auto, clear") == "(1978 automobile data)\n"
    return bench
