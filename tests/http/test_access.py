"""Token, Host and Origin are checked before anything else."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.doors import ClientWith, body

TOKEN = "correct-horse"


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:4000", "127.0.0.1:4000", "[::1]:4000", "LOCALHOST"]
)
def test_hosts_that_are_this_machine(client: FlaskClient, host: str) -> None:
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:4000", "10.0.0.1", ""])
def test_other_hosts_are_misdirected(client: FlaskClient, host: str) -> None:
    answer = client.get("/health", headers={"Host": host})
    assert answer.status_code == 421
    assert body(answer)["kind"] == "wrong-host"


def test_the_operator_may_allow_a_host(client_with: ClientWith) -> None:
    client = client_with(allowed_hosts=("stata.example.org",))
    assert client.get("/health", headers={"Host": "stata.example.org:80"}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "file://"])
def test_pages_from_elsewhere_are_refused(client: FlaskClient, origin: str) -> None:
    answer = client.post("/run_selection", data="display 1", headers={"Origin": origin})
    assert answer.status_code == 403
    assert body(answer)["kind"] == "wrong-origin"


def test_the_servers_own_pages_may_ask(client: FlaskClient) -> None:
    headers = {"Origin": "http://localhost:4000", "Host": "localhost:4000"}
    assert client.get("/health", headers=headers).status_code == 200


def test_the_operator_may_allow_an_origin(client_with: ClientWith) -> None:
    client = client_with(allowed_origins=("https://app.example.org",))
    answer = client.get("/health", headers={"Origin": "https://app.example.org"})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.org"
    assert "Access-Control-Allow-Origin" not in client.get("/health").headers


def words(header: str) -> set[str]:
    return {each.strip().lower() for each in header.split(",")}


def test_an_assistant_on_an_allowed_page_speaks_mcp(client_with: ClientWith) -> None:
    origin = {"Origin": "https://app.example.org"}
    client = client_with(token=TOKEN, allowed_origins=(origin["Origin"],))
    sent = {
        "Authorization": f"Bearer {TOKEN}",
        "Accept": "application/json, text/event-stream",
        "Content-Type": "application/json",
        "MCP-Protocol-Version": "2025-11-25",
    }
    asked = {
        "Access-Control-Request-Method": "POST",
        # "Accept" needs no leave; the others are those of the newest clients.
        "Access-Control-Request-Headers": "authorization,content-type,mcp-protocol-version,"
        "mcp-session-id,mcp-method,mcp-name,last-event-id",
    }
    leave = client.options("/mcp", headers=origin | asked).headers
    allowed = words(leave["Access-Control-Allow-Headers"])
    assert words(asked["Access-Control-Request-Headers"]) <= allowed
    client_info = {"name": "page", "version": "1"}
    params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client_info}
    call = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    answer = client.post("/mcp", json=call, headers=origin | sent)
    assert answer.status_code == 200 and answer.headers["Mcp-Session-Id"]
    assert answer.headers["Access-Control-Allow-Origin"] == origin["Origin"]
    assert "mcp-session-id" in words(answer.headers["Access-Control-Expose-Headers"])


def test_an_assistant_on_any_other_page_does_not(client: FlaskClient) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/mcp", headers=asked)
    assert answer.status_code == 403
    assert "Access-Control-Allow-Headers" not in answer.headers


def test_a_picture_on_another_page_runs_nothing(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    answer = client.get("/run_file?file_path=/tmp/a.do", headers=headers)
    assert answer.status_code == 403


def test_a_link_on_another_page_runs_nothing(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/run_file?file_path=/tmp/a.do", headers=headers).status_code == 403
    assert client.get("/docs", headers=headers).status_code == 200


def basic(password: str) -> str:
    return "Basic " + b64encode(f"stata:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (None, 401),
        ("Bearer wrong", 401),
        ("Bearer ", 401),
        ("nonsense", 401),
        (basic("wrong"), 401),
        (f"Bearer {TOKEN}", 200),
        (basic(TOKEN), 200),
    ],
)
def test_the_token_opens_every_route(
    client_with: ClientWith, sent: str | None, status: int
) -> None:
    headers = {} if sent is None else {"Authorization": sent}
    client = client_with(token=TOKEN)
    for path in ("/health", "/sessions", "/openapi.json", "/docs", "/metrics"):
        answer = client.get(path, headers=headers)
        assert answer.status_code == status
    if status == 401:
        assert body(client.get("/health", headers=headers))["kind"] == "no-token"
        assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_the_token_may_lie_in_a_file(client_with: ClientWith, tmp_path: Path) -> None:
    (tmp_path / "token").touch(0o600)
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    client = client_with(token_file=str(tmp_path / "token"))
    assert client.get("/health").status_code == 401
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/health", headers=headers).status_code == 200


def test_a_browser_may_ask_before_it_sends_the_token(client_with: ClientWith) -> None:
    client = client_with(token=TOKEN, allowed_origins=("https://app.example.org",))
    asked = {"Origin": "https://app.example.org", "Access-Control-Request-Method": "DELETE"}
    answer = client.options("/sessions/default", headers=asked)
    assert answer.status_code == 204
    assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]
    refused = client.options("/sessions/default", headers={"Origin": "http://evil.example"})
    assert refused.status_code == 403


def test_only_a_browser_that_opens_an_address_asks_its_user(client_with: ClientWith) -> None:
    client = client_with(token=TOKEN)
    opened = client.get("/docs", headers={"Sec-Fetch-Mode": "navigate"})
    assert "Basic" in opened.headers["WWW-Authenticate"]
    fetched = client.get("/sessions", headers={"Sec-Fetch-Mode": "cors"})
    assert fetched.headers["WWW-Authenticate"] == "Bearer"


# What holds nothing of anybody's: the page that asks its viewer for the token, and the two probes.
OPEN = {"/", "/pages/<name>", "/health/live", "/health/ready"}


def test_nothing_else_answers_without_a_token(client_with: ClientWith) -> None:
    client = client_with(token=TOKEN)
    answered = {}
    for rule in client.application.url_map.iter_rules():
        path = re.sub("<[^>]*>", "1", rule.rule)
        for method in rule.methods or ():
            with client.open(path, method=method) as answer:
                answered[rule.rule, method] = answer.status_code
    assert len(answered) > 100
    shut = {rule: status for rule, status in answered.items() if rule[0] not in OPEN}
    assert {rule: status for rule, status in shut.items() if status != 401} == {}
    for path in ("/pages/../sessions", "/pages/%2e%2e/sessions", "/health/live/../x"):
        assert client.get(path).status_code in (401, 404)
    assert client.post("/pages/x").status_code == 405
