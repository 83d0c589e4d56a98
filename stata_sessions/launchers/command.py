"""The launcher ``command``: a console that a program of this machine leads to, given as templates.

``launch_command`` brings one up, on a terminal; ``launch_cancel`` ends one by the name that it was
given, ``launch_list`` prints the names of those there are. With these two, nothing is left behind
by programs that leave their jobs running, such as docker and kubectl; ssh needs neither.
"""

from __future__ import annotations

import logging
import re
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence

from stata_sessions.consoles import Console, ConsoleSpec, ExitReport, Place, Usage
from stata_sessions.consoles.handshake import COMPLAINT, Greeting
from stata_sessions.consoles.local import environment
from stata_sessions.consoles.remote import RemoteConsole
from stata_sessions.errors import ConfigurationError, LaunchFailed
from stata_sessions.launchers.elsewhere import Elsewhere
from stata_sessions.launchers.identity import identity_in
from stata_sessions.launchers.local import TERM
from stata_sessions.launchers.options import (
    COMMAND_OPTIONS,
    check_defaults,
    check_options,
    chosen,
)
from stata_sessions.launchers.programs import ask
from stata_sessions.launchers.watch import Watch
from stata_sessions.settings import Settings

log = logging.getLogger(__name__)

_FIELD = re.compile(r"\{(\w+)\}")
# The command that starts the console; it is several words, so it has to be one of the template.
_CONSOLE = "{stata}"
FIELDS = frozenset({"stata", "name", "directory", *(each.name for each in COMMAND_OPTIONS)})


class CommandLauncher:
    """Starts what the template says, and knows of its jobs no more than the templates tell."""

    is_remote = True

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        """Prepare; raises ConfigurationError for templates that cannot serve."""
        self._settings = settings
        self._environ = environment(environ, TERM)
        self._elsewhere = Elsewhere(settings, "command")
        check_defaults(settings, COMMAND_OPTIONS)
        self._start = template("launch_command", settings.launch_command, FIELDS)
        if _CONSOLE not in self._start:
            raise ConfigurationError(
                f"launch_command = {settings.launch_command!r}: must contain {_CONSOLE} as a word "
                "of its own, such as 'ssh -tt {host} {stata} -q'",
                key="launch_command",
            )
        self._cancel = template("launch_cancel", settings.launch_cancel, FIELDS - {"stata"})
        self._list = template("launch_list", settings.launch_list, frozenset())
        self._identity = identity_in(settings.shared_dir)
        self._watch: Watch[CommandJob] = Watch(self._look, settings.queue_interval, periodic=False)
        if self._identity.is_old:
            self.sweep()

    @property
    def console(self) -> str:
        """What its sessions run."""
        return self._elsewhere.console

    def programs(self) -> Sequence[str]:
        """What is looked for over there; nothing if the template's program is not here."""
        is_here = shutil.which(self._start[0], path=self._environ.get("PATH"))
        return [self._elsewhere.program] if is_here else []

    def describe(self) -> str:
        """Say what will be run, or that its program is missing here."""
        if self.programs():
            return f"{self._elsewhere.program} through {self._settings.launch_command!r}"
        return f"launch_command: there is no {self._start[0]} in PATH"

    def check(self, options: Mapping[str, str]) -> None:
        """Raise InvalidInput for options of a session that do not fit."""
        check_options("command", options, COMMAND_OPTIONS)

    def close(self) -> None:
        """Leave what could not be cancelled to the next life of this server."""
        self._watch.close()
        self._identity.release()

    def launch(self, program: str, spec: ConsoleSpec) -> Console:
        """Start the template's program, which leads to a console."""
        name = self._identity.new_name()
        values = chosen(self._settings, spec.options, COMMAND_OPTIONS)
        values["cpus"] = values["cpus"] or str(self._settings.processors or 1)
        values |= {"name": name, "directory": str(spec.directory)}
        command = self._elsewhere.command(spec)
        argv = [
            word
            for part in self._start
            for word in (command if part == _CONSOLE else [filled(part, values)])
        ]
        cancel = [filled(part, values) for part in self._cancel]
        job = CommandJob(name, lambda: self._ended_by(cancel), self._let_go)
        self._watch.add(name, job)
        try:
            return RemoteConsole(argv, spec, self._environ, job, term=TERM)
        except BaseException:
            self._let_go(name)
            raise

    def _ended_by(self, cancel: Sequence[str]) -> None:
        if cancel and not ask(cancel, self._environ).is_good:
            self.sweep()

    def _let_go(self, name: str) -> None:
        self._watch.remove(name)

    def sweep(self) -> None:
        """Have what bears our names and belongs to nobody cancelled, until it is gone."""
        if self._list and self._cancel:
            self._watch.hurry()

    def _look(self, jobs: Mapping[str, CommandJob]) -> bool:
        """Cancel the jobs that no session owns; say if there are none."""
        answer = ask(self._list, self._environ)
        if not answer.is_good:
            return False
        # Some programs put the kind of a thing before its name.
        names = {word.rpartition("/")[2] for word in answer.text.split()}
        owned = {job.name for job in self._watch.jobs()}
        left = [each for each in names if each.startswith(self._identity.prefix)]
        orphans = [each for each in left if each not in owned]
        for name in orphans:
            log.warning("cancelling a job that no session owns: %s", name)
            ask([filled(part, {"name": name}) for part in self._cancel], self._environ)
        return not orphans


class CommandJob:
    """Implements ``Job`` for what is only known by its terminal."""

    def __init__(self, name: str, cancel: Callable[[], None], end: Callable[[str], None]) -> None:
        self.name = name
        self._cancel = cancel
        self._end = end
        self._greeting: Greeting | None = None

    @property
    def place(self) -> Place:
        """See ``Job.place``."""
        hello = self._greeting
        return Place(node=hello.node, job=self.name) if hello else Place(job=self.name)

    @property
    def is_placed(self) -> bool:
        """See ``Job.is_placed``: there is no queue that we would know of."""
        return True

    @property
    def lost(self) -> str:
        """See ``Job.lost``."""
        return ""

    def attach(self, wake: Callable[[], None]) -> None:
        """See ``Job.attach``: nothing ever changes."""

    def heard(self, preamble: str) -> None:
        """See ``Job.heard``."""

    def begun(self, greeting: Greeting) -> None:
        """See ``Job.begun``."""
        self._greeting = greeting

    def interrupt(self) -> None:
        """See ``Job.interrupt``: there is no other way."""

    def usage(self) -> Usage | None:
        """See ``Job.usage``."""
        return None

    def cancel(self) -> None:
        """See ``Job.cancel``."""
        self._cancel()

    def explain(self, report: ExitReport, said: str) -> str:
        """See ``Job.explain``: complaints of our script, and what came before any console."""
        if report.signal is not None:
            return f"the program that led to the console was killed by signal {report.signal}"
        if self._greeting:
            return ""
        rows = [row.strip() for row in said.splitlines() if row.strip()]
        ours = [row.removeprefix(COMPLAINT) for row in rows if row.startswith(COMPLAINT)]
        return "; ".join(ours) or (
            f"it ended before Stata was started: {' / '.join(rows[-5:]) or 'without a word'}"
        )

    def end(self) -> None:
        """See ``Job.end``."""
        self._end(self.name)


def template(name: str, text: str, fields: frozenset[str]) -> list[str]:
    """Return the words of a template; raises ConfigurationError for fields that nobody fills."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ConfigurationError(f"{name} = {text!r}: {error}", key=name) from error
    for field in _FIELD.findall(text):
        if field not in fields:
            known = ", ".join(f"{{{each}}}" for each in sorted(fields)) or "none"
            raise ConfigurationError(
                f"{name} = {text!r}: unknown {{{field}}}; there is {known}", key=name
            )
    return words


def filled(word: str, values: Mapping[str, str]) -> str:
    """Return a word of a template with its fields filled in; raises LaunchFailed for a gap."""

    def value(field: re.Match[str]) -> str:
        if not values.get(field[1]):
            raise LaunchFailed(
                f"the template asks for {field[0]}: give the session the option {field[1]}, or set "
                "its default"
            )
        return values[field[1]]

    return _FIELD.sub(value, word)
