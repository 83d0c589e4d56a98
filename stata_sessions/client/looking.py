"""What a client can see without changing anything: data, results and graphs, and the server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from stata_sessions.client.answers import (
    Data,
    Dataset,
    Results,
    built,
    dataset_of,
    result_set_of,
)
from stata_sessions.client.connection import Address, segment

DEFAULT = "default"
# How long one request waits for a command; then another is made. Proxies cut longer ones.
LOOK_S = 25.0


class Looker:
    """Asks a server at an address; every method raises the error that the server answers."""

    address: Address

    def results(self, session_id: str | None = None) -> Results:
        """Return r(), e() and s()."""
        found = self._call("GET", path_of(session_id) + "/results", wait_s=LOOK_S)
        return Results(*(result_set_of(found[kind]) for kind in "res"))

    def data(
        self,
        session_id: str | None = None,
        *,
        offset: int = 0,
        limit: int = 100,
        condition: str | None = None,
    ) -> Data:
        """Return rows of the data in memory; ``condition`` is what would follow Stata's if."""
        query = {"offset": offset, "limit": limit, "condition": condition}
        path = path_of(session_id) + "/data"
        return built(Data, self._call("GET", path, query=query, wait_s=LOOK_S))

    def variables(self, session_id: str | None = None) -> Dataset:
        """Return what describes the data in memory and its variables."""
        path = path_of(session_id) + "/variables"
        return dataset_of(self._call("GET", path, wait_s=LOOK_S))

    def graphs(self, session_id: str | None = None) -> list[str]:
        """Return the names of the graphs in memory."""
        path = path_of(session_id) + "/graphs"
        return list(self._call("GET", path, wait_s=LOOK_S)["graphs"])

    def graph(self, name: str, session_id: str | None = None, *, format: str = "auto") -> bytes:
        """Return a graph as a picture: png, svg, or auto for whichever the console can."""
        path = f"{path_of(session_id)}/graphs/{segment(name)}"
        return self._read(path, {"format": format})

    def check_ready(self) -> None:
        """Raise NotReady if new sessions had better go elsewhere; needs no token."""
        self._call("GET", "/health/ready")

    def health(self) -> dict[str, Any]:
        """Return the server's version, and which console it runs."""
        return self._call("GET", "/health")

    def _call(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        with self.address.send(method, path, **given) as response:
            return dict(json.load(response))

    def _read(self, path: str, query: Mapping[str, Any]) -> bytes:
        with self.address.send("GET", path, query=query, wait_s=LOOK_S) as response:
            return response.read()


def path_of(session_id: str | None) -> str:
    """Return where a session is, the default one if none is named."""
    return f"/sessions/{segment(session_id or DEFAULT)}"
