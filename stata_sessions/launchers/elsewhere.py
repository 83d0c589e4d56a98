"""What every launcher needs whose consoles run on another machine than the server."""

from __future__ import annotations

import shlex
import sys

from stata_sessions.consoles import ConsoleSpec
from stata_sessions.consoles.handshake import Boot
from stata_sessions.errors import ConfigurationError
from stata_sessions.launchers.finding import looked_for, programs_elsewhere
from stata_sessions.launchers.local import TERM
from stata_sessions.settings import Settings


class Elsewhere:
    """Which console is meant, and the script that finds and starts it over there."""

    def __init__(self, settings: Settings, launcher: str) -> None:
        """Prepare; raises ConfigurationError if there is no directory that both sides see."""
        if not settings.shared_dir:
            raise ConfigurationError(
                f"launcher {launcher} needs shared_dir (--shared-dir): a folder that this machine "
                "and those that run Stata see under the same name, for code and pictures",
                key="shared_dir",
            )
        self._settings = settings
        self._is_standin = settings.console == "standin"

    @property
    def console(self) -> str:
        """What its sessions run."""
        return "standin" if self._is_standin else "stata"

    @property
    def program(self) -> str:
        """What is looked for over there, for people."""
        if self._is_standin:
            return "the stand-in console"
        return looked_for(self._settings.stata_path, self._settings.stata_edition)

    def command(self, spec: ConsoleSpec) -> list[str]:
        """Put the script into the session's directory; return the command that runs it over there.

        Arguments of the console follow it. Raises OSError.
        """
        boot = self._boot(spec)
        boot.write()
        return [*shlex.split(self._settings.launch_shell), str(boot.path)]

    def _boot(self, spec: ConsoleSpec) -> Boot:
        settings = self._settings
        if self._is_standin:
            programs, arguments = [sys.executable], ["-P", "-m", "stata_sessions.standin"]
        else:
            programs = programs_elsewhere(settings.stata_path, settings.stata_edition)
            arguments = []
        return Boot(
            directory=spec.directory,
            working_dir=spec.working_dir,
            programs=programs,
            arguments=arguments,
            looked_for=self.program,
            setup=settings.launch_setup,
            term=TERM,
            nice=spec.nice,
            data_limit_bytes=spec.data_limit_bytes,
        )
