"""The commands as a table: quick to show, true to the commands, and what errors become."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import click
import pytest
from click.testing import CliRunner

from stata_sessions import __version__, errors
from stata_sessions.cli import ROWS, main
from stata_sessions.cli.group import CommandLine, Row, exit_status_for
from tests.cli.running import run_cli
from tests.house.errors_documents import error_classes

HEAVY = ("flask", "pydantic", "requests", "waitress", "rich", "pexpect", "psutil", "http.client")


@pytest.mark.parametrize("name", ROWS)
def test_the_table_says_what_the_command_itself_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None and command.help
    assert command.help.partition("\n")[0] == ROWS[name].purpose


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from stata_sessions.cli import main; main(['--help'], standalone_mode=False);"
        f"sys.stderr.write(' '.join(set(sys.modules) & set({HEAVY})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "serve " in done.stdout
    assert done.stderr == ""


def test_version() -> None:
    assert run_cli("version").stdout == f"stata-sessions {__version__}\n"
    assert run_cli("--version").stdout == f"stata-sessions {__version__}\n"


def test_an_unknown_command_is_a_wrong_usage() -> None:
    assert CliRunner().invoke(main, ["brew"]).exit_code == 2


@pytest.mark.parametrize("error", list(error_classes()), ids=lambda each: each.kind)
def test_no_error_on_purpose_is_a_fault(error: type[errors.StataSessionsError]) -> None:
    made = error.__new__(error)
    assert exit_status_for(made) in (2, 3, 4)


class Tea(CommandLine):
    """A group whose only command raises."""

    def __init__(self, error: Exception) -> None:
        super().__init__({"brew": Row("", "Brew.")}, name="tea")
        self.error = error

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        def brew() -> Any:
            raise self.error

        return click.Command("brew", callback=brew)


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (
            errors.NoSuchSession("pot"),
            3,
            "stata-sessions: Session not found: pot; 'stata-sessions sessions' lists those there "
            "are, 'sessions new NAME' opens one\n",
        ),
        (errors.LaunchFailed("cold"), 4, "stata-sessions: Failed to initialize Stata: cold\n"),
        (ConnectionError("no server"), 4, "stata-sessions: no server\n"),
        (errors.ConfigurationError("no pot"), 2, "stata-sessions: no pot\n"),
    ],
)
def test_an_error_on_purpose_is_a_sentence(error: Exception, status: int, told: str) -> None:
    done = CliRunner().invoke(Tea(error), ["brew"])
    assert (done.exit_code, done.stderr) == (status, told)


def test_any_other_error_is_a_fault_with_its_traceback() -> None:
    done = CliRunner().invoke(Tea(ValueError("leaves")), ["brew"])
    assert done.exit_code == 70
    assert "Traceback" in done.stderr and "ValueError: leaves" in done.stderr
