"""The launchers of a server, each made when it is first needed, and what is asked of one."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from stata_sessions.errors import ConfigurationError, LaunchFailed
from stata_sessions.launchers import Launcher, find_launcher
from stata_sessions.sessions.workspace import base_directory
from stata_sessions.settings import Settings


class Launchers:
    """All launchers that sessions of one server have used."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._environ = environ
        self._lock = threading.Lock()
        self._made: dict[str, Launcher] = {}

    @property
    def default(self) -> str:
        """The one that new sessions get if they name none."""
        name = self._settings.launcher
        return "standin" if name == "local" and self._settings.console == "standin" else name

    def get(self, name: str) -> Launcher:
        """Return a launcher. Raises NoSuchLauncher, ConfigurationError."""
        with self._lock:
            if name not in self._made:
                self._made[name] = find_launcher(name, self._settings, self._environ)
            return self._made[name]

    def close(self) -> None:
        """Let all of them know that the server stops; idempotent."""
        with self._lock:
            made, self._made = self._made, {}
        for each in made.values():
            each.close()

    def base_of(self, launcher: Launcher) -> str:
        """Return where private folders go: those of consoles elsewhere where these can see them."""
        if launcher.is_remote:
            return base_directory(self._settings.shared_dir, "shared_dir")
        return base_directory(self._settings.work_dir)

    def check(self, name: str, options: Mapping[str, str]) -> None:
        """Raise NoSuchLauncher, InvalidInput or LaunchFailed for what cannot be had."""
        try:
            launcher = self.get(name)
            self.base_of(launcher)
            launcher.check(options)
        except ConfigurationError as error:  # of a launcher that is not the server's own
            raise LaunchFailed(error.message) from error
