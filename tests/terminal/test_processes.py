"""What is measured of a console's processes is what the system says of them."""

from __future__ import annotations

import subprocess
import sys

import psutil

from stata_sessions.consoles import processes

# A process with a child; each burns some time and holds some memory, then says so and waits. Its
# name, the beginning of its arguments, is as awkward as Linux allows.
PROGRAM = """
import subprocess, sys, time
held = bytearray(b"x" * 30_000_000)
until = time.process_time() + 0.2
while time.process_time() < until:
    pass
with open("/proc/self/comm", "w") as name:
    name.write("a) b (c ")
if len(sys.argv) > 1:
    child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
    child.stdout.readline()
print(flush=True)
sys.stdin.read()
"""


def test_usage_adds_up_what_a_process_and_its_child_use() -> None:
    given = [sys.executable, "-c", PROGRAM, PROGRAM]
    with subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        root = psutil.Process(process.pid)
        family = [root, *root.children()]
        assert len(family) == 2
        found = processes.usage(process.pid)
        memory = sum(each.memory_info().rss for each in family)
        cpu = [each.cpu_times() for each in family]
        process.communicate()
    assert found is not None
    assert abs(found.memory_bytes - memory) < 0.1 * memory
    assert memory > 60_000_000
    assert abs(found.cpu_s - sum(each.user + each.system for each in cpu)) < 0.1
    assert found.cpu_s > 0.3


def test_a_process_that_is_gone_uses_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert processes.usage(process.pid) is None
