"""Generated requests find the server as its document describes it, and only with a token.

Longer by hand: ``pytest --hypothesis-profile long --timeout 0 tests/http/test_schemathesis.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from stata_sessions.operations import OPERATIONS
from stata_sessions.sessions import Manager
from stata_sessions.web.app import create_app
from tests.doors import BOUND_S, ENVIRON, light_settings
from tests.fuzzing import examples

# Stata, or the disk, has the last word about these: code, input, a path, a condition, a topic.
# Whatever else fits the document has to be taken.
TO_BE_SEEN = {
    "call_tool",
    "create_session",
    "print_file",
    "print_selection",
    "send_input",
    "show_data",
    "show_help",
    "stream_file",
    "stream_selection",
    "submit_command",
    "view_data",
}
# Random code may wait for a line or sleep; nothing here shall take long.
QUICK: dict[str, Any] = {
    "command_timeout": 0.5,
    "break_grace": 0.2,
    "kill_grace": 0.2,
    "left_open_wait": 0.2,
}
TOKENS = 'ann = "token-of-ann"\nbob = "token-of-bob"\n'
SECRET = "what-ann-alone-may-see"
# What bob may try to get at ann's things.
NAMES = ["work@ann", "work", "default@ann", "work@ann@bob", "work@bob/../work@ann", "%77ork@ann"]
ROUTED = [each for each in OPERATIONS.values() if each.route]
# Told to anybody: whether the server answers, and whether new sessions may come.
PROBES = {"check_live", "check_ready"}
# A session is followed for as long as it lives, and its next output waited for as long as asked.
ENDLESS = {"stream_transcript", "read_transcript"}
# Where there are no arguments there are no wrong ones.
CASES = [
    (each.name, mode)
    for each in ROUTED
    for mode in GenerationMode
    if each.name not in ENDLESS and (each.input.model_fields or mode is GenerationMode.POSITIVE)
]
OF_SESSIONS = [each.name for each in ROUTED if "session_id" in each.input.model_fields]


@dataclass(frozen=True)
class Served:
    """The document of a server with tokens, and the server; ann has a session that is busy."""

    document: Any
    client: FlaskClient
    manager: Manager

    def strategy(self, name: str, mode: GenerationMode = GenerationMode.POSITIVE) -> Any:
        return self.document.find_operation_by_id(name).as_strategy(generation_mode=mode)

    def commands(self) -> int:
        return sum(each.view().commands for each in self.manager.sessions())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("generated")
    tokens = folder / "tokens"
    tokens.touch(0o600)
    tokens.write_text(TOKENS)
    given: dict[str, Any] = {"console": "standin", "stata_path": "", "tokens_file": str(tokens)}
    manager = Manager(light_settings(folder, **QUICK, **given), ENVIRON)
    app = create_app(manager.settings, manager)
    document = schemathesis.openapi.from_wsgi("/openapi.json", app, headers=shown("ann"))
    served = Served(document, app.test_client(), manager)
    for path, body in (
        ("/sessions", {"name": "work"}),
        ("/sessions/work/commands", {"code": f'display "{SECRET}"', "wait_s": BOUND_S}),
        ("/sessions/default/commands", {"code": f'display "{SECRET}"', "wait_s": BOUND_S}),
    ):
        assert served.client.post(path, json=body, headers=shown("ann")).status_code == 201
    yield served
    manager.shutdown()


def shown(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer token-of-{name}"}


def tried(count: int) -> settings:
    return settings(max_examples=examples(count), suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_answers_are_as_described(served: Served, name: str, mode: GenerationMode) -> None:
    excluded = [positive_data_acceptance] if name in TO_BE_SEEN else []

    @tried(12)
    @given(case=served.strategy(name, mode))
    def check(case: Any) -> None:
        if "wait_s" in case.query and mode is GenerationMode.POSITIVE:
            # A view that is given too little time has failed, and says so.
            case.query["wait_s"] = BOUND_S
        case.call_and_validate(headers=shown("bob"), excluded_checks=excluded)

    check()


@pytest.mark.parametrize("name", [each.name for each in ROUTED if each.name not in PROBES])
def test_nothing_is_answered_and_nothing_done_without_a_good_token(
    served: Served, name: str
) -> None:
    before = served.commands(), len(served.manager.sessions())

    @tried(4)
    @given(
        case=served.strategy(name),
        sent=st.sampled_from([{}, shown("nobody"), shown("anna"), {"Authorization": "Bearer"}]),
    )
    def check(case: Any, sent: dict[str, str]) -> None:
        answer = case.call(headers=sent)
        assert answer.status_code == 401, (case, sent)
        assert answer.json()["kind"] == "no-token"
        assert SECRET not in answer.text

    check()
    assert (served.commands(), len(served.manager.sessions())) == before


@pytest.mark.parametrize("name", OF_SESSIONS)
def test_nobody_gets_at_what_is_anothers(served: Served, name: str) -> None:
    @tried(8)
    @given(case=served.strategy(name), session=st.sampled_from(NAMES))
    def check(case: Any, session: str) -> None:
        for place in (case.path_parameters, case.query, case.body):
            if isinstance(place, dict) and (
                "session_id" in place or place is not case.path_parameters
            ):
                place["session_id"] = session
        answer = case.call(headers=shown("bob"))
        assert SECRET not in answer.text
        assert answer.status_code != 200 or "error" in answer.text.lower(), (case, answer.text)

    check()
    [work] = [each for each in served.manager.sessions() if each.name == "work@ann"]
    assert (work.state, work.view().commands) == ("ready", 1)
