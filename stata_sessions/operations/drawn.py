"""Which graphs a command drew.

The caller's code is never rewritten. After code that may draw, the graphs in memory are exported
and compared with what was there before: by name, and by picture for those drawn again.
"""

from __future__ import annotations

import re

from stata_sessions.errors import StataSessionsError
from stata_sessions.operations.graphs import graph_names, pictures
from stata_sessions.operations.run_models import GraphRecord
from stata_sessions.operations.shelf import GraphShelf
from stata_sessions.operations.views import private_folder
from stata_sessions.sessions import Session
from stata_sessions.settings import Settings

# How long the pictures of a command that has ended may keep its caller waiting.
WAIT_S = 20.0
# Words that draw, or that may run something that draws. A false alarm costs one question to Stata.
DRAWING = re.compile(
    r"\b(gr|gra|grap|graph|tw|two\w*|sc|scatter|line|hist\w*|\w*plot\w*|kdensity|lowess|cumul|"
    r"qqplot|[pqs]norm|pchi|qchi|avplots?|lroc|lsens|\w*curve|tsline|xtline|acf?|pac|corrgram|"
    r"binscatter\w*|sts|do|run|include)\b"
)


def may_draw(code: str) -> bool:
    """Tell whether code could draw a graph, as far as its words tell."""
    return DRAWING.search(code) is not None


def drawn_by(
    shelf: GraphShelf, settings: Settings, session: Session, code: str, execution: str | None
) -> list[GraphRecord]:
    """Return the graphs that code which just ended has drawn, and keep their pictures."""
    if not may_draw(code) or session.view().queued:
        return []
    try:
        with private_folder(session) as folder:
            found = pictures(session, folder, graph_names(session, folder, WAIT_S), WAIT_S)
    except StataSessionsError:  # the command's own answer matters more
        return []
    return shelf.put(session.name, session.view().epoch, found, code, execution)
