"""Documents are well-formed, lead somewhere, and decisions are in order."""

import re
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import Reporter

from tests.house.source import ROOT, documents, shown

DECISIONS = ROOT / "docs" / "decisions"


def parsed(document: Path) -> nodes.document:
    return publish_doctree(
        document.read_text(encoding="utf-8"),
        source_path=shown(document),
        settings_overrides={
            "report_level": Reporter.WARNING_LEVEL,
            "halt_level": Reporter.SEVERE_LEVEL + 1,
            "warning_stream": False,
            "file_insertion_enabled": False,
            "doctitle_xform": False,
        },
    )


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_a_document_parses_without_a_complaint(document: Path) -> None:
    complaints = [message.astext() for message in parsed(document).findall(nodes.system_message)]
    assert complaints == []


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_links_to_files_lead_somewhere(document: Path) -> None:
    targets = [
        node["refuri"].partition("#")[0]
        for node in parsed(document).findall(nodes.reference)
        if "refuri" in node and not re.match(r"[a-z]+:", node["refuri"])
    ]
    lost = [target for target in targets if target and not (document.parent / target).exists()]
    assert lost == []


def test_the_readme_leads_to_every_document() -> None:
    readme = (ROOT / "README.rst").read_text(encoding="utf-8")
    missing = [shown(file) for file in (ROOT / "docs").glob("*.rst") if shown(file) not in readme]
    assert missing == []


def test_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(file.name for file in DECISIONS.glob("[0-9]*.rst"))
    numbers = [int(name[:4]) for name in names]
    assert numbers == list(range(len(names)))
    assert all(re.fullmatch(r"\d{4}(-[a-z0-9]+)+\.rst", name) for name in names)


def test_the_index_lists_every_decision() -> None:
    index = (DECISIONS / "index.rst").read_text(encoding="utf-8")
    missing = [file.name for file in DECISIONS.glob("[0-9]*.rst") if file.name not in index]
    assert missing == []


def test_unreleased_changes_are_on_top() -> None:
    changes = parsed(ROOT / "CHANGES.rst")
    titles = [section.next_node(nodes.title) for section in changes.findall(nodes.section)]
    assert [title.astext() for title in titles if title][1] == "Unreleased"
