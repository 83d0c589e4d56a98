"""Two servers behind a real proxy, as the examples in conf/ say."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.cli.running import ServerProcess, by_path, server_process
from tests.doors import BOUND_S, ENVIRON, eventually
from tests.house.source import ROOT

# It ends with its standard input, so also when the tests were killed.
WARDED = '"$@" & cat >/dev/null; kill "$!"; wait "$!"'
NGINX = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
# So many that each server is surely the home of some.
CALLERS = [f"caller{number}" for number in range(24)]
ADMIN = "root"


@dataclass(frozen=True)
class Front:
    """A proxy, and the servers behind it by their prefixes."""

    url: str
    servers: dict[str, ServerProcess]

    def ask(self, method: str, path: str, caller: str, **given: Any) -> requests.Response:
        """Send a request through the proxy."""
        headers = {"Authorization": f"Bearer {caller}"}
        where = self.url + path
        return requests.request(method, where, headers=headers, timeout=BOUND_S * 2, **given)

    def open(self, caller: str) -> str:
        """Open a session and return its id."""
        answer = self.ask("POST", "/sessions", caller)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["session_id"])

    def tool(self, caller: str, code: str, **given: str) -> dict[str, Any]:
        """Run code as assistants do, with everything in the body."""
        parameters = {"selection": code, **given}
        asked = {"tool": "stata_run_selection", "parameters": parameters}
        found = self.ask("POST", "/v1/tools", caller, json=asked).json()
        assert isinstance(found, dict)
        return found

    def opened_at(self, prefix: str) -> tuple[str, str]:
        """Return a caller whose home is that server, and a session of theirs."""
        for caller in CALLERS:
            session = self.open(caller)
            if session.startswith(prefix):
                return caller, session
        raise AssertionError(f"{prefix} is nobody's home")


def nginx(folder: Path, port: int) -> list[str]:
    """Write the example with this port and without TLS; return what runs it."""
    text = example("nginx-servers.conf").replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = re.sub(r"(?m)^ *(listen \[::\]|ssl_).*\n", "", text)
    (folder / "site.conf").write_text(text)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder))
    errors = str(folder / "error.log")
    return ["nginx", "-c", str(folder / "nginx.conf"), "-e", errors, "-g", "daemon off;"]


def haproxy(folder: Path, port: int) -> list[str]:
    """Write the example with this port and without TLS; return what runs it."""
    text = re.sub(r"bind :443 .*", f"bind 127.0.0.1:{port}", example("haproxy.cfg"))
    (folder / "haproxy.cfg").write_text(text)
    return ["haproxy", "-f", str(folder / "haproxy.cfg")]


def spreading_haproxy(folder: Path, port: int) -> list[str]:
    """The same with the row for applications that open many sessions under one token."""
    argv = haproxy(folder, port)
    file = folder / "haproxy.cfg"
    file.write_text(file.read_text().replace("#use_backend least", "use_backend least"))
    return argv


Proxy = Callable[[Path, int], list[str]]


def example(name: str) -> str:
    return (ROOT / "conf" / name).read_text()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def front(folder: Path, proxy: Proxy) -> Iterator[Front]:
    """Start two servers and a proxy; end them with the block."""
    with ExitStack() as stack:
        servers = {
            prefix: stack.enter_context(server_process(*options(folder, prefix)))
            for prefix in ("a.", "b.")
        }
        port = free_port()
        argv = proxy(folder, port)
        for file in folder.glob("*.c*f*"):
            _point(file, servers)
        stack.enter_context(_running(argv))
        found = Front(f"http://127.0.0.1:{port}", servers)
        eventually(lambda: _answers(found))
        yield found


def options(folder: Path, prefix: str) -> list[str]:
    tokens = folder / "tokens.toml"
    tokens.touch(0o600)
    rows = [f'{caller} = "{caller}"\n' for caller in CALLERS]
    admin = f'{ADMIN} = {{token = "{ADMIN}", role = "admin"}}\n'
    tokens.write_text("".join([*rows, admin]))
    limits = ["--tokens-file", str(tokens), "--max-sessions", "100"]
    return [*by_path(folder), *limits, "--session-prefix", prefix]


def _point(file: Path, servers: dict[str, ServerProcess]) -> None:
    """Put the ports that the servers have into an example."""
    text = file.read_text()
    for number, server in enumerate(servers.values(), 1):
        text = text.replace(f"127.0.0.1:400{number}", server.url.removeprefix("http://"))
    file.write_text(text)


@contextmanager
def _running(argv: list[str]) -> Iterator[None]:
    program = shutil.which(argv[0], path=f"{ENVIRON['PATH']}:/usr/sbin:/sbin")
    if program is None:
        pytest.fail(f"{argv[0]} is missing; on Debian: apt-get install {argv[0]}", pytrace=False)
    warded = ["/bin/sh", "-c", WARDED, "proxy", program, *argv[1:]]
    with subprocess.Popen(warded, stdin=subprocess.PIPE, start_new_session=True) as process:
        try:
            yield
        finally:
            process.communicate(timeout=BOUND_S)


def _answers(found: Front) -> bool:
    try:
        return found.ask("GET", "/health", ADMIN).status_code == 200
    except requests.ConnectionError:
        return False
