"""The log as rows of text or of JSON."""

from __future__ import annotations

import json
import logging
import sys

from stata_sessions.cli.logs import JsonFormatter


def test_a_json_row_has_it_all() -> None:
    try:
        raise ValueError("leaves")
    except ValueError:
        record = logging.LogRecord("tea", logging.ERROR, "", 1, "no %s", ("tea",), sys.exc_info())
    record.created = 1_700_000_000.25
    row = json.loads(JsonFormatter().format(record))
    assert row.pop("exception").endswith("ValueError: leaves")
    assert row == {
        "time": "2023-11-14T22:13:20.250Z",
        "level": "ERROR",
        "logger": "tea",
        "message": "no tea",
    }
