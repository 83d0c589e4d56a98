"""What a caller may ask of a launcher for one session, and what an operator has set for all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stata_sessions.errors import ConfigurationError, InvalidInput
from stata_sessions.settings import Settings
from stata_sessions.settings_table import SETTINGS


@dataclass(frozen=True, slots=True)
class Option:
    """A wish for one session: the setting that gives its default, and how it may look."""

    name: str
    setting: str
    pattern: str
    looks: str


_WORD = r"[A-Za-z0-9_][A-Za-z0-9_.:@+-]{0,127}"
_WORDS = rf"{_WORD}(,{_WORD})*"
CPUS = Option("cpus", "job_cpus", r"[1-9][0-9]{0,4}", "a number of processors such as 4")
MEMORY = Option(
    "memory", "job_memory", r"[1-9][0-9]{0,8}[KMGT]?", "a size such as 8G (no unit: MB)"
)
MINUTES = Option("minutes", "job_minutes", r"[1-9][0-9]{0,6}", "a number of minutes such as 720")
HOST = Option("host", "launch_host", r"[A-Za-z0-9_][A-Za-z0-9_.:@%-]{0,254}", "the name of a host")
PARTITION = Option("partition", "slurm_partition", _WORDS, "the name of a partition")
ACCOUNT = Option("account", "slurm_account", _WORD, "the name of an account")
QOS = Option("qos", "slurm_qos", _WORD, "the name of a quality of service")
LICENCES = Option("licences", "slurm_licences", _WORDS, "licences such as stata:1")
CONSTRAINT = Option(
    "constraint", "slurm_constraint", r"[A-Za-z0-9_(\[][\w.,:&|*()\[\]-]{0,254}", "node features"
)

COMMAND_OPTIONS = (CPUS, MEMORY, MINUTES, HOST)
SLURM_OPTIONS = (CPUS, MEMORY, MINUTES, PARTITION, ACCOUNT, QOS, LICENCES, CONSTRAINT)


def refuse_options(launcher: str, options: Mapping[str, str]) -> None:
    """Raise InvalidInput for any option: this launcher has none."""
    check_options(launcher, options, ())


def check_options(launcher: str, options: Mapping[str, str], known: tuple[Option, ...]) -> None:
    """Raise InvalidInput, which says what would be right, for options that do not fit."""
    by_name = {each.name: each for each in known}
    for name, value in options.items():
        option = by_name.get(name)
        if option is None:
            names = ", ".join(by_name) or "none"
            raise InvalidInput(f"launcher {launcher} has no option {name!r}; its options: {names}")
        if not re.fullmatch(option.pattern, value):
            raise InvalidInput(f"option {name} = {value[:80]!r}: give {option.looks}")


def chosen(
    settings: Settings, options: Mapping[str, str], known: tuple[Option, ...]
) -> dict[str, str]:
    """Return what counts for a session: what its caller asked for, else what is set; or nothing."""
    return {each.name: options.get(each.name) or _default(settings, each) for each in known}


def check_defaults(settings: Settings, known: tuple[Option, ...]) -> None:
    """Raise ConfigurationError for a default that no caller could have asked for."""
    for each in known:
        value = _default(settings, each)
        if value and not re.fullmatch(each.pattern, value):
            raise ConfigurationError(
                f"{each.setting} = {value!r}: give {each.looks}", key=each.setting
            )


def _default(settings: Settings, option: Option) -> str:
    value = getattr(settings, SETTINGS[option.setting].name)
    return str(value) if value else ""
