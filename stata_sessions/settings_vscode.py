"""Read the ``stata-vscode.*`` keys of a VS Code ``settings.json`` as settings of ours.

The guide spells them ``stata-vscode.multiSession.maxSessions``, the extension
``stata-vscode.maxSessions``; both are read, and so is the nested form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from stata_sessions.errors import ConfigurationError
from stata_sessions.settings import nearest_of

PREFIX = "stata-vscode."
GROUP = "multiSession."

MULTI_SESSION_KEYS = {
    "enabled": "multi_session",
    "maxSessions": "max_sessions",
    "sessionTimeout": "session_timeout",
    "workerStartTimeout": "worker_start_timeout",
    "commandTimeout": "command_timeout",
}
OTHER_KEYS = {
    "multiSession": "multi_session",
    "maxOutputTokens": "max_output_tokens",
    "resultDisplayMode": "result_display_mode",
    "stataEdition": "stata_edition",
    "stataPath": "stata_path",
}

# A string, or what VS Code allows beyond JSON: comments, and a comma before a closing bracket.
# The string comes first, so that "https://..." is not taken for a comment.
BEYOND_JSON = re.compile(
    r"""
    (?P<string> "(?:\\.|[^"\\])*" )
    | //[^\n]*  |  /\*.*?\*/
    | ,(?= (?: \s | //[^\n]* | /\*.*?\*/ )* [}\]] )
    """,
    re.DOTALL | re.VERBOSE,
)


def read_vscode_settings(file: Path) -> dict[str, object]:
    """Return the file's values by our names, unchecked; keys of other extensions are passed over.

    Raises ConfigurationError for an unreadable file and a misspelt ``multiSession`` key.
    """
    try:
        content = json.loads(without_comments(file.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{file}: not valid JSON: {error}") from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{file}: an object with settings is expected")
    return dict(_ours(content, file))


def as_flags(values: Mapping[str, object]) -> list[str]:
    """Spell values as the command line of ``stata-sessions serve`` takes them."""
    flags: list[str] = []
    for name, value in values.items():
        flag = name.replace("_", "-")
        if isinstance(value, bool):
            flags.append(f"--{flag}" if value else f"--no-{flag}")
        else:
            flags += [f"--{flag}", str(value)]
    return flags


def without_comments(text: str) -> str:
    """Return the JSON in a text that may also hold comments and trailing commas."""
    return BEYOND_JSON.sub(lambda match: match["string"] or " ", text)


def _ours(content: Mapping[str, object], file: Path) -> Iterator[tuple[str, object]]:
    for key, value in content.items():
        if not key.startswith(PREFIX) or value is None:
            continue
        short = key.removeprefix(PREFIX)
        if short + "." == GROUP and isinstance(value, dict):
            yield from ((_name(GROUP + inner, file), value[inner]) for inner in value)
        elif short.startswith(GROUP) or short in OTHER_KEYS or short in MULTI_SESSION_KEYS:
            yield _name(short, file), value


def _name(short: str, file: Path) -> str:
    """Return our name for a key without its prefix."""
    if short in OTHER_KEYS:
        return OTHER_KEYS[short]
    word = short.removeprefix(GROUP)
    if word not in MULTI_SESSION_KEYS:
        nearest = nearest_of(word, MULTI_SESSION_KEYS)
        hint = f"; did you mean {PREFIX}{GROUP}{nearest}?" if nearest else ""
        raise ConfigurationError(f"{file}: unknown setting {PREFIX}{short}{hint}", key=short)
    return MULTI_SESSION_KEYS[word]
