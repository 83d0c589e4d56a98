"""Ids that tell which of several servers made them."""

import pytest

from tests.doors import ClientWith, body


def test_ids_begin_with_the_prefix_and_chosen_names_do_not(client_with: ClientWith) -> None:
    client = client_with(session_prefix="a.")
    assert body(client.post("/sessions"))["session_id"].startswith("a.")
    assert body(client.post("/sessions", json={"name": "work"}))["session_id"] == "work"


@pytest.mark.parametrize("name", ["a.work", "b.work"])
def test_nobody_chooses_a_name_that_looks_like_an_id(client_with: ClientWith, name: str) -> None:
    client = client_with(session_prefix="a.")
    assert client.post("/sessions", json={"name": name}).status_code == 422


def test_an_id_that_is_gone_is_not_created_anew(client_with: ClientWith) -> None:
    client = client_with(session_prefix="a.", auto_create=True)
    answer = client.post("/run_selection?session_id=a.1a2b3c4d", data="display 1")
    assert "Session not found: a.1a2b3c4d" in answer.text
    answer = client.post("/run_selection?session_id=work", data="display 1")
    assert answer.text.split() == [".", "display", "1", "1"]
