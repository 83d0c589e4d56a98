"""A clock on the wall that jumps moves no bound: they are measured by one that cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doors import LIGHT
from tests.house.source import ROOT

pytestmark = pytest.mark.timeout(60)

# Each look at the wall clock is a year away from the one before, now forth and now back.
PROGRAM = """
import datetime, itertools, json, sys, time

real, jumps, looks = datetime.datetime, itertools.cycle([365, -365]), []

class Jumping(real):
    @classmethod
    def now(cls, tz=None):
        looks.append(next(jumps))
        return real.now(tz) + datetime.timedelta(days=looks[-1])

datetime.datetime = Jumping
time.time = lambda: Jumping.now(datetime.UTC).timestamp()

from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings

manager = Manager(Settings(stata_path=sys.argv[1], session_timeout=30.0), {"HOME": sys.argv[2]})
began = time.monotonic()
session = manager.create()
limited = session.submit("sleep 60000", time_limit_s=0.5)
quick = session.submit("display 1", time_limit_s=30)
ended = quick.wait(20) and limited.wait(0)
views = limited.view(), quick.view()
found = {
    "ended": ended,
    "looks": len(looks),
    "states": [view.state for view in views],
    "reason": views[0].reason,
    "elapsed": [view.elapsed_s for view in views],
    "session": session.view().state,
    "idle": session.view().idle_s,
    "took": time.monotonic() - began,
}
manager.shutdown()
print(json.dumps(found))
"""


def test_limits_do_not_care_what_the_wall_clock_says(tmp_path: Path) -> None:
    console = tmp_path / "stata-mp"
    console.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -E "{LIGHT}" "$@"\n')
    console.chmod(0o755)
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(console), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    found = json.loads(ran.stdout)
    # At least each command's three times; any two looks in a row are two years apart.
    assert found["ended"] and found["looks"] >= 6
    assert (found["states"], found["reason"]) == (["broken", "finished"], "time-limit")
    assert found["session"] == "ready"
    assert all(0 <= seconds <= found["took"] for seconds in (*found["elapsed"], found["idle"]))
    assert found["elapsed"][0] >= 0.5
