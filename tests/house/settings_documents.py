"""The settings as conf/stata-sessions.toml and docs/settings.rst show them.

``python -m tests.house.settings_documents`` writes both anew; a test compares them.
"""

from __future__ import annotations

import json

from stata_sessions.settings import SETTINGS, Setting
from tests.house.source import ROOT

CONFIGURATION = ROOT / "conf" / "stata-sessions.toml"
PAGE = ROOT / "docs" / "settings.rst"

# Where the page's tables begin and end; comments, so that readers do not see them.
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


def tables() -> str:
    """Render the page's tables, one for each heading."""
    parts: list[str] = []
    rows: list[tuple[str, ...]] = []
    for setting in reversed(SETTINGS.values()):
        rows.insert(0, (f"``{setting.name}``", f"``{as_toml(setting)}``", described(setting)))
        if setting.heading:
            rows.insert(0, ("Setting", "Default", "What it is for"))
            underline = "-" * len(setting.heading)
            parts.insert(0, f"\n{setting.heading}\n{underline}\n{simple_table(rows)}")
            rows = []
    return "".join(parts)


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


def with_tables(page: str) -> str:
    """Return the page with its tables made anew."""
    return between_marks(page, BEGIN, tables(), END)


def between_marks(document: str, begin: str, table: str, end: str) -> str:
    """Return the document with the table in place of what stood between the marks."""
    before, _, rest = document.partition(begin)
    _, _, after = rest.partition(end)
    return before + begin + table + end + after


def main() -> None:
    """Write both documents."""
    CONFIGURATION.write_text(configuration(), encoding="utf-8")
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
