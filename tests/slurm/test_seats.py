"""Seats and nodes: who gets one, who waits, and for what."""

from __future__ import annotations

from pathlib import Path

from tests.doors import eventually
from tests.slurm.conftest import Cluster
from tests.slurm.serving import SEATS, WIDE, is_empty, ours, serving


def test_the_fourth_session_waits_for_a_seat(cluster: Cluster, folder: Path) -> None:
    with serving(cluster, folder, *SEATS, *WIDE) as server:
        seated = [server.open() for _ in range(3)]
        assert {server.place(each)["node"] for each in seated} == {"n1", "n2"}
        fourth = server.open(wait=False)
        place = eventually(lambda: _waits_for(server.place(fourth), "Licenses"))
        assert (place["position"], place["node"]) == (0, "")
        assert place["job"] in ours(cluster)
        assert server.show(fourth)["state"] == "starting"

        # Who gives up leaves no job behind.
        fifth = server.open(wait=False)
        behind = eventually(lambda: server.place(fifth)["job"])
        server.ask("DELETE", f"/sessions/{fifth}").raise_for_status()
        eventually(lambda: behind not in ours(cluster))

        server.ask("DELETE", f"/sessions/{seated[0]}").raise_for_status()
        server.becomes(fourth, "ready")
        assert server.place(fourth)["queued"] == ""
        assert "42" in server.run(fourth, "display 6*7")
    eventually(lambda: is_empty(cluster))


def _waits_for(place: dict[str, object], reason: str) -> dict[str, object]:
    return place if place["queued"] == reason else {}


def test_a_drained_node_gets_no_new_session(cluster: Cluster, folder: Path) -> None:
    with serving(cluster, folder, *WIDE) as server:
        before = server.open()
        node = server.place(before)["node"]
        cluster.ask("scontrol", "update", f"nodename={node}", "state=drain", "reason=test")
        try:
            assert {server.place(server.open())["node"], node} == {"n1", "n2"}
            assert "42" in server.run(before, "display 6*7")
        finally:
            cluster.ask("scontrol", "update", f"nodename={node}", "state=resume")
