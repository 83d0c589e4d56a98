"""The log as rows of text or of JSON, and who waits for whom."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextvars import copy_context
from typing import Any

import pytest

from stata_sessions.cli.logs import (
    FAULT,
    TEXT_CHARACTERS,
    TRACEBACK_CHARACTERS,
    JsonFormatter,
    TextFormatter,
    Writer,
    logging_to,
)
from stata_sessions.errors import ConfigurationError
from stata_sessions.tracing import current_request
from tests.doors import BOUND_S, eventually

log = logging.getLogger("tea")


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Leave the log as pytest has set it up."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = before, level


def record(text: str, *given: object, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("tea", logging.ERROR, "", 1, text, given, None)
    made.created = 1_700_000_000.25
    vars(made).update(more)
    return made


def failure(text: str = "leaves") -> Any:
    try:
        raise ValueError(text)
    except ValueError:
        return sys.exc_info()


def test_a_json_row_has_it_all() -> None:
    facts = {"session": "a", "command": 3, "reason": None}
    shown = JsonFormatter().format(record("no %s", "tea", exc_info=failure(), facts=facts))
    row = json.loads(shown)
    assert "\n" not in shown
    assert row.pop("traceback").endswith("ValueError: leaves")
    assert row == {
        "time": "2023-11-14T22:13:20.250Z",
        "level": "ERROR",
        "logger": "tea",
        "message": "no tea",
        **facts,
    }


def test_a_row_of_text_is_one_row_whatever_it_says() -> None:
    shown = TextFormatter().format(record("no %s", "tea\n2026 ERROR forged\x1b[2J\u2028"))
    assert shown.endswith(r" ERROR tea: no tea\n2026 ERROR forged\x1b[2J\u2028")
    assert len(shown.splitlines()) == 1
    with_traceback = TextFormatter().format(record("no tea", exc_info=failure()))
    assert with_traceback.splitlines()[-1] == "ValueError: leaves"


def test_the_present_request_is_named_unless_the_row_names_its_own() -> None:
    def shown() -> list[str]:
        current_request.set("r1")
        facts = {"facts": {"request_id": "r2"}}
        return [
            json.loads(JsonFormatter().format(record("a")))["request_id"],
            json.loads(JsonFormatter().format(record("a", **facts)))["request_id"],
            TextFormatter().format(record("a"))[-12:],
        ]

    assert copy_context().run(shown) == ["r1", "r2", "[request r1]"]
    assert "request" not in JsonFormatter().format(record("a"))


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()])
def test_a_row_is_bounded(formatter: logging.Formatter) -> None:
    large = "x" * 10**6
    given = record(large, exc_info=failure(large), facts={"reason": large})
    assert len(formatter.format(given)) < 2 * TEXT_CHARACTERS + TRACEBACK_CHARACTERS + 1000


class Stalled(io.StringIO):
    """A log that nobody reads until told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_write = threading.Event()

    def write(self, text: str) -> int:
        assert self.may_write.wait(BOUND_S)
        return super().write(text)


def test_nobody_waits_for_whoever_reads_the_log() -> None:
    stream = Stalled()
    writer = Writer(stream, limit=5)
    writer.setFormatter(JsonFormatter())
    for number in range(50):
        writer.handle(record("row %d", number))
    stream.may_write.set()
    eventually(lambda: "row 0" in stream.getvalue() and writer._rows.empty())
    writer.handle(record("the last"))
    writer.close()
    rows = [json.loads(row) for row in stream.getvalue().splitlines()]
    messages = [row["message"] for row in rows]
    assert messages[0] == "row 0" and messages[-1] == "the last"
    missing = [row["missing"] for row in rows if "missing" in row]
    assert len(missing) == 1 and missing[0] + len(rows) - 2 == 50


class Closed(io.StringIO):
    """A log that cannot be written."""

    def write(self, text: str) -> int:
        raise OSError("no space left on device")


def test_a_log_that_cannot_be_written_stops_nothing() -> None:
    writer = Writer(Closed())
    writer.handle(record("a"))
    writer.handle(record("b"))
    writer.close()
    assert not writer._thread.is_alive()


def told(as_json: bool, fail: BaseException | None = None) -> list[dict[str, Any]]:
    """Return the rows of a log in which something goes wrong."""
    stream = io.StringIO()
    try:
        with logging_to(stream, "INFO", as_json=as_json):
            log.debug("not shown")
            log.info("shown")
            if fail:
                raise fail
            thread = threading.Thread(target=lambda: [][0], name="worker")
            thread.start()
            thread.join()
            warnings.warn("old", UserWarning, stacklevel=1)
    finally:
        rows = stream.getvalue().splitlines()
    return [json.loads(row) for row in rows]


@pytest.mark.filterwarnings("default::UserWarning")
def test_what_is_not_logged_by_us_is_a_row_too() -> None:
    shown, failed, warned = told(as_json=True)
    assert shown["message"] == "shown"
    assert (failed["level"], failed["message"]) == ("CRITICAL", "thread worker failed")
    assert failed["traceback"].endswith("IndexError: list index out of range")
    assert warned["logger"] == "py.warnings" and "UserWarning: old" in warned["message"]


@pytest.mark.parametrize(("level", "count"), [("INFO", 1), ("DEBUG", 2)])
def test_that_a_client_left_is_told_to_those_who_want_all(level: str, count: int) -> None:
    stream = io.StringIO()
    with logging_to(stream, level, as_json=False):
        logging.getLogger("waitress").info("Client disconnected while serving /health/live")
        logging.getLogger("waitress").error("Exception while serving /")
    assert stream.getvalue().count("while serving") == count


def test_a_fault_is_one_row_of_json_and_an_exit_status() -> None:
    stream = io.StringIO()
    with pytest.raises(SystemExit) as caught, logging_to(stream, "INFO", as_json=True):
        raise ValueError("leaves")
    assert caught.value.code == FAULT
    [row] = map(json.loads, stream.getvalue().splitlines())
    assert row["level"] == "CRITICAL" and row["traceback"].endswith("ValueError: leaves")


@pytest.mark.parametrize(
    ("as_json", "error"), [(False, ValueError("leaves")), (True, ConfigurationError("leaves"))]
)
def test_what_is_told_to_people_is_not_logged(as_json: bool, error: Exception) -> None:
    stream = io.StringIO()
    with pytest.raises(type(error)), logging_to(stream, "INFO", as_json=as_json):
        raise error
    assert stream.getvalue() == ""
