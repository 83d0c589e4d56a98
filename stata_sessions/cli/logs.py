"""The server's own log, to standard error: rows of text, or of JSON; one event each."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from queue import Full, Queue
from typing import Any, TextIO

from stata_sessions.ending import finish
from stata_sessions.errors import StataSessionsError
from stata_sessions.tracing import current_request

log = logging.getLogger(__name__)

# Of a message or a fact; of a traceback, whose end tells most.
TEXT_CHARACTERS = 4_000
TRACEBACK_CHARACTERS = 16_000
# What waits for whoever reads standard error; what comes when so much waits is counted only.
ROWS_LIMIT = 10_000
CLOSE_S = 5.0
# Characters that would begin a new row, or that a terminal obeys.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
FAULT = 70


class TextFormatter(logging.Formatter):
    """A row for people, and the rows of a traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a row."""
        message = _CONTROL.sub(lambda found: repr(found[0])[1:-1], cut(record.getMessage()))
        row = f"{self.formatTime(record)} {record.levelname} {record.name}: {message}"
        if request := _facts(record).get("request_id"):
            row += f" [request {request}]"
        if record.exc_info:
            row += "\n" + _end_of(self.formatException(record.exc_info))
        return row


class JsonFormatter(logging.Formatter):
    """One JSON object for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a row."""
        moment = datetime.fromtimestamp(record.created, UTC)
        row = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": cut(record.getMessage()),
            **_facts(record),
        }
        if record.exc_info:
            row["traceback"] = _end_of(self.formatException(record.exc_info))
        return json.dumps(row, ensure_ascii=False, default=str)


def cut(text: str) -> str:
    """Return the text, or the beginning of a long one."""
    if len(text) <= TEXT_CHARACTERS:
        return text
    return f"{text[:TEXT_CHARACTERS]}… ({len(text)} characters)"


def _end_of(traceback: str) -> str:
    hidden = len(traceback) - TRACEBACK_CHARACTERS
    return traceback if hidden <= 0 else f"({hidden} characters)…{traceback[hidden:]}"


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a record says for programs; the request is the present one unless it says."""
    request = current_request.get()
    facts = ({"request_id": request} if request else {}) | getattr(record, "facts", {})
    return {name: cut(each) if isinstance(each, str) else each for name, each in facts.items()}


class Writer(logging.Handler):
    """Hands rows to a thread that writes them: no session waits for whoever reads the log."""

    def __init__(self, stream: TextIO, limit: int = ROWS_LIMIT) -> None:
        super().__init__()
        self._stream = stream
        self._rows: Queue[str | None] = Queue(limit)
        self._missing = 0
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record."""
        try:
            if self._missing:
                told = {"facts": {"missing": self._missing}}
                text = "nobody read the log for a while: %d rows are missing"
                lost = log.makeRecord(
                    log.name, logging.WARNING, "", 0, text, (self._missing,), None, extra=told
                )
                self._rows.put_nowait(self.format(lost))
                self._missing = 0
            self._rows.put_nowait(self.format(record))
        except Full:
            self._missing += 1
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """Write what has been taken so far."""
        finish(self._thread, self._rows, CLOSE_S)
        super().close()

    def _write(self) -> None:
        while (row := self._rows.get()) is not None:
            # Nowhere is left to tell that standard error is closed, or its disk full.
            with contextlib.suppress(OSError, ValueError):
                self._stream.write(row + "\n")
                self._stream.flush()


@contextmanager
def logging_to(stream: TextIO, level: str, *, as_json: bool) -> Iterator[None]:
    """Log to a stream from this level on while the block lasts, faults of ours included."""
    handler = Writer(stream)
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    if level != "DEBUG":
        handler.addFilter(_is_telling)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    threads, objects = threading.excepthook, sys.unraisablehook
    threading.excepthook, sys.unraisablehook = _thread_failed, _object_failed
    try:
        yield
    except Exception as error:
        if isinstance(error, StataSessionsError) or not as_json:
            raise  # to be told in a sentence, or with a traceback for people
        log.critical("the server failed", exc_info=error)
        raise SystemExit(FAULT) from error
    finally:
        threading.excepthook, sys.unraisablehook = threads, objects
        logging.captureWarnings(False)
        logging.getLogger().removeHandler(handler)
        handler.close()


def _is_telling(record: logging.LogRecord) -> bool:
    """Leave out what waitress says of clients that left: viewers may, and health checks do."""
    return record.name != "waitress" or record.levelno > logging.INFO


def _thread_failed(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        name = told.thread.name if told.thread else "?"
        log.critical("thread %s failed", name, exc_info=told.exc_value)


def _object_failed(told: sys.UnraisableHookArgs) -> None:
    if told.exc_value is not None:
        log.error("%s", told.err_msg or "an object could not be tidied up", exc_info=told.exc_value)
