"""Events as text."""

from stata_sessions.sse import event


def test_an_event_has_its_id_and_name() -> None:
    assert event("x", id=3, name="end") == "id: 3\nevent: end\ndata: x\n\n"


def test_an_unnamed_event_is_only_data() -> None:
    assert event("x") == "data: x\n\n"


def test_each_line_is_marked() -> None:
    assert event("a\n\nb") == "data: a\ndata: \ndata: b\n\n"
