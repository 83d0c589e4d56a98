"""The sample for Slurm is a file of settings that a server takes."""

from __future__ import annotations

from pathlib import Path

from stata_sessions.launchers.options import SLURM_OPTIONS, check_defaults
from stata_sessions.settings import load_settings

SAMPLE = Path(__file__).parents[3] / "conf" / "slurm.toml"


def test_the_sample_is_sound() -> None:
    settings = load_settings({}, {}, SAMPLE)
    check_defaults(settings, SLURM_OPTIONS)
    assert (settings.launcher, settings.slurm_licences) == ("slurm", "stata:1")
