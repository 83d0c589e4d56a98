"""The settings as conf/stata-sessions.toml and the README show them.

``python -m tests.house.settings_documents`` writes both anew; a test compares them.
"""

from __future__ import annotations

import json

from stata_sessions.settings import SETTINGS, Setting
from tests.house.source import ROOT

CONFIGURATION = ROOT / "conf" / "stata-sessions.toml"
README = ROOT / "README.rst"

# Where the README's table begins and ends; comments, so that readers do not see them.
BEGIN, END = ".. settings begin\n", ".. settings end\n"

HEAD = """\
# Every setting of stata-sessions, at its default. Take away the # to change one.
#
#   stata-sessions serve --config conf/stata-sessions.toml
#
# An environment variable wins over this file (STATA_SESSIONS_MAX_SESSIONS=8), and an option on
# the command line over both (--max-sessions 8). A misspelt key is an error.
"""


def configuration() -> str:
    """Render conf/stata-sessions.toml."""
    parts = [HEAD]
    for setting in SETTINGS.values():
        if setting.heading:
            parts.append(f"\n# ---- {setting.heading} {'-' * (70 - len(setting.heading))}\n")
        parts.append(f"\n# {described(setting)}\n#{setting.name} = {as_toml(setting)}\n")
    return "".join(parts)


def readme_table() -> str:
    """Render the README's table."""
    rows: list[tuple[str, ...]] = [("Setting", "Default", "What it is for")]
    for setting in SETTINGS.values():
        rows.append((f"``{setting.name}``", f"``{as_toml(setting)}``", described(setting)))
    return simple_table(rows)


def simple_table(rows: list[tuple[str, ...]]) -> str:
    """Render rows, the first of which is the heading, as a simple table of reStructuredText."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = "  ".join("=" * width for width in widths) + "\n"
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        + "\n"
        for row in rows
    ]
    return "".join(["\n", rule, lines[0], rule, *lines[1:], rule, "\n"])


def described(setting: Setting) -> str:
    """Say what a setting is for, and what it may be."""
    if setting.choices:
        return f"{setting.purpose} One of {', '.join(filter(None, setting.choices))}."
    if setting.type in (int, float):
        return f"{setting.purpose} From {setting.minimum:,} to {setting.maximum:,}."
    return setting.purpose


def as_toml(setting: Setting) -> str:
    """Spell the default as TOML does, which for our types is how JSON does."""
    return json.dumps(setting.default)


def with_table(readme: str) -> str:
    """Return the README with its table made anew."""
    return between_marks(readme, BEGIN, readme_table(), END)


def between_marks(document: str, begin: str, table: str, end: str) -> str:
    """Return the document with the table in place of what stood between the marks."""
    before, _, rest = document.partition(begin)
    _, _, after = rest.partition(end)
    return before + begin + table + end + after


def main() -> None:
    """Write both documents."""
    CONFIGURATION.write_text(configuration(), encoding="utf-8")
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
