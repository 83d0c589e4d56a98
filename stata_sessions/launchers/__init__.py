"""Ways to bring up a console: the interface, and how one is found by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from typing import Protocol

from stata_sessions.consoles import Console, ConsoleSpec
from stata_sessions.errors import ConfigurationError, NoSuchLauncher
from stata_sessions.settings import Settings

GROUP = "stata_sessions.launchers"


class Launcher(Protocol):
    """What brings up consoles; made once for each server."""

    @property
    def console(self) -> str:
        """What its sessions run: ``stata``, ``standin`` or the path of a program."""

    @property
    def is_remote(self) -> bool:
        """Whether consoles run on other machines, so that their files go through shared_dir."""

    def programs(self) -> Sequence[str]:
        """The programs to try, best first; empty if none was found."""

    def describe(self) -> str:
        """Say in a sentence what was found, or where was looked in vain."""

    def check(self, options: Mapping[str, str]) -> None:
        """Raise InvalidInput for options of a session that this launcher cannot fulfil."""

    def close(self) -> None:
        """Take note that the server stops; all its consoles are closed."""

    def launch(self, program: str, spec: ConsoleSpec) -> Console:
        """Start a console; raises OSError if the program cannot be started."""


LauncherFactory = Callable[[Settings, Mapping[str, str]], Launcher]


def known_launchers() -> tuple[str, ...]:
    """Return the names of all installed launchers."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def find_launcher(name: str, settings: Settings, environ: Mapping[str, str]) -> Launcher:
    """Make the launcher registered as ``name`` in the entry points of the group.

    Raises NoSuchLauncher, or ConfigurationError if it is registered but cannot be loaded.
    """
    for point in entry_points(group=GROUP, name=name):
        try:
            factory: LauncherFactory = point.load()
        except Exception as error:  # a stranger's plug-in may raise anything
            raise ConfigurationError(f"launcher {name!r} cannot be loaded: {error}") from error
        return factory(settings, environ)
    raise NoSuchLauncher(name, known_launchers())
