"""A real server whose sessions are jobs of the tests' Slurm."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import requests

from tests.cli.running import ServerProcess, by_path, server_process
from tests.doors import eventually
from tests.slurm.conftest import Cluster

Object = dict[str, Any]
SEATS = ["--slurm-licences", "stata:1"]
# Two on a node, so that three sessions are never all on the same one.
WIDE = ["--job-cpus", "4"]
# Slurm notices a node that is gone after ten seconds, and a starting machine may be slow.
LONG_S = 60.0


@dataclass(frozen=True)
class Server:
    """A server, and the cluster that its sessions run on."""

    live: ServerProcess
    cluster: Cluster

    @property
    def process(self) -> psutil.Process:
        """Its process."""
        return psutil.Process(self.live.process.pid)

    def ask(self, method: str, path: str, **given: Any) -> requests.Response:
        """Send a request."""
        return requests.request(method, self.live.url + path, timeout=2 * LONG_S, **given)

    def open(self, *, wait: bool = True, **options: str) -> str:
        """Open a session and return its id."""
        answer = self.ask("POST", "/sessions", json={"wait": wait, "options": options})
        assert answer.status_code == 201, answer.text
        session = str(answer.json()["session_id"])
        if wait:  # a server does not wait for ever for a place
            self.becomes(session, "ready")
        return session

    def show(self, session: str) -> Object:
        """Return what the server tells of a session."""
        found = self.ask("GET", f"/sessions/{session}").json()
        assert isinstance(found, dict)
        return found

    def place(self, session: str) -> Object:
        """Return where a session runs, or what it waits for; all of it is unknown at first."""
        return dict(self.show(session)["place"] or {"job": "", "node": "", "queued": ""})

    def becomes(self, session: str, state: str) -> Object:
        """Wait until a session is in a state, and return it."""

        def look() -> Object:
            found = self.show(session)
            return found if found["state"] == state else {}

        return eventually(look, LONG_S)

    def run(self, session: str, code: str) -> str:
        """Run code and return its output."""
        given = {"code": code, "wait_s": LONG_S}
        answer = self.ask("POST", f"/sessions/{session}/commands", json=given)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["output"])

    def loss(self, session: str) -> str:
        """Wait until a session is lost, and return why."""
        return str(self.becomes(session, "lost")["error"])


@contextmanager
def serving(cluster: Cluster, folder: Path, *options: str) -> Iterator[Server]:
    """Serve the light console as jobs until the block ends."""
    given = ["--launcher", "slurm", "--shared-dir", str(folder), "--max-sessions", "30"]
    quick = ["--queue-interval", "1", "--queue-wait", "0"]
    where = {"SLURM_CONF": cluster.environ["SLURM_CONF"]}
    with server_process(*by_path(folder), *given, *quick, *options, environ=where) as live:
        yield Server(live, cluster)


def ours(cluster: Cluster) -> list[str]:
    """Return the numbers of all jobs that wait or run."""
    return cluster.ask("squeue", "-h", "-t", "PENDING,RUNNING", "-o", "%i").split()


def is_empty(cluster: Cluster) -> bool:
    """Whether no job waits, runs or is about to end."""
    return not cluster.ask("squeue", "-h")


def sruns(server: Server) -> list[psutil.Process]:
    """Return the processes that srun consists of, of all sessions, parents first."""
    return [each for each in server.process.children(recursive=True) if each.name() == "srun"]
