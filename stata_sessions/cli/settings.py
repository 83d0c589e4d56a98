"""The table of settings as options of the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import click

from stata_sessions.settings import SETTINGS, Setting, Settings, load_settings

F = TypeVar("F", bound=Callable[..., Any])

METAVARS: dict[Any, str] = {int: "N", float: "SECONDS", str: "TEXT"}

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="STATA_SESSIONS_CONFIG",
    help="Read settings from this TOML file; the environment and options win over it.",
)


class SettingsCommand(click.Command):
    """A command whose help shows the settings under their headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then each group of settings."""
        own = [each for each in self.get_params(ctx) if not isinstance(each, SettingOption)]
        _write(ctx, formatter, "Options", own)
        settings = [each for each in self.get_params(ctx) if isinstance(each, SettingOption)]
        for heading, group in groupby(settings, key=lambda each: each.heading):
            _write(ctx, formatter, heading, group)


class SettingOption(click.Option):
    """An option that sets a setting; what it is given is judged with the other places."""

    def __init__(self, setting: Setting, heading: str) -> None:
        self.heading = heading
        is_flag = setting.type is bool
        super().__init__(
            [setting.name, f"{setting.flag}/--no-{setting.flag[2:]}" if is_flag else setting.flag],
            default=None,
            help=described(setting),
            # An option given twice is a longer list.
            multiple=setting.type not in METAVARS and not is_flag,
            **_type_of(setting),
        )


def settings_options(names: Iterable[str] = SETTINGS) -> Callable[[F], F]:
    """Return a decorator that adds the options of these settings."""

    def add(function: F) -> F:
        for option in reversed(list(_options(set(names)))):
            params = getattr(function, "__click_params__", [])
            function.__click_params__ = [*params, option]  # type: ignore[attr-defined]
        return function

    return add


def described(setting: Setting) -> str:
    """Say what a setting is for, and what it is if nobody says otherwise."""
    default = setting.default
    if isinstance(default, bool):
        shown = "on" if default else "off"
    else:
        shown = f"{default:g}" if isinstance(default, float) else str(default or "")
    return f"{setting.purpose}  [{shown}]" if shown else setting.purpose


def settings_of(config: Path | None, options: dict[str, Any]) -> tuple[Settings, dict[str, str]]:
    """Return the settings, and the environment that they were read from.

    Lists may be given as an option more than once, or split by commas. Raises ConfigurationError.
    """
    flags = {
        name: ",".join(value) or None if isinstance(value, tuple) else value
        for name, value in options.items()
    }
    environ = dict(os.environ)  # noqa: TID251  # settings enter here
    return load_settings(flags, environ, config), environ


def _options(names: set[str]) -> Iterable[SettingOption]:
    heading = ""
    for setting in SETTINGS.values():
        heading = setting.heading or heading
        if setting.name in names:
            yield SettingOption(setting, heading)


def _type_of(setting: Setting) -> dict[str, Any]:
    if setting.type is bool:
        return {}
    choices = [each for each in setting.choices if each]
    if choices:
        return {"type": click.Choice(choices, case_sensitive=False)}
    return {"type": str, "metavar": METAVARS.get(setting.type, "TEXT")}


def _write(
    ctx: click.Context,
    formatter: click.HelpFormatter,
    heading: str,
    options: Iterable[click.Parameter],
) -> None:
    with formatter.section(heading):
        formatter.write_dl([row for each in options if (row := each.get_help_record(ctx))])
