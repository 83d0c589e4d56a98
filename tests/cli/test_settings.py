"""Every setting is an option, and an option wins over the environment over the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from stata_sessions.cli.serve import serve
from stata_sessions.cli.settings import SettingsCommand, settings_of, settings_options
from stata_sessions.errors import ConfigurationError
from stata_sessions.settings import SETTINGS, Settings


def settings_from(*arguments: str, config: Path | None = None) -> Settings:
    @click.command(cls=SettingsCommand)
    @settings_options()
    def show(**options: Any) -> Settings:
        return settings_of(config, options)[0]

    shown = show.main(list(arguments), standalone_mode=False)
    assert isinstance(shown, Settings)
    return shown


@pytest.fixture(autouse=True)
def no_settings_from_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in SETTINGS.values():
        monkeypatch.delenv(setting.variable, raising=False)


def test_serve_offers_every_setting() -> None:
    shown = CliRunner().invoke(serve, ["--help"], terminal_width=200).output
    assert [each.flag for each in SETTINGS.values() if f"  {each.flag} " not in shown] == []
    assert [each.heading for each in SETTINGS.values() if each.heading + ":" not in shown] == []


def test_the_guides_flags() -> None:
    given = ["--multi-session", "--max-sessions", "2", "--session-timeout", "60"]
    given += ["--worker-start-timeout", "5", "--command-timeout", "7.5", "--stata-path", "/s"]
    settings = settings_from(*given, "--stata-edition", "SE", "--log-level", "debug")
    assert settings == Settings(
        multi_session=True,
        max_sessions=2,
        session_timeout=60,
        worker_start_timeout=5,
        command_timeout=7.5,
        stata_path="/s",
        stata_edition="se",
        log_level="DEBUG",
    )
    assert not settings_from("--no-multi-session").multi_session


def test_no_option_changes_nothing() -> None:
    assert settings_from() == Settings()


def test_an_option_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "s.toml"
    file.write_text("max_sessions = 2\nport = 2\nlinesize = 200\n")
    monkeypatch.setenv("STATA_SESSIONS_MAX_SESSIONS", "3")
    monkeypatch.setenv("STATA_SESSIONS_PORT", "3")
    settings = settings_from("--max-sessions", "4", config=file)
    assert (settings.max_sessions, settings.port, settings.linesize) == (4, 3, 200)


def test_a_list_grows_with_each_option_and_each_comma() -> None:
    given = ["--allowed-hosts", "a.org", "--allowed-hosts", "b.org,c.org"]
    assert settings_from(*given).allowed_hosts == ("a.org", "b.org", "c.org")


def test_a_wrong_value_names_its_setting() -> None:
    with pytest.raises(ConfigurationError, match="command line: max_sessions = 'many'"):
        settings_from("--max-sessions", "many")
