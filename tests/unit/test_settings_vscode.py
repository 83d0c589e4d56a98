"""The keys of the guide and of the extension, in a settings.json as people have them."""

from pathlib import Path

import pytest

from stata_sessions.errors import ConfigurationError
from stata_sessions.settings import load_settings
from stata_sessions.settings_vscode import as_flags, read_vscode_settings, without_comments

GUIDE = """
{
    "stata-vscode.multiSession.enabled": true,
    "stata-vscode.multiSession.maxSessions": 7,
    "stata-vscode.multiSession.sessionTimeout": 1800
}
"""
GUIDE_VALUES = {"multi_session": True, "max_sessions": 7, "session_timeout": 1800}

FLAT = """
{
    // spelt as the extension does
    "editor.rulers": [80, 100,],
    "stata-vscode.multiSession": true,
    "stata-vscode.maxSessions": 7, /* two more
                                      on Monday */
    "stata-vscode.sessionTimeout": 1800, // seconds
    "stata-vscode.autoStartServer": "https://example.org/*",
}
"""

NESTED = """
{"stata-vscode.multiSession": {"enabled": true, "maxSessions": 7, "sessionTimeout": 1800}}
"""


def read(folder: Path, text: str) -> dict[str, object]:
    file = folder / "settings.json"
    file.write_text(text, encoding="utf-8")
    return read_vscode_settings(file)


@pytest.mark.parametrize("text", [GUIDE, FLAT, NESTED], ids=["guide", "flat", "nested"])
def test_every_spelling_gives_the_same_settings(tmp_path: Path, text: str) -> None:
    values = read(tmp_path, text)
    assert values == GUIDE_VALUES
    assert load_settings(values, {}).max_sessions == 7


def test_multi_session_can_be_switched_off(tmp_path: Path) -> None:
    assert read(tmp_path, '{"stata-vscode.multiSession": false}') == {"multi_session": False}


def test_the_guides_time_limits_are_read(tmp_path: Path) -> None:
    text = """{"stata-vscode.multiSession.workerStartTimeout": 61,
               "stata-vscode.multiSession.commandTimeout": 601}"""
    assert read(tmp_path, text) == {"worker_start_timeout": 61, "command_timeout": 601}


def test_strings_keep_what_looks_like_comments() -> None:
    text = '{"a": "x // y /* z */ ,] \\" // w"}'
    assert without_comments(text) == text


def test_a_misspelt_key_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"did you mean .*multiSession\.maxSessions\?"):
        read(tmp_path, '{"stata-vscode.multiSession.maxSesions": 3}')


@pytest.mark.parametrize("text", ["{", "[]", '{"a": }', "[" * 100_000], ids=len)
def test_what_is_no_settings_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"settings\.json: "):
        read(tmp_path, text)


def test_values_become_flags() -> None:
    values = {"multi_session": True, "log_json": False, "max_sessions": 7}
    assert as_flags(values) == ["--multi-session", "--no-log-json", "--max-sessions", "7"]
