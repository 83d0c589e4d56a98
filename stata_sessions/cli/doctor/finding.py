"""Which Stata there is, where was looked for it, and how it is started by hand."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping

from stata_sessions import __version__
from stata_sessions.cli.doctor.bench import Program
from stata_sessions.cli.doctor.table import Finding
from stata_sessions.errors import ConfigurationError
from stata_sessions.launchers import Launcher
from stata_sessions.launchers.finding import find_stata
from stata_sessions.settings import Settings

# How to type what a launcher types, for the launchers that run a program of this machine.
ARGUMENTS = {"stata": ("-q",), "standin": ("-m", "stata_sessions.standin", "-q")}


def where_it_is(
    launcher: Launcher, settings: Settings, environ: Mapping[str, str]
) -> Iterator[Finding]:
    """Tell what was found."""
    yield Finding("stata-sessions", f"{__version__} on {platform.platform()}")
    yield Finding("console", launcher.describe())
    if launcher.console == "stata" and not launcher.is_remote:
        search = find_stata(settings.stata_path, settings.stata_edition, environ)
        yield Finding("looked at", ", ".join(dict.fromkeys(search.places)))
        yield Finding("programs found", ", ".join(search.programs) or "none")


def program_of(launcher: Launcher, settings: Settings, environ: Mapping[str, str]) -> Program:
    """Return how the launcher's console is started. Raises ConfigurationError for a plug-in."""
    if launcher.console not in ARGUMENTS:
        raise ConfigurationError(
            f"only a console of this machine can be examined, not {launcher.console!r}",
            key="launcher",
        )
    argv = (launcher.programs()[0], *ARGUMENTS[launcher.console])
    return Program(argv, environ, settings)
