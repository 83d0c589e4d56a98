"""r(), e() and s() as values, read without changing them."""

from __future__ import annotations

from pydantic import Field

from stata_sessions.errors import NoSuchSession, SessionGone, ViewFailed
from stata_sessions.operations.models import Answer
from stata_sessions.operations.registry import Context, Route, Tool, operation
from stata_sessions.operations.views import (
    Question,
    Rows,
    ViewArguments,
    asked,
    names_of,
    number_of,
    whole,
)

Number = float | int | str | None

# Rows and columns of a matrix that are read; each element is a row of Stata's output.
MATRIX_LIMIT = 100


class Matrix(Answer):
    """A matrix by rows, with the names of its rows and columns."""

    rows: list[str]
    columns: list[str]
    values: list[list[Number]]
    size: tuple[int, int] = Field(description="Its size, which may be more than is shown.")


class ResultSet(Answer):
    """What a command returned."""

    scalars: dict[str, Number]
    macros: dict[str, str]
    matrices: dict[str, Matrix]


class Results(Answer):
    """All that the latest commands returned."""

    session_id: str
    epoch: int
    r: ResultSet
    e: ResultSet
    s: ResultSet


@operation(
    takes=ViewArguments,
    gives=Results,
    route=Route("GET", "/sessions/{session_id}/results", tag="views"),
    tool=Tool("stata_results", (), "Read r(), e() and s()", read_only=True),
    errors=(NoSuchSession, SessionGone, ViewFailed),
)
def show_results(context: Context, given: ViewArguments) -> Results:
    """Read r(), e() and s() with their matrices, without changing anything."""
    question = Question()
    for kind in "re":
        _ask_scalars_and_matrices(question, kind)
    for kind in "res":
        _ask_macros(question, kind)
    session, rows = asked(context, given, question)
    if rows.return_code:
        raise ViewFailed(f"Stata could not list its results: {rows.refusal}")
    r, e, s = (_result_set(rows, kind) for kind in "res")
    return Results(session_id=session.name, epoch=session.view().epoch, r=r, e=e, s=s)


def _ask_macros(question: Question, kind: str) -> None:
    question.run(f"foreach n in `: {kind}(macros)' {{")
    # As an expression, so that macros inside the text stay text.
    question.tell("macro", kind, "`n'", question.text_of(f"{kind}(`n')")).run("}")


def _ask_scalars_and_matrices(question: Question, kind: str) -> None:
    question.run(f"foreach n in `: {kind}(scalars)' {{")
    question.tell("scalar", kind, "`n'", f"%24.16e {kind}(`n')").run("}")
    matrix = f"{kind}(`n')"
    question.run(f"foreach n in `: {kind}(matrices)' {{")
    question.tell("size", kind, "`n'", f"%9.0f rowsof({matrix})", f"%9.0f colsof({matrix})")
    question.tell("rows", kind, "`n'", f"`: rowfullnames {matrix}'")
    question.tell("columns", kind, "`n'", f"`: colfullnames {matrix}'")
    question.run(f"forvalues i = 1/`=min({MATRIX_LIMIT}, rowsof({matrix}))' {{")
    question.run(f"forvalues j = 1/`=min({MATRIX_LIMIT}, colsof({matrix}))' {{")
    question.tell("value", kind, "`n'", "`i'", "`j'", f"%24.16e el({matrix}, `i', `j')")
    question.run("}", "}", "}")


def _result_set(rows: Rows, kind: str) -> ResultSet:
    return ResultSet(
        scalars={n: number_of(value) for k, n, value in rows.of("scalar") if k == kind},
        macros={n: value for k, n, value in rows.of("macro") if k == kind},
        matrices={
            n: _matrix(rows, kind, n, (whole(high), whole(wide)))
            for k, n, high, wide in rows.of("size")
            if k == kind
        },
    )


def _matrix(rows: Rows, kind: str, name: str, size: tuple[int, int]) -> Matrix:
    high, wide = (min(each, MATRIX_LIMIT) for each in size)
    values: list[list[Number]] = [[None] * wide for _ in range(high)]
    for k, n, i, j, value in rows.of("value"):
        if (k, n) == (kind, name):
            values[int(i) - 1][int(j) - 1] = number_of(value)
    return Matrix(
        rows=_names(rows, "rows", kind, name)[:high],
        columns=_names(rows, "columns", kind, name)[:wide],
        values=values,
        size=size,
    )


def _names(rows: Rows, word: str, kind: str, name: str) -> list[str]:
    for k, n, names in rows.of(word):
        if (k, n) == (kind, name):
            return list(names_of(names))
    return []
