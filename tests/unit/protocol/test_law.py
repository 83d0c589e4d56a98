"""Generated dialogues: each answer is exact, and cuts do not matter."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from stata_sessions.protocol import (
    CommandFiles,
    Completed,
    Dialogue,
    Event,
    Output,
    Phase,
    command_files,
)
from tests.captures import Cut, merged
from tests.fakes import tokens
from tests.unit.protocol.cuts import SIZES, in_sizes, whole
from tests.unit.protocol.imitation import Imitation, Manner, Run

MARK = "ready"
# Silences that one command takes at most.
SILENCES = 12

MANNERS = st.builds(
    Manner,
    echo=st.sampled_from(["stata", "tty", "both", "none"]),
    echoes_files=st.booleans(),
    include_end=st.sampled_from(["", "\nend of do-file\n", ". \n"]),
    codes=st.integers(1, 4),
    blank=st.sampled_from(["\n", ""]),
    row_end=st.sampled_from(["\r\n", "\n", "\r\r\n"]),
    width=st.sampled_from([0, 40, 79]),
)

WORDS = [
    "text",
    "grüße 日本語",
    "5",
    "display 1",
    '. display as error "@t"',
    "@",
    "@t000001abc",
    ". include",
    "r(199) x",
    "x r(199);",
    "end of do-files",
    "> folded",
    "  2. x",
    ": x",
]
# Rows that could be our own only if they came at the very end, where ``TAME`` puts a plain one.
WILD = [*WORDS, "", ". ", "r(199);", "end of do-file", "--Break--", "--more--", "r; t=0.00 9:36:33"]
TAME = st.lists(st.sampled_from(WILD), max_size=6).map(
    lambda rows: "".join(row + "\n" for row in [*rows, "last"])
)
RUNS = st.builds(Run, printed=TAME | st.just(""), return_code=st.sampled_from([0, 0, 111, 198]))
WILD_RUNS = st.builds(
    Run,
    printed=st.lists(st.sampled_from(WILD), max_size=6).map(
        lambda rows: "".join(row + "\n" for row in rows)
    ),
    return_code=st.sampled_from([0, 111]),
)


class Conversation:
    """A dialogue and a console that talk to each other, silence and all."""

    def __init__(self, manner: Manner, cut: Cut) -> None:
        self._new_token = tokens()
        self.dialogue = Dialogue(self._new_token)
        self._console = Imitation(manner)
        self._cut = cut
        self._number = 0
        self._hear(self._console.start())
        self._converse()

    def learn(self) -> None:
        """Run the two commands of known content."""
        self._run(Run(MARK + "\n"), MARK)
        self._run(Run("", 198), "")

    def run(self, run: Run) -> list[Event]:
        """Run code; return all events up to the prompt."""
        return self._run(run, None)

    def _run(self, run: Run, mark: str | None) -> list[Event]:
        assert self.dialogue.phase is Phase.READY
        files = self._files()
        self._console.prepare(files, run)
        self.dialogue.send(files, learn_mark=mark)
        return self._converse()

    def _files(self) -> CommandFiles:
        self._number += 1
        return command_files("/tmp/ss-x", str(self._number), "code", self._new_token)

    def _hear(self, data: bytes) -> list[Event]:
        return [event for piece in self._cut(data) for event in self.dialogue.receive(piece)]

    def _converse(self) -> list[Event]:
        events = list(self._exchange())
        assert self.dialogue.phase is Phase.READY, events
        return list(merged(events))

    def _exchange(self) -> Iterator[Event]:
        for _ in range(SILENCES):
            typed = self.dialogue.take()
            if typed:
                yield from self._hear(self._console.type(typed))
            elif self.dialogue.phase is Phase.READY:
                return
            else:
                yield from self.dialogue.receive_quiet()


def _answers(manner: Manner, runs: list[Run], cut: Cut) -> list[list[Event]]:
    conversation = Conversation(manner, cut)
    conversation.learn()
    return [conversation.run(run) for run in runs]


@settings(max_examples=60)
@given(manner=MANNERS, runs=st.lists(RUNS, min_size=1, max_size=4), sizes=SIZES)
def test_every_answer_is_exact(manner: Manner, runs: list[Run], sizes: list[int]) -> None:
    answers = _answers(manner, runs, in_sizes(sizes))
    for run, events in zip(runs, answers, strict=True):
        output = "".join(event.text for event in events if isinstance(event, Output))
        (result,) = [event for event in events if isinstance(event, Completed)]
        code = f"r({run.return_code});\n" if run.return_code else ""
        assert output == run.printed + code
        assert result == Completed(run.return_code)


@settings(max_examples=60)
@given(manner=MANNERS, runs=st.lists(WILD_RUNS, min_size=1, max_size=3), sizes=SIZES)
def test_cuts_do_not_matter(manner: Manner, runs: list[Run], sizes: list[int]) -> None:
    assert _answers(manner, runs, in_sizes(sizes)) == _answers(manner, runs, whole)
