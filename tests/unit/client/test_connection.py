"""Addresses, and errors as the server raised them."""

from __future__ import annotations

import pytest

from stata_sessions import errors
from stata_sessions.client.connection import Address, error_of
from tests.house.errors_documents import error_classes


@pytest.mark.parametrize("wanted", list(error_classes()), ids=lambda each: each.kind)
def test_an_error_is_told_by_its_kind(wanted: type[errors.StataSessionsError]) -> None:
    error = error_of(wanted.kind, 400, "what is wrong", {"session": "a"})
    assert type(error) is wanted
    assert (str(error), error.message) == ("what is wrong", "what is wrong")
    assert error.facts == {"session": "a"}


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (422, errors.UsageError),
        (401, errors.AccessError),
        (410, errors.StateError),
        (429, errors.LimitError),
        (504, errors.ConsoleError),
        (500, errors.StataSessionsError),
    ],
)
def test_an_unknown_kind_is_told_by_its_status(
    status: int, wanted: type[errors.StataSessionsError]
) -> None:
    assert type(error_of("brand-new", status, "what", {})) is wanted


def test_what_is_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATA_SESSIONS_URL", "http://other:1/")
    monkeypatch.setenv("STATA_SESSIONS_TOKEN", "t")
    assert Address.of(None, None) == Address("http://other:1", "t")
    assert Address.of("http://here:2", "") == Address("http://here:2", "")
    monkeypatch.delenv("STATA_SESSIONS_URL")
    assert Address.of(None, None).url == "http://127.0.0.1:4000"


@pytest.mark.parametrize(
    "url",
    [
        *("127.0.0.1:4000", "ftp://here", "http://", "unix:"),
        *("http://here:port", "http://here:99999", "http://[::1", "http://he re", "http://he..re"),
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="not the address of a server"):
        Address.of(url, "").send("GET", "/health")
