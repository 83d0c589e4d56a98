"""Display formats: %w.dg, %w.df, %w.de, %ws, %t..., %21x, with commas and alignment."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from stata_sessions.standin.errors import StataError
from stata_sessions.standin.missing import is_missing, missing_name

_FORMAT = re.compile(
    r"%(?P<flags>[-~0]*)(?P<width>\d{0,4})(?:(?P<point>[.,])(?P<digits>\d{1,4}))?"
    r"(?P<kind>[gfexsS]|t[a-zA-Z].*|d.*)(?P<commas>c?)$"
)
# The longest string that is no strL.
_WIDEST = 2045


@dataclass(frozen=True, slots=True)
class Format:
    """A display format taken apart; `kind` is one of `g f e x s` or begins with `t`."""

    kind: str
    width: int
    digits: int
    commas: bool = False
    left: bool = False
    centred: bool = False
    zeros: bool = False
    comma_point: bool = False


@lru_cache(maxsize=1024)
def parse_format(text: str) -> Format:
    """Take a display format apart.

    Raises:
        StataError: r(120) if it is none.
    """
    found = _FORMAT.match(text.strip())
    if found is None or int(found["width"] or 0) > _WIDEST or int(found["digits"] or 0) > _WIDEST:
        raise StataError(120, "invalid %format")
    kind, flags = found["kind"], found["flags"]
    if kind.startswith("d"):
        kind = "td" + kind[1:]
    commas = found["commas"] == "c" and kind in "gfe"
    width = int(found["width"] or _natural_width(kind))
    return Format(
        kind.lower() if kind == "S" else kind,
        width,
        int(found["digits"] or 0),
        commas,
        "-" in flags,
        "~" in flags,
        "0" in flags,
        found["point"] == ",",
    )


def _natural_width(kind: str) -> int:
    if not kind.startswith("t"):
        return 9
    from stata_sessions.standin.dates import natural_width

    return natural_width(kind)


def format_value(value: float | str, text: str) -> str:
    """Return a value as a display format shows it, padded to the format's width."""
    fmt = parse_format(text)
    if isinstance(value, str):
        shown = value[: fmt.width] if fmt.kind == "s" and text != "%s" else value
    else:
        shown = _number(value, fmt)
    return aligned(shown, fmt)


def aligned(shown: str, fmt: Format) -> str:
    """Return text padded to a format's width on the side the format says."""
    if fmt.centred:
        return shown.center(fmt.width)
    return shown.ljust(fmt.width) if fmt.left else shown.rjust(fmt.width)


def general(value: float, width: int = 9) -> str:
    """Return a number as %`width`.0g shows it, without padding."""
    return _number(value, Format("g", width, 0))


def fixed(value: float, width: int, digits: int) -> str:
    """Return a number as a fixed format shows it, padded; missing as a period."""
    return _number(value, Format("f", width, digits)).rjust(width)


def _number(value: float, fmt: Format) -> str:
    if is_missing(value):
        return missing_name(value)
    if fmt.kind.startswith("t"):
        from stata_sessions.standin.dates import show

        return show(value, fmt.kind)
    shown = _SHOWN[fmt.kind](value, fmt)
    if fmt.commas:
        shown = _with_commas(shown)
    if fmt.comma_point:
        shown = shown.translate(str.maketrans(".,", ",."))
    if fmt.zeros and len(shown) < fmt.width:
        sign = shown[0] if shown[0] == "-" else ""
        shown = sign + shown[len(sign) :].rjust(fmt.width - len(sign), "0")
    return shown


def _fixed(value: float, fmt: Format) -> str:
    shown = f"{value:.{fmt.digits}f}"
    # A number that rounds to nothing keeps no sign: -0.00 reads 0.00 only where all digits are 0.
    return shown if fmt.width >= len(shown) or abs(value) < 1e15 else f"{value:.{fmt.digits}e}"


def _general(value: float, fmt: Format) -> str:
    if value == 0:
        return "0"
    digits = fmt.digits or max(1, fmt.width - 2)
    exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
    if exponent >= digits and not fmt.digits or exponent >= fmt.width or exponent < -5:
        three = abs(exponent) >= 100
        return f"{value:.{max(0, min(digits - 1, fmt.width - 7) - three)}e}"
    decimals = min(max(0, digits - 1 - exponent), max(0, fmt.width - 2))
    shown = f"{value:.{decimals}f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    if shown.startswith(("0.", "-0.")):
        shown = shown.replace("0.", ".", 1)
    return shown


def _exponent(value: float, fmt: Format) -> str:
    return f"{value:.{fmt.digits}e}"


def _hexadecimal(value: float, fmt: Format) -> str:
    mantissa, exponent = math.frexp(value)
    if value == 0:
        return "+0.0000000000000X-3ff"
    fraction = round((abs(mantissa) * 2 - 1) * 2**52)
    sign, power = ("-" if value < 0 else "+"), exponent - 1
    return f"{sign}1.{fraction:013x}X{'-' if power < 0 else '+'}{abs(power):03x}"


def _with_commas(shown: str) -> str:
    if "e" in shown:
        return shown
    whole, point, rest = shown.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole[len(sign) :]
    return sign + (f"{int(digits):,}" if digits else "") + point + rest


_SHOWN = {
    "g": _general,
    "f": _fixed,
    "e": _exponent,
    "x": _hexadecimal,
    "s": _general,
}
