"""Golden dialogues: what `NAME.do` prints is `NAME.log`, blank for blank.

A do-file's first line names where its expected output comes from. `bin/golden` accepts new output.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DO_FILES = sorted(HERE.glob("*.do"))


def printed_by(do_file: Path, folder: Path) -> str:
    """Return what the stand-in writes to its log for a do-file."""
    command = [sys.executable, "-m", "stata_sessions.standin", "-q", "-b", "do", str(do_file)]
    environ = {"PATH": os.defpath, "PYTHONPATH": str(HERE.parents[1])}
    subprocess.run(command, cwd=folder, env=environ, check=True, timeout=110)
    return (folder / f"{do_file.stem}.log").read_text("utf-8")


@pytest.mark.parametrize("do_file", DO_FILES, ids=lambda path: path.stem)
def test_output_is_as_published(do_file: Path, tmp_path: Path) -> None:
    expected = do_file.with_suffix(".log").read_text("utf-8")
    assert printed_by(do_file, tmp_path) == expected


@pytest.mark.parametrize("do_file", DO_FILES, ids=lambda path: path.stem)
def test_a_golden_file_names_its_source(do_file: Path) -> None:
    assert do_file.read_text("utf-8").startswith("* Source: ")
