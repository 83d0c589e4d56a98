"""Names of sessions: those that callers choose, and those that are made for them."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Callable

from stata_sessions.errors import InvalidName

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_LETTERS = string.ascii_lowercase + string.digits
_ID_LENGTH = 8


def check_name(name: str) -> None:
    """Raise InvalidName for what could not be told apart in a URL."""
    if not NAME.fullmatch(name):
        raise InvalidName(
            "A session name is 1 to 32 letters, digits, '-' and '_', and begins with a letter or "
            f"digit, unlike {name[:40]!r}"
        )


def new_name(prefix: str, is_known: Callable[[str], bool]) -> str:
    """Return a name that nobody has or had."""
    while True:
        name = prefix + "".join(secrets.choice(_LETTERS) for _ in range(_ID_LENGTH))
        if not is_known(name):
            return name
