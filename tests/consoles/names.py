"""What names in expressions mean: scalars, variables, r() and c()."""

import os

from tests.consoles.data import Data
from tests.consoles.expressions import MISSING, InvalidExpression, Value
from tests.consoles.screen import Screen


class Names:
    """The values an expression can ask for."""

    def __init__(self, data: Data, screen: Screen, settings: dict[str, str]) -> None:
        self._data, self._screen, self._settings = data, screen, settings
        self.scalars: dict[str, Value] = {}
        self.results: dict[str, Value] = {}
        self.rc = 0

    def lookup(self, name: str, argument: str | None) -> Value:
        """Return the value of a name, or of ``name(argument)``."""
        if argument is not None:
            return self._stored(name, argument)
        known: dict[str, Value] = {"_rc": float(self.rc), "_N": float(self._data.count), "_n": 1.0}
        known |= self.scalars
        if name in known:
            return known[name]
        if name in self._data.variables:
            return 1.0 if self._data.count else MISSING
        raise InvalidExpression(f"{name} not found", 111)

    def _stored(self, name: str, argument: str) -> Value:
        if name == "r":
            return self.results.get(argument, MISSING)
        if name == "c":
            return self._constants().get(argument, "")
        if name == "scalar":
            return self.scalars.get(argument, MISSING)
        raise InvalidExpression(f"unknown function {name}()", 133)

    def _constants(self) -> dict[str, Value]:
        return {
            "linesize": float(self._screen.linesize),
            "pagesize": float(self._screen.pagesize),
            "more": "on" if self._screen.more else "off",
            "rc": float(self.rc),
            "N": float(self._data.count),
            "k": float(len(self._data.variables)),
            "changed": float(self._data.changed),
            "stata_version": 18.0,
            "version": 18.0,
            "edition": "MP",
            "edition_real": "MP",
            "flavor": "IC",
            "MP": 1.0,
            "SE": 1.0,
            "processors": 2.0,
            "console": "console",
            "mode": "",
            "pwd": os.getcwd(),
            "tmpdir": os.environ.get("STATATMP", "/tmp"),
            "os": "Unix",
            **self._settings,
        }
