"""The tools as an assistant meets them: their schemas, answers, handles and pictures."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stata_sessions.mcp import tools
from stata_sessions.mcp.jobs import Job
from stata_sessions.mcp.messages import Object
from tests.doors import BOUND_S, eventually
from tests.live.conftest import LiveServer
from tests.mcp.conftest import Assistant, handle, texts

NAMES = {"stata_run_selection", "stata_run_file", "stata_session", "stata_results", "stata_data"}
PNG = b"\x89PNG\r\n"


@pytest.fixture
def standin(serve: Callable[..., LiveServer]) -> Assistant:
    """Return an assistant of a server that runs the stand-in, with data in memory."""
    found = Assistant(serve(console="standin", stata_path=""))
    assert not found.run("sysuse auto")["isError"]
    return found


def session(assistant: Assistant, action: str, **given: Any) -> str:
    """Return what the tool for sessions says."""
    return "\n".join(texts(assistant.tool("stata_session", action=action, **given)))


def runs(assistant: Assistant, number: int) -> None:
    """Wait until the default session runs a command."""
    default = assistant.live.manager.get()
    eventually(lambda: default.view().running == number)


def test_the_schemas_are_flat() -> None:
    listed = {each["name"]: each["inputSchema"] for each in tools.listed()}
    assert listed.keys() == NAMES
    for schema in listed.values():
        assert schema.keys() == {"type", "properties", "required"}
        assert "session_id" in schema["properties"] and "session_id" not in schema["required"]
        for field in schema["properties"].values():
            assert field["type"] in ("string", "integer", "number", "boolean")
            assert field["description"]


def test_a_misspelt_argument_is_told_of(assistant: Assistant) -> None:
    output, remark = texts(assistant.run("display 6*7", sesion_id="b"))
    assert output.endswith("\n42\n")
    assert remark == "Ignored, since this tool has no such argument: 'sesion_id'"
    failed = assistant.run("display 6*7", session_id="nobody", cwd="/tmp")
    assert failed["isError"] and "'cwd'" in texts(failed)[-1]


@pytest.mark.parametrize("name", ["code", "command"])
def test_other_names_of_the_code_are_known(assistant: Assistant, name: str) -> None:
    result = assistant.tool("stata_run_selection", **{name: "display 6*7"})
    assert texts(result) == [". display 6*7\n42\n"]


def test_tools_that_only_read_say_so() -> None:
    hints = {each["name"]: each["annotations"] for each in tools.listed()}
    reading = {name for name, each in hints.items() if each["readOnlyHint"]}
    assert reading == {"stata_results", "stata_data"}
    assert {name for name, each in hints.items() if not each["destructiveHint"]} == reading


def test_data_stay_from_call_to_call_and_apart_from_other_sessions(assistant: Assistant) -> None:
    assert "other" in session(assistant, "create", session_id="other")
    assistant.run("global x = 5")
    assert texts(assistant.run('display "x is $x"')) == ['. display "x is $x"\nx is 5\n']
    other = assistant.run('display "x is $x"', session_id="other")
    assert texts(other) == ['. display "x is $x"\nx is \n']
    assert handle(other)["session_id"] == "other"


def test_a_stata_error_is_marked_and_its_output_is_the_text(assistant: Assistant) -> None:
    failed = assistant.run("display 1\nerror 111\ndisplay 2")
    assert failed["isError"] is True
    (text,) = texts(failed)
    assert text.startswith(". display 1\n1\n") and text.endswith("r(111);\n")
    assert handle(failed)["return_code"] == 111


def test_a_do_file_runs_in_its_folder(assistant: Assistant, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "a.do").write_text('display "from a file"\nerror 9\n')
    ran = assistant.tool("stata_run_file", file_path=str(folder / "a.do"))
    assert ran["isError"] is True
    assert "from a file" in texts(ran)[0]
    assert texts(assistant.run("pwd"))[0].endswith(f"{folder}\n")


def test_a_long_command_leaves_a_handle_and_the_rest_is_fetched(assistant: Assistant) -> None:
    first = assistant.run("display 1\nsleep 3500\ndisplay 2", wait_s=1.2)
    assert first["isError"] is False
    known = handle(first)
    assert (known["state"], known["return_code"], known["command"]) == ("running", None, 1)
    text, remark = texts(first)
    assert text.startswith(". display 1\n1\n")
    assert "action output" in remark and f"offset {known['next_offset']}" in remark
    given = {"command": known["command"], "offset": known["next_offset"]}
    rest = assistant.tool("stata_session", action="output", **given)
    assert handle(rest)["state"] == "finished"
    whole = assistant.tool("stata_session", action="output", command=1)
    assert text + texts(rest)[0] == texts(whole)[0]
    assert texts(whole)[0].endswith("\n2\n")


def test_stop_keeps_what_was_printed(assistant: Assistant) -> None:
    assistant.run("display 3\nsleep 40000", wait_s=0.6)
    runs(assistant, 1)
    assert "Stopped" in session(assistant, "stop")
    stopped = assistant.tool("stata_session", action="output")
    assert stopped["isError"] is True
    text, remark = texts(stopped)
    assert "3\n" in text and text.endswith("r(1);\n")
    assert "command 1 of session default" in remark


def test_a_time_limit_is_told(assistant: Assistant) -> None:
    ran = assistant.run("sleep 40000", timeout=1)
    assert ran["isError"] is True
    assert handle(ran)["reason"] == "time-limit"
    assert "timeout after 1" in texts(ran)[1]


def test_sessions_are_listed_with_what_they_do(assistant: Assistant) -> None:
    assistant.run("sleep 40000", wait_s=0.3)
    runs(assistant, 1)
    assistant.run("display 1", wait_s=0)
    lines = session(assistant, "list").splitlines()
    assert lines[0].startswith("default: busy, runs command 1, 1 queued, 2 commands so far")
    assert lines[-1] == "3 of 4 sessions can still be created"
    session(assistant, "stop")


def test_a_restart_is_told_with_the_next_command(assistant: Assistant) -> None:
    assert len(texts(assistant.run("display 1"))) == 1
    assert "restarted" in session(assistant, "restart")
    assert "earlier data are gone" in texts(assistant.run("display 2"))[1]
    # A command that never ran belongs to no Stata at all.
    stata = assistant.live.manager.get()
    stata.submit("sleep 40000")
    stata.submit("display 3").cancel()
    runs(assistant, 3)
    stata.stop()
    assert len(texts(assistant.run("display 4"))) == 1


def test_a_destroyed_session_tells_its_end_and_what_to_do(assistant: Assistant) -> None:
    session(assistant, "create", session_id="brief")
    session(assistant, "destroy", session_id="brief")
    gone = assistant.run("display 1", session_id="brief")
    assert gone["isError"] is True
    assert gone["_meta"]["stata-sessions/error"]["kind"] == "session-gone"
    assert "action create" in texts(gone)[0]


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("stata_run_selection", {}, "selection"),
        ("stata_run_selection", {"selection": "display 1", "wait_s": "soon"}, "wait_s"),
        ("stata_session", {"action": "fly"}, "action"),
        ("stata_session", {"action": "input"}, "text"),
        ("stata_session", {"action": "output"}, "no command"),
        ("stata_data", {"limit": 0}, "limit"),
        ("stata_data", {"rows": 3}, "rows"),
        ("stata_run_file", {"file_path": "/nowhere/a.do"}, "/nowhere/a.do"),
    ],
)
def test_what_cannot_be_done_is_told_to_the_assistant(
    assistant: Assistant, tool: str, given: dict[str, Any], said: str
) -> None:
    refused = assistant.tool(tool, **given)
    assert refused["isError"] is True
    assert said in texts(refused)[0]


def test_arguments_of_null_are_left_out(assistant: Assistant) -> None:
    given = {"session_id": None, "timeout": None, "working_dir": None, "wait_s": None}
    assert assistant.run("display 1", **given)["isError"] is False


def test_long_output_is_shortened_to_the_limit(serve: Callable[..., LiveServer]) -> None:
    assistant = Assistant(serve(max_output_tokens=100))
    code = "forvalues i = 1/400 {\ndisplay 10000 + `i'\n}"
    (short,) = texts(assistant.run(code))
    assert len(short) < 700 and "10001\n" in short and short.endswith("10400\n")
    (whole,) = texts(assistant.run(code, skip_filter=True))
    assert len(whole) > 2400


def test_a_console_that_waits_for_input_is_told_at_once_and_answered(standin: Assistant) -> None:
    asked = standin.run('display _request(x)\ndisplay "got $x"')
    assert handle(asked)["state"] == "running"
    assert "action input" in texts(asked)[-1]
    assert "awaiting-input" in session(standin, "list")
    assert "Sent" in session(standin, "input", text="hello")
    eventually(lambda: standin.live.manager.get().command(2).wait(0))
    assert session(standin, "output").endswith("got hello\n")


def test_data_come_as_rows_with_labels(standin: Assistant) -> None:
    (text,) = texts(standin.tool("stata_data", condition="foreign == 1", limit=2))
    head, first, _, rest, labels = text.splitlines()
    assert head.startswith("_n,make,price,mpg,rep78") and first.startswith("53,Audi 5000,9690")
    assert rest == "rows 1 to 2 of 22; go on with offset 2"
    assert labels == "foreign: 1 = Foreign"
    assert ",.," in texts(standin.tool("stata_data", offset=2, limit=1))[0], "a missing rep78"


def test_rows_that_do_not_fit_are_asked_for_again(serve: Callable[..., LiveServer]) -> None:
    assistant = Assistant(serve(console="standin", stata_path="", max_output_tokens=150))
    assistant.run("sysuse auto")
    (text,) = texts(assistant.tool("stata_data"))
    reached = int(text.rpartition("go on with offset ")[2].split()[0])
    assert 0 < reached < 20 and len(text) < 800
    (more,) = texts(assistant.tool("stata_data", offset=reached))
    assert more.splitlines()[1].startswith(f"{reached + 1},")


def test_results_come_as_values(standin: Assistant) -> None:
    standin.run("summarize price")
    (text,) = texts(standin.tool("stata_results"))
    found = json.loads(text)
    assert (found["r"]["scalars"]["N"], found["r"]["scalars"]["max"]) == (74, 15906)
    assert "e" not in found, "what is empty is left out"


def test_a_graph_comes_as_a_picture(standin: Assistant) -> None:
    drawn = standin.run("scatter price mpg")
    text, picture = drawn["content"]
    assert text["type"] == "text"
    assert (picture["type"], picture["mimeType"]) == ("image", "image/png")
    assert base64.b64decode(picture["data"]).startswith(PNG)
    assert len(standin.run("display 1")["content"]) == 1


def test_a_tool_that_fails_by_our_fault_has_no_answer() -> None:
    def work(job: Job) -> Object:
        raise ZeroDivisionError

    job = Job(work, BOUND_S).start()
    assert job.wait(BOUND_S) and job.answer is None
