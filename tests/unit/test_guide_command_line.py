"""The guide's own command line, as far as it is not simply handed on."""

import pytest

from bin.stata_mcp_server import split

GUIDE = ["--multi-session", "--max-sessions", "4", "--session-timeout", "3600"]


def test_the_guides_flags_are_handed_on_as_they_are() -> None:
    assert split(GUIDE) == (None, GUIDE)


@pytest.mark.parametrize(
    "option", [["--vscode-settings", "s.json"], ["--vscode-settings=s.json"]], ids=["two", "one"]
)
def test_the_settings_file_is_taken_out(option: list[str]) -> None:
    assert split([*GUIDE[:1], *option, *GUIDE[1:]]) == ("s.json", GUIDE)


def test_the_settings_option_without_a_file_is_refused() -> None:
    with pytest.raises(SystemExit, match="needs a file"):
        split([*GUIDE, "--vscode-settings"])
