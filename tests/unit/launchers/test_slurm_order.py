"""The command line of srun, and what a caller may ask for."""

from __future__ import annotations

import pytest

from stata_sessions.errors import ConfigurationError, InvalidInput
from stata_sessions.launchers.options import SLURM_OPTIONS, check_defaults, check_options
from stata_sessions.launchers.slurm.launcher import slurm_environment
from stata_sessions.launchers.slurm.order import order_of
from stata_sessions.settings import Settings

COMMAND = ["/bin/sh", "/shared/ss-1/boot", "-q"]


def argv(settings: Settings, **options: str) -> list[str]:
    return order_of(settings, options).argv("ss-0123abcd-1", COMMAND)


def test_without_wishes_the_site_decides() -> None:
    assert argv(Settings()) == [
        "srun",
        "--pty",
        "--job-name=ss-0123abcd-1",
        "--ntasks=1",
        "--cpus-per-task=1",
        "--time=720",
        "--export=HOME,USER,LANG,PATH",
        *COMMAND,
    ]


def test_settings_are_defaults_and_options_go_before_them() -> None:
    settings = Settings(
        slurm_partition="stata",
        slurm_account="econ",
        slurm_qos="long",
        slurm_licences="stata:1",
        slurm_constraint="big&ssd",
        slurm_options="--reservation=course '--comment=a b'",
        job_memory="4G",
        job_cpus=2,
        launch_export=("TMPDIR",),
    )
    asked = argv(settings, memory="16G", minutes="30", partition="fast,slow")
    assert asked[3:-3] == [
        "--ntasks=1",
        "--cpus-per-task=2",
        "--mem=16G",
        "--time=30",
        "--partition=fast,slow",
        "--account=econ",
        "--qos=long",
        "--licenses=stata:1",
        "--constraint=big&ssd",
        "--export=HOME,USER,LANG,PATH,TMPDIR",
        "--reservation=course",
        "--comment=a b",
    ]


def test_a_job_has_as_many_processors_as_stata_may_use() -> None:
    assert "--cpus-per-task=4" in argv(Settings(processors=4))
    assert "--cpus-per-task=8" in argv(Settings(processors=4, job_cpus=8))
    assert "--cpus-per-task=2" in argv(Settings(processors=4, job_cpus=8), cpus="2")


@pytest.mark.parametrize(
    "options",
    [
        {"memory": "lots"},
        {"memory": "-1"},
        {"cpus": "0"},
        {"minutes": "1-00:00:00"},
        {"partition": "a b"},
        {"partition": ""},
        {"account": "x;y"},
        {"licences": "stata:1 --uid=0"},
        {"constraint": "--help"},
        {"licenses": "stata:1"},
        {"prolog": "/bin/sh"},
    ],
)
def test_odd_options_are_refused_and_what_is_right_is_said(options: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match=r"give |its options: cpus, memory, minutes"):
        check_options("slurm", options, SLURM_OPTIONS)


def test_the_settings_are_looked_at_as_well() -> None:
    with pytest.raises(ConfigurationError, match="job_memory = 'lots': give a size such as 8G"):
        check_defaults(Settings(job_memory="lots"), SLURM_OPTIONS)
    check_defaults(Settings(job_memory="8G", slurm_licences="stata:1,x:2"), SLURM_OPTIONS)


def test_variables_of_slurm_change_nothing() -> None:
    environ = {"PATH": "/bin", "SLURM_CONF": "/c", "SLURM_JOB_ID": "1", "SQUEUE_FORMAT": "%i"}
    assert slurm_environment(environ) == {
        "PATH": "/bin",
        "SLURM_CONF": "/c",
        "SLURM_TIME_FORMAT": "standard",
    }
