"""The data in memory: its variables and its rows, read without changing anything."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from stata_sessions.errors import NoSuchSession, RefusedCondition, SessionGone, ViewFailed
from stata_sessions.operations.models import ROW, Answer, one_row
from stata_sessions.operations.registry import Context, Route, Tool, operation
from stata_sessions.operations.views import (
    Question,
    Rows,
    ViewArguments,
    ask,
    number_of,
    private_folder,
    whole,
)
from stata_sessions.sessions import Session

Value = float | int | str | None

ROWS_LIMIT = 100_000
# A row of a list begins with the number of its observation, and then a bar or more blanks.
NUMBERED = re.compile(r"^ *(\d+)\. [ |]", re.MULTILINE)
# Observations that are searched at a time for rows that fulfil a condition.
WINDOW = 50_000
# Observations named in one loop: the length of a line is limited.
AT_A_TIME = 1000


class DataArguments(ViewArguments):
    """Which rows."""

    offset: Annotated[int, Field(ge=0, le=2**40, description="Rows to skip.")] = 0
    limit: Annotated[int, Field(ge=1, le=ROWS_LIMIT, description="Most rows to answer.")] = 100
    condition: Annotated[
        str | None,
        Field(
            max_length=2000,
            json_schema_extra=dict(ROW),
            description="Only rows for which this Stata expression is true, as after 'if'.",
        ),
    ] = None

    @field_validator("condition")
    @classmethod
    def _one_expression(cls, value: str | None) -> str | None:
        if value and ("//" in one_row(value) or "/*" in value):
            raise ValueError("must not contain a comment")
        return value.strip() or None if value else None


class Variable(Answer):
    """A variable and what describes it."""

    name: str
    type: str
    format: str
    label: str
    value_label: str

    @property
    def is_text(self) -> bool:
        """Tell whether it holds text rather than numbers."""
        return self.type.startswith("str")


class Dataset(Answer):
    """The data in memory as a whole."""

    session_id: str
    epoch: int
    observations: int
    changed: bool
    filename: str
    label: str
    sorted_by: list[str]
    variables: list[Variable]


class DataRows(Answer):
    """Some rows of the data in memory."""

    session_id: str
    epoch: int
    total_rows: int = Field(description="Rows that fulfil the condition; all without one.")
    offset: int
    columns: list[str]
    types: dict[str, str]
    index: list[int] = Field(description="Observation number of each row, from 1.")
    rows: list[list[Value]] = Field(description="Missing is null; .a to .z stay as they are.")
    labels: dict[str, dict[str, str]] = Field(
        description="For variables with a value label: the text of each value that occurs."
    )


@operation(
    takes=ViewArguments,
    gives=Dataset,
    route=Route("GET", "/sessions/{session_id}/variables", tag="views"),
    errors=(NoSuchSession, SessionGone, ViewFailed),
)
def show_variables(context: Context, given: ViewArguments) -> Dataset:
    """Describe the variables of the data in memory, without changing anything."""
    session = context.manager.get(given.session_id)
    with private_folder(session) as folder:
        return described(session, folder, given.wait_s)


@operation(
    takes=DataArguments,
    gives=DataRows,
    route=Route("GET", "/sessions/{session_id}/data", tag="views"),
    tool=Tool("stata_data", (), "Read rows of the data in memory", read_only=True),
    errors=(NoSuchSession, SessionGone, ViewFailed, RefusedCondition),
)
def show_data(context: Context, given: DataArguments) -> DataRows:
    """Read rows of the data in memory, with types, labels and missing codes."""
    session = context.manager.get(given.session_id)
    with private_folder(session) as folder:
        return _Reader(session, folder, given).read()


def described(session: Session, folder: Path, wait_s: float) -> Dataset:
    """Ask for the variables of the data in memory."""
    question = Question()
    question.tell("counts", "%15.0f c(N)", "%9.0f c(k)", "%9.0f c(changed)")
    question.tell("filename", question.text_of("c(filename)"))
    question.run("local d : data label")
    question.tell("label", question.text_of("`\"`macval(d)'\"'"))
    question.run("if c(k) > 0 {", "foreach v of varlist _all {")
    question.run("local l : variable label `v'", "local t : type `v'")
    question.run("local f : format `v'", "local b : value label `v'")
    question.tell("variable", "`v'", "`t'", "`f'", "`b'", question.text_of("`\"`macval(l)'\"'"))
    # Last, since a console that does not know it ends the do-file here.
    question.run("}", "}", "local s : sortedby").tell("sorted", "`s'")
    rows = ask(session, question, folder, wait_s)
    observations, _, changed = rows.first("counts")
    return Dataset(
        session_id=session.name,
        epoch=session.view().epoch,
        observations=whole(observations),
        changed=bool(whole(changed)),
        filename=rows.first("filename")[0],
        label=rows.first("label")[0],
        sorted_by=[name for row in rows.of("sorted") for name in row[0].split()],
        variables=[
            Variable(name=name, type=kind, format=shape, value_label=labels, label=label)
            for name, kind, shape, labels, label in rows.of("variable")
        ],
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Which observations are wanted, and how many there would be."""

    total: int
    index: list[int]


class _Reader:
    """One reading of rows: which ones, their values, the labels of these."""

    def __init__(self, session: Session, folder: Path, given: DataArguments) -> None:
        self._session, self._folder, self._given = session, folder, given
        self._dataset = described(session, folder, given.wait_s)

    def read(self) -> DataRows:
        found = self._found()
        variables = self._dataset.variables
        rows = self._shown(found.index) if found.index and variables else []
        return DataRows(
            session_id=self._dataset.session_id,
            epoch=self._dataset.epoch,
            total_rows=found.total,
            offset=self._given.offset,
            columns=[each.name for each in variables],
            types={each.name: each.type for each in variables},
            index=found.index,
            rows=rows,
            labels=self._labels(rows),
        )

    def _found(self) -> _Found:
        first, most = self._given.offset, self._given.limit
        observations = self._dataset.observations
        if self._given.condition is None:
            last = min(first + most, observations)
            return _Found(observations, list(range(first + 1, last + 1)))
        total, wanted = self._counted(), first + most
        index: list[int] = []
        for start in range(1, observations + 1, WINDOW):
            if len(index) >= min(wanted, total):
                break
            index += self._listed(start, min(start + WINDOW - 1, observations))
        return _Found(total, index[first:wanted])

    def _counted(self) -> int:
        question = Question().guarded(f"count if {self._given.condition}", "local n = r(N)")
        question.tell("count", "`n'")
        rows = self._ask(question)
        if whole(rows.first("guard")[0]):
            raise RefusedCondition(rows.refusal)
        return whole(rows.first("count")[0])

    def _listed(self, start: int, end: int) -> list[int]:
        """Return the observations of a window for which the condition holds."""
        variables = self._dataset.variables
        shown = next((each for each in variables if not each.is_text), variables[0]).name
        question = Question().guarded(f"list {shown} if {self._given.condition} in {start}/{end}")
        text = self._asked(question).text
        return [int(number) for number in NUMBERED.findall(text)]

    def _shown(self, index: list[int]) -> list[list[Value]]:
        """Return the values of some observations, each told in a row of its own."""
        variables, question = self._dataset.variables, Question()
        fields = [
            question.text_of(f"{each.name}[`i']") if each.is_text else f"%24.16e {each.name}[`i']"
            for each in variables
        ]
        for start in range(0, len(index), AT_A_TIME):
            numbers = " ".join(map(str, index[start : start + AT_A_TIME]))
            question.run(f"foreach i in {numbers} {{").tell("row", *fields).run("}")
        rows = self._ask(question)
        if rows.return_code:
            raise ViewFailed(f"Stata did not show its data: {rows.refusal}")
        return [
            [
                text if each.is_text else _exact(text, each.type)
                for each, text in zip(variables, row, strict=True)
            ]
            for row in rows.of("row")
        ]

    def _labels(self, rows: list[list[Value]]) -> dict[str, dict[str, str]]:
        labelled = [
            (place, each) for place, each in enumerate(self._dataset.variables) if each.value_label
        ]
        question = Question()
        for place, each in labelled:
            occurring = {str(row[place]) for row in rows if isinstance(row[place], int | str)}
            for value in sorted(occurring):
                question.run(f"local l : label ({each.name}) {value}")
                question.tell("text", each.name, value, question.text_of("`\"`macval(l)'\"'"))
        if not labelled:
            return {}
        answered = self._ask(question)
        labels: dict[str, dict[str, str]] = {each.name: {} for _, each in labelled}
        for name, code, text in answered.of("text"):
            if text != code:
                labels[name][code] = text
        return labels

    def _asked(self, question: Question) -> Rows:
        rows = self._ask(question)
        if whole(rows.first("guard")[0]):
            raise ViewFailed(f"Stata did not show its data: {rows.refusal}")
        return rows

    def _ask(self, question: Question) -> Rows:
        return ask(self._session, question, self._folder, self._given.wait_s)


def _exact(text: str, kind: str) -> Value:
    """Return a number as its type holds it: a float is told with more digits than it has."""
    value = number_of(text)
    if kind != "float" or not isinstance(value, float):
        return value
    as_float = struct.pack("f", value)
    shorter = (float(f"{value:.{digits}g}") for digits in range(6, 9))
    return next((each for each in shorter if struct.pack("f", each) == as_float), value)
