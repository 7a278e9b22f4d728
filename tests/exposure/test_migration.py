"""Answers of before are exposed as the service of today would have noted it, on both databases."""

import random

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from lms.attempts.models import SubmittedBy
from lms.core.db import db, transaction
from lms.exposure.models import KEY_OPENS, Exposure, KeyOpening
from lms.quizzes.models import Feedback
from tests.attempts.factories import choice_item, make_assignment, make_case, number_item
from tests.cases.texts import case_file, load, stored
from tests.exposure.histories import grade, hand_in, sat
from tests.exposure.test_openings import ask, taken, told
from tests.factories import make_fellow
from tests.test_schema import empty

__all__ = ["empty"]


def noted() -> list[tuple[object, ...]]:
    """Return all that exposures say, and since when the key of each can be read."""
    *columns, _ = Exposure.__table__.columns
    query = db.select(*columns, KeyOpening.key_at).outerjoin(KeyOpening, KEY_OPENS)
    rows = [tuple(row) for row in db.session.execute(query.order_by(*columns[:3]))]
    db.session.remove()
    return rows


def live(chance: random.Random) -> None:
    """Have three fellows take four quizzes of the same cases, in whatever order things happen."""
    with transaction():
        cases = [make_case(choice_item(), number_item()), make_case(choice_item("other"))]
        fellows = [make_fellow() for _ in range(3)]
        given = [
            make_assignment(*fellows, cases=cases, feedback=chance.choice(list(Feedback)))
            for _ in range(4)
        ]
    events = []
    for fellow in fellows:
        for assignment in given:
            ends = chance.uniform(1, 90)
            saved = [chance.choice([None, chance.uniform(0, ends)]) for _ in range(3)]
            by = chance.choice(list(SubmittedBy))
            with transaction():
                attempt = sat(fellow, assignment, saved, handed_in=ends, by=by)
            events.append((ends, attempt, False))
            if chance.random() < 0.7:
                events.append((ends + chance.uniform(0, 20), attempt, True))
    for hour, attempt, graded in sorted(events, key=lambda event: event[0]):
        if graded:
            grade(attempt, hour)
        else:
            hand_in(attempt)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_migration_finds_what_the_service_would_have_noted(empty: Flask, seed: int) -> None:
    flask_migrate.upgrade()
    live(random.Random(seed))
    kept = noted()

    flask_migrate.downgrade(revision="0010")
    flask_migrate.upgrade()

    assert noted() == kept
    assert len({row[4] for row in kept}) > 3


def test_another_edition_of_an_item_is_another_exposure(empty: Flask) -> None:
    flask_migrate.upgrade()
    item = choice_item()
    load(case_file("ward", item))
    with transaction():
        fellow = make_fellow()
        first, second = (make_assignment(fellow, cases=[stored("ward")]) for _ in range(2))
        one = sat(fellow, first, [1], handed_in=2)
    hand_in(one)
    grade(one, 3)
    item["options"][1]["key"], item["options"][2]["key"] = False, True
    load(case_file("ward", item))
    with transaction():
        two = sat(fellow, second, [4], handed_in=5)
    hand_in(two)
    kept = noted()

    flask_migrate.downgrade(revision="0010")
    flask_migrate.upgrade()

    assert noted() == kept
    assert [row[2] for row in kept] == [1, 2]
    assert None not in {row[4] for row in kept}


EXPOSED_BEFORE = sa.table(
    "exposure",
    *(sa.column(name) for name in ("fellow_id", "item_id", "edition")),
    sa.column("key_at", Exposure.__table__.c.asked_at.type),
)
"""An exposure as long as it said itself from when on its key can be read."""


@pytest.mark.parametrize("seed", range(4))
def test_a_key_is_readable_since_when_it_was_before_openings_had_rows(
    empty: Flask, seed: int
) -> None:
    flask_migrate.upgrade()
    ask("dose", "block")
    with transaction():
        fellows = [make_fellow() for _ in range(3)]
    for number, fellow in enumerate(fellows):
        for _ in told(fellow, random.Random(10 * seed + number)):
            pass
    with transaction():
        another = make_fellow()
        given = make_assignment(another, cases=[stored("ward")])
    taken(another, given, 2)  # and nobody grades it
    kept = noted()

    flask_migrate.downgrade(revision="0018")
    query = sa.select(EXPOSED_BEFORE).order_by("fellow_id", "item_id", "edition")
    before = [tuple(row) for row in db.session.execute(query)]
    db.session.remove()
    flask_migrate.upgrade()

    assert noted() == kept
    assert before == [(*row[:3], row[-1]) for row in kept]
    assert len({row[-1] for row in kept}) > 3
    assert None in {row[-1] for row in kept}
