"""Files of tokens: what is in them, and who else may read them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from stata_sessions.errors import ConfigurationError
from stata_sessions.settings import Settings, load_settings
from stata_sessions.web.tokens import Tokens

ANN = 'ann = "token of ann"\n'


def written(file: Path, text: str) -> str:
    file.touch(0o600)
    file.write_text(text)
    return str(file)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ann = secret", "not valid TOML"),
        ("", "empty"),
        ('ann = ""', "ann has no token"),
        ("ann = 1", "ann has no token"),
        ('"a@b" = "secret"', "no name"),
        ('ann = "secret"\nbob = "secret"', "twice"),
        ('ann = "single"', "twice"),
        ('ann = {token = "secret", role = "king"}', "role: user or admin"),
        ('ann = {token = "secret", quota = 3}', "may have token, max_sessions"),
        ('ann = {token = "secret", max_sessions = 0}', "max_sessions of ann"),
        ('ann = "secrét"', "printable ASCII"),
        ('ann = "secret\\tsecret"', "printable ASCII"),
        ("ann = " + "[" * 100_000, "not valid TOML"),
    ],
)
def test_a_wrong_file_stops_the_start_without_showing_a_token(
    tmp_path: Path, text: str, says: str
) -> None:
    settings = Settings(token="single", tokens_file=written(tmp_path / "tokens", text))
    with pytest.raises(ConfigurationError, match="tokens_file") as caught:
        Tokens(settings)
    assert says in str(caught.value) and "secret" not in str(caught.value)


@pytest.mark.parametrize("key", ["token_file", "tokens_file"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o777])
def test_nobody_else_may_be_able_to_read_it(tmp_path: Path, key: str, mode: int) -> None:
    file = tmp_path / "tokens"
    given: dict[str, Any] = {key: written(file, 'ann = "secret"')}
    Tokens(Settings(**given))
    file.chmod(mode)
    with pytest.raises(ConfigurationError, match=f"{key} = .*chmod 600") as caught:
        Tokens(Settings(**given))
    assert "secret" not in str(caught.value)
    link = tmp_path / "link"
    link.symlink_to(file)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        Tokens(Settings(**(given | {key: str(link)})))


@pytest.mark.parametrize("key", ["token_file", "tokens_file"])
def test_it_must_be_there_and_text(tmp_path: Path, key: str) -> None:
    given: dict[str, Any] = {key: str(tmp_path / "nowhere")}
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Tokens(Settings(**given))
    (tmp_path / "nowhere").touch(0o600)
    (tmp_path / "nowhere").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="UTF-8"):
        Tokens(Settings(**given))


@pytest.mark.parametrize("token", ["two\nrows", "gr\xfcn", "a\x7fb"])
def test_a_token_that_no_header_carries_is_refused_unseen(tmp_path: Path, token: str) -> None:
    own, file = {"token": token}, {"token_file": written(tmp_path / "token", token)}
    places: list[dict[str, Any]] = [own, file]
    for given in places:
        with pytest.raises(ConfigurationError, match="printable ASCII") as caught:
            Tokens(Settings(**given))
        assert token not in str(caught.value) and repr(token) not in str(caught.value)


def test_an_administrator_may_let_our_group_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tokens"
    settings = Settings(tokens_file=written(file, ANN))
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    file.chmod(0o440)
    assert Tokens(settings).holder("token of ann")
    for mode in (0o660, 0o444):
        file.chmod(mode)
        with pytest.raises(ConfigurationError, match="chmod 600"):
            Tokens(settings)


def test_named_tokens_are_enough_off_loopback_and_need_many_sessions(tmp_path: Path) -> None:
    flags = {"tokens_file": written(tmp_path / "tokens", ANN), "host": "0.0.0.0"}
    assert load_settings(flags, {}).host == "0.0.0.0"
    with pytest.raises(ConfigurationError, match="multi_session"):
        load_settings(flags | {"multi_session": False}, {})
