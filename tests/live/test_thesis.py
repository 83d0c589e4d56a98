"""A student's whole do-file through a real server: what the console prints, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from stata_sessions.client import Client
from tests.live.conftest import LiveServer

GOLDEN = Path(__file__).parents[1] / "golden"
LEAST_LINES = 150


def test_a_thesis_runs_whole(serve: Callable[..., LiveServer], tmp_path: Path) -> None:
    code = (GOLDEN / "thesis.do").read_text("utf-8")
    lines = [line for line in code.splitlines() if line.strip() and not line.startswith("*")]
    assert len(lines) >= LEAST_LINES
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "thesis.do").write_text(code, "utf-8")
    stata = Client(serve(console="standin", stata_path="").url)
    result = stata.run_file(folder / "thesis.do")
    assert result.return_code == 0, result.output[-500:]
    # Before that line rows are as wide as the server's sessions are.
    printed = result.output.partition(". set linesize 79\n")[2]
    expected = (GOLDEN / "thesis.log").read_text("utf-8").partition(". set linesize 79\n")[2]
    assert printed == expected
    assert stata.execute("display _N").output.endswith("\n10\n")
    assert [path.name for path in folder.iterdir()] == ["thesis.do"]
