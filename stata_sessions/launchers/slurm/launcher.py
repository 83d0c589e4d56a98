"""The launcher ``slurm``: each console is a job step that srun brings up on a terminal."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Mapping, Sequence

from stata_sessions.consoles import Console, ConsoleSpec, Usage
from stata_sessions.consoles.remote import RemoteConsole
from stata_sessions.launchers.elsewhere import Elsewhere
from stata_sessions.launchers.identity import identity_in
from stata_sessions.launchers.local import TERM
from stata_sessions.launchers.options import SLURM_OPTIONS, check_defaults, check_options
from stata_sessions.launchers.programs import ask
from stata_sessions.launchers.slurm import queue, usage
from stata_sessions.launchers.slurm.job import SlurmJob
from stata_sessions.launchers.slurm.order import order_of
from stata_sessions.launchers.watch import Watch
from stata_sessions.settings import Settings

log = logging.getLogger(__name__)


class SlurmLauncher:
    """Brings up consoles as jobs, and looks after all of them with one squeue at a time."""

    is_remote = True

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        """Prepare; raises ConfigurationError for settings that cannot serve."""
        self._settings = settings
        self._environ = slurm_environment(environ)
        self._elsewhere = Elsewhere(settings, "slurm")
        check_defaults(settings, SLURM_OPTIONS)
        self._identity = identity_in(settings.shared_dir)
        self._watch: Watch[SlurmJob] = Watch(self._look, settings.queue_interval, periodic=True)
        self._usages = usage.Usages(self._ask_usage, settings.queue_interval, time.monotonic)
        if self._identity.is_old:
            self._watch.hurry()

    @property
    def console(self) -> str:
        """What its sessions run."""
        return self._elsewhere.console

    def programs(self) -> Sequence[str]:
        """What is looked for on the node; nothing if there is no srun on this machine."""
        has_srun = shutil.which("srun", path=self._environ.get("PATH"))
        return [self._elsewhere.program] if has_srun else []

    def describe(self) -> str:
        """Say what will be run, or that Slurm is missing here."""
        if self.programs():
            return f"{self._elsewhere.program} as jobs of Slurm named {self._identity.prefix}*"
        return "there is no srun in PATH: a server with the launcher slurm runs on a submit host"

    def check(self, options: Mapping[str, str]) -> None:
        """Raise InvalidInput for options of a session that do not fit."""
        check_options("slurm", options, SLURM_OPTIONS)

    def close(self) -> None:
        """Leave what could not be cancelled to the next life of this server."""
        self._watch.close()
        self._identity.release()

    def launch(self, program: str, spec: ConsoleSpec) -> Console:
        """Submit a job that runs a console; does not wait for it."""
        order = order_of(self._settings, spec.options)
        job = SlurmJob(self._identity.new_name(), order, self)
        argv = order.argv(job.name, [*self._elsewhere.command(spec), "-q"])
        self._watch.add(job.name, job)
        try:
            return RemoteConsole(argv, spec, self._environ, job, term=TERM)
        except BaseException:
            self._watch.remove(job.name)
            raise

    # What jobs ask for.

    def look_soon(self, within_s: float) -> None:
        """See ``Cluster.look_soon``."""
        self._watch.hurry(within_s)

    def row_of(self, name: str) -> queue.Row | None:
        """See ``Cluster.row_of``."""
        answer = ask([*queue.SQUEUE, f"--name={name}"], self._environ)
        rows = queue.parse(answer.text) if answer.is_good else []
        return rows[-1] if rows else None

    def cancel(self, name: str) -> None:
        """See ``Cluster.cancel``."""
        answer = ask(["scancel", "--me", f"--name={name}"], self._environ)
        if not answer.is_good:
            log.warning("job %s could not be cancelled yet: %s", name, answer.complaint)

    def interrupt(self, job: str) -> None:
        """See ``Cluster.interrupt``: its controller may take its time, the session may not."""
        argv = ["scancel", "--signal=INT", f"{job}.0"]
        threading.Thread(
            target=ask, args=(argv, self._environ), name="interrupt", daemon=True
        ).start()

    def usage_of(self, job: str) -> Usage | None:
        """See ``Cluster.usage_of``."""
        return self._usages.of(job, self._running)

    def let_go(self, name: str) -> None:
        """See ``Cluster.let_go``."""
        self._watch.remove(name)

    def _running(self) -> list[str]:
        return [job.place.job for job in self._watch.jobs() if job.place.job_state == "RUNNING"]

    def _ask_usage(self, jobs: Sequence[str]) -> usage.Answer:
        answer = ask(usage.sstat(jobs), self._environ, usage.ANSWER_S)
        is_clean = answer.is_good and not answer.complaint
        return usage.Answer(usage.parse(answer.text), is_clean)

    # What the watch does.

    def _look(self, jobs: Mapping[str, SlurmJob]) -> bool:
        """Tell all jobs what squeue says, and cancel those that nobody owns; say if all is well."""
        answer = ask(queue.SQUEUE, self._environ)
        if not answer.is_good:
            return False
        rows = queue.parse(answer.text)
        by_name = {row.name: row for row in rows}
        for name, job in jobs.items():
            job.seen(by_name.get(name))
        without_step = self._usages.without_step(self._running())
        for job in jobs.values():
            if job.place.job in without_step:
                job.lose("STEP_LOST")
        return self._cancel_orphans(rows)

    def _cancel_orphans(self, rows: Sequence[queue.Row]) -> bool:
        owned = {job.name for job in self._watch.jobs()}
        left = queue.orphans(rows, self._identity.prefix, owned)
        if left:
            log.warning("cancelling jobs that no session owns: %s", " ".join(left))
            ask(["scancel", *left], self._environ)
        return not left


def slurm_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which Slurm's programs do what they are told, and nothing else.

    Its own variables are defaults for options, and inside a job they would make ours steps of that.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith(("SLURM", "SQUEUE_", "SCANCEL_", "SRUN_")) or name == "SLURM_CONF"
    }
    return kept | {"SLURM_TIME_FORMAT": "standard"}
