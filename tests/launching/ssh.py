"""An ssh server of the tests' own, on loopback, with keys and settings of its own."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.doors import eventually

CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile {folder}/pid
UsePAM no
StrictModes no
PasswordAuthentication no
"""
# Where OpenSSH wants an empty folder if root starts it; its package makes it at boot.
EMPTY = Path("/run/sshd")


@dataclass(frozen=True)
class SshServer:
    """Where it listens, and the folder of its keys."""

    folder: Path
    port: int

    @property
    def template(self) -> str:
        """The launch_command that leads there."""
        options = {
            "BatchMode": "yes",
            "StrictHostKeyChecking": "accept-new",
            "UserKnownHostsFile": self.folder / "known",
        }
        words = ["ssh", "-tt", "-F", "none", "-i", self.folder / "user", "-p", self.port]
        words += [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        return f"{shlex.join(map(str, words))} {{host}} {{stata}} -q"


def _key(path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _is_up(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def ssh_server() -> Iterator[SshServer]:
    """Start a server; it ends with the block."""
    program = shutil.which("sshd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if not program or not shutil.which("ssh"):
        pytest.fail("these tests need ssh and sshd: apt-get install openssh-server", pytrace=False)
    if os.geteuid() == 0:
        EMPTY.mkdir(mode=0o755, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="sshd-"))
    try:
        _key(folder / "host")
        _key(folder / "user")
        port = _free_port()
        (folder / "config").write_text(CONFIG.format(folder=folder, port=port))
        with subprocess.Popen([program, "-D", "-e", "-f", folder / "config"]) as server:
            try:
                eventually(lambda: _is_up(port))
                yield SshServer(folder, port)
            finally:
                server.terminate()
    finally:
        shutil.rmtree(folder)
