"""The errors as docs/errors.rst shows them.

``python -m tests.house.errors_documents`` writes the table anew; a test compares it.
"""

from __future__ import annotations

from collections.abc import Iterator

from stata_sessions.cli.group import EXIT_STATUSES
from stata_sessions.errors import ConfigurationError, StataSessionsError
from stata_sessions.web.errors import status_of
from tests.house.settings_documents import between_marks, simple_table
from tests.house.source import ROOT

DOCUMENT = ROOT / "docs" / "errors.rst"
BEGIN, END = ".. errors begin\n", ".. errors end\n"

ErrorClass = type[StataSessionsError]


def error_classes(root: ErrorClass = StataSessionsError) -> Iterator[ErrorClass]:
    """Yield every error class below the root, parents before children."""
    for child in root.__subclasses__():
        if child.__bases__[0] is root:
            yield child
            yield from error_classes(child)


def errors_table() -> str:
    """Render a row for each error, in the order of the source."""
    rows: list[tuple[str, ...]] = [("Kind", "HTTP", "Exit", "What it means")]
    rows += [
        (f"``{each.kind}``", http_of(each), str(exit_status_of(each)), purpose_of(each))
        for each in error_classes()
    ]
    return simple_table(rows)


def http_of(error: ErrorClass) -> str:
    """Return the status as text; one error is never over HTTP."""
    return "" if error is ConfigurationError else str(status_of(error))


def exit_status_of(error: ErrorClass) -> int:
    """Return the exit status of the command line."""
    return next(EXIT_STATUSES[each] for each in error.__mro__ if each in EXIT_STATUSES)


def purpose_of(error: ErrorClass) -> str:
    """Return the first sentence of the docstring."""
    return (error.__doc__ or "").partition("\n")[0]


def with_table(document: str) -> str:
    """Return the document with its table made anew."""
    return between_marks(document, BEGIN, errors_table(), END)


if __name__ == "__main__":
    DOCUMENT.write_text(with_table(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
