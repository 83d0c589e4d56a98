"""What squeue tells, read; and which jobs the sweep may cancel."""

from __future__ import annotations

from datetime import datetime

from stata_sessions.launchers.slurm.queue import orphans, parse

# From a real cluster with three seats; the last three rows are made up.
ANSWER = """\
4|CANCELLED|None|n1|2026-11-24T15:12:40|ss-2054aab9-b32b4ac5
6|FAILED|BadConstraints||2026-11-24T15:12:49|ss-2054aab9-0a58231c
7|RUNNING|None|n1|2026-11-24T15:13:36|ss-0123abcd-3
8|RUNNING|None|n2|2026-11-24T15:13:36|somebody's own | job
10|PENDING|Licenses||N/A|ss-0123abcd-4
11|PENDING|None||2026-11-24T16:00:00|ss-0123abcd-5
12|PENDING|(ReqNodeNotAvail, UnavailableNodes:n1)||N/A|ss-ffffffff-1
14|CONFIGURING|None|n3|2026-11-24T15:13:36|ss-0123abcd-7
13|COMPLETING|None|n1|2026-11-24T15:13:36|ss-0123abcd-6
"""


def test_rows_are_read() -> None:
    rows = {row.job: row for row in parse(ANSWER)}
    assert [rows["7"].state, rows["7"].node, rows["7"].name] == ["RUNNING", "n1", "ss-0123abcd-3"]
    assert rows["8"].name == "somebody's own | job"
    assert [rows[each].queued for each in ("7", "14", "10", "11", "12")] == [
        "",
        "Configuring",
        "Licenses",
        "Pending",
        "ReqNodeNotAvail, UnavailableNodes:n1",
    ]


def test_only_a_job_whose_node_is_up_is_running() -> None:
    assert [row.job for row in parse(ANSWER) if row.is_running] == ["7", "8"]


def test_places_in_the_queue_are_counted_from_zero() -> None:
    rows = parse(ANSWER)
    assert {row.job: row.position for row in rows if row.is_waiting} == {"10": 0, "11": 1, "12": 2}
    assert all(row.position is None for row in rows if not row.is_waiting)


def test_an_expected_start_is_a_time_of_this_place() -> None:
    rows = {row.job: row for row in parse(ANSWER)}
    assert rows["11"].start == datetime(2026, 11, 24, 16).astimezone()
    assert rows["10"].start is None


def test_what_is_no_row_is_left_out() -> None:
    assert parse("") == []
    assert parse("slurm_load_jobs error: Invalid user\n\n1|RUNNING\n") == []


def test_only_live_jobs_of_our_own_that_nobody_owns_are_swept() -> None:
    rows = parse(ANSWER)
    assert orphans(rows, "ss-0123abcd-", {"ss-0123abcd-4"}) == ["7", "11", "14"]
    assert orphans(rows, "ss-0123abcd-", {row.name for row in rows}) == []
    assert orphans(rows, "ss-2054aab9-", set()) == []
