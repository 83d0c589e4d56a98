"""Generated requests find the server as its document describes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from stata_sessions.operations import OPERATIONS
from stata_sessions.sessions import Manager
from stata_sessions.web.app import create_app
from tests.doors import ENVIRON, light_settings

EXAMPLES = 12
# What makes sense as a request may still name no file, or hold a path that Stata cannot quote.
SEMANTIC = [positive_data_acceptance]
# Random code may wait for a line or sleep; nothing here shall take long.
QUICK: dict[str, Any] = {
    "command_timeout": 0.5,
    "break_grace": 0.2,
    "kill_grace": 0.2,
    "left_open_wait": 0.2,
}
# A session is followed for as long as it lives, and its next output waited for as long as asked.
ENDLESS = {"stream_transcript", "read_transcript"}
# Where there are no arguments there are no wrong ones.
CASES = [
    (each.name, mode)
    for each in OPERATIONS.values()
    for mode in GenerationMode
    if each.route
    and each.name not in ENDLESS
    and (each.input.model_fields or mode is GenerationMode.POSITIVE)
]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("generated")
    manager = Manager(light_settings(folder, console="standin", stata_path="", **QUICK), ENVIRON)
    yield schemathesis.openapi.from_wsgi("/openapi.json", create_app(manager.settings, manager))
    manager.shutdown()


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_answers_are_as_described(document: Any, name: str, mode: GenerationMode) -> None:
    operation = document.find_operation_by_id(name)

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        case.call_and_validate(excluded_checks=SEMANTIC)

    check()
