"""Pages of live output, without a connection."""

from __future__ import annotations

from flask.testing import FlaskClient

from stata_sessions.sessions import Manager
from stata_sessions.web.stream import pages
from tests.doors import body


def test_a_silent_command_shows_that_it_lives(manager: Manager) -> None:
    command = manager.get().submit("sleep 60000")
    stream = pages(command, 0, lambda: False, heartbeat_s=0.1)
    assert "" in [text for _, text in (next(stream), next(stream))]
    manager.get().stop()
    assert "r(1);" in "".join(text for _, text in stream)


def test_a_viewer_that_left_is_served_no_more(manager: Manager) -> None:
    command = manager.get().submit("display 1")
    assert command.wait(20)
    assert list(pages(command, 0, lambda: True)) == []


def test_a_stopping_server_says_so(client: FlaskClient, manager: Manager) -> None:
    manager.shutdown()
    answer = client.post("/sessions")
    assert (answer.status_code, body(answer)["kind"]) == (503, "server-stopping")
    assert answer.headers["Retry-After"]
