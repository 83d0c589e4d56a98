"""Dates and times: days, months, ... since the start of 1960, how they read and are read."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from stata_sessions.standin.missing import SYSTEM, is_missing

_EPOCH = date(1960, 1, 1)
_FIRST, _LAST = date(100, 1, 1).toordinal(), date(9999, 12, 31).toordinal()
_MONTHS = list(calendar.month_name)[1:]
_DAYS = [calendar.day_name[6], *calendar.day_name[:6]]
_MS_PER_DAY = 86_400_000
_DEFAULTS = {
    "td": "DDmonCCYY",
    "tc": "DDmonCCYY_HH:MM:SS",
    "tC": "DDmonCCYY_HH:MM:SS",
    "tm": "CCYY!mnn",
    "tq": "CCYY!qq",
    "th": "CCYY!hh",
    "tw": "CCYY!wwww",
    "ty": "CCYY",
}
_WIDTHS = {"td": 9, "tc": 18, "tC": 18, "tm": 7, "tq": 6, "th": 6, "tw": 7, "ty": 4}
_CODES = re.compile(
    r"CC|YY|JJJ|MONTH|Month|month|MON|Mon|mon|NN|nn|DD|dd|DAYNAME|Dayname|Day|DAY|day|HH|Hh|hH|hh|MM|mm|SS|ss|"
    r"AM|am|WW|ww|[hq_]|!.|[.,:\-/'\\ ]|."
)


def to_date(days: float) -> date | None:
    """Return the calendar day so many days after 1 January 1960, or None where there is none."""
    if is_missing(days):
        return None
    ordinal = _EPOCH.toordinal() + int(days // 1)
    return date.fromordinal(ordinal) if _FIRST <= ordinal <= _LAST else None


def from_date(day: date) -> float:
    """Return the days from 1 January 1960 to a day."""
    return float(day.toordinal() - _EPOCH.toordinal())


def natural_width(kind: str) -> int:
    """Return the width of a date format: its own make is as wide as what it shows."""
    return _WIDTHS.get(kind, 0)


def show(value: float, kind: str) -> str:
    """Return a date or time as a format `td...`, `tm...` shows it."""
    base, detail = kind[:2], kind[2:] or _DEFAULTS.get(kind[:2], "")
    moment = _moment(value, base)
    if moment is None:
        return "."
    return "".join(_piece(code, moment) for code in _CODES.findall(detail))


def _moment(value: float, base: str) -> datetime | None:
    if base in ("tc", "tC"):
        day = to_date(value // _MS_PER_DAY)
        rest = timedelta(milliseconds=value % _MS_PER_DAY)
    else:
        day, rest = to_date(_TO_DAYS[base](value) if base in _TO_DAYS else value), timedelta()
    return None if day is None else datetime(day.year, day.month, day.day) + rest  # noqa: DTZ001


def _week(moment: date) -> int:
    return min(52, (moment.timetuple().tm_yday - 1) // 7 + 1)


_PIECES: dict[str, Callable[[datetime], str]] = {
    "CC": lambda m: f"{m.year // 100:02d}",
    "YY": lambda m: f"{m.year % 100:02d}",
    "JJJ": lambda m: f"{m.timetuple().tm_yday:03d}",
    "month": lambda m: _MONTHS[m.month - 1].lower(),
    "Month": lambda m: _MONTHS[m.month - 1],
    "mon": lambda m: _MONTHS[m.month - 1][:3].lower(),
    "Mon": lambda m: _MONTHS[m.month - 1][:3],
    "NN": lambda m: f"{m.month:02d}",
    "nn": lambda m: f"{m.month}",
    "DD": lambda m: f"{m.day:02d}",
    "dd": lambda m: f"{m.day}",
    "Dayname": lambda m: _DAYS[m.isoweekday() % 7],
    "Day": lambda m: _DAYS[m.isoweekday() % 7][:3],
    "HH": lambda m: f"{m.hour:02d}",
    "Hh": lambda m: f"{m.hour}",
    "hH": lambda m: f"{(m.hour - 1) % 12 + 1:02d}",
    "hh": lambda m: f"{(m.hour - 1) % 12 + 1}",
    "MM": lambda m: f"{m.minute:02d}",
    "mm": lambda m: f"{m.minute}",
    "SS": lambda m: f"{m.second:02d}",
    "ss": lambda m: f"{m.second}",
    "am": lambda m: "am" if m.hour < 12 else "pm",
    "AM": lambda m: "AM" if m.hour < 12 else "PM",
    "WW": lambda m: f"{_week(m):02d}",
    "ww": lambda m: f"{_week(m)}",
    "h": lambda m: str((m.month + 5) // 6),
    "q": lambda m: str((m.month + 2) // 3),
    "_": lambda m: " ",
}


def _piece(code: str, moment: datetime) -> str:
    if code in _PIECES:
        return _PIECES[code](moment)
    return code[1:] if code.startswith("!") else code


def _month_day(months: float) -> float:
    year, month = divmod(int(months // 1), 12)
    return _mdy(month + 1.0, 1.0, 1960.0 + year)


def _mdy(month: float, day: float, year: float) -> float:
    try:
        return from_date(date(int(year), int(month), int(day)))
    except (ValueError, OverflowError):
        return SYSTEM


def _week_day(weeks: float) -> float:
    year, week = divmod(int(weeks // 1), 52)
    return _mdy(1.0, 1.0, 1960.0 + year) + 7 * week


_TO_DAYS: dict[str, Callable[[float], float]] = {
    "td": lambda days: days,
    "tm": _month_day,
    "tq": lambda quarters: _month_day(3 * (quarters // 1)),
    "th": lambda halves: _month_day(6 * (halves // 1)),
    "tw": _week_day,
    "ty": lambda year: _mdy(1.0, 1.0, year),
}


def _of_day(read: Callable[[date], float]) -> Callable[[float], float]:
    """Return a function of a daily date that gives missing for a missing one."""

    def function(days: float) -> float:
        day = to_date(days)
        return SYSTEM if day is None else float(read(day))

    return function


def _known(function: Callable[..., float]) -> Callable[..., float]:
    """Return a function that gives missing if an argument is."""

    def guarded(*arguments: float) -> float:
        return SYSTEM if any(is_missing(a) for a in arguments) else float(function(*arguments))

    return guarded


def _date(text: str, mask: str, top: float = SYSTEM) -> float:
    """Return the day a text spells; `mask` gives the order of M, D and Y."""
    parts = _split(text)
    order = re.findall(r"(\d*)([MDYmdy])", mask)
    if len(parts) == 1 and parts[0].isdigit() and len(parts[0]) in (6, 8):
        parts = _cut(parts[0], [kind.upper() for _, kind in order])
    if len(parts) < len(order) or (len(parts) > len(order) and "#" not in mask):
        return SYSTEM
    found = {"M": 1.0, "D": 1.0, "Y": SYSTEM}
    for part, (century, kind) in zip(parts, order, strict=False):
        found[kind.upper()] = _part(part, kind.upper(), century, top)
    return _known(_mdy)(found["M"], found["D"], found["Y"])


def _split(text: str) -> list[str]:
    return re.findall(r"\d+|[^\W\d_]+", text)


def _cut(digits: str, order: list[str]) -> list[str]:
    parts, place = [], 0
    for kind in order:
        size = len(digits) - 4 if kind == "Y" else 2
        parts.append(digits[place : place + size])
        place += size
    return parts


def _part(part: str, kind: str, century: str, top: float) -> float:
    if kind == "M" and part.isalpha():
        names = [n for n, name in enumerate(_MONTHS, 1) if name.lower().startswith(part.lower())]
        return float(names[0]) if names and len(part) >= 3 else SYSTEM
    if not part.isdigit():
        return SYSTEM
    number = float(part)
    if kind == "Y" and len(part) <= 2:
        if century:
            return number + 100 * float(century)
        if is_missing(top):
            return SYSTEM
        return number + 100 * ((top - number) // 100)
    return number


def _clock(text: str, mask: str, top: float = SYSTEM) -> float:
    found = re.search(r"(\d+):(\d+)(?::(\d+(?:\.\d+)?))?\s*([ap]\.?m\.?)?", text, re.IGNORECASE)
    days = _date(text[: found.start()] if found else text, re.sub("[hms]", "", mask), top)
    if found is None or is_missing(days):
        return SYSTEM if is_missing(days) else days * _MS_PER_DAY
    hours = int(found[1]) % 12 + (12 if found[4][0].lower() == "p" else 0) if found[4] else found[1]
    seconds = float(found[3] or 0)
    return days * _MS_PER_DAY + (int(hours) * 60 + int(found[2])) * 60_000 + seconds * 1000


def _literal(kind: str) -> Callable[[str], float]:
    """Return what `td(1jan2020)`, `tm(2020m3)` and the like stand for."""

    def read(text: str) -> float:
        if kind == "td":
            return _date(text, "DMY")
        if kind == "tc":
            return _clock(text, "DMYhms")
        year, *rest = (float(part) for part in re.findall(r"\d+", text))
        per_year = {"tm": 12, "tq": 4, "th": 2, "tw": 52, "ty": 1}[kind]
        return (year - 1960) * per_year + rest[0] - 1 if per_year > 1 else year

    return read


def _since(per_year: int) -> Callable[..., float]:
    return _known(lambda year, part: (year - 1960) * per_year + part - 1)


_MONTHLY = _of_day(lambda d: (d.year - 1960) * 12 + d.month - 1)
_TIME = {"hh": 3_600_000, "mm": 60_000, "ss": 1000}
PLAIN: dict[str, tuple[Callable[..., Any], str]] = {
    "mdy": (_known(_mdy), "nnn"),
    "date": (_date, "ss?n"),
    "daily": (_date, "ss?n"),
    "clock": (_clock, "ss?n"),
    "year": (_of_day(lambda d: d.year), "n"),
    "month": (_of_day(lambda d: d.month), "n"),
    "day": (_of_day(lambda d: d.day), "n"),
    "dow": (_of_day(lambda d: d.isoweekday() % 7), "n"),
    "doy": (_of_day(lambda d: d.timetuple().tm_yday), "n"),
    "week": (_of_day(_week), "n"),
    "quarter": (_of_day(lambda d: (d.month + 2) // 3), "n"),
    "halfyear": (_of_day(lambda d: (d.month + 5) // 6), "n"),
    "mofd": (_MONTHLY, "n"),
    "qofd": (_known(lambda d: _MONTHLY(d) // 3), "n"),
    "yofd": (_of_day(lambda d: d.year), "n"),
    "wofd": (_of_day(lambda d: (d.year - 1960) * 52 + _week(d) - 1), "n"),
    "dofm": (_known(_month_day), "n"),
    "dofq": (_known(_TO_DAYS["tq"]), "n"),
    "dofy": (_known(_TO_DAYS["ty"]), "n"),
    "dofw": (_known(_week_day), "n"),
    "ym": (_since(12), "nn"),
    "yq": (_since(4), "nn"),
    "yh": (_since(2), "nn"),
    "yw": (_since(52), "nn"),
    "dofc": (_known(lambda ms: ms // _MS_PER_DAY), "n"),
    "cofd": (_known(lambda days: days * _MS_PER_DAY), "n"),
    "dhms": (_known(lambda d, h, m, s: ((d * 24 + h) * 60 + m) * 60_000 + s * 1000), "nnnn"),
    "hms": (_known(lambda h, m, s: (h * 60 + m) * 60_000 + s * 1000), "nnn"),
    **{
        name: (_known(lambda ms, u=unit, b=b: ms // u % b), "n")
        for (name, unit), b in zip(_TIME.items(), (24, 60, 60), strict=True)
    },
    "hours": (_known(lambda ms: ms / 3_600_000), "n"),
    **{kind: (_literal(kind), "s") for kind in ("td", "tc", "tm", "tq", "th", "tw", "ty")},
    "d": (_literal("td"), "s"),
}
