"""Drawing by the blueprint at the page: for a cohort, with what it has had, over its year."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.cases.models import StoredCase
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role
from lms.people.queries import user_by_email
from lms.program.blueprint import blueprint
from lms.program.services import ensure_tracks
from lms.quizzes import queries
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services
from lms.quizzes.assigning.services import AssignmentTerms, assign
from tests.attempts.factories import choice_item
from tests.cases.texts import case_file, load
from tests.factories import NOW, make_track, make_user
from tests.quizzes.pages import act, class_id
from tests.reading import place_of, words
from tests.signin.helpers import send

APPROACHES = ("pharmacological", "interventional", "rehabilitative", "psychological")
WEIGHTS = {"ipm": (25, 45, 15, 15), "fm": (38, 14, 24, 24)}


TOPICS = ("pharm-neuropathic", "intv-facet-denervation", "rehab-spine", "psych-cbt")


def faculty(app: Flask, signed_in) -> FlaskClient:
    with app.app_context(), transaction():
        ensure_tracks(blueprint())
        user = make_user(Role.FACULTY, email="faculty@example.org")
    return signed_in(user)


def fill_bank(app: Flask, cases: int) -> None:
    """Have so many cases of two items in one topic of each approach."""
    items = [choice_item("first"), choice_item("third")]
    names = [(topic, f"{topic}-{n}") for topic in TOPICS for n in range(cases)]
    with app.app_context():
        load(*(case_file(slug, *items, topic=topic) for topic, slug in names))


@pytest.fixture
def author(app: Flask, signed_in) -> FlaskClient:
    """Faculty's browser, with a bank of six items of each approach."""
    fill_bank(app, cases=3)
    return faculty(app, signed_in)


@pytest.fixture
def wide(app: Flask, signed_in) -> FlaskClient:
    """Faculty's browser, with a bank of sixteen items of each approach."""
    fill_bank(app, cases=8)
    return faculty(app, signed_in)


def new_quiz(client: FlaskClient) -> str:
    return place_of(send(client, "/quizzes/new", {"title": "Rounds"}))


def draw(app: Flask, client: FlaskClient, quiz: str, cohort: int, items: int, track="ipm") -> str:
    """Draw at the page, and return the words of the page after it."""
    with app.app_context():
        sent = {"track_id": make_track(track).id, "cohort_id": cohort, "items": items}
    return words(act(client, quiz, "blueprint", **sent))


def asked(app: Flask, quiz: str) -> list[tuple[int, str]]:
    """Return case and approach of each item of a quiz."""
    with app.app_context():
        version = queries.quiz_by_id(int(quiz.rsplit("/", 1)[1])).versions[-1]
        places = queries.places_of(version.id)
        return [(place.item.case_id, place.item.approach) for place in places]


def give(app: Flask, quiz: str, cohort: int) -> None:
    """Assign a quiz to a cohort, open since a week ago."""
    now = utcnow()
    week = timedelta(days=7)
    terms = AssignmentTerms(opens_at=now - week, due_at=now + week, closes_at=now + week)
    number = int(quiz.rsplit("/", 1)[1])
    with app.app_context(), transaction():
        owner = user_by_email("faculty@example.org")
        assign(owner, number, cohort_id=cohort, terms=terms, now=now)


def off(given: list[tuple[int, str]], track: str) -> list[float]:
    """Return how many items each approach has too many."""
    return [
        sum(each == approach for _, each in given) - weight * len(given) / 100
        for approach, weight in zip(APPROACHES, WEIGHTS[track], strict=True)
    ]


def test_a_draw_is_within_an_item_of_the_blueprint_at_every_size(app, wide) -> None:
    for track in ("ipm", "fm"):
        cohort = class_id(app, f"Class of {track}", track)
        for items in (4, 12, 30):
            quiz = new_quiz(wide)
            page = draw(app, wide, quiz, cohort, items, track)

            found = asked(app, quiz)
            assert f"{items} items drawn." in page
            assert len(found) == items
            assert max(map(abs, off(found, track))) <= 1, (items, off(found, track))


def test_quiz_after_quiz_all_that_a_cohort_has_had_keeps_to_the_blueprint(app, wide) -> None:
    cohort, given = class_id(app), []
    for _ in range(3):
        quiz = new_quiz(wide)
        draw(app, wide, quiz, cohort, 10)
        found = asked(app, quiz)
        assert not {case for case, _ in found} & {case for case, _ in given}, "none repeats"

        give(app, quiz, cohort)
        given += found
        assert max(map(abs, off(given, "ipm"))) <= 1, off(given, "ipm")


def test_drawing_again_gives_another_form(app, author) -> None:
    cohort, quiz = class_id(app), new_quiz(author)
    forms = []
    for _ in range(3):
        draw(app, author, quiz, cohort, 4)
        forms.append({case for case, _ in asked(app, quiz)})

    assert not forms[0] & forms[1]
    assert not forms[1] & forms[2]


def quiz_by_hand(app: Flask, approach: str) -> str:
    """Return the address of a quiz with all cases of one approach, put together by hand."""
    with app.app_context(), transaction():
        owner = user_by_email("faculty@example.org")
        quiz = services.create_quiz(owner, title="By hand", now=NOW)
        chosen = select(StoredCase.id).where(StoredCase.approach == approach)
        for case_id in db.session.scalars(chosen.order_by(StoredCase.id)).all():
            arranging.add_case(owner, quiz.id, case_id, now=NOW)
        return f"/quizzes/{quiz.id}"


def test_an_approach_that_had_too_much_is_left_out_and_how_far_it_is_off_is_said(
    app, author
) -> None:
    cohort, quiz = class_id(app), new_quiz(author)
    give(app, quiz_by_hand(app, "interventional"), cohort)

    page = draw(app, author, quiz, cohort, 4)

    assert "interventional" not in {approach for _, approach in asked(app, quiz)}
    assert "What yields in this quiz" in page
    assert (
        "Interventional : 0 of 4 here, 6 of 10 so far. By its weight of 45% it would be 4.5."
        in page
    )


def test_what_repeats_is_said_with_its_cases_and_months(app, author) -> None:
    cohort, quiz = class_id(app), new_quiz(author)
    for approach in APPROACHES:
        give(app, quiz_by_hand(app, approach), cohort)

    page = draw(app, author, quiz, cohort, 12)

    assert "12 of 12 items from cases that the cohort has had." in page
    listed = re.findall(r": \d here, last given in [A-Z][a-z]+(?: \d{4})? ", page)
    assert f"Which {len(listed)} cases" in page
    assert "topics lack an item or more , and the bank has no case of them that is new" in page
    weight = "By its weight of 7% it would be 2.5."
    assert f"Epidural steroid injection and radicular pain: 0 of 36 so far. {weight}" in page


@pytest.mark.parametrize(("skewed", "kind"), [(True, "warn"), (False, "good")])
def test_a_draw_is_said_in_green_only_if_nothing_yields(
    app, author, skewed: bool, kind: str
) -> None:
    cohort, quiz = class_id(app), new_quiz(author)
    if skewed:
        give(app, quiz_by_hand(app, "interventional"), cohort)

    page = act(author, quiz, "blueprint", track_id=1, cohort_id=cohort, items=4)

    (said,) = re.findall(
        r'class="notice (\w+)"[^>]*>(?:(?!class="notice).)*?4 items drawn', page.text, re.S
    )
    assert said == kind


def test_a_draw_that_keeps_to_everything_says_that_nothing_yields(app, author) -> None:
    page = draw(app, author, new_quiz(author), class_id(app), 7)

    assert "7 items drawn." in page
    assert "What yields" not in page
    assert "Class of this year: 7 items so far, with this quiz." in page


def test_what_the_page_says_of_a_draw_follows_what_is_changed_by_hand(app, author) -> None:
    cohort, quiz = class_id(app), new_quiz(author)
    draw(app, author, quiz, cohort, 9)

    for case_id in {case for case, approach in asked(app, quiz) if approach == "interventional"}:
        page = words(act(author, quiz, f"cases/{case_id}/remove"))

    assert "Interventional : 0 of 5 here, 0 of 5 so far. By its weight of 45%" in page
