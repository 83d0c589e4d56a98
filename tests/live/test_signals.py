"""A signal ends a server whenever it comes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.doors import BOUND_S, ENVIRON, light_settings

PROGRAM = """
import json, os, signal, sys, threading
from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from stata_sessions.web.server import run_server
from stata_sessions.web.signals import Signals

# With the lock of a condition, on which the main thread is about to wait, already taken.
def trace(frame, event, argument):
    if frame.f_code is threading.Condition.wait.__code__:
        sys.settrace(None)
        os.kill(os.getpid(), signal.SIGTERM)

def take():
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

def ready(address):
    if sys.argv[3] == "while it begins to wait":
        sys.settrace(trace)
    # The main thread waits by then, and nothing wakes it.
    later = threading.Timer(0.5, take)
    later.daemon = True
    later.start()

given = json.loads(sys.argv[1])
settings = Settings(**{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})
with Signals() as signals:
    run_server(settings, Manager(settings, json.loads(sys.argv[2])), signals, ready=ready)
print("ended", flush=True)
"""


# The system hands a signal to another thread if that has just started a program, for one.
@pytest.mark.parametrize("moment", ["while it begins to wait", "to another thread"])
def test_a_signal_is_heeded_that_comes(tmp_path: Path, moment: str) -> None:
    given = json.dumps(asdict(light_settings(tmp_path)))
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, given, json.dumps(ENVIRON), moment],
        capture_output=True,
        text=True,
        timeout=BOUND_S,
        check=True,
    )
    assert ended.stdout == "ended\n"
