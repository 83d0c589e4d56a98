"""How every command answers: for people, or with ``--json`` for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

import click

from stata_sessions.cli.group import WANTS_JSON


def _note(ctx: click.Context, param: click.Parameter, value: bool) -> bool:
    """Remember it for errors, which are told by the group."""
    ctx.meta[WANTS_JSON] = value or ctx.meta.get(WANTS_JSON, False)
    return value


json_option = click.option(
    "--json", "as_json", is_flag=True, callback=_note, help="Answer in JSON, and tell errors so."
)


def show_json(value: Any, *, indent: int | None = 2, err: bool = False) -> None:
    """Print one JSON value; our own values become objects, times end in Z."""
    click.echo(json.dumps(value, indent=indent, ensure_ascii=False, default=_plain), err=err)


def show_table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in columns that programs can split, too."""
    texts = [[*heading], *([_text(each) for each in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        padded = (each.ljust(width) for each, width in zip(row, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def show_fields(value: Any) -> None:
    """Print a value of ours, one field in a row; empty ones are left out."""
    _show_rows(asdict(value), "")


def _show_rows(values: dict[str, Any], prefix: str) -> None:
    for name, each in values.items():
        if isinstance(each, dict):
            _show_rows(each, f"{prefix}{name}.")
        elif text := _text(each):
            click.echo(f"{prefix}{name}: {text}")


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, float):
        return f"{value:.10g}"
    return "" if value is None else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _moment(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"no JSON for {type(value)}")


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")
