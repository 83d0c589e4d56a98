"""A signal ends a server whenever it comes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from tests.doors import BOUND_S, ENVIRON, light_settings

# The first signal comes at the worst moment: with the lock of a condition, on which the main thread
# is about to wait, already taken. The other one is for servers that take no such lock.
PROGRAM = """
import json, os, signal, sys, threading
from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from stata_sessions.web.server import run_server

def trace(frame, event, argument):
    if frame.f_code is threading.Condition.wait.__code__:
        sys.settrace(None)
        os.kill(os.getpid(), signal.SIGTERM)

def ready(address):
    later = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM))
    later.daemon = True
    later.start()
    sys.settrace(trace)

given = json.loads(sys.argv[1])
settings = Settings(**{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})
run_server(settings, Manager(settings, json.loads(sys.argv[2])), ready=ready)
print("ended", flush=True)
"""


def test_a_signal_is_heeded_that_comes_while_the_server_begins_to_wait(tmp_path: Path) -> None:
    given = json.dumps(asdict(light_settings(tmp_path)))
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, given, json.dumps(ENVIRON)],
        capture_output=True,
        text=True,
        timeout=BOUND_S,
        check=True,
    )
    assert ended.stdout == "ended\n"
