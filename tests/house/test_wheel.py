"""What is installed is what is in the checkout: a forgotten data file would go unnoticed here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.house.source import PACKAGE, ROOT

NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """Build from a copy, so that nothing left over in the checkout gets in."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(PACKAGE, folder / PACKAGE.name, ignore=NOT_SHIPPED)
    for name in ("setup.cfg", "pyproject.toml", "README.rst", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    with ZipFile(next(folder.glob("*.whl"))) as opened:
        yield opened


def test_the_wheel_holds_every_file_of_the_package(wheel: ZipFile, tmp_path: Path) -> None:
    copy = shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=NOT_SHIPPED)
    here = {str(file.relative_to(tmp_path)) for file in copy.rglob("*") if file.is_file()}
    there = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert there == here


def test_the_wheel_brings_command_launchers_and_licence(wheel: ZipFile) -> None:
    metadata = {name.partition(".dist-info/")[2]: name for name in wheel.namelist()}
    points = wheel.read(metadata["entry_points.txt"]).decode()
    assert "stata-sessions = stata_sessions.cli:main" in points
    assert "[stata_sessions.launchers]" in points
    assert any(name.endswith("LICENSE") for name in metadata)
