"""What a person waits for at every call imports nothing that is slow to import."""

import subprocess
import sys

import pytest

# Hundreds of milliseconds together; --help has to answer in 150.
SLOW = "flask matplotlib numpy pandas prometheus_client pydantic rich scipy waitress"

PROGRAM = """
import sys
from stata_sessions.cli import main
main(sys.argv[1:], standalone_mode=False)
print("slow:", *(name for name in SLOW.split() if name in sys.modules))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["version"]], ids=" ".join)
def test_quick_answers_import_nothing_slow(arguments: list[str]) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", f"SLOW = {SLOW!r}\n{PROGRAM}", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.splitlines()[-1] == "slow:"
