"""Which request the present thread works for, so that whatever it causes can name it."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

# Empty: for nobody's.
current_request: ContextVar[str] = ContextVar("current_request", default="")

# What a caller or a proxy may have us call it: no more than identifiers need, since it is logged.
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,63}")


def request_id(given: str | None) -> str:
    """Return the id that a request came with, or a new one if there is none or an odd one."""
    return given if given and _SANE.fullmatch(given) else secrets.token_hex(8)
