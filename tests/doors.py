"""What the tests of all doors share: a console by path, its settings, waiting with a bound."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from stata_sessions.settings import Settings

T = TypeVar("T")
# Makes a client of an application with settings of its own.
ClientWith = Callable[..., FlaskClient]

LIGHT = Path(__file__).parent / "consoles" / "light.py"
# All that a console may see of the world around the tests.
ENVIRON = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    # Servers of tests leave nothing behind in anybody's home.
    "STATA_SESSIONS_HISTORY_FILE": "off",
}
# Generous: the machine may be busy with other tests.
BOUND_S = 20.0


def light_console(folder: Path, vices: str = "") -> Path:
    """Write a program that starts the light console, as an unknown console given by path."""
    program = folder / "stata-light"
    vice = f" --vice {vices}" if vices else ""
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -E "{LIGHT}"{vice} "$@"\n')
    program.chmod(0o755)
    return program


def light_settings(folder: Path, **changes: Any) -> Settings:
    """Return settings that run the light console in a folder, on any free port."""
    program = changes["stata_path"] if "stata_path" in changes else str(light_console(folder))
    given: dict[str, Any] = {
        "stata_path": program,
        "console": "stata",
        "working_dir": str(folder),
        "port": 0,
        "drain_timeout": 5.0,
    }
    return Settings(**(given | changes))


def body(answer: TestResponse) -> dict[str, Any]:
    """Return the JSON object that an answer carries."""
    found = answer.get_json()
    assert isinstance(found, dict), answer.text
    return found


def eventually(probe: Callable[[], T], bound_s: float = BOUND_S) -> T:
    """Return the probe's first true value; fail when the bound has passed."""
    pause, deadline = Event(), time.monotonic() + bound_s
    while not (value := probe()):
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.01)
    return value
