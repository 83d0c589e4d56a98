"""How a console that runs elsewhere says hello: a script before it, and what the script prints.

The script lies in the session's private directory, which the far side must see under the same name.
So the command that starts it is free of anything that a shell on the way could read otherwise, and
that it runs at all shows that the directory is shared.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# What is kept of the words before the console's own first one.
PREAMBLE_LIMIT = 65536
# How the script begins what it has to complain about.
COMPLAINT = "stata-sessions: "
# Written by the far side, looked for by ours.
_WITNESS = "node"

_HELLO = re.compile(rb"\x1e(\S+) (\S+) (\d+)\r*\n")
_SCRIPT = r"""# Brings up a console of stata-sessions on the machine that it was given.
{setup}
node=${{SLURMD_NODENAME:-$(uname -n)}}
give_up() {{ printf '{complaint}%s\n' "$*"; exit 127; }}
cd {working_dir} || give_up "no such folder on $node:" {working_dir}
# The last one that is there is the best one.
found=
for each in {programs}; do
    each=$(command -v "$each" 2>/dev/null) && [ -f "$each" ] && [ -x "$each" ] && found=$each
done
[ -n "$found" ] || give_up "console not found on $node:" {looked_for}
printf '%s\n' "$node" >{witness} || give_up "the private folder cannot be written on $node"
unset COLUMNS LINES
TERM={term}
export TERM
stty -echo
ulimit -S -c 0
{data_limit}
printf '\036%s %s %s\n' "${{SLURM_JOB_ID:--}}" "$node" "$$"
exec {nice}"$found" {arguments}"$@"
"""


@dataclass(frozen=True, slots=True)
class Boot:
    """What the script has to know.

    ``programs`` are names or patterns of the far side's shell, best first; ``setup`` is a line of
    the operator's for that shell.
    """

    directory: Path
    working_dir: str
    programs: Sequence[str]
    looked_for: str
    arguments: Sequence[str] = ()
    setup: str = ""
    term: str = "dumb"
    nice: int = 0
    data_limit_bytes: int = 0

    @property
    def path(self) -> Path:
        """Where the script lies."""
        return self.directory / "boot"

    @property
    def text(self) -> str:
        """The script."""
        return _SCRIPT.format(
            setup=self.setup,
            complaint=COMPLAINT,
            working_dir=shlex.quote(self.working_dir or "/"),
            programs=" ".join(map(_pattern, reversed(self.programs))),
            looked_for=shlex.quote(self.looked_for),
            witness=shlex.quote(str(self.directory / _WITNESS)),
            term=shlex.quote(self.term),
            data_limit=_limit(self.data_limit_bytes // 1024),
            nice=f"nice -n {self.nice} " if self.nice else "",
            arguments="".join(f"{shlex.quote(each)} " for each in self.arguments),
        )

    def write(self) -> None:
        """Put the script in its place; raises OSError."""
        (self.directory / _WITNESS).unlink(missing_ok=True)
        self.path.write_text(self.text, encoding="utf-8", errors="surrogateescape")


def _limit(kib: int) -> str:
    """Return what has the far side's system limit memory, unless it does so already."""
    return f"ulimit -d {kib} 2>/dev/null || :" if kib else ""


def _pattern(program: str) -> str:
    """Quote a program's name for a shell, but for the marks of a pattern."""
    quoted = (part if part[:1] in "[*" else shlex.quote(part) for part in _PARTS.split(program))
    return "".join(quoted) if _PARTS.search(program) else shlex.quote(program)


_PARTS = re.compile(r"(\[[0-9-]+\]|\*)")


@dataclass(frozen=True, slots=True)
class Greeting:
    """Who said hello: the job's number (``-`` if it has none), the node, the process there."""

    job: str
    node: str
    pid: int


class Handshake:
    """Tells the words before the console from the console's own. Bytes go in and come out."""

    def __init__(self, directory: Path) -> None:
        self._witness = directory / _WITNESS
        self._preamble = b""
        self.greeting: Greeting | None = None

    @property
    def preamble(self) -> str:
        """What was printed before the console was started."""
        return self._preamble.decode("utf-8", "replace").replace("\r", "")

    @property
    def is_seen(self) -> bool:
        """Whether a file that the far side wrote is there on this side."""
        return self._witness.is_file()

    def receive(self, data: bytes) -> bytes:
        """Take what was printed; return what the console itself has printed of it."""
        if self.greeting:
            return data
        self._preamble += data
        found = _HELLO.search(self._preamble)
        if not found:
            self._preamble = self._preamble[-PREAMBLE_LIMIT:]
            return b""
        job, node, pid = found.groups()
        self.greeting = Greeting(job.decode(), node.decode(errors="replace"), int(pid))
        rest = self._preamble[found.end() :]
        self._preamble = self._preamble[: found.start()]
        return rest
