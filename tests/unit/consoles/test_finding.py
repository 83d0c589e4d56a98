"""Stata is found where it lies, the named one alone, the largest flavour first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from stata_sessions.launchers.finding import find_stata
from stata_sessions.launchers.local import LocalLauncher
from stata_sessions.settings import Settings


def _install(folder: Path, *names: str) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch(mode=0o755)
    return [str(folder / name) for name in names]


def _below(folder: Path, programs: Iterable[str]) -> list[str]:
    """Leave out a Stata that this very machine may have."""
    return [program for program in programs if program.startswith(str(folder))]


def test_a_folder_offers_the_largest_flavour_first(tmp_path: Path) -> None:
    plain, large, medium = _install(tmp_path, "stata", "stata-mp", "stata-se")
    assert find_stata(str(tmp_path), "", {}).programs == [large, medium, plain]
    assert find_stata(str(tmp_path), "se", {}).programs == [medium]
    assert find_stata(str(tmp_path), "be", {}).programs == [plain]


@pytest.mark.parametrize("flavour", ["MP", "SE", "BE"])
def test_a_bundle_of_macos_is_looked_into(tmp_path: Path, flavour: str) -> None:
    name = {"MP": "stata-mp", "SE": "stata-se", "BE": "stata"}[flavour]
    (program,) = _install(tmp_path / f"Stata{flavour}.app/Contents/MacOS", name)
    assert find_stata(str(tmp_path), "", {}).programs == [program]


def test_a_program_is_taken_as_it_is_named(tmp_path: Path) -> None:
    (odd,) = _install(tmp_path, "my-own-stata")
    _install(tmp_path, "stata-mp")
    search = find_stata(odd, "", {})
    assert (search.programs, search.explicit) == ([odd], True)


@pytest.mark.parametrize("suffix", ["", "-mp", "-se"])
def test_a_windowed_stata_stands_for_its_console(tmp_path: Path, suffix: str) -> None:
    windowed, console = _install(tmp_path, f"xstata{suffix}", f"stata{suffix}")
    assert find_stata(windowed, "", {}).programs == [console]


def test_a_windowed_stata_without_a_console_is_taken_itself(tmp_path: Path) -> None:
    (windowed,) = _install(tmp_path, "xstata-mp")
    assert find_stata(windowed, "", {}).programs == [windowed]


@pytest.mark.parametrize("variable", ["STATA_PATH", "STATA_BINARY"])
def test_a_variable_names_it_too_and_alone(tmp_path: Path, variable: str) -> None:
    (named,) = _install(tmp_path / "named", "stata-mp")
    _install(tmp_path / "path", "stata-mp")
    environ = {variable: str(tmp_path / "named"), "PATH": str(tmp_path / "path")}
    search = find_stata("", "", environ)
    assert (search.programs, search.explicit) == ([named], True)


def test_the_setting_goes_before_the_variables(tmp_path: Path) -> None:
    (first,) = _install(tmp_path / "first", "stata-mp")
    _install(tmp_path / "second", "stata-mp")
    environ = {"STATA_PATH": str(tmp_path / "second")}
    assert find_stata(str(tmp_path / "first"), "", environ).programs == [first]


def test_a_named_place_without_stata_is_not_replaced_by_another(tmp_path: Path) -> None:
    _install(tmp_path / "path", "stata-mp")
    environ = {"PATH": str(tmp_path / "path")}
    search = find_stata(str(tmp_path / "nowhere"), "", environ)
    assert (search.programs, search.places) == ([], [str(tmp_path / "nowhere")])


def test_the_search_path_is_the_last_resort(tmp_path: Path) -> None:
    (second,) = _install(tmp_path / "b", "stata-se")
    (first,) = _install(tmp_path / "a", "stata")
    environ = {"PATH": f"{tmp_path}/a::{tmp_path}/b"}
    search = find_stata("", "", environ)
    assert (_below(tmp_path, search.programs), search.explicit) == ([first, second], False)


def test_what_cannot_be_run_is_no_stata(tmp_path: Path) -> None:
    (tmp_path / "stata-mp").touch(mode=0o644)
    (tmp_path / "stata-se").mkdir()
    assert find_stata(str(tmp_path), "", {}).programs == []


def test_the_home_folder_may_be_abbreviated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program,) = _install(tmp_path, "stata-mp")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_stata("~/stata-mp", "", {}).programs == [program]


def test_a_launcher_tries_only_the_named_one(tmp_path: Path) -> None:
    large, medium = _install(tmp_path, "stata-mp", "stata-se")
    named = LocalLauncher(Settings(stata_path=str(tmp_path)), {})
    searched = LocalLauncher(Settings(), {"PATH": str(tmp_path)})
    assert list(named.programs()) == [large]
    assert _below(tmp_path, searched.programs()) == [large, medium]


def test_a_launcher_says_where_it_looked_in_vain(tmp_path: Path) -> None:
    launcher = LocalLauncher(Settings(stata_path=str(tmp_path)), {})
    assert launcher.programs() == []
    assert str(tmp_path) in launcher.describe()
    assert "--console standin" in launcher.describe()
