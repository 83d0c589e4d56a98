"""Graphs that code drew are found, and come as pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.doors import ClientWith, body

HERE = "/sessions/default"
KEYS = {
    *("artifactId", "executionId", "batchId", "name", "logicalName", "displayName", "path"),
    *("filename", "format", "orderInBatch", "browserPath"),
}


@pytest.fixture
def client(client_with: ClientWith) -> FlaskClient:
    client = client_with(console="standin", stata_path="")
    run(client, "sysuse auto")
    return client


def run(client: FlaskClient, code: str, **given: Any) -> dict[str, Any]:
    call = {"tool": "run_selection", "parameters": {"selection": code, **given}}
    answer = body(client.post("/v1/tools", json=call))
    assert answer["return_code"] == 0, answer
    return answer


def test_a_graph_is_found_and_fetched(client: FlaskClient) -> None:
    answer = run(client, "scatter price mpg", execution_id="mine")
    (graph,) = answer["graphs"]
    assert graph.keys() == KEYS
    assert (graph["name"], graph["executionId"], graph["orderInBatch"]) == ("Graph", "mine", 0)
    picture = client.get(graph["browserPath"])
    assert picture.mimetype in ("image/png", "image/svg+xml")
    assert picture.data == Path(graph["path"]).read_bytes()
    assert client.get("/graphs/Graph").data == picture.data
    assert client.get("/graphs/Graph.png").data == picture.data


def test_only_new_and_changed_graphs_are_reported(client: FlaskClient) -> None:
    run(client, "scatter price mpg, name(first)")
    both = run(client, "scatter price weight, name(second)\nscatter mpg weight, name(third)")
    assert [each["name"] for each in both["graphs"]] == ["second", "third"]
    again = run(client, "scatter price length, name(second, replace)")
    assert [each["name"] for each in again["graphs"]] == ["second"]
    same = run(client, "scatter price length, name(second, replace)")
    assert [each["name"] for each in same["graphs"]] == ["second"]
    assert run(client, "display 1")["graphs"] is None


def test_graphs_in_memory_are_listed_and_exported(client: FlaskClient) -> None:
    run(client, "histogram price, name(h)")
    assert body(client.get(f"{HERE}/graphs"))["graphs"] == ["h"]
    assert client.get(f"{HERE}/graphs/h?format=svg").data.lstrip().startswith((b"<?xml", b"<svg"))
    missing = client.get(f"{HERE}/graphs/nothing")
    assert (missing.status_code, body(missing)["kind"]) == (404, "no-such-graph")


def test_a_stream_tells_its_graphs(client: FlaskClient) -> None:
    text = client.get("/run_selection/stream?selection=scatter price mpg").text
    rows = [row.removeprefix("data: ") for row in text.split("\n\n")]
    end = rows.index("*** Execution completed ***")
    assert rows[end + 1].startswith('__STATA_MCP_GRAPH_METADATA__:{"graphs":[{')
    assert rows[end + 2 : end + 6] == [
        "",
        "=" * 60,
        "GRAPHS DETECTED: 1 graph(s) created",
        "=" * 60,
    ]
    assert rows[end + 6].startswith("  • Graph: /")


@pytest.mark.parametrize("path", ["/graphs/none", "/graphs/batch/none/Graph.png"])
def test_pictures_that_are_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
