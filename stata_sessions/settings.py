"""Settings from the command line, the environment and a file, in that order of precedence.

Nothing here looks at the real environment: the caller passes it in, once, at the top.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from pathlib import Path

from stata_sessions.errors import ConfigurationError
from stata_sessions.settings_table import SETTINGS, Setting, Settings, Value

__all__ = ["SETTINGS", "Setting", "Settings", "is_loopback", "load_settings"]

PREFIX = "STATA_SESSIONS_"

# Variables of ours that are not settings: where the file is, where a client finds the server, the
# stand-in's own switches, and the mark of a console's descendants.
OTHER_VARIABLES = {PREFIX + name for name in ("CONFIG", "URL", "STANDIN", "MARK")}

# With a dot, since no name that a caller chooses can have one.
SESSION_PREFIX = re.compile(r"[A-Za-z0-9]{1,15}\.")
# What Stata's ``set linesize`` refuses to go below.
LEAST_LINESIZE = 40

WORDS = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}


def load_settings(
    flags: Mapping[str, object], environ: Mapping[str, str], file: Path | None = None
) -> Settings:
    """Merge flags over ``STATA_SESSIONS_*`` variables over the file over the defaults.

    ``flags`` maps names of settings to values; None and an empty tuple mean "not given".
    Raises ConfigurationError, which names the place, the key and what would be right.
    """
    found: dict[str, Value] = {}
    for place, given in (
        (str(file), _from_file(file)),
        ("the environment", _from_environment(environ)),
        ("the command line", _from_flags(flags)),
    ):
        for key, raw in given.items():
            setting = _known(key, place)
            found[setting.name] = _checked(setting, raw, f"{place}: {key}")
    return _consistent(Settings(**found))  # type: ignore[arg-type]  # each was checked by its row


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _from_file(file: Path | None) -> Mapping[str, object]:
    if file is None:
        return {}
    import tomllib  # 5 ms that a command line without a file need not pay

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{file}: cannot be read: {error.strerror}", place=str(file)
        ) from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{file}: not valid TOML: {error}", place=str(file)) from error


def _from_environment(environ: Mapping[str, str]) -> Mapping[str, object]:
    return {
        key: value
        for key, value in environ.items()
        if key.startswith(PREFIX) and value and key not in OTHER_VARIABLES
    }


def _from_flags(flags: Mapping[str, object]) -> Mapping[str, object]:
    return {key: value for key, value in flags.items() if value is not None and value != ()}


def _known(key: str, place: str) -> Setting:
    name = key.removeprefix(PREFIX).lower() if key.startswith(PREFIX) else key
    if name in SETTINGS:
        return SETTINGS[name]
    nearest = nearest_of(name.replace("-", "_"), SETTINGS)
    spelt = SETTINGS[nearest].variable if nearest and key.startswith(PREFIX) else nearest
    hint = f"; did you mean {spelt}?" if spelt else ""
    raise ConfigurationError(f"{place}: unknown setting {key}{hint}", place=place, key=key)


def nearest_of(word: str, known: Iterable[str]) -> str:
    """Return the known word that looks most like this one, or an empty one."""
    from difflib import get_close_matches  # only ever needed on the way to an error

    return next(iter(get_close_matches(word, list(known), n=1)), "")


def _checked(setting: Setting, raw: object, where: str) -> Value:
    """Return the raw value with the setting's own type, inside the setting's limits."""
    try:
        value = _converted(setting, raw)
        _check_limits(setting, value)
    except ValueError as error:
        shown = "" if setting.secret else f" = {raw!r}"
        raise ConfigurationError(
            f"{where}{shown}: {error}", place=where, key=setting.name
        ) from None
    return value


def _converted(setting: Setting, raw: object) -> Value:
    if setting.type is bool:
        return _as_bool(raw)
    if setting.type is int:
        return _as_int(raw)
    if setting.type is float:
        return _as_float(raw)
    if setting.type is str:
        return _as_text(setting, raw)
    return _as_texts(raw)


def _as_bool(raw: object) -> bool:
    value = WORDS.get(raw.strip().lower()) if isinstance(raw, str) else raw
    if not isinstance(value, bool):
        raise ValueError("give true or false")
    return value


def _as_int(raw: object) -> int:
    try:
        value = int(raw) if isinstance(raw, str) else raw
    except ValueError:
        value = None
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("give a whole number")
    return value


def _as_float(raw: object) -> float:
    try:
        value = float(raw) if isinstance(raw, str | int | float) else None
    except (ValueError, OverflowError):  # a file may hold a whole number of any length
        value = None
    if value is None or isinstance(raw, bool):
        raise ValueError("give a number")
    return value


def _as_text(setting: Setting, raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError("give text")
    if "\0" in raw:
        raise ValueError("give text without a NUL character")
    for choice in setting.choices:
        if raw.lower() == choice.lower():
            return choice
    return raw


def _as_texts(raw: object) -> tuple[str, ...]:
    """Read a list of texts; in one text they are separated by commas."""
    parts = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError("give a list of texts")
    return tuple(part.strip() for part in parts if part.strip())


def _check_limits(setting: Setting, value: Value) -> None:
    if setting.choices and value not in setting.choices:
        raise ValueError(f"give one of {', '.join(map(repr, setting.choices))}")
    if not isinstance(value, int | float):
        return
    # Written so that "not a number" fails too.
    if setting.minimum is not None and not value >= setting.minimum:
        raise ValueError(f"give at least {setting.minimum:g}")
    if setting.maximum is not None and not value <= setting.maximum:
        raise ValueError(f"give at most {setting.maximum:g}")


def _consistent(settings: Settings) -> Settings:
    """Refuse what each setting alone could not show to be wrong."""
    reachable = not settings.unix_socket and not is_loopback(settings.host)
    if reachable and not (settings.token or settings.token_file or settings.tokens_file):
        raise ConfigurationError(
            f"host = {settings.host!r} can be reached from other machines: set token_file (or "
            "token), or listen on 127.0.0.1",
            key="host",
        )
    if settings.token and settings.token_file:
        raise ConfigurationError("set token or token_file, not both", key="token_file")
    if settings.session_prefix and not SESSION_PREFIX.fullmatch(settings.session_prefix):
        raise ConfigurationError(
            f"session_prefix = {settings.session_prefix!r}: give 1 to 15 letters and digits and a "
            "dot, such as a.",
            key="session_prefix",
        )
    if not _holds_ascii(settings.encoding):
        raise ConfigurationError(
            f"encoding = {settings.encoding!r}: give one that is known and contains ASCII, such as "
            "utf-8, latin-1, cp1252 or euc-jp",
            key="encoding",
        )
    if 0 < settings.linesize < LEAST_LINESIZE:
        raise ConfigurationError(
            f"linesize = {settings.linesize}: Stata takes {LEAST_LINESIZE} to 255; 0 leaves it",
            key="linesize",
        )
    if settings.tokens_file and not settings.multi_session:
        raise ConfigurationError("tokens_file needs multi_session", key="tokens_file")
    return settings


def _holds_ascii(encoding: str) -> bool:
    """Say whether the plain characters, which all that we type consists of, are as everywhere."""
    plain = "".join(map(chr, range(128)))
    try:
        return plain.encode(encoding) == plain.encode()
    except (LookupError, ValueError):
        return False
