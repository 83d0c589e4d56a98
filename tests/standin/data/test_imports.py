"""Libraries are imported when a command first needs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("numpy", "scipy", "pandas", "matplotlib")
SCRIPT = """
import sys
from tests.standin.inside import Inside
Inside().run({code!r}, {folder!r})
print(*(name for name in {heavy!r} if name in sys.modules))
"""


@pytest.mark.parametrize(
    ("code", "loaded"),
    [
        ("display 1", []),
        ("sysuse auto\nsummarize\nlist in 1/5\ngenerate x = price/2", ["numpy"]),
        ("sysuse auto\nregress price mpg", ["numpy", "scipy"]),
    ],
)
def test_a_command_loads_no_more_than_it_needs(
    tmp_path: Path, code: str, loaded: list[str]
) -> None:
    script = SCRIPT.format(code=code, folder=str(tmp_path), heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
        timeout=100,
    )
    assert done.stdout.split() == loaded
