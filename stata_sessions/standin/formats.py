"""Display formats. The few that the core needs, until the data side brings them all."""

from __future__ import annotations

from stata_sessions.standin.missing import is_missing, missing_name


def format_value(value: float | str, fmt: str) -> str:
    """Return a value as a format shows it, padded to the format's width."""
    if isinstance(value, str):
        return value
    width = int(fmt[1:].lstrip("-0").partition(".")[0] or 10)
    if is_missing(value):
        return missing_name(value).rjust(width)
    decimals = fmt.partition(".")[2]
    if fmt.endswith("f"):
        return f"{value:{width}.{decimals[:-1]}f}"
    return _general(value, width).rjust(width)


def _general(value: float, width: int) -> str:
    """`%w.0g`: as many digits as fit, no zero before the point."""
    digits = width - 2
    exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
    if exponent >= digits or exponent < -5:
        return f"{value:.{max(width - 7, 0)}e}"
    text = f"{value:.{min(digits, max(digits - 1 - exponent, 0))}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
