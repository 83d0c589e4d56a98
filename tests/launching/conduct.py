"""What a session does wherever its console runs, as a client of the server sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from stata_sessions.client import Client
from stata_sessions.states import SessionState
from tests.doors import BOUND_S, eventually
from tests.live.conftest import LiveServer

FOREVER = "while 1 {\nlocal x = 1\n}"


@contextmanager
def client_of(live: LiveServer) -> Iterator[Client]:
    """Return a client, and close what it has opened."""
    client = Client(live.url)
    yield client
    for each in client.sessions():
        if not each.is_default:
            client.destroy_session(each.session_id)


def check_a_break(stata: Client) -> None:
    """Break a running command; the data stay."""
    session_id = stata.create_session()
    stata.execute("scalar kept = 5", session_id)
    command = stata.submit(FOREVER, session_id)
    eventually(lambda: stata.session(session_id).running == command.number)
    assert stata.stop(session_id, wait_s=BOUND_S).status == "stopped"
    assert stata.execute("display kept", session_id).output.endswith("\n5\n")


def check_input(stata: Client) -> None:
    """Answer a console that asks for input."""
    session_id = stata.create_session()
    command = stata.submit("pause on\npause look\ndisplay 7", session_id)
    eventually(lambda: stata.session(session_id).state is SessionState.AWAITING_INPUT)
    stata.send_input("end", session_id)
    assert stata.wait(command).output.endswith("\n7\n")
