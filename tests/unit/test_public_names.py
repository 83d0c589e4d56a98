"""What ``import stata_sessions`` offers."""

import pytest

import stata_sessions
from stata_sessions import client


@pytest.mark.parametrize("name", ["Client", "create_session", "destroy_session", "execute"])
def test_the_clients_names_are_at_the_top(name: str) -> None:
    assert getattr(stata_sessions, name) is getattr(client, name)


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        stata_sessions.nothing  # noqa: B018  # looking it up is the point
