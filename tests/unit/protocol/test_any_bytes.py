"""Whatever bytes come, cut anywhere, at whatever moment: no failure, no endless time, no hoard."""

from __future__ import annotations

import re
import time

import hypothesis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stata_sessions.protocol import Dialogue, Output, Phase, command_files
from stata_sessions.protocol.dialogue import STRAY_LIMIT
from stata_sessions.protocol.exchange import SEALED_LIMIT
from tests.fakes import tokens
from tests.fuzzing import examples
from tests.unit.protocol.cuts import SIZES, in_sizes

# So much processor time may be spent on so many bytes; a usual example needs a hundredth.
PATIENCE_S = 5.0
LARGE = 50_000
# What may be kept of all that was printed, in characters: the sealed text and the rest, held text.
KEPT_LIMIT = 4 * SEALED_LIMIT + 2 * STRAY_LIMIT
# Everything that means something to the protocol, whole and in halves.
MEANINGFUL = [
    *(
        ". ",
        "> ",
        ": ",
        ">>> ",
        "-> . ",
        "  2. ",
        "\n",
        "\r\n",
        "\r",
        "\r   \r",
        "--more--",
        "\n> ",
    ),
    *(
        "r(111);\n",
        "r(1",
        ");\n",
        "--Break--\n",
        "end of do-file\n",
        "r; t=0.00 9:36:33\n",
        "\n\n. ",
    ),
    *("@", "@t0000", 'display as error "@', 'include "/tmp/ss-x/', "cmd-1.do", "\x1b[", "\x1b]0;"),
    *(
        "\x07",
        "\x1b[K",
        "\0",
        "é",
        "日本語",
        "text",
        "r(" + "9" * 500,
        "9" * 5000 + ");\n",
        ". \nx\n",
    ),
]
BYTES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([each.encode() for each in MEANINGFUL]),
    st.sampled_from([b"\xff", b"\xe6\x97", b"\xf0\x9f", b"\xc3", b"\xed\xa0\x80"]),
)
# What its owner may do at any moment; "own" is what the console should have said.
DEEDS = ["send", "learn", "quiet", "break", "waiting", "close", "input", "again", "take", "own"]
STEPS = st.lists(st.one_of(BYTES, BYTES, st.sampled_from(DEEDS)), max_size=40)


class Owner:
    """Does what it is told to a dialogue, as far as its phase allows."""

    def __init__(self) -> None:
        self._new_token = tokens()
        self.dialogue = Dialogue(self._new_token)
        self.typed = ""
        self._number = 0

    def do(self, deed: str, sizes: list[int]) -> None:
        dialogue = self.dialogue
        match deed:
            case "send" | "learn" if dialogue.phase is Phase.READY:
                self._number += 1
                name = f"{self._number}"
                files = command_files("/tmp/ss-x", name, "code", self._new_token)
                dialogue.send(files, learn_mark="ready" if deed == "learn" else None)
            case "quiet":
                dialogue.receive_quiet()
            case "break" | "waiting":
                dialogue.send_break(waiting=deed == "waiting")
            case "close":
                dialogue.close_left_open()
            case "input":
                dialogue.send_input("1")
            case "again":
                dialogue.type_again()
            case "own":
                self.hear(self._wanted(), sizes)
        self.typed = dialogue.take().decode() or self.typed

    def hear(self, data: bytes, sizes: list[int]) -> list[str]:
        events = [each for piece in in_sizes(sizes)(data) for each in self.dialogue.receive(piece)]
        return [each.text for each in events if isinstance(each, Output)]

    def _wanted(self) -> bytes:
        """Return a token that is waited for, and a prompt."""
        if exchange := self.dialogue.exchange:
            return f"{exchange.files.sentinel.token}\r\n. ".encode()
        return re.sub('display as error|[" ]', "", self.typed).encode() + b". "

    def kept(self) -> int:
        """Return how many characters it remembers of what was printed."""
        return len(self.dialogue.startup_text)


@settings(max_examples=examples(200))
@given(steps=STEPS, sizes=SIZES)
def test_any_bytes_at_any_moment_are_borne(steps: list[bytes | str], sizes: list[int]) -> None:
    owner, began = Owner(), time.process_time()
    for step in steps:
        if isinstance(step, bytes):
            owner.hear(step, sizes)
        else:
            owner.do(step, sizes)
        owner.dialogue.awaiting()
        assert owner.dialogue.patience is None or 0 <= owner.dialogue.patience < 60
    owner.dialogue.receive_eof()
    assert time.process_time() - began < PATIENCE_S


# What takes too long cannot be made small in a reasonable time.
@settings(max_examples=examples(25), phases=[hypothesis.Phase.generate])
@given(
    before=STEPS,
    unit=st.lists(BYTES, min_size=1, max_size=4).map(b"".join).filter(bool),
    size=st.sampled_from([1, 7, 300, 65_536]),
)
def test_much_of_anything_takes_little_time_and_place(
    before: list[bytes | str], unit: bytes, size: int
) -> None:
    owner = Owner()
    for step in ["own", "quiet", "own", "send", *before]:
        if isinstance(step, bytes):
            owner.hear(step, [60])
        else:
            owner.do(step, [60])
    # Byte by byte there are as many calls as bytes.
    much = unit * (LARGE // (10 if size == 1 else 1) // len(unit) + 1)
    began = time.process_time()
    owner.hear(much, [size])
    owner.do("quiet", [size])
    assert time.process_time() - began < PATIENCE_S, (owner.dialogue.phase, unit, size)
    assert owner.kept() <= KEPT_LIMIT + size


@pytest.mark.parametrize(
    ("phase", "deeds"),
    [(Phase.CLOSING, ["own", "quiet", "own"]), (Phase.READY, ["own", "quiet", "own", "quiet"])],
)
def test_a_flood_outside_of_a_command_is_shown_whole(phase: Phase, deeds: list[str]) -> None:
    owner = Owner()
    for deed in deeds:
        owner.do(deed, [60])
    assert owner.dialogue.phase is phase
    rows = [f"row {number}" for number in range(20_000)]
    shown = "".join(owner.hear("\r\n".join(rows).encode(), [300]))
    assert owner.kept() <= 2 * STRAY_LIMIT
    rest = owner.dialogue.startup_text
    assert (shown + rest).removeprefix(". ").split("\n") == rows
