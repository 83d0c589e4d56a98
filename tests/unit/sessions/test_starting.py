"""Failed starts are explained with the console's last words and a hint."""

from __future__ import annotations

import errno
import signal

import pytest

from stata_sessions.consoles import ExitReport
from stata_sessions.errors import LaunchFailed, LicenceExpired, NoLicenceSeat
from stata_sessions.sessions.starting import (
    LAST_ROWS,
    first_that_starts,
    start_ended,
    start_failed,
    start_refused,
    start_timed_out,
)
from stata_sessions.settings import Settings

PROGRAM = "/opt/stata-mp"
BANNER = """
___/   /   /___/   /   /___/       MP\N{EM DASH}Parallel Edition
Stata license: 8-user 16-core network, expiring  2 Jul 2026
60-user Stata network license expires 14 Aug 2019:
"""


def ended(text: str, status: int = 1, **settings: tuple[str, ...]) -> LaunchFailed:
    return start_ended(ExitReport(status), text, PROGRAM, Settings(**settings))  # type: ignore[arg-type]  # words only


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("License not applicable to this Stata", "--stata-edition"),
        ("Cannot find license file", "licence file"),
        ("License is invalid", "licence file"),
        ("No valid license was found", "licence file"),
        ("Cannot connect to the license server", "licence server"),
        ("stata-mp: error while loading shared libraries: libtinfo.so.5", "library"),
        ("dyld: Library not loaded: x.dylib", "library"),
        ("cannot execute: Exec format error", "another kind of machine"),
        ("Bad CPU type in executable", "another kind of machine"),
        ("Permission denied", "may not be executed"),
    ],
)
def test_known_causes_have_a_hint(text: str, hint: str) -> None:
    error = ended(f"\n{text}\n\n")
    assert type(error) is LaunchFailed
    assert error.message.startswith("Failed to initialize Stata: /opt/stata-mp: ended before")
    assert text in error.message and "(exit status 1)" in error.message
    assert hint in str(error.facts["hint"])
    assert error.retry_after_s is None


@pytest.mark.parametrize(
    "text",
    [
        "Too many users are using Stata",
        "Too many licensed users",
        "All seats are taken",
        "Maximum number of users reached",
        "the license allows at most 3 users; limit of concurrent users reached",
        "All licenses are in use; try again later",
        "license limit exceeded",
        "User limit reached",
        "No more simultaneous sessions allowed",
    ],
)
@pytest.mark.parametrize("status", [0, 1])
def test_a_seat_that_is_refused_is_an_error_of_its_own(text: str, status: int) -> None:
    error = ended(f"banner\n\n{text}\n", status)
    assert type(error) is NoLicenceSeat
    assert text in error.message and error.facts["last_rows"] == f"banner\n{text}"
    assert error.retry_after_s


@pytest.mark.parametrize(
    "text", ["Your license has expired", "License has expired", "This Stata has expired",
             "Expired license", "Your subscription expired on 2 Jul 2026"]
)  # fmt: skip
def test_an_expired_licence_is_nothing_to_wait_for(text: str) -> None:
    error = ended(text)
    assert type(error) is LicenceExpired
    assert "renew" in error.message and error.retry_after_s is None


@pytest.mark.parametrize("text", [BANNER, "Kerberos ticket expired", "limited memory", ""])
def test_other_words_are_not_taken_for_the_licence_s(text: str) -> None:
    assert type(ended(text)) is LaunchFailed


def test_a_site_can_add_the_words_of_its_licence() -> None:
    assert type(ended("PLATZ BELEGT, bitte warten")) is LaunchFailed
    assert type(ended("PLATZ BELEGT, bitte warten", licence_words=("platz belegt",))) is (
        NoLicenceSeat
    )


@pytest.mark.parametrize(
    ("number", "hint"), [(signal.SIGKILL, "memory"), (signal.SIGSEGV, "crashed")]
)
def test_a_crash_is_a_crash_whatever_was_printed(number: signal.Signals, hint: str) -> None:
    error = start_ended(ExitReport(signal=number), "All seats are taken", PROGRAM, Settings())
    assert type(error) is LaunchFailed
    assert f"killed by signal {int(number)}, {number.name}): All seats" in error.message
    assert hint in str(error.facts["hint"])


def test_an_unknown_cause_is_told_as_it_is() -> None:
    error = ended("something new\n")
    assert error.message.endswith("before its first prompt (exit status 1): something new")
    assert error.facts["hint"] == ""


def test_only_the_last_rows_are_told() -> None:
    text = "".join(f"row {number}\n\n" for number in range(100))
    rows = str(start_failed("ended", text, "stata").facts["last_rows"]).splitlines()
    assert rows == [f"row {number}" for number in range(100 - LAST_ROWS, 100)]


def test_silence_is_told_too() -> None:
    error = start_timed_out("", "stata", Settings(worker_start_timeout=2.5))
    assert "no prompt within 2.5 seconds (worker_start_timeout) without a word" in error.message
    assert error.kind == "launch-timed-out"


def test_a_console_that_waits_for_a_seat_is_told_as_such() -> None:
    text = "All seats are taken, waiting for one ..."
    assert type(start_timed_out(text, "stata", Settings())) is NoLicenceSeat


@pytest.mark.parametrize(
    ("number", "path", "hint"),
    [
        (errno.ENOSPC, "/tmp/ss-1/run.do", "disk of the private folders is full"),
        (errno.EMFILE, None, "LimitNOFILE"),
        (errno.EAGAIN, None, "no more processes"),
        (errno.EACCES, "/tmp/ss-1/tmp", "may not write in the private folder"),
        (errno.EACCES, PROGRAM, "may not be executed"),
        (errno.ENOENT, "/tmp/ss-1/tmp", "has vanished"),
        (errno.ENOENT, None, ""),
        (errno.EROFS, "/tmp/ss-1/tmp", "read-only"),
    ],
)
def test_what_the_system_refuses_is_explained(number: int, path: str | None, hint: str) -> None:
    error = start_refused(OSError(number, "no", path) if path else OSError(number, "no"), PROGRAM)
    if (number, path) == (errno.EACCES, PROGRAM):
        error = start_refused(PermissionError(number, "Permission denied", path), PROGRAM)
    assert (hint in str(error.facts["hint"])) and bool(hint) == bool(error.facts["hint"])


def _failing(failures: dict[str, Exception]) -> list[str]:
    tried: list[str] = []

    def start(program: str) -> None:
        tried.append(program)
        if program in failures:
            raise failures[program]

    first_that_starts(("mp", "se", "be"), start, lambda: True)
    return tried


OTHER_EDITION = LaunchFailed("License not applicable to this Stata")
EXPIRED = LicenceExpired("License has expired")
NO_SEAT = NoLicenceSeat("no seat")


def test_programs_are_tried_until_one_starts() -> None:
    assert _failing({"mp": OTHER_EDITION, "se": EXPIRED}) == ["mp", "se", "be"]


@pytest.mark.parametrize(
    ("failures", "told"),
    [
        (
            {"mp": OTHER_EDITION, "se": OTHER_EDITION, "be": OSError("gone")},
            "be: cannot be started",
        ),
        ({"mp": EXPIRED, "se": OTHER_EDITION, "be": OTHER_EDITION}, "has expired"),
        # The licence server is not asked again for another edition.
        ({"mp": OTHER_EDITION, "se": NO_SEAT, "be": None}, "no seat"),
    ],
)
def test_the_failure_that_tells_most_is_told(
    failures: dict[str, Exception | None], told: str
) -> None:
    with pytest.raises(LaunchFailed, match=told):
        _failing({name: error for name, error in failures.items() if error})
