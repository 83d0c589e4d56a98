"""The Python client against a real server."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from stata_sessions import errors
from stata_sessions.client import Client, create_session, destroy_session, execute
from stata_sessions.client.mapping import Parameters
from stata_sessions.states import CommandState, SessionState
from tests.doors import BOUND_S, eventually
from tests.live.conftest import LiveServer


@pytest.fixture
def stata(live_server: LiveServer) -> Client:
    return Client(live_server.url)


@pytest.fixture
def standin(serve: Callable[..., LiveServer]) -> Client:
    return Client(serve(console="standin", stata_path="").url)


def test_the_guides_functions(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATA_SESSIONS_URL", live_server.url)
    execute("local data production")
    session = create_session()
    assert execute('display "<`data\'>"', session_id=session).output.endswith("\n<>\n")
    destroy_session(session)
    assert execute('display "<`data\'>"').output.endswith("\n<production>\n")


def test_a_result_is_typed_and_complete(stata: Client) -> None:
    result = stata.execute('display "äß"\nerror 198')
    assert (result.return_code, result.ok, result.session_id) == (198, False, "default")
    assert "äß\n" in result.output and result.output.endswith("r(198);\n")
    assert result.command.state is CommandState.FINISHED
    assert result.command.ended_at is not None and result.command.ended_at.tzinfo is not None


def test_more_output_than_one_page_holds(stata: Client) -> None:
    result = stata.execute("flood 3000000")
    assert len(result.output) > 3_000_000
    assert result.command.end is not None
    assert result.command.end - result.command.start == len(result.output.encode())


def test_a_do_file_runs_where_it_is_told_to(
    stata: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "a.do").write_text("pwd\n")
    monkeypatch.chdir(tmp_path)
    assert f"\n{tmp_path}\n" in stata.run_file("work/a.do").output
    assert f"\n{folder}\n" in stata.run_file("work/a.do", working_dir="work").output


def test_sessions_are_listed_and_closed(stata: Client) -> None:
    with stata.temporary_session(name="mine") as name:
        assert name == "mine"
        assert [each.session_id for each in stata.sessions()] == ["default", "mine"]
        shown = stata.session("mine")
        assert (shown.state, shown.is_default) == (SessionState.READY, False)
    with pytest.raises(errors.SessionGone):
        stata.session("mine")


def test_errors_are_ours(stata: Client) -> None:
    with pytest.raises(errors.NoSuchSession, match="Session not found: xyz789") as caught:
        stata.execute("display 1", "xyz789")
    assert caught.value.facts["session"] == "xyz789"
    with pytest.raises(errors.ProtectedSession):
        stata.destroy_session("default")
    with pytest.raises(errors.NoSuchFile):
        stata.run_file("/nowhere/a.do")
    with pytest.raises(errors.InvalidInput):
        stata.submit("display 1", time_limit_s=-1)


def test_no_server() -> None:
    with pytest.raises(ConnectionError, match="stata-sessions serve"):
        Client("http://127.0.0.1:9").health()


def test_a_token(serve: Callable[..., LiveServer]) -> None:
    url = serve(token="secret").url
    assert Client(url, "secret").health()["status"] == "ok"
    with pytest.raises(errors.NoToken):
        Client(url, "guess").health()


def test_a_unix_socket(serve: Callable[..., LiveServer], tmp_path: Path) -> None:
    url = serve(unix_socket=str(tmp_path / "s")).url
    assert Client(url).execute("display 6*7").output.endswith("\n42\n")


def test_a_stream_brings_output_as_it_comes(stata: Client) -> None:
    command = stata.submit('display "first"\nsleep 60000')
    stream = stata.stream(command)
    text = ""
    while "first\n" not in text:
        text += next(stream)
    assert stata.stop(wait_s=BOUND_S).status == "stopped"
    text += "".join(stream)
    assert stream.command.state is CommandState.BROKEN
    assert text == stata.wait(command).output


def test_a_stream_of_a_queued_command_is_its_own_output(stata: Client) -> None:
    stata.execute('display "before"')
    stata.submit("sleep 60000")
    queued = stata.submit('display "mine"')
    stream = stata.stream(queued)
    stata.stop()
    text = "".join(stream)
    assert text.strip().endswith("mine") and "before" not in text and "Break" not in text


def test_a_stream_of_an_ended_command_has_all_of_it(stata: Client) -> None:
    result = stata.execute('display "over"')
    stream = stata.stream(result.command)
    assert "".join(stream) == result.output
    assert stream.command.ended


def test_a_session_is_followed_across_commands(stata: Client) -> None:
    session = stata.create_session()
    stream = stata.follow(session)
    text = ""
    for word in ("one", "two"):
        stata.execute(f'display "{word}"', session)
        while f"\n{word}\n" not in text:
            text += next(stream)
    stata.destroy_session(session)
    text += "".join(stream)
    assert text.index("\none\n") < text.index("\ntwo\n")
    assert stream.end is not None and stream.end["state"] == "closed"


@contextmanager
def cutting_proxy(url: str, after_bytes: int) -> Iterator[str]:
    """Pass connections on to a server, and cut each when so many bytes have come back."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=_cut, args=(listening, (host, int(port)), after_bytes))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(BOUND_S)


def _cut(listening: socket.socket, server: tuple[str, int], after_bytes: int) -> None:
    with suppress(OSError):  # the listening socket was shut
        while True:
            client, _ = listening.accept()
            with client, socket.create_connection(server) as behind:
                behind.sendall(client.recv(65536))
                left = after_bytes
                while left > 0 and (data := behind.recv(min(left, 65536))):
                    client.sendall(data)
                    left -= len(data)


def test_a_stream_goes_on_where_it_was_cut(stata: Client, live_server: LiveServer) -> None:
    command = stata.submit("spin 20")
    with cutting_proxy(live_server.url, after_bytes=1000) as url:
        stream = Client(url).stream(command)
        text = ""
        while len(text) < 300:  # each event takes some 60 bytes, a third of them text
            text += next(stream)
        stata.stop(wait_s=BOUND_S)
        text += "".join(stream)
    assert stream.command.state is CommandState.BROKEN
    assert text == stata.wait(command).output


def test_queue_wait_cancel_and_history(stata: Client) -> None:
    running = stata.submit("sleep 60000")
    queued = stata.submit("display 1")
    assert stata.command(queued.number).position == 0
    assert stata.cancel(queued).state is CommandState.CANCELLED
    stata.stop(wait_s=BOUND_S)
    assert stata.wait(running).command.state is CommandState.BROKEN
    assert [each.code for each in stata.history()] == ["sleep 60000", "display 1"]
    assert list(stata.commands()) == stata.history()
    assert [each.code for each in stata.commands(after=1)] == ["display 1"]
    assert "sleep 60000" in stata.do_file() and "display 1" not in stata.do_file()


def test_input_for_a_console_that_waits(stata: Client) -> None:
    command = stata.submit('display _request(x)\ndisplay "<$x>"')
    eventually(lambda: stata.session().state is SessionState.AWAITING_INPUT)
    stata.send_input("tea")
    assert "<tea>\n" in stata.wait(command).output


def test_a_restart_begins_an_epoch(stata: Client) -> None:
    before = stata.execute("global x 1").command.epoch
    assert stata.restart().epoch == before + 1
    with pytest.raises(errors.EpochChanged):
        stata.submit("display 1", epoch=before)


def test_a_map_runs_side_by_side_in_order(stata: Client) -> None:
    began = time.monotonic()
    sets: list[Parameters] = [{"n": n, "word": f"w{n}"} for n in range(3)]
    results = list(stata.map("sleep 1500\ndisplay \"<`word'`n'>\"", sets))
    took_s = time.monotonic() - began
    assert [each.output.splitlines()[-1] for each in results] == ["<w00>", "<w11>", "<w22>"]
    assert took_s < 4.4, "four and a half seconds one after the other"
    assert [each.session_id for each in stata.sessions()] == ["default"]


def test_a_map_that_is_left_leaves_nothing(stata: Client) -> None:
    sets: list[Parameters] = [{"ms": 10}, {"ms": 60_000}, {"ms": 60_000}]
    found = stata.map("sleep `ms'", sets, sessions=2)
    assert next(found).ok
    with ThreadPoolExecutor() as pool:
        pool.submit(found.close).result(BOUND_S)  # type: ignore[attr-defined]
    assert [each.session_id for each in stata.sessions()] == ["default"]


def test_views_are_typed(standin: Client) -> None:
    code = 'set obs 5\ngenerate x = _n * 10\nlabel variable x "Tens"\nsummarize x'
    assert standin.execute(code).ok
    assert standin.results().r.scalars["N"] == 5
    data = standin.data(limit=2, condition="x > 20")
    assert (data.total_rows, data.columns, data.rows) == (3, ["x"], [[30], [40]])
    assert [each.label for each in standin.variables().variables] == ["Tens"]
