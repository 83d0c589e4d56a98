"""The stand-in console of this package, for demonstrations and tests."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from stata_sessions.consoles import Console, ConsoleSpec
from stata_sessions.consoles.local import LocalConsole
from stata_sessions.launchers.local import TERM
from stata_sessions.launchers.options import refuse_options
from stata_sessions.settings import Settings


class StandinLauncher:
    """Starts this Python's ``-m stata_sessions.standin``; it is not Stata, and says so."""

    console = "standin"
    is_remote = False

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def programs(self) -> Sequence[str]:
        """The one program there is."""
        return [sys.executable]

    def describe(self) -> str:
        """Say plainly what it is."""
        return "the stand-in console (not Stata; for trying things out)"

    def check(self, options: Mapping[str, str]) -> None:
        """Refuse any option."""
        refuse_options("standin", options)

    def close(self) -> None:
        """Nothing has to be done."""

    def launch(self, program: str, spec: ConsoleSpec) -> Console:
        """Start the stand-in without its banner."""
        argv = [program, "-m", "stata_sessions.standin", "-q"]
        return LocalConsole(argv, spec, self._environ, term=TERM)
