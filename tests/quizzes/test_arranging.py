"""What a quiz asks, by hand: single items, their order, and how much they weigh."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.cases.models import Item, StoredCase
from lms.cases.withholding import locked_item, withhold
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.people.models import Role, User
from lms.quizzes import queries
from lms.quizzes.admission import Retired
from lms.quizzes.arranging import services
from lms.quizzes.assembling.services import copy_quiz, create_quiz
from lms.quizzes.assigning.services import assign
from lms.quizzes.models import Quiz
from tests.attempts.factories import choice_item, make_case, store_case
from tests.attempts.kinds import panel_item, unfolding
from tests.factories import NOW, make_cohort, make_user
from tests.quizzes.pages import act, case_ids, item_ids
from tests.quizzes.test_services import TERMS
from tests.reading import place_of, words
from tests.signin.helpers import send


@pytest.fixture
def faculty(in_app) -> User:
    with transaction():
        return make_user(Role.FACULTY)


def quiz_of(faculty: User, *cases: StoredCase) -> Quiz:
    with transaction():
        quiz = create_quiz(faculty, title="Rounds", now=NOW)
        for case in cases:
            services.add_case(faculty, quiz.id, case.id, now=NOW)
    return quiz


def case_of(*keys: str) -> StoredCase:
    with transaction():
        return make_case(*map(choice_item, keys))


def seats(quiz: Quiz, version: int = -1) -> list[tuple[str, int | None]]:
    """Return key and points of the items of a version of a quiz, in order."""
    chosen = queries.quiz_by_id(quiz.id).versions[version]
    return [(place.item.key, place.points) for place in queries.places_of(chosen.id)]


def row(case: StoredCase, key: str) -> Item:
    return next(item for item in case.items if item.key == key)


def test_a_single_item_stands_among_those_of_its_case_in_their_order(faculty) -> None:
    case, other = case_of("one", "two", "three"), case_of("last")
    quiz = quiz_of(faculty)

    with transaction():
        for each in (row(case, "three"), row(other, "last"), row(case, "one"), row(case, "two")):
            services.add_item(faculty, quiz.id, each.id, now=NOW)
            services.add_item(faculty, quiz.id, each.id, now=NOW)

    assert [key for key, _ in seats(quiz)] == ["one", "two", "three", "last"]


def test_an_item_of_a_case_that_unfolds_is_not_added_alone(faculty) -> None:
    with transaction():
        case = store_case(unfolding())
    quiz = quiz_of(faculty)

    with pytest.raises(services.OnlyWhole), transaction():
        services.add_item(faculty, quiz.id, case.items[0].id, now=NOW)

    assert seats(quiz) == []


def test_an_item_that_the_quiz_may_not_ask_is_not_added(faculty) -> None:
    with transaction():
        case = make_case(choice_item(), panel_item())
    quiz = quiz_of(faculty)

    with pytest.raises(services.NotFit), transaction():
        services.add_item(faculty, quiz.id, row(case, "after-the-scan").id, now=NOW)


def test_items_move_within_their_case_and_cases_move_with_their_items(faculty) -> None:
    first, second = case_of("one", "two"), case_of("three")
    quiz = quiz_of(faculty, first, second)

    with transaction():
        services.weigh(faculty, quiz.id, {row(first, "two").id: 4}, now=NOW)
        services.move_item(faculty, quiz.id, row(first, "two").id, up=True, now=NOW)
        services.move_item(faculty, quiz.id, row(first, "two").id, up=True, now=NOW)
        services.move_item(faculty, quiz.id, row(second, "three").id, up=True, now=NOW)
    assert seats(quiz) == [("two", 4), ("one", None), ("three", None)]

    with transaction():
        services.move_case(faculty, quiz.id, second.id, up=True, now=NOW)
    assert seats(quiz) == [("three", None), ("two", 4), ("one", None)]


def test_items_of_a_case_that_unfolds_stay_in_their_order(faculty) -> None:
    with transaction():
        case = store_case(unfolding())
    quiz = quiz_of(faculty, case)
    before = seats(quiz)

    with transaction():
        services.move_item(faculty, quiz.id, case.items[1].id, up=True, now=NOW)

    assert seats(quiz) == before


def test_points_stay_with_their_items_through_every_change(faculty) -> None:
    case, other = case_of("one", "two"), case_of("three")
    quiz = quiz_of(faculty, case, other)

    with transaction():
        services.weigh(
            faculty, quiz.id, {row(case, "two").id: 3, row(other, "three").id: 10}, now=NOW
        )
        services.remove_item(faculty, quiz.id, row(case, "one").id, now=NOW)
    assert seats(quiz) == [("two", 3), ("three", 10)]

    with transaction():
        services.add_case(faculty, quiz.id, case.id, now=NOW)
    assert seats(quiz) == [("one", None), ("two", 3), ("three", 10)]


@pytest.mark.parametrize("points", [0, 11, -1])
def test_points_out_of_range_are_refused(faculty, points: int) -> None:
    case = case_of("one")
    quiz = quiz_of(faculty, case)

    with pytest.raises(Invalid), transaction():
        services.weigh(faculty, quiz.id, {row(case, "one").id: points}, now=NOW)


def test_what_is_assigned_keeps_its_order_and_its_points(faculty) -> None:
    case = case_of("one", "two")
    quiz = quiz_of(faculty, case)
    with transaction():
        services.weigh(faculty, quiz.id, {row(case, "one").id: 2}, now=NOW)
        cohort = make_cohort()
        assign(faculty, quiz.id, cohort_id=cohort.id, terms=TERMS, now=NOW)

    with transaction():
        services.weigh(faculty, quiz.id, {row(case, "one").id: 5}, now=NOW)
        services.move_item(faculty, quiz.id, row(case, "two").id, up=True, now=NOW)

    assert seats(quiz, 0) == [("one", 2), ("two", None)]
    assert seats(quiz, 1) == [("two", None), ("one", 5)]


def test_each_change_is_noted_and_no_change_is_not(faculty) -> None:
    case = case_of("one", "two")
    quiz = quiz_of(faculty, case)
    one = row(case, "one").id

    with transaction():
        services.weigh(faculty, quiz.id, {one: 2}, now=NOW)
        services.weigh(faculty, quiz.id, {one: 2}, now=NOW)
        services.move_item(faculty, quiz.id, one, up=True, now=NOW)
        services.move_item(faculty, quiz.id, one, up=False, now=NOW)

    events = db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.action.in_(["quiz.weigh", "quiz.move_item"]))
        .order_by(AuditEvent.id)
    ).all()
    assert [(each.action, each.before, each.after) for each in events] == [
        ("quiz.weigh", {"points": None}, {"item": one, "points": 2}),
        ("quiz.move_item", None, {"item": one, "place": 2}),
    ]


def row_id(page: TestResponse, position: int) -> str:
    """Return the id of the item at *position*, from the field for its points."""
    found = re.search(rf'for="points-(\d+)">Points<span class="vh"> of item {position}<', page.text)
    assert found
    return found[1]


@pytest.fixture
def filled(author: FlaskClient, quiz: str) -> str:
    """The address of a quiz of two cases with two items each."""
    for case_id in case_ids(author, quiz)[:2]:
        act(author, quiz, "cases", case_id=case_id)
    return quiz


def test_points_are_set_on_the_page_and_said_with_the_items(author, filled: str) -> None:
    page = author.get(filled)
    first, last = row_id(page, 1), row_id(page, 4)

    page = act(author, filled, "points", **{f"points-{first}": "3", f"points-{last}": "1"})

    assert "The points are saved." in words(page)
    assert "4 items in 2 cases, 6 points." in words(page)
    assert f'name="points-{first}" required type="text" value="3"' in page.text or re.search(
        rf'name="points-{first}"[^>]*value="3"', page.text
    )
    assert "3 points" in words(author.get(f"{filled}/preview"))


@pytest.mark.parametrize("typed", ["0", "11", "", "many", "1.5", "9" * 40])
def test_points_that_will_not_do_are_refused_at_the_field(author, filled: str, typed: str) -> None:
    first = row_id(author.get(filled), 1)

    page = send(author, f"{filled}/points", {f"points-{first}": typed}, at=filled)

    assert page.status_code == 422
    assert f'href="#points-{first}"' in page.text
    assert f'id="points-{first}-error"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert "4 items in 2 cases. " in words(author.get(filled))


def test_a_single_item_is_added_at_the_search_and_one_is_back_there(author, quiz: str) -> None:
    offered = item_ids(author, f"{quiz}")
    page = author.get(f"{quiz}/add?words=neuropathic")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token

    answer = author.post(
        f"{quiz}/items",
        query_string={"found": f"{quiz}/add?words=neuropathic"},
        data={"csrf_token": token[1], "item_id": offered[0]},
    )

    assert "/add?words=neuropathic" in answer.location
    assert "#case-" in answer.location
    assert "1 of 2 in this quiz" in words(author.get(answer.location))
    assert "1 item in 1 case." in words(author.get(quiz))


@pytest.mark.parametrize("sent", ["x", "", "999999"])
def test_an_item_that_is_not_there_is_not_added(author, quiz: str, sent: str) -> None:
    page = send(author, f"{quiz}/items", {"item_id": sent}, at=quiz)

    assert page.status_code == (404 if sent == "999999" else 302)
    assert "0 items in 0 cases." in words(author.get(quiz))


def test_a_quiz_that_another_author_changed_is_not_changed_unseen(author, filled: str) -> None:
    page = author.get(filled)
    first, second = row_id(page, 1), row_id(page, 2)
    sight = re.search(r'name="sight" value="([^"]+)"', page.text)
    assert sight
    act(author, filled, "points", **{f"points-{first}": "2"})

    for what, data in (
        (f"items/{second}/up", {}),
        (f"items/{second}/remove", {}),
        ("points", {f"points-{first}": "5"}),
    ):
        answer = send(author, f"{filled}/{what}", data | {"sight": sight[1]}, at=filled)
        assert answer.status_code == 409
        assert "(2 points)" in words(answer)
    assert "4 items in 2 cases, 5 points." in words(author.get(filled))


def test_items_move_by_buttons(author, filled: str) -> None:
    page = author.get(filled)
    first, second = row_id(page, 1), row_id(page, 2)

    page = act(author, filled, f"items/{second}/up")

    assert (row_id(page, 1), row_id(page, 2)) == (second, first)
    assert "4 items in 2 cases." in words(page)


def test_a_copy_asks_the_same_and_is_a_quiz_of_its_own(author, filled: str) -> None:
    first = row_id(author.get(filled), 1)
    act(author, filled, "points", **{f"points-{first}": "3"})

    page = act(author, filled, "copy")

    text = words(page)
    assert "Copy of November rounds" in text
    assert "4 items in 2 cases, 6 points. Not assigned in this version." in text
    assert "This is the copy. It is assigned to nobody" in text
    assert "Left out" not in text
    act(author, page.request.path, f"items/{row_id(page, 2)}/remove")
    assert "4 items in 2 cases, 6 points." in words(author.get(filled))


def test_a_copy_leaves_out_what_is_retired_and_says_so(app: Flask, author, filled: str) -> None:
    with app.app_context(), transaction():
        case = db.session.scalars(select(StoredCase).order_by(StoredCase.title)).first()
        assert case is not None
        case.retired_at = NOW
        title = case.title

    page = act(author, filled, "copy")

    assert "2 items in 1 case." in words(page)
    assert f"Left out, because the bank does not ask it now: items of “{title}”." in words(page)
    assert "Retired" in words(author.get(filled))


def test_a_copy_leaves_out_what_is_withheld_and_all_of_a_case_that_unfolds(faculty) -> None:
    with transaction():
        unfolds = store_case(unfolding())
    quiz = quiz_of(faculty, plain := case_of("one", "two"), unfolds)
    with transaction():
        for case, key in ((plain, "one"), (unfolds, unfolds.items[0].key)):
            withhold(faculty, locked_item(case.slug, key)[1], "", now=NOW)

    with transaction():
        copied = copy_quiz(faculty, quiz.id, now=NOW)

    assert seats(copied.quiz) == [("two", None)]
    assert copied.left_out == (plain.title, unfolds.title)
    assert [key for key, _ in seats(quiz)][:2] == ["one", "two"]


def test_a_retired_case_is_neither_added_nor_assigned(faculty) -> None:
    case = case_of("one")
    quiz, one = quiz_of(faculty, case), row(case, "one").id
    with transaction():
        db.session.get_one(StoredCase, case.id).retired_at = NOW
        cohort = make_cohort()

    other = quiz_of(faculty)
    with pytest.raises(Retired), transaction():
        assign(faculty, quiz.id, cohort_id=cohort.id, terms=TERMS, now=NOW)
    with pytest.raises(Retired), transaction():
        services.add_item(faculty, other.id, one, now=NOW)


def test_a_long_title_is_cut_in_the_copy(author) -> None:
    quiz = place_of(send(author, "/quizzes/new", {"title": "x" * 120}))

    page = act(author, quiz, "copy")

    assert "Copy of " + "x" * 112 in words(page)
    assert "x" * 113 not in page.text


def test_of_an_archived_quiz_nothing_is_changed_but_it_can_be_copied(author, filled: str) -> None:
    first = row_id(author.get(filled), 1)
    act(author, filled, "archive")

    for what in (f"items/{first}/up", "points", "items"):
        data = {f"points-{first}": "2", "item_id": first}
        assert send(author, f"{filled}/{what}", data, at=filled).status_code in {302, 409}
    assert author.get(f"{filled}/add").status_code == 409
    assert "4 items in 2 cases. Archived." in words(author.get(filled))
    assert "4 items in 2 cases. Not assigned" in words(act(author, filled, "copy"))
