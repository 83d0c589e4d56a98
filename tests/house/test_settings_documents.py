"""Every setting stands in conf/ and in docs/settings.rst, with its default and its limits.

When one of these fails: ``.venv/bin/python -m tests.house.settings_documents``.
"""

import tomllib

from stata_sessions.settings import SETTINGS, Settings, load_settings
from tests.house.settings_documents import CONFIGURATION, PAGE, configuration, with_tables


def test_the_configuration_file_shows_every_setting() -> None:
    assert CONFIGURATION.read_text(encoding="utf-8") == configuration()


def test_the_page_shows_every_setting() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page)
    assert [each for each in SETTINGS if f"\n``{each}``" not in page] == []


def test_the_configuration_file_as_it_is_changes_nothing() -> None:
    assert load_settings({}, {}, CONFIGURATION) == Settings()


def test_the_configuration_file_without_its_comment_signs_is_the_defaults() -> None:
    rows = [
        line.removeprefix("#")
        for line in CONFIGURATION.read_text(encoding="utf-8").splitlines()
        if line.startswith("#") and not line.startswith("# ") and line != "#"
    ]
    values = tomllib.loads("\n".join(rows))
    assert list(values) == list(SETTINGS)
    assert load_settings(values, {}) == Settings()
