"""What `set` changes and c() tells."""

from __future__ import annotations

import getpass
import os
import platform
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from stata_sessions.standin.missing import SYSTEM

if TYPE_CHECKING:
    from stata_sessions.standin.interpreter import Interpreter

VERSION = 18.0
Value = float | str


class Settings:
    """The settings of one console."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.more = self.rmsg = self.trace = self.pause = False
        self.pagesize = 23
        self.type = "float"
        self.level = 95.0
        self.trace_depth = 32000
        self.output = "proc"
        self.batch = False
        self.temporary = environ.get("STATATMP") or environ.get("TMPDIR") or "/tmp"  # noqa: S108  # as Stata does
        # Settings that change nothing here but are remembered for c(): name to value.
        self.remembered: dict[str, Value] = {"varabbrev": "on", "graphics": "on", "dp": "period"}

    def value(self, interpreter: Interpreter, name: str) -> Value:
        """Return c(name); one that does not exist is missing."""
        if name in _LIVE:
            return _LIVE[name](interpreter)
        return self.remembered.get(name, _FIXED.get(name, SYSTEM))

    def shown(self, interpreter: Interpreter, name: str) -> str:
        """Return c(name) as text."""
        value = self.value(interpreter, name)
        return value if isinstance(value, str) else f"{value:.10g}"

    def names(self) -> list[str]:
        """Return all names c() knows."""
        return sorted({*_LIVE, *_FIXED, *self.remembered})


def _on(value: bool) -> str:
    return "on" if value else "off"


def _data(interpreter: Interpreter, name: str) -> Value:
    if not interpreter.has_data:
        return "" if name == "filename" else 0.0
    value = getattr(interpreter.data, name)
    return value if isinstance(value, str) else float(value)


def _now(pattern: str) -> str:
    return datetime.now().astimezone().strftime(pattern)


_LIVE: dict[str, Callable[[Interpreter], Value]] = {
    "pwd": lambda i: os.getcwd(),
    "linesize": lambda i: float(i.out.linesize),
    "pagesize": lambda i: float(i.settings.pagesize),
    "more": lambda i: _on(i.settings.more),
    "rmsg": lambda i: _on(i.settings.rmsg),
    "trace": lambda i: _on(i.settings.trace),
    "tracedepth": lambda i: float(i.settings.trace_depth),
    "type": lambda i: i.settings.type,
    "level": lambda i: i.settings.level,
    "output": lambda i: i.settings.output,
    "mode": lambda i: "batch" if i.settings.batch else "",
    "tmpdir": lambda i: i.settings.temporary,
    "rc": lambda i: float(i.return_code),
    "N": lambda i: _data(i, "observations"),
    "k": lambda i: float(len(i.data.variables)) if i.has_data else 0.0,
    "changed": lambda i: _data(i, "changed"),
    "filename": lambda i: _data(i, "filename"),
    "current_date": lambda i: _now("%d %b %Y").lstrip("0").rjust(11),
    "current_time": lambda i: _now("%H:%M:%S"),
    "username": lambda i: getpass.getuser(),
    "hostname": lambda i: platform.node(),
}
_FIXED: dict[str, Value] = {
    "version": VERSION,
    "stata_version": VERSION,
    "userversion": VERSION,
    "console": "console",
    "edition": "BE",
    "edition_real": "BE",
    "flavor": "IC",
    "MP": 0.0,
    "SE": 0.0,
    "bit": 64.0,
    "processors": 1.0,
    "processors_lic": 1.0,
    "processors_mach": 1.0,
    "processors_max": 1.0,
    "os": "MacOSX" if sys.platform == "darwin" else "Unix",
    "osdtl": "",
    "machine_type": "PC (64-bit x86-64)",
    "byteorder": "lohi",
    "dirsep": "/",
    "born_date": "24 Nov 2026",
    "stand_in": "stata_sessions.standin",
    "pi": 3.141592653589793,
    "alpha": "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "ALPHA": "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z",
    "Mons": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "Months": (
        "January February March April May June July August September October November December"
    ),
    "Wdays": "Sun Mon Tue Wed Thu Fri Sat",
    "Weekdays": "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
    "maxvar": 2048.0,
    "maxdouble": 8.9884656743115785e307,
    "mindouble": -1.7976931348623157e308,
    "smallestdouble": 2.2250738585072014e-308,
    "epsdouble": 2.220446049250313e-16,
    "maxfloat": 1.70141173319264e38,
    "minfloat": -1.70141173319264e38,
    "epsfloat": 1.1920928955078125e-07,
    "maxlong": 2147483620.0,
    "minlong": -2147483647.0,
    "maxint": 32740.0,
    "minint": -32767.0,
    "maxbyte": 100.0,
    "minbyte": -127.0,
    "macrolen": 264392.0,
    "cmdlen": 264408.0,
    "namelenchar": 32.0,
    "maxstrvarlen": 2045.0,
}
