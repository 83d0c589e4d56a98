"""Pictures are kept for a while, and only new ones are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from stata_sessions.errors import NoSuchGraph
from stata_sessions.operations.drawn import may_draw
from stata_sessions.operations.shelf import GraphShelf, Picture

OLD = Picture("old", "png", b"1")
NEW = Picture("new", "svg", b"<svg/>")


def names(shelf: GraphShelf, *found: Picture, code: str = "", epoch: int = 1) -> list[str]:
    return [each.name for each in shelf.put("a", epoch, list(found), code, None)]


def test_new_and_changed_pictures_are_reported() -> None:
    shelf = GraphShelf()
    assert names(shelf, OLD) == ["old"]
    assert names(shelf, OLD) == []
    assert names(shelf, OLD, NEW) == ["new"]
    assert names(shelf, Picture("old", "png", b"2"), NEW) == ["old"]


def test_a_graph_drawn_again_as_it_was_is_reported_by_name() -> None:
    shelf = GraphShelf()
    names(shelf, OLD, NEW)
    assert names(shelf, OLD, NEW, code="scatter y x, name(new, replace)") == ["new"]
    assert names(shelf, OLD, Picture("Graph", "png", b"3")) == ["Graph"]
    assert names(shelf, OLD, Picture("Graph", "png", b"3"), code="scatter y x") == ["Graph"]


def test_a_new_epoch_has_seen_nothing() -> None:
    shelf = GraphShelf()
    names(shelf, OLD)
    assert names(shelf, OLD, epoch=2) == ["old"]


def test_pictures_are_found_by_batch_and_by_name() -> None:
    shelf = GraphShelf()
    (record,) = shelf.put("a", 1, [NEW], "", "mine")
    assert record.executionId == "mine"
    assert shelf.in_batch(record.batchId, "new.svg").read_bytes() == NEW.content
    assert shelf.latest("new") == shelf.latest("new.png") == Path(record.path)


@pytest.mark.parametrize("file", ["old.png", "../new.svg", "/etc/passwd", ""])
def test_nothing_else_is_found(file: str) -> None:
    shelf = GraphShelf()
    (record,) = shelf.put("a", 1, [NEW], "", None)
    with pytest.raises(NoSuchGraph):
        shelf.in_batch(record.batchId, file)
    with pytest.raises(NoSuchGraph):
        shelf.latest("old")


def test_the_oldest_batch_is_forgotten() -> None:
    shelf = GraphShelf(kept=1)
    (first,) = shelf.put("a", 1, [OLD], "", None)
    shelf.put("a", 1, [OLD, NEW], "", None)
    assert not Path(first.path).exists()
    with pytest.raises(NoSuchGraph):
        shelf.in_batch(first.batchId, first.filename)


def test_a_shelf_that_nobody_holds_leaves_no_files() -> None:
    shelf = GraphShelf()
    (record,) = shelf.put("a", 1, [OLD], "", None)
    del shelf
    assert not Path(record.path).exists()


@pytest.mark.parametrize(
    "code",
    [
        "scatter y x",
        "twoway (line y x)",
        "graph bar y",
        "hist y",
        "coefplot",
        "do file",
        "tw sc y x",
    ],
)
def test_code_that_may_draw(code: str) -> None:
    assert may_draw(code)


@pytest.mark.parametrize("code", ["display 1", "regress y x", "use graphs.dta", "generate dot = 1"])
def test_code_that_does_not_draw(code: str) -> None:
    assert not may_draw(code)
