"""Sessions through a program that leaves its jobs running, as docker and kubectl do."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stata_sessions.client import Client
from stata_sessions.errors import ConfigurationError, LaunchFailed, NoLicenceSeat
from stata_sessions.launchers.command import CommandLauncher, template
from stata_sessions.launchers.identity import host_name
from stata_sessions.settings import Settings
from stata_sessions.states import SessionState
from tests.cli.running import run_cli
from tests.doors import ENVIRON, eventually, light_console
from tests.launching.sharing import consoles_in, shared_folder
from tests.live.conftest import serving

# ``run`` notes the job's process, ``kill`` ends it, ``list`` names all; a note outlives its job.
KEEPER = """\
#!/bin/sh
cd "$(dirname "$0")/jobs" || exit
case $1 in
run) name=$2; shift 2; echo $$ >"$name"; exec "$@" ;;
kill) kill "$(cat "$2")"; rm "$2" ;;
list) for each in *; do echo "job/$each"; done ;;
esac
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    with shared_folder() as folder:
        (folder / "jobs").mkdir()
        keeper = folder / "keeper"
        keeper.write_text(KEEPER)
        keeper.chmod(0o755)
        yield folder


def settings(shared: Path, **changes: Any) -> Settings:
    keeper = shared / "keeper"
    given: dict[str, Any] = {
        "launcher": "command",
        "launch_command": f"{keeper} run {{name}} {{stata}} -q",
        "launch_cancel": f"{keeper} kill {{name}}",
        "launch_list": f"{keeper} list",
        "shared_dir": str(shared),
        "stata_path": str(light_console(shared)),
        "working_dir": str(shared),
        "queue_interval": 1.0,
        "port": 0,
    }
    return Settings(**(given | changes))


def names(shared: Path) -> list[str]:
    return [each.name for each in (shared / "jobs").iterdir()]


def test_a_session_is_cancelled_by_its_name(shared: Path) -> None:
    with serving(settings(shared)) as live:
        stata = Client(live.url)
        session_id = stata.create_session()
        assert stata.execute("display 1 + 1", session_id).output.endswith("\n2\n")
        place = stata.session(session_id).place
        assert place and names(shared) == [place.job]
        stata.destroy_session(session_id)
        # The console had left by itself; there was nothing to be cancelled.
        assert consoles_in(shared) == []
        busy = stata.create_session()
        stata.submit("while 1 {\nlocal x = 1\n}", busy)
        eventually(lambda: stata.session(busy).state is SessionState.BUSY)
        stata.destroy_session(busy)
        assert names(shared) == [place.job] and consoles_in(shared) == []


def test_a_console_elsewhere_has_its_limits_and_needs_no_memory_here(shared: Path) -> None:
    with serving(settings(shared, data_limit_mb=200, nice=3, free_memory_mb=2**24)) as live:
        stata = Client(live.url)
        session_id = stata.create_session()
        for asked, answer in (("ulimit -d", 200 * 1024), ("ulimit -c", 0), ("nice", 3)):
            assert stata.execute(f"!{asked}", session_id).output.endswith(f"\n{answer}\n")


def test_a_seat_that_is_refused_elsewhere_is_told_as_such(shared: Path) -> None:
    chosen = settings(shared)
    light_console(shared, "start-fails=seats")
    with serving(chosen) as live:
        with pytest.raises(NoLicenceSeat, match="Too many users: no licence seat is free"):
            Client(live.url).create_session()
        assert live.manager.licence().is_refusing


def test_the_doctor_examines_sessions_elsewhere(shared: Path) -> None:
    command = f"{shared}/keeper run {{name}} {{stata}} -q"
    where = ("--launcher", "command", "--launch-command", command, "--shared-dir", str(shared))
    program = str(light_console(shared))
    done = run_cli("doctor", "--quick", *where, "--stata-path", program)
    assert done.returncode == 0, done.stderr
    assert f"console: {program} through '{command}'" in done.stdout
    assert "code that succeeds: finished, return code 0, its last row is <42>" in done.stdout
    assert [each.name for each in shared.glob(".server-*")] == [f".server-{host_name()}-1"]


def test_what_an_earlier_life_left_is_cancelled_and_nothing_else(shared: Path) -> None:
    with serving(settings(shared)) as earlier:
        session_id = Client(earlier.url).create_session()
        place = Client(earlier.url).session(session_id).place
        assert place
        prefix = place.job.rpartition("-")[0]
    [note] = names(shared)
    (shared / "jobs" / note).unlink()
    with subprocess.Popen(["sleep", "600"]) as left:
        (shared / "jobs" / f"{prefix}-0123abcd").write_text(str(left.pid))
        (shared / "jobs" / "ss-ffffffff-0123abcd").write_text("1")
        with serving(settings(shared)):
            eventually(lambda: left.poll() is not None)
            eventually(lambda: names(shared) == ["ss-ffffffff-0123abcd"])


def test_two_servers_in_one_folder_do_not_touch_each_other(shared: Path) -> None:
    with serving(settings(shared)) as one, serving(settings(shared)) as other:
        session_id = Client(one.url).create_session()
        Client(other.url).create_session()
        prefixes = {each.rpartition("-")[0] for each in names(shared)}
        assert len(prefixes) == 2
        assert Client(one.url).execute("display 1", session_id).ok


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shared_dir": ""}, "launcher command needs shared_dir"),
        ({"shared_dir": "/tmp/nowhere"}, "shared_dir: /tmp/nowhere cannot be used: No such"),
        ({"launch_command": ""}, "must contain {stata} as a word of its own"),
        ({"launch_command": "ssh x '{stata} -q'"}, "must contain {stata} as a word of its own"),
        ({"launch_command": "ssh {hots} {stata}"}, "unknown {hots}; there is {cpus}, {directory}"),
        ({"launch_command": "ssh 'x {stata}"}, "No closing quotation"),
        ({"launch_cancel": "kill {stata}"}, "launch_cancel = 'kill {stata}': unknown {stata}"),
        ({"launch_list": "list {name}"}, "launch_list = 'list {name}': unknown {name}; .* none"),
        ({"job_memory": "lots"}, "job_memory = 'lots': give a size"),
    ],
)
def test_templates_that_cannot_serve_are_refused_at_once(
    shared: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message), serving(settings(shared, **changes)):
        pass


def test_a_program_that_is_not_there_is_named(shared: Path) -> None:
    launcher = CommandLauncher(settings(shared, launch_command="nowhere {stata}"), ENVIRON)
    assert launcher.programs() == []
    assert launcher.describe() == "launch_command: there is no nowhere in PATH"
    launcher.close()


def test_a_wish_of_the_template_that_nobody_has_is_told(shared: Path) -> None:
    command = f"{shared}/keeper run {{name}} {{stata}} --memory={{memory}}"
    with serving(settings(shared, launch_command=command)) as live:
        stata = Client(live.url)
        with pytest.raises(LaunchFailed, match="give the session the option memory, or set its"):
            stata.create_session()
        assert stata.sessions()[1:] == []


def test_words_of_a_template_are_those_of_a_shell() -> None:
    words = template("x", "a 'b {name}' \"c d\"", frozenset({"name"}))
    assert words == ["a", "b {name}", "c d"]
