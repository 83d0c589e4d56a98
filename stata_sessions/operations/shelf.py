"""Pictures of graphs, kept for the clients that fetch them."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import tempfile
import weakref
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from stata_sessions.errors import NoSuchGraph
from stata_sessions.operations.run_models import GraphRecord

# Batches of pictures that are kept; each is one command's.
BATCHES_KEPT = 20
FILE_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]{0,31}\.(png|svg)$")


@dataclass(frozen=True, slots=True)
class Picture:
    """A graph as an image."""

    name: str
    format: str
    content: bytes


class GraphShelf:
    """The pictures of the latest commands, by batch and by name."""

    def __init__(self, kept: int = BATCHES_KEPT) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="graphs-"))
        # Also when the interpreter ends.
        self._finalizer = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._kept = kept
        self._batches: OrderedDict[str, list[str]] = OrderedDict()
        # By session and epoch: the digest of each graph's picture, to know what was drawn again.
        self._seen: dict[tuple[str, int], dict[str, str]] = {}
        self._lock = Lock()

    def put(
        self, session: str, epoch: int, found: list[Picture], named: str, execution: str | None
    ) -> list[GraphRecord]:
        """Keep those pictures that are new, changed or named, and return their records."""
        with self._lock:
            fresh = self._fresh((session, epoch), found, named)
            if not fresh:
                return []
            batch = f"{session}-{secrets.token_hex(6)}"
            folder = self._folder / batch
            folder.mkdir(mode=0o700)
            self._batches[batch] = [f"{each.name}.{each.format}" for each in fresh]
            for each in fresh:
                (folder / f"{each.name}.{each.format}").write_bytes(each.content)
            self._forget()
        return [
            _record(place, each, folder, batch, execution or batch)
            for place, each in enumerate(fresh)
        ]

    def in_batch(self, batch: str, file: str) -> Path:
        """Return the file of a kept picture. Raises NoSuchGraph."""
        with self._lock:
            if file not in self._batches.get(batch, ()) or not FILE_NAME.match(file):
                raise NoSuchGraph(file)
            return self._folder / batch / file

    def latest(self, name: str) -> Path:
        """Return the latest picture of a graph, by its name in Stata. Raises NoSuchGraph."""
        stem = re.sub(r"\.(png|svg)$", "", name)
        with self._lock:
            for batch, files in reversed(self._batches.items()):
                for file in files:
                    if file.rpartition(".")[0] == stem:
                        return self._folder / batch / file
        raise NoSuchGraph(name)

    def _fresh(self, where: tuple[str, int], found: list[Picture], named: str) -> list[Picture]:
        digests = {each.name: hashlib.sha256(each.content).hexdigest() for each in found}
        before = self._seen.get(where, {})
        for old in [key for key in self._seen if key[0] == where[0]]:
            del self._seen[old]
        self._seen[where] = digests
        changed = [each for each in found if before.get(each.name) != digests[each.name]]
        return changed or [each for each in found if _is_named(each.name, named)]

    def _forget(self) -> None:
        while len(self._batches) > self._kept:
            batch, _ = self._batches.popitem(last=False)
            shutil.rmtree(self._folder / batch, ignore_errors=True)


def _is_named(name: str, code: str) -> bool:
    """Tell whether code that drew nothing new has drawn this one once more, as it was."""
    named = re.findall(r"\bname\(\s*(\w+)", code)
    return name in named if named else name == "Graph"


def _record(place: int, each: Picture, folder: Path, batch: str, execution: str) -> GraphRecord:
    file = f"{each.name}.{each.format}"
    return GraphRecord(
        artifactId=f"{batch}-{place}",
        executionId=execution,
        batchId=batch,
        name=each.name,
        logicalName=each.name,
        displayName=each.name,
        path=str(folder / file),
        filename=file,
        format=each.format,
        orderInBatch=place,
        browserPath=f"/graphs/batch/{batch}/{file}",
    )
