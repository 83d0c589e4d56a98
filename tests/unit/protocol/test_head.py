"""Where the user's output begins, whoever echoes what we type."""

from __future__ import annotations

import pytest

from stata_sessions.protocol.head import HEAD_LIMIT, Head

TYPED = 'include "/tmp/ss-x/run-1.do"'
INNER = 'include "/tmp/ss-x/cmd-1.do"'
OUTPUT = "\n. display 1\n1\n"


def _head(**options: bool) -> Head:
    return Head(TYPED, INNER, stale=('display as error "@old"', "@old"), **options)


def _folded(line: str, width: int) -> str:
    return f"{line[:width]}\n> {line[width:]}"


ECHOES = {
    "by Stata": f"{TYPED}\n\n. {INNER}\n",
    "by the terminal": f"{TYPED}\n. {INNER}\n",
    "of the file alone": f"\n\n. {INNER}\n",
    "twice": f"{TYPED}\n. {TYPED}\n\n. {INNER}\n",
    "with the picture of Enter": f"{TYPED}^J{TYPED}\n. {INNER}\n",
    "with a blank": f"{TYPED} \n\n. {INNER} \n",
    "folded": f"{_folded(TYPED, 10)}\n\n. {_folded(INNER, 12)}\n",
    "behind a late sentinel": f'display as error "@old"\n@old\n\n. {TYPED}\n\n. {INNER}\n',
}


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_echo_is_taken_off_and_output_is_left(echo: str) -> None:
    head = _head()
    assert head.strip(echo + OUTPUT) == len(echo)
    assert head.inner_seen


@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_as_long_as_it_may_be_echo_nothing_is_decided(echo: str) -> None:
    for end in range(len(echo)):
        assert _head().strip(echo[:end]) is None


def test_without_any_echo_output_begins_at_once() -> None:
    head = _head()
    assert (head.strip("1\n"), head.inner_seen) == (0, False)


@pytest.mark.parametrize("size", [10, HEAD_LIMIT, 20 * HEAD_LIMIT])
def test_echo_is_taken_off_however_much_comes_with_it(size: int) -> None:
    echo = ECHOES["by Stata"]
    assert _head().strip(echo + OUTPUT + "x" * size) == len(echo)


def test_an_editor_s_redraws_are_echo() -> None:
    drawn = "".join(f". {TYPED[:length]}\n" for length in range(1, len(TYPED) + 1))
    echo = f"{drawn}\n. {INNER}\n"
    assert _head(redraws=True).strip(echo + OUTPUT) == len(echo)


def test_what_others_printed_before_a_known_echo_is_kept() -> None:
    head = _head(expected=True)
    text = f"\n[1]+  Done\n\n{TYPED}\n\n. {INNER}\n"
    assert head.strip(text) == len(text)
    assert head.before == "[1]+  Done\n"


def test_a_line_that_only_begins_like_ours_is_output() -> None:
    text = 'include "/tmp/ss-y/other.do"\n'
    assert _head().strip(text) == 0
