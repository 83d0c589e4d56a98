"""What is asked of Slurm for one session: the command line of srun, and what of it is explained."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stata_sessions.launchers.options import SLURM_OPTIONS, chosen
from stata_sessions.settings import Settings

# How srun spells what callers and settings ask for.
_FLAGS = {
    "cpus": "--cpus-per-task",
    "memory": "--mem",
    "minutes": "--time",
    "partition": "--partition",
    "account": "--account",
    "qos": "--qos",
    "licences": "--licenses",
    "constraint": "--constraint",
}
_EXPORTED = ("HOME", "USER", "LANG", "PATH")


@dataclass(frozen=True, slots=True)
class Order:
    """The wishes of one session, by the names of its options; empty ones are left to the site."""

    wishes: Mapping[str, str]
    export: Sequence[str] = ()
    more: Sequence[str] = ()

    def argv(self, name: str, command: Sequence[str]) -> list[str]:
        """Return the command line that brings ``command`` up as a job of that name."""
        asked = [f"{_FLAGS[wish]}={value}" for wish, value in self.wishes.items() if value]
        return [
            "srun",
            "--pty",
            f"--job-name={name}",
            "--ntasks=1",
            *asked,
            # The whole environment of the server would go there otherwise, secrets included.
            f"--export={','.join((*_EXPORTED, *self.export))}",
            *self.more,
            *command,
        ]


def order_of(settings: Settings, options: Mapping[str, str]) -> Order:
    """Return what a session with these options asks for."""
    wishes = chosen(settings, options, SLURM_OPTIONS)
    wishes["cpus"] = wishes["cpus"] or str(settings.processors or 1)
    return Order(wishes, settings.launch_export, shlex.split(settings.slurm_options))
