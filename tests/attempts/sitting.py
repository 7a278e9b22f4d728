"""A fellow at work, as the tests of the pages see it."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.attempts import services
from lms.attempts.models import Attempt, AttemptState, Response, ResponseEvent
from lms.core.aliases import alias_of
from lms.core.db import db, transaction
from lms.grading import tasks
from lms.grading.models import Grade, GradeState
from lms.quizzes.models import Assignment
from tests.attempts.factories import (
    answer_of,
    grade_of,
    make_assignment,
    row_of,
    shown_place,
    store_case,
)
from tests.factories import NOW, make_fellow
from tests.taking.pages import Fellow

SignIn = Callable[..., FlaskClient]


YEARS = timedelta(days=20000)


class Sitting:
    """A fellow with a running attempt that lasts for years, since pages ask the real clock."""

    def __init__(self, app: Flask, signed_in: SignIn, *, seed: int = 4, **terms) -> None:
        self.app = app
        with app.app_context(), transaction():
            self.user = make_fellow()
            terms = {"closes_in": YEARS, "due_in": YEARS, "time_limit": None} | terms
            assignment = make_assignment(self.user, **terms)
            attempt = services.start_attempt(self.user, assignment.id, now=NOW, seed=seed)
            self.id, self.assignment_id = attempt.id, assignment.id
        self.fellow = Fellow(signed_in(self.user))
        self.url = f"/attempts/{self.id}"

    def case(self, number: int = 1) -> str:
        """Return the page of a case."""
        return self.fellow.get(f"{self.url}/cases/{number}").text

    def save(self, position: int, seq: int = 1, *, tab: str = "a", **controls: str) -> TestResponse:
        """Send the item's controls as a packet; `answer="0"`, `row_1="2"` for `row.1`."""
        held = {name.replace("_", "."): [value] for name, value in controls.items()}
        url = f"{self.url}/items/{position}"
        return self.fellow.send(url, tab=tab, seq=seq, controls=held)

    def lock(self, position: int, **form: str) -> TestResponse:
        """Press the button that locks the stage that begins with *position*."""
        return self.fellow.post(f"{self.url}/cases/1", go=f"lock-{position}", **form)

    def row(self, position: int) -> Response:
        with self.app.app_context():
            return row_of(self.id, position)

    def alias_at(self, position: int) -> str:
        """Return what stands for an answer in addresses."""
        with self.app.app_context():
            return alias_of(row_of(self.id, position).id)

    def grade_at(self, position: int) -> Grade | None:
        """Return the grade that counts; None: not graded yet."""
        with self.app.app_context():
            return grade_of(self.id, position)

    def credit_at(self, position: int) -> Fraction | None:
        """Return the credit of an answer; None: it has none (yet)."""
        grade = self.grade_at(position)
        return grade and grade.credit

    def waits_at(self, position: int) -> bool:
        """Return whether an answer waits for a person to mark it."""
        grade = self.grade_at(position)
        return grade is not None and grade.state is GradeState.WAITS

    def result(self) -> TestResponse:
        """Hand in, grade, and return the result."""
        self.fellow.post(f"{self.url}/submit")
        self.grade()
        return self.fellow.get(f"{self.url}/result")

    def place(self, position: int, authored: int) -> int:
        with self.app.app_context():
            return shown_place(self.id, position, authored)

    def answer(self, position: int):
        with self.app.app_context():
            return answer_of(self.id, position)

    def change(self, table, **values) -> None:
        ids = {Attempt: self.id, Assignment: self.assignment_id}
        with self.app.app_context(), transaction():
            db.session.execute(db.update(table).where(table.id == ids[table]).values(**values))

    def grade(self) -> None:
        with self.app.app_context():
            tasks.grade(self.id)

    def state(self) -> AttemptState:
        with self.app.app_context():
            return db.session.get_one(Attempt, self.id).state

    def events(self) -> list[tuple[object, bool]]:
        with self.app.app_context():
            rows = db.session.execute(
                db.select(ResponseEvent.answer, ResponseEvent.late)
                .join(Response, Response.id == ResponseEvent.response_id)
                .where(Response.attempt_id == self.id)
                .order_by(ResponseEvent.received_at)
            )
            return [tuple(row) for row in rows]


def sitting_at(app: Flask, signed_in: SignIn, *bodies: dict[str, Any], **terms: Any) -> Sitting:
    """Return a fellow at a quiz of the cases that *bodies* describe."""
    with app.app_context(), transaction():
        cases = [store_case(body) for body in bodies]
    return Sitting(app, signed_in, cases=cases, **terms)
