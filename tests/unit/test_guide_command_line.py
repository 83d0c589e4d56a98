"""The guide's own command line, as far as it is not simply handed on."""

from pathlib import Path

import pytest

from bin.stata_mcp_server import split

GUIDE = ["--multi-session", "--max-sessions", "4", "--session-timeout", "3600"]


def test_the_guides_flags_are_handed_on_as_they_are() -> None:
    given, rest = split(GUIDE)
    assert (given.vscode_settings, rest) == (None, GUIDE)


@pytest.mark.parametrize(
    "option", [["--vscode-settings", "s.json"], ["--vscode-settings=s.json"]], ids=["two", "one"]
)
def test_the_settings_file_is_taken_out(option: list[str]) -> None:
    given, rest = split([*GUIDE[:1], *option, *GUIDE[1:]])
    assert (given.vscode_settings, rest) == (Path("s.json"), GUIDE)


def test_the_settings_option_without_a_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        split([*GUIDE, "--vscode-settings"])
    assert "--vscode-settings: expected one argument" in capsys.readouterr().err


def test_flags_that_mean_nothing_here_are_taken_out() -> None:
    flags = ["--log-file", "l.log", "--force-port", "--log-file-location=dofile"]
    flags += ["--custom-log-directory", "/tmp/logs", "--workspace-root", "/tmp"]
    given, rest = split([*flags, *GUIDE])
    assert rest == GUIDE
    assert (given.log_file, given.force_port) == ("l.log", True)
