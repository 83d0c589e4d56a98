"""Where a console Stata may lie on this machine."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stata_sessions.consoles.local import is_executable

# Programs of each flavour; before Stata 17 the smallest was called IC, and its program plain stata.
FLAVOURS = {"mp": "stata-mp", "se": "stata-se", "be": "stata"}

# Newest first, so that the newest version wins where several are installed.
_PLACES = (
    "/usr/local/statanow[0-9][0-9]",
    "/usr/local/stata[0-9][0-9]",
    "/usr/local/stata",
    "/opt/statanow*",
    "/opt/stata*",
    "/Applications/StataNow",
    "/Applications/Stata*",
)
_BUNDLES = {
    "mp": "StataMP.app/Contents/MacOS",
    "se": "StataSE.app/Contents/MacOS",
    "be": "StataBE.app/Contents/MacOS",
}
_VARIABLES = ("STATA_PATH", "STATA_BINARY")


@dataclass(slots=True)
class Search:
    """What was found, best first, and where was looked."""

    programs: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    explicit: bool = False

    def look(self, place: str, flavours: tuple[str, ...]) -> None:
        """Look at a file or into a directory."""
        self.places.append(place)
        for program in _in_place(place, flavours):
            if program not in self.programs:
                self.programs.append(program)


def find_stata(path: str, flavour: str, environ: Mapping[str, str]) -> Search:
    """Search the explicit path, then the environment, the usual places and PATH.

    ``path`` is a program or a directory; once it or a variable is given, nothing else is looked at:
    starting another Stata than the one named would be worse than starting none.
    """
    flavours = (flavour,) if flavour else tuple(FLAVOURS)
    search = Search()
    named = [path] if path else [environ[name] for name in _VARIABLES if environ.get(name)]
    if named:
        search.explicit = True
        for place in named:
            search.look(os.path.expanduser(place), flavours)
        return search
    for pattern in _PLACES:
        for place in sorted(glob.glob(pattern), reverse=True):
            search.look(place, flavours)
        if not glob.glob(pattern):
            search.places.append(pattern)
    for directory in environ.get("PATH", "").split(os.pathsep):
        if directory:
            search.look(directory, flavours)
    return search


def programs_elsewhere(path: str, flavour: str) -> list[str]:
    """Return what may be Stata on another Linux machine: names and shell patterns, best first."""
    programs = [FLAVOURS[each] for each in ((flavour,) if flavour else FLAVOURS)]
    if path:
        place = os.path.expanduser(path)
        return [place, *(f"{place}/{each}" for each in programs)] if "/" in place else [place]
    places = [place for place in _PLACES if not place.startswith("/Applications")]
    return [*programs, *(f"{place}/{each}" for place in places for each in programs)]


def looked_for(path: str, flavour: str) -> str:
    """Say in a few words what ``programs_elsewhere`` looks for."""
    programs = ", ".join(FLAVOURS[each] for each in ((flavour,) if flavour else FLAVOURS))
    return path or f"{programs} (in PATH, /usr/local/stata* and /opt/stata*)"


def _in_place(place: str, flavours: tuple[str, ...]) -> Iterator[str]:
    if os.path.isfile(place):
        console = _console_of(place)
        if is_executable(console):
            yield os.path.abspath(console)
        return
    for flavour in flavours:
        for directory in (place, os.path.join(place, _BUNDLES[flavour])):
            program = os.path.join(directory, FLAVOURS[flavour])
            if is_executable(program):
                yield os.path.abspath(program)


def _console_of(program: str) -> str:
    """Return the console beside a windowed ``xstata``, or the program itself."""
    directory, name = os.path.split(program)
    console = os.path.join(directory, name.removeprefix("x"))
    return console if name.startswith("xstata") and os.path.isfile(console) else program
