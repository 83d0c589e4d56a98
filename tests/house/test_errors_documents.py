"""Every error has a stable kind, an HTTP and an exit status, and a row in docs/errors.rst.

When the last one fails: ``.venv/bin/python -m tests.house.errors_documents``.
"""

import re
from collections import Counter

import pytest

from stata_sessions.errors import ConfigurationError
from stata_sessions.web.errors import status_of
from tests.house.errors_documents import (
    DOCUMENT,
    ErrorClass,
    error_classes,
    exit_status_of,
    with_table,
)

CLASSES = list(error_classes())
OVER_HTTP = [each for each in CLASSES if each is not ConfigurationError]


def test_kinds_are_unique_words_for_programs() -> None:
    kinds = [each.kind for each in CLASSES]
    assert [kind for kind, count in Counter(kinds).items() if count > 1] == []
    assert [kind for kind in kinds if not re.fullmatch(r"[a-z]+(-[a-z]+)*", kind)] == []


@pytest.mark.parametrize("error", OVER_HTTP, ids=lambda each: each.kind)
def test_an_error_on_purpose_is_never_an_internal_error(error: ErrorClass) -> None:
    assert 400 <= status_of(error) < 600
    assert status_of(error) != 500


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.kind)
def test_an_error_on_purpose_is_never_a_fault(error: ErrorClass) -> None:
    assert exit_status_of(error) in {2, 3, 4}


def test_the_document_shows_every_error() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert document == with_table(document)
