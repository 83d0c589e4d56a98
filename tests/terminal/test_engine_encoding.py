"""A Stata from before 14 speaks the code page of its machine, and is understood."""

from __future__ import annotations

import pytest

from stata_sessions.errors import InvalidCode, InvalidInput
from tests.terminal.engines import PATIENCE_S, engine, eventually

pytestmark = pytest.mark.timeout(60)


def test_code_and_output_go_through_the_code_page() -> None:
    with engine(encoding="latin-1") as running:
        session = running.manager.create()
        shown = running.answer(session, 'display "größe: 5 µm"')
        assert shown == ('. display "größe: 5 µm"\ngröße: 5 µm\n', 0)
        assert "größe".encode("latin-1") in session.raw()
        assert running.answer(session, 'display length("é")') == (
            '. display length("é")\n1\n',
            0,
        )
        with pytest.raises(InvalidCode, match="which latin-1 has not"):
            session.submit('display "✓"')


def test_input_is_typed_in_the_code_page() -> None:
    with engine(encoding="latin-1") as running:
        session = running.manager.create()
        command = session.submit("display _request(answer)")
        assert eventually(lambda: session.awaited(command))
        with pytest.raises(InvalidInput, match="which latin-1 has not"):
            session.send_input("✓")
        session.send_input("größe")
        assert command.wait(PATIENCE_S)
        assert running.answer(session, 'display "$answer"') == ('. display "$answer"\ngröße\n', 0)
