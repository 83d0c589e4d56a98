"""The dialogue, byte by byte: pages, breaks, open blocks, input, strays, and the end."""

from __future__ import annotations

import pytest

from stata_sessions.protocol import (
    Awaiting,
    Completed,
    Dialogue,
    Event,
    Output,
    Phase,
    Ready,
    command_files,
)
from stata_sessions.protocol.dialogue import STRAY_LIMIT
from stata_sessions.protocol.probes import PROBES_LIMIT
from stata_sessions.protocol.sentinel import Sentinel
from stata_sessions.protocol.tails import Tail
from tests.fakes import tokens

INNER = '\n. include "/tmp/ss-x/cmd-1.do"\n\n'


def _answer(typed: bytes) -> bytes:
    """Return what a console prints for a typed sentinel."""
    pieces = typed.decode().split('"')[1::2]
    return f"\n{''.join(pieces)}\n\n. ".encode()


def _ready() -> Dialogue:
    """Return a dialogue at its first prompt."""
    dialogue = Dialogue(tokens())
    assert dialogue.receive(b"\n. ") == []
    assert dialogue.receive_quiet() == []
    dialogue.receive(_answer(dialogue.take()))
    events = dialogue.receive_quiet() if dialogue.phase is not Phase.READY else [Ready()]
    assert events == [Ready()]
    return dialogue


def _running(printed: str = "") -> Dialogue:
    """Return a dialogue whose command has printed something."""
    dialogue = _ready()
    dialogue.send(command_files("/tmp/ss-x", "1", "code", tokens(50)))
    line = dialogue.take()
    dialogue.receive(line + INNER.encode() + printed.encode())
    return dialogue


def _learned() -> Dialogue:
    """Return a dialogue that knows what its console prints around a command."""
    dialogue = _ready()
    sentinel = _send(dialogue, learn_mark="ready")
    dialogue.receive(f"ready\n\n. {sentinel.line}\n{sentinel.token}\n\n. ".encode())
    assert dialogue.receive_quiet()[-1] == Ready()
    return dialogue


def _send(dialogue: Dialogue, *, learn_mark: str | None = None) -> Sentinel:
    """Send a command and echo its lines; return the sentinel in its wrapper."""
    files = command_files("/tmp/ss-x", "1", "code", tokens(50))
    dialogue.send(files, learn_mark=learn_mark)
    dialogue.receive(dialogue.take() + f". {files.inner_line}\n".encode())
    return files.sentinel


def _finish(dialogue: Dialogue) -> list[Event]:
    """Answer typed sentinels until the console is ready."""
    events: list[Event] = []
    for _ in range(6):
        typed = dialogue.take()
        if typed:
            events += dialogue.receive(_answer(typed))
        if dialogue.phase is Phase.READY:
            return events
        events += dialogue.receive_quiet()
    raise AssertionError(events)


def test_a_command_is_sent_only_when_ready() -> None:
    with pytest.raises(AssertionError):
        Dialogue(tokens()).send(command_files("/tmp/ss-x", "1", "code", tokens()))


def test_pages_before_the_first_prompt_are_left() -> None:
    dialogue = Dialogue(tokens())
    dialogue.receive(b"news\n--more--")
    dialogue.receive_quiet()
    assert dialogue.take() == b"q\n"


def test_start_up_text_is_kept_and_bounded() -> None:
    dialogue = Dialogue(tokens())
    for _ in range(30):
        dialogue.receive(b"x" * 8191 + b"\n")
    dialogue.receive(b"Cannot find license file\n")
    assert dialogue.startup_text.endswith("Cannot find license file\n")
    assert len(dialogue.startup_text) <= STRAY_LIMIT
    assert dialogue.receive_eof() == []


def test_a_page_is_turned_and_is_no_output() -> None:
    dialogue = _running("rows\n--more--")
    assert dialogue.patience is not None
    dialogue.receive_quiet()
    assert dialogue.take() == b" "
    events = dialogue.receive(b"\r        \rmore rows\nand more\n")
    assert "more--" not in "".join(event.text for event in events if isinstance(event, Output))


def test_a_page_that_does_not_turn_gets_an_enter() -> None:
    dialogue = _running("rows\n--more--")
    dialogue.receive_quiet()
    assert dialogue.take() == b" "
    dialogue.receive(b" ")  # a terminal that echoes
    assert dialogue.press_enter()
    assert dialogue.take() == b"\n"
    assert not dialogue.press_enter()
    dialogue.receive(b"\r\n\r        \rmore rows\n--more--")
    dialogue.receive_quiet()
    assert dialogue.take() == b" \n"
    dialogue.receive(b" \r\nthe rest\n")
    assert not dialogue.press_enter()


@pytest.mark.parametrize(
    ("printed", "key"),
    [("working\n", b"\x03"), ("rows\n--more--", b"q"), ("pause: x\n-> . ", b"BREAK\n")],
)
def test_the_key_of_a_break_depends_on_what_is_shown(printed: str, key: bytes) -> None:
    dialogue = _running(printed)
    dialogue.send_break()
    assert dialogue.take() == key


def test_a_broken_command_has_code_one() -> None:
    dialogue = _running("working\n")
    dialogue.send_break()
    dialogue.take()
    dialogue.receive(b"--Break--\nr(1);\nr(1);\n\n. ")
    dialogue.receive_quiet()
    events = _finish(dialogue)
    assert Completed(1, broken=True) in events
    assert events[-1] == Ready()


def test_a_busy_console_is_left_alone() -> None:
    dialogue = _running("a row\nprogress ...")
    assert dialogue.patience is None
    assert dialogue.take() == b""


def test_unanswered_sentinels_are_bounded() -> None:
    dialogue = _running("r(111);\n\n. ")
    typed = 0
    for _ in range(4 * PROBES_LIMIT):
        dialogue.receive_quiet()
        typed += dialogue.take().count(b"display as error")
    assert 1 <= typed <= PROBES_LIMIT


@pytest.mark.parametrize(
    ("printed", "tail"),
    [("  2. ", Tail.BLOCK), (": ", Tail.MATA), ("> ", Tail.CONTINUATION), (">>> ", Tail.PYTHON)],
)
def test_what_is_left_open_is_said_and_closed_on_demand(printed: str, tail: Tail) -> None:
    dialogue = _running("x\n" + printed)
    (event,) = dialogue.receive_quiet()
    assert isinstance(event, Awaiting)
    assert (event.tail, bool(event.hint)) == (tail, True)
    assert dialogue.take() == b""
    assert dialogue.close_left_open()
    assert dialogue.take() != b""


def test_nothing_is_closed_where_nothing_is_open() -> None:
    dialogue = _running("working\n")
    assert not dialogue.close_left_open()
    assert dialogue.take() == b""


def test_input_is_typed_with_its_enter() -> None:
    dialogue = _running("-> . ")
    dialogue.send_input("grüße")
    assert dialogue.take() == "grüße\n".encode()
    assert dialogue.patience is None


def test_what_is_printed_between_commands_is_shown() -> None:
    dialogue = _ready()
    dialogue.receive(b"\n[1]+  Done\n")
    assert dialogue.patience is not None
    (event,) = dialogue.receive_quiet()
    assert isinstance(event, Output)
    assert "[1]+  Done\n" in event.text
    dialogue.receive(b"\n. ")
    assert dialogue.receive_quiet() == []


def test_the_end_gives_out_what_was_held() -> None:
    dialogue = _running("row\nr(1")
    events = dialogue.receive_eof()
    assert [event.text for event in events if isinstance(event, Output)] == ["r(1"]


def test_the_end_in_the_echo_gives_out_no_echo() -> None:
    dialogue = _ready()
    dialogue.send(command_files("/tmp/ss-x", "1", "code", tokens(50)))
    dialogue.receive(dialogue.take())
    assert dialogue.receive_eof() == []


@pytest.mark.parametrize("cut", ["\r", "\r\n", "\r\n\r\n", "\r\n\r\n. "])
def test_an_end_behind_the_token_loses_no_result(cut: str) -> None:
    dialogue = _running()
    assert dialogue.exchange
    sentinel = dialogue.exchange.files.sentinel
    printed = f"1\r\n\r\n. {sentinel.line}\r\n{sentinel.token}{cut}"
    events = [*dialogue.receive(printed.encode()), *dialogue.receive_eof()]
    assert "".join(event.text for event in events if isinstance(event, Output)) == "1\n"
    assert events.count(Completed(0)) == 1


def test_a_sentinel_that_got_lost_is_not_waited_for() -> None:
    dialogue = _running("working\n")
    dialogue.send_break()
    dialogue.take()
    dialogue.receive(b"--Break--\nr(1);\n\n. ")
    dialogue.receive_quiet()
    assert dialogue.take().startswith(b"\ndisplay")
    dialogue.receive(b"\n. ")  # all but the empty line was flushed
    dialogue.receive_quiet()
    events = dialogue.receive(_answer(dialogue.take()))
    events += dialogue.receive_quiet()
    typed = dialogue.take()
    assert typed.startswith(b"display")  # no empty line for the next one to get lost behind
    events += dialogue.receive(_answer(typed))
    events += dialogue.receive_quiet()
    assert events == [Output("--Break--\nr(1);\n"), Completed(1, broken=True), Ready()]


def test_who_prints_behind_the_prompt_without_pause_holds_nothing_up() -> None:
    dialogue = _learned()
    sentinel = _send(dialogue)
    printed = f"1\n\n. {sentinel.line}\n{sentinel.token}\n\n. epoch 1\nepoch 2\n"
    events = dialogue.receive(printed.encode())
    assert events[-2:] == [Completed(0), Ready()]
    assert [event.text for event in events if isinstance(event, Output)] == [
        "1\n",
        "epoch 1\nepoch 2\n",
    ]


def test_all_answers_that_come_at_once_are_taken() -> None:
    dialogue = Dialogue(tokens())
    dialogue.receive(b"\n. ")
    typed = b""
    for _ in range(3):
        dialogue.receive_quiet()
        typed += dialogue.take()
    answers = b"".join(_answer(line) for line in typed.splitlines() if line)
    assert dialogue.receive(answers) == []
    assert dialogue.patience is not None
    assert dialogue.patience < 0.1
    assert dialogue.receive_quiet() == [Ready()]


def test_an_enter_is_no_sign_that_the_echo_is_over() -> None:
    dialogue = _learned()
    dialogue.send(command_files("/tmp/ss-x", "1", "code", tokens(50)))
    dialogue.receive(b"\r\n")
    assert dialogue.patience is None


def test_an_error_is_remembered_although_somebody_prints_much_behind_it() -> None:
    dialogue = _running("not found\nr(111);\nr(111);\n\n. epoch 0\n")
    for epoch in range(400):
        dialogue.receive(f"epoch {epoch}\n".encode())
    assert dialogue.probe_failed()
    events = dialogue.receive(_answer(dialogue.take()))
    assert Completed(111) in [*events, *dialogue.receive_quiet()]
