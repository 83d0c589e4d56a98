"""A command's output as one answer: all of it, or what fits."""

from __future__ import annotations

from pathlib import Path

from stata_sessions.operations.commands import first_page
from stata_sessions.operations.compact import compacted
from stata_sessions.sessions import Command, CommandView, OutputPage
from stata_sessions.settings import Settings

CHARACTERS_PER_TOKEN = 4
# One answer holds no more, however much is kept; all of it can be read page by page.
WHOLE_LIMIT_BYTES = 64 * 2**20


def collected(command: Command, limit: int = WHOLE_LIMIT_BYTES) -> OutputPage:
    """Return a command's kept output, or of a huge one the beginning and the end."""
    begun = _stretch(command, first_page(command, command.view().start, limit // 2), limit // 2)
    end = command.view().end
    if begun.complete or end is None:
        return begun
    left_out = end - begun.next_offset - limit // 2
    rest = command.read(max(begun.next_offset, end - limit // 2), limit // 2)
    rest = _stretch(command, rest, limit // 2)
    gap = f"\n... {left_out} bytes left out ...\n" if left_out > 0 else ""
    return OutputPage(begun.text + gap + rest.text, begun.offset, rest.next_offset, rest.complete)


def _stretch(command: Command, page: OutputPage, limit: int) -> OutputPage:
    """Read on from a page, up to a limit, and return all of it as one page."""
    start, parts = page.offset, [page.text]
    while page.text and not page.complete and (room := start + limit - page.next_offset) >= 4:
        page = command.read(page.next_offset, room)
        parts.append(page.text)
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
