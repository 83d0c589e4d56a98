"""What the documents tell people to type can be typed, and to paste can be pasted."""

from __future__ import annotations

import json
import re
import shlex
import tomllib

import click
import pytest

from stata_sessions.cli import ROWS, main
from tests.house.source import ROOT

DOCUMENTS = [ROOT / "docs" / f"{name}.rst" for name in ("cli", "client", "editors", "mcp")]
TEXTS = [document.read_text(encoding="utf-8") for document in DOCUMENTS]
# A command, and the rows that its quotes or a backslash add to it.
TYPED = re.compile(
    r"^    (?:claude .*? -- |codex .*? -- )?stata-sessions ((?:[^'\n]|'[^']*')*)", re.M
)
BLOCK = re.compile(r"^\.\. code:: (json|toml)\n\n((?:    .*\n|\n)+)", re.M)


def typed() -> list[str]:
    return [found.strip() for text in TEXTS for found in TYPED.findall(text)]


def parse(command: click.Command | None, words: list[str]) -> None:
    """Raise a usage error unless the words can be typed; files that are named need not be there."""
    assert command is not None
    context = click.Context(command)
    _, rest, _ = command.make_parser(context).parse_args(list(words))
    if isinstance(command, click.Group) and rest:
        parse(command.get_command(context, rest[0]), rest[1:])


@pytest.mark.parametrize("row", typed())
def test_a_command_in_the_documents_exists_with_its_options(row: str) -> None:
    parse(main, shlex.split(re.split(r" [<>|#]", row)[0]))


@pytest.mark.parametrize("row", ["brew", "run --tea a.do", "sessions brew", "sessions new --tea x"])
def test_a_command_that_does_not_exist_would_be_found(row: str) -> None:
    with pytest.raises((click.UsageError, AssertionError)):
        parse(main, row.split())


def test_every_command_is_in_the_document() -> None:
    text = TEXTS[0]
    assert [name for name in ROWS if f"stata-sessions {name}" not in text] == ["version"]


@pytest.mark.parametrize(
    ("language", "block"), [found for text in TEXTS for found in BLOCK.findall(text)]
)
def test_a_configuration_can_be_read(language: str, block: str) -> None:
    found = json.loads(block) if language == "json" else tomllib.loads(block)
    assert found
