"""A command on its own: waiting, reading, cancelling, on a clock that stands still."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stata_sessions.errors import NotQueued, OutputDiscarded
from stata_sessions.sessions import Command
from stata_sessions.sessions.transcript import Transcript
from stata_sessions.states import CommandState, IllegalMove
from tests.fakes import FakeClock

PATIENCE_S = 20.0


@pytest.fixture
def transcript(tmp_path: Path) -> Iterator[Transcript]:
    made = Transcript("one", tmp_path, memory_bytes=200, limit_bytes=400)
    yield made
    made.close()


def _command(
    transcript: Transcript, clock: FakeClock | None = None, private: bool = False
) -> Command:
    return Command(
        "one",
        1,
        "display 1",
        changed=threading.Condition(),
        transcript=transcript,
        time_limit_s=None,
        clock=clock or FakeClock(),
        private=private,
    )


def test_times_are_the_clock_s(transcript: Transcript) -> None:
    clock = FakeClock()
    command = _command(transcript, clock)
    clock.advance(5)
    assert command.view().elapsed_s is None
    command.begin(3)
    clock.advance(2)
    assert (command.view().elapsed_s, command.view().epoch) == (2, 3)
    command.finish(CommandState.FINISHED)
    clock.advance(9)
    assert command.view().elapsed_s == 2


def test_output_is_the_span_of_the_command(transcript: Transcript) -> None:
    transcript.append("before")
    command = _command(transcript)
    assert command.output() == ""
    command.begin(1)
    command.add_output("grüße\n")
    assert command.output() == "grüße\n"
    command.finish(CommandState.FINISHED)
    transcript.append("after")
    view = command.view()
    assert (view.start, view.end, view.truncated) == (6, 6 + len("grüße\n".encode()), False)
    assert command.output() == "grüße\n"


def test_a_page_ends_between_characters_and_says_how_to_go_on(transcript: Transcript) -> None:
    command = _command(transcript)
    command.begin(1)
    command.add_output("aé日")
    pages, offset = [], 0
    command.finish(CommandState.FINISHED)
    for _ in range(3):
        page = command.read(offset, 3)
        pages.append((page.text, page.complete))
        offset = page.next_offset
    assert pages == [("aé", False), ("日", True), ("", True)]


def test_a_reader_waits_for_output_and_for_the_end(transcript: Transcript) -> None:
    changed = threading.Condition()
    command = Command(
        "one", 1, "x", changed=changed, transcript=transcript, time_limit_s=None, clock=FakeClock()
    )
    command.begin(1)
    assert command.read(0, 10, wait_s=0).text == ""
    seen = []
    reader = threading.Thread(target=lambda: seen.append(command.read(0, 10, wait_s=PATIENCE_S)))
    reader.start()
    with changed:
        command.add_output("row\n")
        changed.notify_all()
    reader.join(PATIENCE_S)
    assert [(page.text, page.complete) for page in seen] == [("row\n", False)]
    waiter = threading.Thread(target=lambda: seen.append(command.read(4, 10, wait_s=PATIENCE_S)))
    waiter.start()
    with changed:
        command.finish(CommandState.FINISHED)
        changed.notify_all()
    waiter.join(PATIENCE_S)
    assert (seen[-1].text, seen[-1].complete) == ("", True)


def test_output_that_is_no_longer_kept_is_said_to_be(transcript: Transcript) -> None:
    command = _command(transcript)
    command.begin(1)
    for _ in range(20):
        command.add_output("x" * 100)
    command.finish(CommandState.FINISHED)
    assert command.view().truncated
    assert set(command.output()) == {"x"}
    assert len(command.output()) == transcript.end - transcript.oldest
    with pytest.raises(OutputDiscarded):
        command.read(0, 10)


def test_an_internal_command_keeps_its_output_to_itself(transcript: Transcript) -> None:
    command = _command(transcript, private=True)
    command.begin(1)
    command.add_output("secret\n")
    assert (command.private_output, transcript.end) == ("secret\n", 0)


def test_waiting_is_bounded_and_ends_with_the_command(transcript: Transcript) -> None:
    command = _command(transcript)
    assert not command.wait(0)
    command.begin(1)
    assert not command.wait(0.01)
    command.finish(CommandState.BROKEN, reason="stop")
    assert command.wait(0)
    assert (command.view().state, command.view().reason) == ("broken", "stop")


def test_only_a_queued_command_is_cancelled(transcript: Transcript) -> None:
    command = _command(transcript)
    withdrawn: list[Command] = []
    command.withdraw = withdrawn.append
    view = command.cancel()
    assert (view.state, view.reason, view.end, withdrawn) == (
        "cancelled",
        "cancelled",
        0,
        [command],
    )
    with pytest.raises(NotQueued):
        command.cancel()
    with pytest.raises(IllegalMove):
        command.begin(1)
