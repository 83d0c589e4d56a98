"""Whoever is refused because of a limit is told which one it is, and when to come back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from stata_sessions.client import Client
from stata_sessions.errors import NoLicenceSeat
from tests.consoles.licence import lock_seat
from tests.doors import BOUND_S, eventually, light_console, light_settings
from tests.live.conftest import LiveServer, serving

TOKENS = 'ann = {token = "token of ann", max_sessions = 1}\n'
FOR_LONG = {"licence_wait": 500.0, "licence_wait_limit": 900.0}
SAID = "Too many users: no licence seat is free"

Provoke = Callable[[LiveServer, ExitStack], requests.Response]


@dataclass(frozen=True)
class Refusal:
    """How to be refused, and what the answer has to say."""

    name: str
    provoke: Provoke
    status: int
    kind: str
    setting: str
    settings: dict[str, Any] = field(default_factory=dict)
    vices: str = ""

    def __str__(self) -> str:
        return self.name


def ask(live: LiveServer, method: str, path: str, **given: Any) -> requests.Response:
    return requests.request(method, f"{live.url}{path}", timeout=BOUND_S, **given)


def create(live: LiveServer, **given: Any) -> requests.Response:
    return ask(live, "POST", "/sessions", json=given)


def submit(live: LiveServer, code: str, session: str = "default") -> requests.Response:
    return ask(live, "POST", f"/sessions/{session}/commands", json={"code": code})


def one_session_more(live: LiveServer, stack: ExitStack) -> requests.Response:
    assert create(live).status_code == 201
    return create(live)


def one_command_more(live: LiveServer, stack: ExitStack) -> requests.Response:
    assert submit(live, "sleep 60000").status_code == 201
    eventually(lambda: live.manager.get().view().running)
    assert submit(live, "display 1").status_code == 201
    return submit(live, "display 2")


def one_stream_more(live: LiveServer, stack: ExitStack) -> requests.Response:
    assert submit(live, "sleep 60000").status_code == 201
    path = "/sessions/default/commands/1/stream"
    first = stack.enter_context(closing(ask(live, "GET", path, stream=True)))
    assert first.status_code == 200
    return ask(live, "GET", path)


def one_session_more_of_a_name(live: LiveServer, stack: ExitStack) -> requests.Response:
    headers = {"Authorization": "Bearer token of ann"}
    assert ask(live, "POST", "/sessions", json={}, headers=headers).status_code == 201
    return ask(live, "POST", "/sessions", json={}, headers=headers)


def a_session(live: LiveServer, stack: ExitStack) -> requests.Response:
    return create(live)


def a_session_that_nobody_waits_for(live: LiveServer, stack: ExitStack) -> requests.Response:
    assert create(live).status_code == 503
    return create(live, wait=False)


def a_command(live: LiveServer, stack: ExitStack) -> requests.Response:
    return submit(live, "display 1")


def a_restart(live: LiveServer, stack: ExitStack) -> requests.Response:
    """Give the only seat to a session, lose it to somebody else, and want it back."""
    assert create(live, name="one").status_code == 201
    ask(live, "POST", "/sessions/one/stop", json={"force": True, "wait_s": 10})
    folder = Path(live.settings.working_dir)
    seat = eventually(lambda: lock_seat(str(folder), 0))
    assert seat
    stack.callback(os.close, seat)
    return ask(live, "POST", "/sessions/one/restart")


def a_session_of_a_server_that_stops(live: LiveServer, stack: ExitStack) -> requests.Response:
    live.manager.shutdown()
    return create(live)


NO_SEAT = "licence-seats=0,licence-folder={folder}"
ONE_SEAT = "licence-seats=1,licence-folder={folder}"
REFUSALS = (
    Refusal(
        "max_sessions", one_session_more, 429, "too-many-sessions", "max_sessions",
        {"max_sessions": 2},
    ),
    Refusal(
        "queue", one_command_more, 429, "queue-full", "queue_limit", {"queue_limit": 1}
    ),
    Refusal(
        "streams", one_stream_more, 429, "too-many-streams", "streams_limit", {"streams_limit": 1}
    ),
    Refusal(
        "token quota", one_session_more_of_a_name, 429, "too-many-sessions",
        "max_sessions of this name in tokens_file", {"tokens_file": "{folder}/tokens.toml"},
    ),
    Refusal(
        "memory of the machine", a_session, 503, "too-little-memory", "free_memory_mb",
        {"free_memory_mb": 2**24},
    ),
    Refusal(
        "memory, default session", a_command, 503, "too-little-memory", "free_memory_mb",
        {"free_memory_mb": 2**24},
    ),
    Refusal(
        "seats known", one_session_more, 503, "no-licence-seat", "licence_seats",
        {"licence_seats": 1},
    ),
    Refusal("seat refused", a_session, 503, "no-licence-seat", "", FOR_LONG, NO_SEAT),
    Refusal(
        "seat refused, default session", a_command, 503, "no-licence-seat", "", FOR_LONG, NO_SEAT
    ),
    Refusal("seat refused, restart", a_restart, 503, "no-licence-seat", "", FOR_LONG, ONE_SEAT),
    Refusal(
        "licence left alone", a_session_that_nobody_waits_for, 503, "no-licence-seat", "",
        FOR_LONG, NO_SEAT,
    ),
    Refusal(
        "server stopping", a_session_of_a_server_that_stops, 503, "server-stopping", ""
    ),
)  # fmt: skip


@contextmanager
def refusing(folder: Path, refusal: Refusal) -> Iterator[LiveServer]:
    tokens = folder / "tokens.toml"
    tokens.touch(0o600)
    tokens.write_text(TOKENS)
    settings = {
        name: value.format(folder=folder) if isinstance(value, str) else value
        for name, value in refusal.settings.items()
    }
    console = light_console(folder, refusal.vices.format(folder=folder))
    with serving(light_settings(folder, stata_path=str(console), **settings)) as live:
        yield live


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_it_names_the_limit_and_when_to_come_back(refusal: Refusal, tmp_path: Path) -> None:
    with refusing(tmp_path, refusal) as live, ExitStack() as stack:
        answer = refusal.provoke(live, stack)
        told = answer.json()
        assert (answer.status_code, told["kind"]) == (refusal.status, refusal.kind)
        assert told["status"] == "error"
        wait_s = int(answer.headers["Retry-After"])
        assert told["retry_after_s"] == wait_s
        if refusal.setting:
            assert told["setting"] == refusal.setting
            assert refusal.setting in told["message"]
        if refusal.settings is FOR_LONG:
            # The time is known here: it is the server that will not ask before.
            assert 400 < wait_s <= 500
            assert told["last_rows"] == SAID and SAID in told["message"]
        else:
            assert 0 < wait_s <= 60


def test_health_and_our_own_client_know_of_a_refused_seat(tmp_path: Path) -> None:
    vices = NO_SEAT.format(folder=tmp_path)
    console = light_console(tmp_path, vices)
    with serving(light_settings(tmp_path, stata_path=str(console), **FOR_LONG)) as live:
        before = ask(live, "GET", "/health").json()["licence"]
        assert before == {
            "seats": 0,
            "taken": 0,
            "is_refusing": False,
            "reason": "",
            "retry_after_s": None,
            "refusals": 0,
        }
        with pytest.raises(NoLicenceSeat, match=SAID) as raised:
            Client(live.url).create_session()
        assert raised.value.retry_after_s and 400 < raised.value.retry_after_s <= 500
        told = ask(live, "GET", "/health").json()["licence"]
        assert (told["is_refusing"], told["reason"], told["refusals"]) == (True, SAID, 1)
        assert 400 < told["retry_after_s"] <= 500
        assert 'stata_sessions_refusals_total{limit="no-licence-seat"} 1.0' in (
            ask(live, "GET", "/metrics").text
        )


def test_older_clients_are_told_in_a_sentence(tmp_path: Path) -> None:
    console = light_console(tmp_path, NO_SEAT.format(folder=tmp_path))
    with serving(light_settings(tmp_path, stata_path=str(console), **FOR_LONG)) as live:
        code = {"selection": "display 1"}
        text = ask(live, "POST", "/run_selection", params=code)
        assert text.status_code == 200
        assert text.text.startswith("Error: Failed to initialize Stata: ") and SAID in text.text
        tool = ask(live, "POST", "/v1/tools", json={"tool": "run_selection", "parameters": code})
        assert tool.json()["kind"] == "no-licence-seat"
        assert SAID in tool.json()["message"] and "is asked again in" in tool.json()["message"]
