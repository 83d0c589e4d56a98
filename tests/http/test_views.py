"""Views tell what is there, and leave everything as it was."""

from __future__ import annotations

import math
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.doors import ClientWith, body

HERE = "/sessions/default"
# All that a view could have changed, as Stata shows it.
STATE = """display _rc c(changed) c(N) c(k) "`mine'" "$mine"
display "`c(filename)' `c(pwd)' `c(output)' `c(linesize)'"
return list
ereturn list
sreturn list
macro list
list in 1/5
"""


@pytest.fixture
def client(client_with: ClientWith) -> FlaskClient:
    client = client_with(console="standin", stata_path="")
    run(client, "sysuse auto")
    return client


def run(client: FlaskClient, code: str) -> str:
    answer = client.post(f"{HERE}/commands", json={"code": code, "wait_s": 60})
    ran = body(answer)
    assert ran["return_code"] == 0, ran["output"]
    return str(ran["output"])


def view(client: FlaskClient, path: str, **given: Any) -> dict[str, Any]:
    answer = client.get(HERE + path, query_string=given)
    assert answer.status_code == 200, answer.text
    return body(answer)


def test_results_are_values(client: FlaskClient) -> None:
    run(client, "summarize price")
    found = view(client, "/results")["r"]["scalars"]
    assert (found["N"], found["min"], found["max"]) == (74, 3291, 15906)
    assert math.isclose(found["mean"], 6165.256756756757, rel_tol=1e-15)


def test_matrices_have_names(client: FlaskClient) -> None:
    run(client, "regress price mpg weight")
    found = view(client, "/results")
    assert found["e"]["macros"]["cmd"] == "regress"
    b = found["e"]["matrices"]["b"]
    assert b["columns"] == ["mpg", "weight", "_cons"]
    assert math.isclose(b["values"][0][0], -49.51222067, rel_tol=1e-8)
    assert found["e"]["matrices"]["V"]["size"] == [3, 3]
    assert found["r"]["matrices"]["table"]["rows"][:2] == ["b", "se"]


def test_returned_text_comes_as_it_is(client: FlaskClient) -> None:
    long = "word " * 40
    run(
        client,
        f'program define tell, rclass\nreturn local text `"a {{bf:b}} | {long}"\'\n'
        "return scalar missing = .b\nend\ntell",
    )
    found = view(client, "/results")["r"]
    assert found["macros"] == {"text": f"a {{bf:b}} | {long}"}
    assert found["scalars"] == {"missing": ".b"}


def test_variables_are_described(client: FlaskClient) -> None:
    found = view(client, "/variables")
    assert (found["observations"], found["changed"]) == (74, False)
    by_name = {each["name"]: each for each in found["variables"]}
    assert by_name["make"]["type"] == "str18"
    assert by_name["foreign"]["value_label"] == "origin"
    assert by_name["price"]["label"] == "Price"
    assert by_name["price"]["format"] == "%8.0gc"


def test_no_data_are_no_error(client_with: ClientWith) -> None:
    empty = client_with(console="standin", stata_path="")
    assert view(empty, "/variables")["variables"] == []
    assert view(empty, "/data")["rows"] == []
    assert body(empty.get("/view_data"))["data"] == []


def test_rows_come_with_types_and_labels(client: FlaskClient) -> None:
    found = view(client, "/data", offset=2, limit=3)
    assert (found["total_rows"], found["index"]) == (74, [3, 4, 5])
    first = dict(zip(found["columns"], found["rows"][0], strict=True))
    assert (first["make"], first["price"], first["rep78"]) == ("AMC Spirit", 3799, None)
    assert found["types"]["make"] == "str18"
    assert found["labels"]["foreign"] == {"0": "Domestic"}


def test_rows_that_fulfil_a_condition(client: FlaskClient) -> None:
    found = view(client, "/data", condition='foreign == 1 & make != "x"', limit=2, offset=1)
    assert (found["total_rows"], found["index"]) == (22, [54, 55])
    assert [row[0] for row in found["rows"]] == ["Audi Fox", "BMW 320i"]


def test_missing_codes_stay_apart(client: FlaskClient) -> None:
    run(client, "replace price = .a in 1\nreplace price = . in 2")
    found = view(client, "/data", limit=2)
    assert [row[1] for row in found["rows"]] == [".a", None]


def test_numbers_are_told_as_their_type_holds_them(client: FlaskClient) -> None:
    run(client, "clear\nset obs 1\ngenerate float f = 0.1\ngenerate double d = 1/3")
    run(client, "generate long l = 123456789\ngenerate double big = 1e300")
    assert view(client, "/data")["rows"] == [[0.1, 1 / 3, 123456789, 1e300]]


def test_text_comes_with_all_its_characters(client: FlaskClient) -> None:
    run(client, 'clear\nset obs 1\ngenerate s = `"{bf:a}|b "c" é"\' + char(10) + "d"')
    assert view(client, "/data")["rows"] == [['{bf:a}|b "c" é\nd']]


@pytest.mark.parametrize(
    ("condition", "said"),
    [("no_such_variable > 1", "no_such_variable not found"), ("price >", ""), ("1, nolabel", "")],
)
def test_a_condition_that_stata_refuses(client: FlaskClient, condition: str, said: str) -> None:
    answer = client.get(f"{HERE}/data", query_string={"condition": condition})
    assert answer.status_code == 400
    assert body(answer)["kind"] == "refused-condition"
    assert body(answer)["message"].startswith(f"Stata refused the condition: {said}")


@pytest.mark.parametrize("condition", ["1\nclear", "1 // all", "1 /* all"])
def test_a_condition_is_one_expression(client: FlaskClient, condition: str) -> None:
    answer = client.get(f"{HERE}/data", query_string={"condition": condition})
    assert answer.status_code == 422
    assert run(client, "display c(N)").rstrip().endswith("74")


@pytest.mark.parametrize(("asked", "meant"), [(5, 5), (0, 100), (-1, 100), (10**9, 100_000)])
def test_a_data_viewer_gets_rows_whatever_it_asks_for(
    client: FlaskClient, asked: int, meant: int
) -> None:
    answer = body(client.get(f"/view_data?max_rows={asked}"))
    assert (answer["max_rows"], answer["rows"]) == (meant, min(meant, 74))


def test_data_viewers_of_older_clients(client: FlaskClient) -> None:
    answer = body(client.get("/view_data?max_rows=100&if_condition=foreign==1"))
    assert answer["status"] == "success"
    assert answer["rows"] == answer["total_rows"] == answer["displayed_rows"] == 22
    assert answer["index"][0] == 52
    assert len(answer["data"]) == 22
    assert answer["dtypes"]["price"] == "int16"
    assert answer["columns"][0] == "make"


def test_a_topic_without_help_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/help?topic=nosuchtopic")
    assert (answer.status_code, body(answer)["kind"]) == (404, "no-such-topic")
    assert "nosuchtopic" in body(answer)["message"]


def test_views_leave_no_trace(client: FlaskClient) -> None:
    run(client, "sort mpg\nregress price mpg\nsummarize price\nlocal mine 1\nglobal mine 2")
    run(client, "capture error 459")
    before = run(client, STATE)
    assert "\n459" in before
    for path in ("/results", "/variables", "/data?condition=foreign", "/data", "/graphs"):
        assert client.get(HERE + path).status_code == 200
    client.get(f"{HERE}/data?condition=nonsense(")
    client.get("/help?topic=regress")
    assert run(client, STATE) == before
    run(client, "by mpg: display _N")  # refused unless the data count as sorted
    assert len(body(client.get(f"{HERE}/commands"))["commands"]) == 6


def test_data_that_were_only_looked_at_are_unchanged(client: FlaskClient) -> None:
    view(client, "/data", condition="foreign == 1")
    view(client, "/results")
    view(client, "/graphs")
    assert not view(client, "/variables")["changed"]


def test_views_find_their_rows_in_any_weather(client: FlaskClient) -> None:
    run(client, "set linesize 40\nset rmsg on\nset trace on\nset output error")
    found = view(client, "/variables")["variables"]
    assert found[0]["label"] == "Make and model"
    assert len(view(client, "/data", limit=3, condition="foreign == 1")["rows"]) == 3


def test_a_busy_session_is_not_waited_for_forever(client: FlaskClient) -> None:
    client.post(f"{HERE}/commands", json={"code": "sleep 60000"})
    answer = client.get(f"{HERE}/results?wait_s=0.2")
    assert (answer.status_code, body(answer)["kind"]) == (409, "session-busy")
    client.post(f"{HERE}/stop")
