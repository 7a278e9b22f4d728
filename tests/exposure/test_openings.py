"""Keys open with the first of the attempts that asked for them, and what is past stands."""

import random
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from lms.attempts.exposing import settle_keys
from lms.attempts.models import Attempt, AttemptState
from lms.attempts.release import keys_open
from lms.core.db import db, transaction
from lms.exposure.models import KEY_OPENS, Exposure, KeyOpening
from lms.people.models import User
from lms.quizzes.models import Assignment, Feedback
from tests.attempts.factories import choice_item, make_assignment
from tests.attempts.statements import count_statements
from tests.cases.texts import case_file, load, stored
from tests.exposure.histories import grade, hand_in, hours, openings, sat
from tests.factories import make_fellow
from tests.overlap import while_open

pytestmark = pytest.mark.usefixtures("in_app")

Edition = tuple[int, int]

ASKED = db.text(
    "SELECT response.item_id, item_edition.edition, attempt.assignment_id FROM response"
    " JOIN attempt ON attempt.id = response.attempt_id JOIN item_edition"
    " ON item_edition.item_id = response.item_id"
    " AND item_edition.case_version_id = response.case_version_id"
    " WHERE attempt.fellow_id = :fellow AND attempt.state = 'graded'"
)


def ask(*keys: str, right: int = 1) -> None:
    """Bring a case into the bank whose items have their key at the place that is *right*."""
    items = []
    for key in keys:
        item = choice_item(key)
        for place, option in enumerate(item["options"]):
            option["key"] = place == right
        items.append(item)
    load(case_file("ward", *items))


def move(assignment: Assignment, hour: float) -> None:
    with transaction():
        row = db.session.merge(assignment)
        row.due_at = row.closes_at = row.results_at = hours(hour)


def settle(fellow: User, hour: float) -> None:
    with transaction():
        settle_keys([fellow.id], now=hours(hour))


def taken(fellow: User, assignment: Assignment, hour: float, number: int = 1) -> Attempt:
    """Return an attempt handed in at an hour, with what that exposes the fellow to."""
    with transaction():
        saved = [hour - 0.5] * len(stored("ward").items)
        attempt = sat(fellow, assignment, saved, handed_in=hour, number=number)
    hand_in(attempt)
    return attempt


class Told:
    """When keys open, edition by edition, as the definition says: the model of the rows."""

    def __init__(self, fellow: User) -> None:
        self.fellow = fellow
        self.opens: dict[Edition, datetime | None] = {}

    def settle(self, hour: float) -> None:
        asked: dict[Edition, list[int]] = {}
        for item_id, edition, assignment_id in db.session.execute(
            ASKED, {"fellow": self.fellow.id}
        ):
            asked.setdefault((item_id, edition), []).append(assignment_id)
        opening = keys_open({(one, self.fellow.id) for found in asked.values() for one in found})
        for edition, found in asked.items():
            stands = self.opens.get(edition)
            if stands is None or stands > hours(hour):
                pairs = [(one, self.fellow.id) for one in found]
                settled = [opening[pair] for pair in pairs if pair in opening]
                self.opens[edition] = min(settled, default=None)

    def noted(self) -> dict[Edition, datetime | None]:
        query = db.select(Exposure.item_id, Exposure.edition, KeyOpening.key_at)
        query = query.outerjoin(KeyOpening, KEY_OPENS).where(Exposure.fellow_id == self.fellow.id)
        return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


def told(fellow: User, chance: random.Random) -> Iterator[tuple[Told, float]]:
    """Let whatever happens happen to a fellow, by the hour; yield the model and the hour."""
    with transaction():
        given = [
            make_assignment(
                fellow,
                cases=[stored("ward")],
                feedback=chance.choice(list(Feedback)),
                attempts_allowed=chance.randint(1, 3),
            )
            for _ in range(3)
        ]
    model, waiting, begun = Told(fellow), [], dict.fromkeys(range(3), 0)
    for hour in range(1, 40):
        deed = chance.choice(["sit", "sit", "grade", "grade", "move", "rewrite", "nothing"])
        place = chance.randrange(3)
        if deed == "sit" and begun[place] < 4:
            begun[place] += 1
            waiting.append(taken(fellow, given[place], hour, begun[place]))
        elif deed == "grade" and waiting:
            grade(waiting.pop(chance.randrange(len(waiting))), hour)
            model.settle(hour)
        elif deed == "move":
            move(given[place], hour + chance.randint(-3, 9))
            settle(fellow, hour)
            model.settle(hour)
        elif deed == "rewrite" and chance.random() < 0.4:
            ask("dose", "block", right=chance.randrange(3))
        yield model, hour


@pytest.mark.parametrize("seed", range(8))
def test_rows_say_of_each_edition_what_the_definition_says(seed: int) -> None:
    ask("dose", "block")
    with transaction():
        fellow = make_fellow()
    settled = 0
    for model, _hour in told(fellow, random.Random(seed)):
        noted = model.noted()
        assert noted == {edition: model.opens.get(edition) for edition in noted}
        settled = max(settled, len([each for each in noted.values() if each]))
    assert settled


def test_what_a_later_attempt_asks_anew_is_not_open_because_the_earlier_one_is() -> None:
    ask("dose")
    with transaction():
        fellow = make_fellow()
        given = make_assignment(fellow, cases=[stored("ward")])
    grade(taken(fellow, given, 2), 3)
    ask("dose", right=2)

    later = taken(fellow, given, 5, number=2)
    before = openings(fellow)
    grade(later, 6)

    assert before == [hours(3), None]
    assert openings(fellow) == [hours(3), hours(6)]


def test_of_an_attempt_that_is_not_graded_any_more_nothing_is_settled() -> None:
    ask("dose")
    with transaction():
        fellow = make_fellow()
        given = make_assignment(fellow, cases=[stored("ward")], feedback=Feedback.CLOSED)
    attempt = taken(fellow, given, 2)
    grade(attempt, 3)
    ahead = openings(fellow)

    with transaction():
        row = db.session.merge(attempt)
        row.state, row.graded_at = AttemptState.IN_PROGRESS, None
        row.submitted_at = row.submitted_by = None
        db.session.flush()
        settle_keys([fellow.id], now=hours(4))

    assert (ahead, openings(fellow)) == ([given.results_at], [None])


def test_what_is_past_is_neither_moved_nor_taken_back() -> None:
    ask("dose")
    with transaction():
        fellow = make_fellow()
        first, second = (
            make_assignment(fellow, cases=[stored("ward")], feedback=Feedback.CLOSED)
            for _ in range(2)
        )
    move(first, 10)
    grade(taken(fellow, first, 2), 3)
    move(first, 20)

    grade(taken(fellow, second, 12), 13)
    move(second, 5)
    settle(fellow, 14)

    assert openings(fellow) == [hours(10)]
    assert db.session.scalars(db.select(KeyOpening.key_at)).all() == [hours(10)]


def test_of_two_attempts_graded_at_once_the_key_that_opens_first_counts(app: Flask) -> None:
    ask("dose")
    with transaction():
        fellow = make_fellow()
        soon, late = (
            make_assignment(fellow, cases=[stored("ward")], feedback=feedback)
            for feedback in (Feedback.GRADED, Feedback.CLOSED)
        )
    attempts = [taken(fellow, given, 2).id for given in (soon, late)]
    fellow_id = fellow.id
    db.session.remove()

    def finish(attempt_id: int) -> None:
        attempt = db.session.get_one(Attempt, attempt_id)
        attempt.state, attempt.graded_at = AttemptState.GRADED, hours(3)
        db.session.flush()
        settle_keys([fellow_id], now=hours(3))

    while_open(app, lambda: finish(attempts[0]), lambda: finish(attempts[1]))

    assert openings(db.session.get_one(User, fellow_id)) == [hours(3)]


def test_settling_what_is_settled_writes_nothing() -> None:
    ask("dose")
    with transaction():
        fellow = make_fellow()
        given = make_assignment(fellow, cases=[stored("ward")], feedback=Feedback.CLOSED)
    grade(taken(fellow, given, 2), 3)

    with count_statements() as statements:
        settle(fellow, 4)

    reading = ("SELECT", "WITH answered AS MATERIALIZED \n(SELECT")
    assert [each for each in statements if not each.lstrip().startswith(reading)] == []
