"""A command's output as one answer: all of it, or what fits."""

from __future__ import annotations

from pathlib import Path

from stata_sessions.operations.command_models import PAGE_LIMIT_BYTES
from stata_sessions.operations.commands import first_page
from stata_sessions.operations.compact import compacted
from stata_sessions.sessions import Command, CommandView, OutputPage
from stata_sessions.settings import Settings

CHARACTERS_PER_TOKEN = 4


def collected(command: Command) -> OutputPage:
    """Return a command's kept output from its beginning, up to the largest page there is."""
    view = command.view()
    page = first_page(command, view.start, PAGE_LIMIT_BYTES)
    parts, room = [page.text], PAGE_LIMIT_BYTES - (page.next_offset - page.offset)
    start = page.offset
    while page.text and not page.complete and room >= 4:
        page = command.read(page.next_offset, room)
        parts.append(page.text)
        room -= page.next_offset - page.offset
    return OutputPage("".join(parts), start, page.next_offset, page.complete)


def presented(settings: Settings, view: CommandView, text: str) -> str:
    """Return output as tool answers show it: compact if so set, and within the token limit."""
    if settings.result_display_mode == "compact":
        is_file = view.file_path is not None
        source = f"{view.code}\n{source_of(view)}" if is_file else view.code
        text = compacted(text, source, is_file=is_file)
    return shortened(text, settings.max_output_tokens, view)


def source_of(view: CommandView) -> str:
    """Return a command's code, or the content of the do-file that it runs."""
    if view.file_path is None:
        return view.code
    try:
        return Path(view.file_path).read_text(encoding="utf-8", errors="replace")
    except OSError:  # gone since; then its echo stays in the answer
        return ""


def shortened(text: str, tokens: int, view: CommandView) -> str:
    """Return text of about that many tokens at most: its beginning, its end, and where the rest is.

    The end is kept because errors stand there.
    """
    limit = tokens * CHARACTERS_PER_TOKEN
    if not tokens or len(text) <= limit:
        return text
    head, tail = text[: limit // 2], text[len(text) - limit // 2 :]
    head = head[: head.rfind("\n") + 1] or head
    tail = tail[tail.find("\n") + 1 :] or tail
    left_out = len(text) - len(head) - len(tail)
    where = f"/sessions/{view.session}/commands/{view.number}/output"
    return f"{head}\n... {left_out} characters left out; all of it: GET {where} ...\n\n{tail}"
