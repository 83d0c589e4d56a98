"""Several hear of everything, and none spoils it for the others."""

from __future__ import annotations

import pytest

from stata_sessions.sessions import SessionView
from stata_sessions.sessions.listener import Listener, Listeners
from tests.unit.sessions.test_losses import LOST


class Heard(Listener):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def session_changed(self, session: SessionView) -> None:
        self.told.append(session.name)

    def console_printed(self, size_bytes: int) -> None:
        self.told.append(size_bytes)


class Broken(Listener):
    """Fails at each word."""

    def session_changed(self, session: SessionView) -> None:
        raise ValueError("no")

    def console_printed(self, size_bytes: int) -> None:
        raise ValueError("no")


def test_one_that_fails_is_logged_and_the_others_are_told(caplog: pytest.LogCaptureFixture) -> None:
    early, late = Heard(), Heard()
    listeners = Listeners(early, Broken())
    listeners.console_printed(7)
    listeners.add(late)
    listeners.session_changed(LOST)
    assert early.told == [7, LOST.name] and late.told == [LOST.name]
    assert [record.message for record in caplog.records] == ["Broken failed", "Broken failed"]
