"""The settings of sessions whose Stata runs on other machines; a part of the table of settings."""

from __future__ import annotations

from dataclasses import dataclass

from stata_sessions.settings_field import DAY_S, YEAR_S
from stata_sessions.settings_field import setting as _setting


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereSettings:
    """What an operator can set about jobs and their queue."""

    shared_dir: str = _setting(
        "",
        "Folder that other machines see under the same name, for sessions that run there.",
        heading="Other machines",
    )
    launch_setup: str = _setting(
        "", "Shell line run there before Stata, such as 'module load stata/18'."
    )
    launch_shell: str = _setting(
        "/bin/sh", "Shell that runs it and starts Stata there; modules may need '/bin/bash -l'."
    )
    launch_export: tuple[str, ...] = _setting(
        (), "Environment variables that Slurm takes there besides HOME, USER, LANG and PATH."
    )
    launch_command: str = _setting(
        "",
        "For the launcher 'command': what starts a console, such as 'ssh -tt {host} {stata} -q'.",
    )
    launch_cancel: str = _setting("", "What ends one of its jobs, such as 'docker kill {name}'.")
    launch_list: str = _setting("", "What prints the names of its jobs, one per line.")
    launch_host: str = _setting("", "What {host} stands for unless a session asks for another.")
    job_cpus: int = _setting(
        0, "Processors of each job; 0 is processors, or else 1.", minimum=0, maximum=10_000
    )
    job_memory: str = _setting("", "Memory of each job, such as 8G; empty is the site's default.")
    job_minutes: int = _setting(
        720, "Minutes that a job may last, whatever it does.", minimum=1, maximum=10**6
    )
    slurm_partition: str = _setting("", "Slurm's partition; empty is the site's default.")
    slurm_account: str = _setting("", "Slurm's account to charge.")
    slurm_qos: str = _setting("", "Slurm's quality of service.")
    slurm_licences: str = _setting("", "Slurm's licences that each session takes, such as stata:1.")
    slurm_constraint: str = _setting("", "Features that a node must have, as in srun.")
    slurm_options: str = _setting("", "More options for srun, such as '--reservation=course'.")
    queue_timeout: float = _setting(
        float(DAY_S),
        "Seconds that a session may wait for a place; 0 is no limit.",
        minimum=0,
        maximum=YEAR_S,
    )
    queue_wait: float = _setting(
        5.0,
        "Seconds a request waits for a session without a place before it is answered.",
        minimum=0,
        maximum=3600,
    )
    queue_interval: float = _setting(
        15.0, "Seconds between two looks at Slurm's queue.", minimum=1, maximum=3600
    )
