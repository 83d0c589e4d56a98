"""The tokens that open the server: the operator's own, and those of a file, each with a name.

Read again on SIGHUP. Whoever shows the operator's token, or one with the role of an admin, has all
sessions; any other name has its own.
"""

from __future__ import annotations

import hmac
import logging
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stata_sessions.errors import ConfigurationError
from stata_sessions.settings import Settings

log = logging.getLogger(__name__)

# Part of session ids, NAME@OWNER.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}")
ROLES = ("user", "admin")
UNFIT = "a token is one row of printable ASCII characters"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a token; the operator has no name. ``max_sessions`` is for users only."""

    token: bytes = field(repr=False)
    name: str = ""
    is_admin: bool = True
    max_sessions: int = 0


# Without any token everybody who reaches the server is the operator.
ANYBODY = Holder(b"")


class Tokens:
    """All tokens that are good at this moment; safe from any thread."""

    def __init__(self, settings: Settings) -> None:
        """Read them; raises ConfigurationError."""
        self._settings = settings
        self._holders = _read(settings)

    @property
    def may_change(self) -> bool:
        """Whether they come from files that can be read again."""
        return bool(self._settings.token_file or self._settings.tokens_file)

    def read_again(self) -> None:
        """Take those that the files hold now; if these are wrong, the old ones stay good."""
        try:
            self._holders = _read(self._settings)
        except ConfigurationError as error:
            log.error("the tokens stay as they were: %s", error.message)
        else:
            log.info("%d tokens were read again", len(self._holders))

    def holder(self, shown: str) -> Holder | None:
        """Return whose token this is; how long that takes tells nothing about any token."""
        found, given = None, shown.encode("utf-8", "surrogateescape")
        for each in self._holders:
            if hmac.compare_digest(given, each.token):
                found = each
        return found if self._holders else ANYBODY


def _read(settings: Settings) -> tuple[Holder, ...]:
    own = _own_token(settings)
    found = [Holder(own.encode())] if own else []
    if settings.tokens_file:
        found += _named(settings)
    if len({each.token for each in found}) < len(found):
        raise _wrong(settings, "one token is there twice")
    return tuple(found)


def _own_token(settings: Settings) -> str:
    if not settings.token_file:
        if settings.token and not _can_be_sent(settings.token):
            raise ConfigurationError(f"token: {UNFIT}", key="token")
        return settings.token
    token = _secret(settings, "token_file").strip()
    if not token:
        raise _wrong(settings, "it is empty", "token_file")
    if not _can_be_sent(token):
        raise _wrong(settings, UNFIT, "token_file")
    return token


def _can_be_sent(token: str) -> bool:
    """Tell whether a header carries a token as it is, whoever sends it."""
    return token.isascii() and token.isprintable()


def _secret(settings: Settings, key: str) -> str:
    """Return what is in a file that others must not read, judged once it is open."""
    try:
        with Path(getattr(settings, key)).open("rb") as file:
            found = os.fstat(file.fileno())
            if stat.S_IMODE(found.st_mode) & _too_open(found.st_uid):
                raise _wrong(settings, "others than its owner may read it: chmod 600", key)
            return file.read().decode()
    except OSError as error:
        raise _wrong(settings, f"it cannot be read: {error.strerror}", key) from error
    except UnicodeDecodeError:
        raise _wrong(settings, "it is not text in UTF-8", key) from None


def _too_open(owner: int) -> int:
    """Return the permissions that a file of secrets must not have.

    One that is not ours we can read only because its owner, such as systemd or whoever set the
    server up, let our group do so.
    """
    return 0o077 if owner == os.geteuid() else 0o027


def _named(settings: Settings) -> Iterator[Holder]:
    try:
        rows = tomllib.loads(_secret(settings, "tokens_file"))
    except (tomllib.TOMLDecodeError, RecursionError):
        # The parser's own message may show a token.
        raise _wrong(settings, "it is not valid TOML") from None
    if not rows:
        raise _wrong(settings, "it is empty")
    for name, given in rows.items():
        row = given if isinstance(given, dict) else {"token": given}
        yield _holder(settings, name, row)


def _holder(settings: Settings, name: str, row: dict[str, object]) -> Holder:
    token, role = row.get("token"), row.get("role", "user")
    quota = row.get("max_sessions", settings.max_sessions)
    if not NAME.fullmatch(name):
        raise _wrong(settings, f"{name!r} is no name: give up to 31 letters, digits, '-' and '_'")
    if not isinstance(token, str) or not token.strip():
        raise _wrong(settings, f"{name} has no token")
    if not _can_be_sent(token.strip()):
        raise _wrong(settings, f"{name}: {UNFIT}")
    if role not in ROLES or set(row) - {"token", "role", "max_sessions"}:
        raise _wrong(settings, f"{name} may have token, max_sessions, and role: user or admin")
    if not isinstance(quota, int) or isinstance(quota, bool) or quota < 1:
        raise _wrong(settings, f"max_sessions of {name} is not a number from 1 on")
    return Holder(token.strip().encode(), name, role == "admin", quota)


def _wrong(settings: Settings, what: str, key: str = "tokens_file") -> ConfigurationError:
    return ConfigurationError(f"{key} = {getattr(settings, key)!r}: {what}", key=key)
