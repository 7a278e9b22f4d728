"""Putting quizzes together and assigning them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.cases.content import starter_files
from lms.cases.models import StoredCase
from lms.cases.services import load_cases
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.core.settings import change_settings_of_program
from lms.people.models import Role, User
from lms.program.models import Cohort
from lms.quizzes import queries
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services
from lms.quizzes.assigning import services as assigning
from lms.quizzes.assigning.services import AssignmentTerms
from lms.quizzes.models import Assignment, Quiz, QuizVersion
from lms.quizzes.settings import RESULTS_DELAY, ResultsDelay
from tests.attempts.factories import store_case
from tests.attempts.kinds import unfolding
from tests.factories import NOW, make_cohort, make_fellow, make_user

TERMS = AssignmentTerms(
    opens_at=NOW, due_at=NOW + timedelta(days=7), closes_at=NOW + timedelta(days=14), time_limit=30
)


@pytest.fixture
def faculty(in_app) -> User:
    with transaction():
        load_cases(None, starter_files(), now=NOW)
        return make_user(Role.FACULTY)


def make_quiz(faculty: User, items: int = 0, cohort: Cohort | None = None) -> Quiz:
    with transaction():
        quiz = services.create_quiz(faculty, title="Rounds", now=NOW)
        if items:
            cohort = cohort or make_cohort()
            services.fill_by_blueprint(faculty, quiz.id, cohort_id=cohort.id, items=items, now=NOW)
        return quiz


def item_ids(quiz: Quiz) -> list[int]:
    newest = queries.quiz_by_id(quiz.id).versions[-1]
    return [place.item_id for place in queries.places_of(newest.id)]


def some_cases(count: int) -> list[StoredCase]:
    return list(db.session.scalars(select(StoredCase).order_by(StoredCase.slug).limit(count)))


def give(
    faculty: User, quiz: Quiz, terms: AssignmentTerms = TERMS, cohort: Cohort | None = None
) -> Assignment:
    with transaction():
        cohort = cohort or make_cohort(make_fellow())
        return assigning.assign(faculty, quiz.id, cohort_id=cohort.id, terms=terms, now=NOW)


def test_a_draw_has_as_many_items_as_asked_and_no_item_twice(faculty) -> None:
    quiz = make_quiz(faculty, items=12)

    ids = item_ids(quiz)

    assert len(ids) == len(set(ids)) == 12


def test_a_draw_replaces_what_was_there(faculty) -> None:
    quiz = make_quiz(faculty, items=12)

    with transaction():
        cohort = make_cohort(track="fm")
        services.fill_by_blueprint(faculty, quiz.id, cohort_id=cohort.id, items=5, now=NOW)

    assert len(item_ids(quiz)) == 5
    drawn = queries.quiz_by_id(quiz.id)
    assert (drawn.track.slug, drawn.cohort.id) == ("fm", cohort.id)


def test_cases_the_cohort_has_not_had_come_first_whatever_others_had(faculty) -> None:
    with transaction():
        cohort, other = make_cohort(), make_cohort()
    had = []
    for _ in range(6):
        quiz = make_quiz(faculty, items=12, cohort=cohort)
        give(faculty, quiz, cohort=cohort)
        had += item_ids(quiz)
    give(faculty, make_quiz(faculty, items=60, cohort=other), cohort=other)

    next_one = item_ids(make_quiz(faculty, items=12, cohort=cohort))

    assert len(set(had)) == 72
    assert not set(had) & set(next_one)


def test_there_is_no_draw_for_a_cohort_that_is_not_there(faculty) -> None:
    quiz = make_quiz(faculty)

    with pytest.raises(NotFound), transaction():
        services.fill_by_blueprint(faculty, quiz.id, cohort_id=999, items=5, now=NOW)


def test_adding_a_case_by_hand_adds_its_items_side_by_side(faculty) -> None:
    quiz = make_quiz(faculty)
    one, two = some_cases(2)

    with transaction():
        arranging.add_case(faculty, quiz.id, one.id, now=NOW)
        arranging.add_case(faculty, quiz.id, two.id, now=NOW)
        arranging.add_case(faculty, quiz.id, one.id, now=NOW)

    newest = queries.quiz_by_id(quiz.id).versions[-1]
    cases = [place.item.case_id for place in queries.places_of(newest.id)]
    assert cases == sorted(cases, key=[one.id, two.id].index)
    assert set(cases) == {one.id, two.id}


def test_an_item_taken_out_comes_back_beside_the_others_of_its_case(faculty) -> None:
    quiz = make_quiz(faculty)
    one, two = some_cases(2)
    with transaction():
        arranging.add_case(faculty, quiz.id, one.id, now=NOW)
        arranging.add_case(faculty, quiz.id, two.id, now=NOW)
    ids = item_ids(quiz)

    with transaction():
        arranging.remove_item(faculty, quiz.id, ids[0], now=NOW)
        arranging.add_case(faculty, quiz.id, one.id, now=NOW)

    cases = queries.quiz_cases(queries.places_of(queries.quiz_by_id(quiz.id).versions[-1].id))
    assert sorted(item_ids(quiz)) == sorted(ids)
    assert [each.case.id for each in cases] == [one.id, two.id]


def test_items_added_later_stand_where_their_case_asks_them(faculty) -> None:
    with transaction():
        case = store_case(unfolding())
        late = case.items[2]
        late.use = "none"
        quiz = services.create_quiz(faculty, title="Rounds", now=NOW)
        arranging.add_case(faculty, quiz.id, case.id, now=NOW)
        arranging.add_case(faculty, quiz.id, some_cases(1)[0].id, now=NOW)
    before = item_ids(quiz)

    with transaction():
        late.use = "scored"
        arranging.add_case(faculty, quiz.id, case.id, now=NOW)

    assert item_ids(quiz) == [item.id for item in case.items] + before[4:]


def test_removing_a_case_removes_all_its_items(faculty) -> None:
    quiz = make_quiz(faculty)
    one, two = some_cases(2)
    with transaction():
        arranging.add_case(faculty, quiz.id, one.id, now=NOW)
        arranging.add_case(faculty, quiz.id, two.id, now=NOW)

    with transaction():
        arranging.remove_case(faculty, quiz.id, one.id, now=NOW)

    cases = queries.quiz_cases(queries.places_of(queries.quiz_by_id(quiz.id).versions[-1].id))
    assert [each.case.id for each in cases] == [two.id]


def test_what_is_assigned_never_changes(faculty) -> None:
    quiz = make_quiz(faculty, items=6)
    given = give(faculty, quiz)
    before = [place.item_id for place in queries.places_of(given.quiz_version_id)]

    with transaction():
        arranging.remove_item(faculty, quiz.id, before[0], now=NOW)

    numbers = db.session.scalars(select(QuizVersion.number).order_by(QuizVersion.number)).all()
    assert [place.item_id for place in queries.places_of(given.quiz_version_id)] == before
    assert item_ids(quiz) == before[1:]
    assert numbers == [1, 2]


def test_assigning_is_audited(faculty) -> None:
    given = give(faculty, make_quiz(faculty, items=3))

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "quiz.assign")).one()

    assert (event.actor_id, event.object_id) == (faculty.id, given.id)


def test_a_quiz_without_items_cannot_be_assigned(faculty) -> None:
    with pytest.raises(assigning.Empty):
        give(faculty, make_quiz(faculty))


@pytest.mark.parametrize(
    ("due", "closes"),
    [
        pytest.param(timedelta(0), timedelta(days=1), id="due when it opens"),
        pytest.param(timedelta(days=2), timedelta(days=1), id="closes before it is due"),
    ],
)
def test_dates_out_of_order_are_refused(faculty, due, closes) -> None:
    terms = AssignmentTerms(opens_at=NOW, due_at=NOW + due, closes_at=NOW + closes)

    with pytest.raises(Invalid):
        give(faculty, make_quiz(faculty, items=3), terms)


def test_there_is_no_quiz_with_an_unknown_id(faculty) -> None:
    with pytest.raises(NotFound), transaction():
        arranging.remove_item(faculty, 10_000, 1, now=NOW)


def test_answers_are_shown_as_long_after_closing_as_the_program_has_set(faculty: User) -> None:
    quiz = make_quiz(faculty, items=5)
    with transaction():
        cohort = make_cohort()
        change_settings_of_program(faculty, {RESULTS_DELAY: ResultsDelay(2)}, now=NOW)
        after_two = assigning.assign(faculty, quiz.id, cohort_id=cohort.id, terms=TERMS, now=NOW)
        said = replace(TERMS, results_at=TERMS.closes_at + timedelta(hours=7))
        as_said = assigning.assign(faculty, quiz.id, cohort_id=cohort.id, terms=said, now=NOW)
        change_settings_of_program(faculty, {RESULTS_DELAY: ResultsDelay()}, now=NOW)
        cohort = make_cohort()
        by_default = assigning.assign(faculty, quiz.id, cohort_id=cohort.id, terms=TERMS, now=NOW)

    waits = [each.results_at - each.closes_at for each in (after_two, as_said, by_default)]
    assert waits == [timedelta(hours=2), timedelta(hours=7), timedelta(hours=24)]
    assert after_two.results_at == TERMS.closes_at + timedelta(hours=2), "what is assigned stays"
