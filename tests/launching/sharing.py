"""A folder that both sides of a launcher see, and what runs on the far side."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.doors import LIGHT


@contextmanager
def shared_folder() -> Iterator[Path]:
    """Lend a folder whose name is short enough to be typed at Stata's prompt."""
    folder = Path(tempfile.mkdtemp(prefix="shared-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def consoles_in(shared: Path) -> list[psutil.Process]:
    """Return the light consoles that work in the folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(LIGHT) in process.cmdline() and process.cwd() == str(shared):
                found.append(process)
        except psutil.Error:
            continue
    return found
