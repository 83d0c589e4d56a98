"""Each error has a status, and its body tells a program what a person reads."""

from __future__ import annotations

import inspect

import pytest

from stata_sessions import errors
from stata_sessions.errors import (
    LaunchFailed,
    LaunchTimedOut,
    NoSuchSession,
    QueueFull,
    ServerStopping,
    SessionGone,
    StataSessionsError,
    TooManySessions,
)
from stata_sessions.web.errors import body_of, status_of

CLASSES = [
    each
    for _, each in inspect.getmembers(errors, inspect.isclass)
    if issubclass(each, StataSessionsError)
]
SERVER_FAULTS = {StataSessionsError, errors.ConfigurationError}


@pytest.mark.parametrize("each", CLASSES, ids=lambda each: each.__name__)
def test_only_our_own_faults_are_500(each: type[StataSessionsError]) -> None:
    assert (status_of(each) == 500) == (each in SERVER_FAULTS)


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (TooManySessions(4), 429, "Maximum sessions (4) reached"),
        (NoSuchSession("xyz789"), 404, "Session not found: xyz789"),
        (SessionGone("xyz789", "noon", "idle"), 410, "Session not found: xyz789"),
        (LaunchFailed("no licence"), 502, "Failed to initialize Stata: no licence"),
        (LaunchTimedOut("silent"), 504, "Failed to initialize Stata: silent"),
        (QueueFull("a", 100), 429, "Session a already has 100 commands waiting (queue_limit)"),
        (ServerStopping(), 503, "The server is stopping"),
    ],
)
def test_the_guides_texts_are_to_the_letter(
    error: StataSessionsError, status: int, text: str
) -> None:
    assert status_of(error) == status
    body = body_of(error)
    assert (body["status"], body["error"], body["kind"]) == ("error", text, error.kind)


def test_a_gone_session_tells_when_and_why() -> None:
    body = body_of(SessionGone("a", "noon", "unused for 3600 s"))
    assert body["ended_at"] == "noon"
    assert "unused for 3600 s" in str(body["message"])
