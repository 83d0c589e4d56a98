"""The graphs in memory and their pictures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from stata_sessions.errors import NoSuchGraph, NoSuchSession, SessionGone, ViewFailed
from stata_sessions.operations.models import Answer
from stata_sessions.operations.registry import Context, Route, operation
from stata_sessions.operations.shelf import Picture
from stata_sessions.operations.views import Question, ViewArguments, ask, private_folder, whole
from stata_sessions.sessions import Session

NAME = r"^[A-Za-z_][A-Za-z0-9_]{0,31}$"
Format = Literal["auto", "png", "svg"]
# A console up to Stata 16 cannot write png; every one since 14 can write svg.
FORMATS: dict[Format, tuple[str, ...]] = {
    "auto": ("png", "svg"),
    "png": ("png",),
    "svg": ("svg",),
}


class GraphArguments(ViewArguments):
    """Which graph, and as what."""

    name: Annotated[str, Field(pattern=NAME, description="Its name in Stata.")]
    format: Annotated[Format, Field(description="auto: png, and svg where Stata cannot.")] = "auto"


class GraphList(Answer):
    """The graphs in memory."""

    session_id: str
    epoch: int
    graphs: list[str]


@operation(
    takes=ViewArguments,
    gives=GraphList,
    route=Route("GET", "/sessions/{session_id}/graphs", tag="views"),
    errors=(NoSuchSession, SessionGone, ViewFailed),
)
def list_graphs(context: Context, given: ViewArguments) -> GraphList:
    """List the graphs in memory, without changing anything."""
    session = context.manager.get(given.session_id)
    with private_folder(session) as folder:
        names = graph_names(session, folder, given.wait_s)
    return GraphList(session_id=session.name, epoch=session.view().epoch, graphs=names)


@operation(
    takes=GraphArguments,
    gives=None,
    route=Route("GET", "/sessions/{session_id}/graphs/{name}", media="image/*", tag="views"),
    errors=(NoSuchSession, SessionGone, NoSuchGraph, ViewFailed),
)
def show_graph(context: Context, given: GraphArguments) -> Picture:
    """Export a graph in memory as a picture."""
    session = context.manager.get(given.session_id)
    with private_folder(session) as folder:
        if given.name not in graph_names(session, folder, given.wait_s):
            raise NoSuchGraph(given.name)
        formats = FORMATS[given.format]
        found = pictures(session, folder, [given.name], given.wait_s, formats)
    if not found:
        raise ViewFailed(f"Stata could not export {given.name} as {' or '.join(formats)}")
    return found[0]


def graph_names(session: Session, folder: Path, wait_s: float) -> list[str]:
    """Return the names of the graphs in memory."""
    question = Question().guarded("graph dir, memory", "local names `r(list)'")
    rows = ask(session, question.tell("names", "`names'"), folder, wait_s)
    if whole(rows.first("guard")[0]):
        return []  # a console without graphics
    return [name for name in rows.first("names")[0].split() if re.match(NAME, name)]


def pictures(
    session: Session,
    folder: Path,
    names: list[str],
    wait_s: float,
    formats: tuple[str, ...] = FORMATS["auto"],
) -> list[Picture]:
    """Export graphs, each in the first format that leaves a file behind."""
    found: dict[str, Picture] = {}
    for each in formats:
        missing = [name for name in names if name not in found]
        found |= {one.name: one for one in _exported(session, folder, missing, wait_s, each)}
    return [found[name] for name in names if name in found]


def _exported(
    session: Session, folder: Path, names: list[str], wait_s: float, format: str
) -> list[Picture]:
    if not names:
        return []
    question = Question()
    for name in names:
        # Each on its own: that one cannot be exported is no reason to leave the others out.
        question.guarded(f'graph export "{folder / name}.{format}", name({name}) replace')
    ask(session, question, folder, wait_s)
    # The file is the proof: what Stata says about it differs from version to version.
    written = [(name, folder / f"{name}.{format}") for name in names]
    return [
        Picture(name, format, path.read_bytes())
        for name, path in written
        if path.is_file() and path.stat().st_size
    ]
