"""Stata on this host: ``stata-mp -q`` on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stata_sessions.consoles import Console, ConsoleSpec
from stata_sessions.consoles.local import LocalConsole
from stata_sessions.launchers.finding import find_stata
from stata_sessions.launchers.options import refuse_options
from stata_sessions.settings import Settings

# A terminal without control strings, so that Stata has no reason to send any. It may switch its
# line editing off for it; the protocol works with and without.
TERM = "dumb"


class LocalLauncher:
    """Starts the Stata that the settings name or that is found in the usual places."""

    console = "stata"
    is_remote = False

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._search = find_stata(settings.stata_path, settings.stata_edition, environ)

    def programs(self) -> Sequence[str]:
        """The programs found, best first. One that was named is the only one."""
        return self._search.programs[:1] if self._search.explicit else self._search.programs

    def describe(self) -> str:
        """Say what was found, or where was looked in vain."""
        if self._search.programs:
            return f"Stata at {self._search.programs[0]}"
        places = ", ".join(dict.fromkeys(self._search.places))
        return (
            f"no console Stata found; looked at {places}. Name it with --stata-path (a program "
            "such as stata-mp, or its folder), or try the stand-in with --console standin"
        )

    def check(self, options: Mapping[str, str]) -> None:
        """Refuse any option."""
        refuse_options("local", options)

    def close(self) -> None:
        """Nothing has to be done."""

    def launch(self, program: str, spec: ConsoleSpec) -> Console:
        """Start ``program`` without its banner."""
        return LocalConsole([program, "-q"], spec, self._environ, term=TERM)
