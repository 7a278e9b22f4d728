"""An essay waits for a person, is marked with its rubric, and then counts."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from lms.attempts.models import Attempt, Response
from lms.cases.models import Item
from lms.core.aliases import alias_of
from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.grading.marking import queries, services
from lms.grading.models import Grade, Marking
from lms.grading.queries import COUNTS
from lms.people.models import Role, User, UserRole
from tests.attempts.factories import case_body, choice_item, make_case, store_case
from tests.attempts.kinds import essay_item
from tests.attempts.sitting import Sitting, sitting_at
from tests.factories import make_user
from tests.progress.statements import counted
from tests.reading import place_of, words
from tests.taking.pages import Fellow

OWN = "Your pain is real, and this picture does not measure it."

LINES = "+ SLR left\n- fever\n  - since <2 days\n2. *no* saddle numbness\n\n# walks 1_000 m"
"""What Markdown would read as lists, emphasis and a heading."""


@dataclass
class Desk:
    """A graded attempt with an essay and a choice, and somebody who marks."""

    sitting: Sitting
    rater: User
    client: FlaskClient

    @property
    def response(self) -> Response:
        return self.sitting.row(1)

    @property
    def credit(self) -> Fraction | None:
        return self.sitting.credit_at(1)

    @property
    def waits(self) -> bool:
        return self.sitting.waits_at(1)

    @property
    def marking(self) -> Marking:
        """The marking that counts."""
        with self.sitting.app.app_context():
            return db.session.scalars(
                db.select(Marking)
                .join(Grade, Grade.marking_id == Marking.id)
                .join(Response, COUNTS)
                .where(Response.id == self.response.id)
            ).one()

    @property
    def score(self) -> int | None:
        with self.sitting.app.app_context():
            return db.session.get_one(Attempt, self.sitting.id).score

    def mark(
        self, levels: list[int], note: str = "", *, by: User | None = None, seen: int | None = None
    ) -> None:
        with self.sitting.app.app_context(), transaction():
            services.mark_response(
                by or self.rater, self.response.id, levels, note=note, seen=seen, now=utcnow()
            )

    def url(self) -> str:
        return f"/marking/{self.sitting.alias_at(1)}"


@pytest.fixture
def desk(app: Flask, signed_in: Callable[[User], FlaskClient]) -> Desk:
    with app.app_context(), transaction():
        cases = [make_case(essay_item(), choice_item())]
        rater = make_user(Role.FACULTY)
    sitting = Sitting(app, signed_in, cases=cases)
    sitting.save(1, answer=OWN)
    sitting.save(2, answer=str(sitting.place(2, 1)))
    sitting.result()
    return Desk(sitting, rater, signed_in(rater))


def test_until_it_is_marked_an_essay_is_not_in_the_score(desk: Desk) -> None:
    assert desk.waits
    assert desk.credit is None
    assert desk.score == 10_000


def test_home_says_what_the_score_stands_on_and_what_waits(desk: Desk) -> None:
    before = words(desk.sitting.fellow.get("/home"))
    desk.mark([1, 1])

    assert "1 answer waits for marks." in before
    assert "1 item, too few for a share" in before
    assert "2 items, too few for a share" in words(desk.sitting.fellow.get("/home"))


def test_a_quiz_of_essays_alone_is_graded_and_waits(
    app: Flask, signed_in: Callable[[User], FlaskClient]
) -> None:
    with app.app_context(), transaction():
        cases = [make_case(essay_item())]
    sitting = Sitting(app, signed_in, cases=cases)
    sitting.save(1, answer=OWN)
    sitting.result()

    home = words(sitting.fellow.get("/home"))

    assert "Being graded" not in home
    assert "1 answer waits for marks." in home


def test_marks_become_credit_by_the_rubric_and_change_the_score(desk: Desk) -> None:
    desk.mark([1, 0], note="Name the next visit.")

    assert desk.credit == Fraction(1, 2)
    assert not desk.waits
    assert desk.score == 7_500


def test_the_fellow_sees_levels_and_note(desk: Desk) -> None:
    desk.mark([1, 0], note="Name the next visit.")

    page = desk.sitting.fellow.get(f"{desk.sitting.url}/result").text
    assert "Name the next visit." in page
    assert "Marked: 0.5 of 1" in page
    assert "waits for a person" not in page


def test_an_answer_can_be_marked_anew_and_every_mark_is_kept(desk: Desk) -> None:
    desk.mark([0, 0])
    desk.mark([1, 1])

    assert desk.score == 10_000
    with desk.sitting.app.app_context():
        kept = db.session.scalars(db.select(Marking.levels).order_by(Marking.id)).all()
        told = db.session.scalars(
            db.select(AuditEvent)
            .where(AuditEvent.action == "response.mark")
            .order_by(AuditEvent.id)
        ).all()
    assert kept == [[0, 0], [1, 1]]
    assert [(each.before, each.after) for each in told] == [
        ({"credit": None}, {"credit": "0"}),
        ({"credit": "0"}, {"credit": "1"}),
    ]


@pytest.mark.parametrize("levels", [[], [0], [0, 2], [0, -1], [0, 0, 0]])
def test_levels_that_the_rubric_does_not_offer_are_refused(desk: Desk, levels: list[int]) -> None:
    with pytest.raises(Invalid):
        desk.mark(levels)

    assert desk.waits


def test_of_ten_who_mark_at_once_the_score_is_that_of_the_last(desk: Desk) -> None:
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda number: desk.mark([number % 2, number % 2]), range(10)))

    expected = {Fraction(0): 5_000, Fraction(1): 10_000}
    assert desk.score == expected[desk.credit]
    with desk.sitting.app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Marking)) == 10


def test_of_ten_who_mark_at_once_each_is_told_of_with_what_stood_before(desk: Desk) -> None:
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda number: desk.mark([number % 2, 0]), range(10)))

    with desk.sitting.app.app_context():
        told = db.session.scalars(
            db.select(AuditEvent)
            .where(AuditEvent.action == "response.mark")
            .order_by(AuditEvent.id)
        ).all()
    before = [each.before["credit"] for each in told]
    after = [each.after["credit"] for each in told]
    assert before == [None, *after[:-1]]


def test_a_mark_that_the_rater_has_not_seen_is_not_replaced(desk: Desk) -> None:
    with desk.sitting.app.app_context(), transaction():
        other = make_user(Role.FACULTY)
    desk.mark([1, 1], by=other)

    with pytest.raises(services.MarkedMeanwhile):
        desk.mark([0, 0])

    assert desk.marking.levels == [1, 1]
    assert desk.score == 10_000


def test_the_one_of_two_raters_who_saves_later_is_shown_the_marks_of_the_other(
    desk: Desk, signed_in: Callable[[User], FlaskClient]
) -> None:
    with desk.sitting.app.app_context(), transaction():
        other = make_user(Role.FACULTY)
    opened = desk.client.get(desk.url()).text
    desk.mark([1, 0], by=other)
    rater = Fellow.__new__(Fellow)
    rater.client, rater.token = desk.client, Fellow.token_of(opened)

    incomplete = rater.post(desk.url(), level_0="0")
    refused = rater.post(desk.url(), level_0="0", level_1="1", note="kept")
    seen = re.search(r'name="seen" value="(\d+)"', refused.text)
    assert seen is not None
    rater.post(desk.url(), level_0="0", level_1="1", note="kept", seen=seen[1])

    assert 'name="seen"' not in incomplete.text
    assert refused.status_code == 409
    assert "Their marks: Empathy 2; Plain words 0." in refused.text
    assert ">kept</textarea>" in refused.text
    assert desk.marking.levels == [0, 1]


def test_a_first_mark_replaces_none_whatever_a_form_says_it_has_seen(desk: Desk) -> None:
    rater = Fellow.__new__(Fellow)
    rater.client, rater.token = desk.client, Fellow.token_of(desk.client.get(desk.url()).text)

    page = rater.post(desk.url(), level_0="1", level_1="1", seen="99")

    assert page.status_code == 302
    assert desk.marking.levels == [1, 1]


def test_what_no_person_marks_is_not_there(desk: Desk) -> None:
    with desk.sitting.app.app_context():
        unknown = alias_of(999_999)

    assert desk.client.get(f"/marking/{desk.sitting.alias_at(2)}").status_code == 404
    assert desk.client.get(f"/marking/{unknown}").status_code == 404
    assert desk.client.get(f"/marking/{desk.sitting.row(1).id}").status_code == 404


def test_a_running_attempt_is_not_marked(app: Flask, signed_in) -> None:
    with app.app_context(), transaction():
        cases = [make_case(essay_item())]
        rater = make_user(Role.FACULTY)
    sitting = Sitting(app, signed_in, cases=cases)
    sitting.save(1, answer=OWN)

    with app.app_context():
        assert queries.waiting(rater.id, 1).items == []
        with pytest.raises(NotFound):
            queries.answer_to_mark(rater.id, sitting.row(1).id)


def test_nobody_marks_the_own_answer(desk: Desk) -> None:
    user = desk.sitting.user
    with desk.sitting.app.app_context(), transaction():
        db.session.add(UserRole(user_id=user.id, role=Role.FACULTY))

    listed, own = desk.sitting.fellow.get("/marking"), desk.sitting.fellow.get(desk.url())
    posted = desk.sitting.fellow.post(desk.url(), level_0="1", level_1="1")
    with desk.sitting.app.app_context(), pytest.raises(NotFound), transaction():
        services.mark_response(user, desk.response.id, [1, 1], note="", seen=None, now=utcnow())

    assert "Nothing waits to be marked" in listed.text
    assert (own.status_code, posted.status_code) == (404, 404)
    assert desk.waits


def test_an_answer_is_marked_though_its_item_asks_something_else_by_now(
    app: Flask, signed_in, desk: Desk
) -> None:
    with app.app_context(), transaction():
        case = store_case(case_body(essay_item("tell-her"), slug="retyped"))
    sitting = Sitting(app, signed_in, cases=[case])
    sitting.save(1, answer=OWN)
    sitting.result()
    with app.app_context(), transaction():  # as a file could have it when keys changed hands
        retyped = db.update(Item).where(Item.case_id == case.id)
        db.session.execute(retyped.values(kind="single_best_answer"))

    with app.app_context():
        listed = queries.waiting(desk.rater.id, 1)
    assert sitting.row(1).id in [each.response_id for each in listed]
    assert desk.client.get(f"/marking/{sitting.alias_at(1)}").status_code == 200


def test_a_note_is_as_long_as_the_page_counts_it(desk: Desk) -> None:
    rater = Fellow.__new__(Fellow)
    rater.client, rater.token = desk.client, Fellow.token_of(desk.client.get(desk.url()).text)
    note = "Go on.\n" * (services.LONGEST_NOTE // 7)

    page = rater.post(desk.url(), level_0="1", level_1="1", note=note.replace("\n", "\r\n"))

    assert page.status_code == 302
    assert desk.marking.note == note.strip()


def test_the_page_shows_answer_and_rubric_and_no_name(desk: Desk) -> None:
    page = desk.client.get(desk.url()).text

    assert OWN in page
    assert "Empathy" in page
    assert desk.sitting.user.name not in page
    assert desk.sitting.user.email not in page


def test_an_essay_is_read_as_it_was_typed_by_who_marks_and_by_its_fellow(
    app: Flask, signed_in, desk: Desk
) -> None:
    sitting = sitting_at(app, signed_in, case_body(essay_item(), slug="lines"))
    sitting.save(1, answer=LINES)
    result = sitting.result()

    marking = desk.client.get(f"/marking/{sitting.alias_at(1)}")

    for page in (marking, result):
        assert f'<p class="as-typed">{escape(LINES)}</p>' in page.text


def test_a_note_is_read_as_it_was_typed(desk: Desk) -> None:
    desk.mark([1, 0], note=LINES)

    page = desk.sitting.fellow.get(f"{desk.sitting.url}/result")
    assert f'<p class="as-typed">{escape(LINES)}</p>' in page.text


def test_a_level_that_is_missing_is_named_at_its_criterion(desk: Desk) -> None:
    rater = Fellow.__new__(Fellow)
    rater.client, rater.token = desk.client, Fellow.token_of(desk.client.get(desk.url()).text)

    page = rater.post(desk.url(), level_0="1", note="kept")

    assert page.status_code == 422
    assert "Plain words: choose a level." in page.text
    assert 'name="level-0" value="1" checked' in page.text
    assert ">kept</textarea>" in page.text
    assert desk.waits


def test_saving_marks_leads_to_the_next_answer_or_back_to_the_list(desk: Desk) -> None:
    rater = Fellow.__new__(Fellow)
    rater.client, rater.token = desk.client, Fellow.token_of(desk.client.get(desk.url()).text)

    page = rater.post(desk.url(), level_0="1", level_1="1")

    assert place_of(page) == "/marking"
    assert "Nothing waits to be marked" in desk.client.get("/marking").text


def test_the_list_takes_as_many_statements_for_60_answers_as_for_one(
    app: Flask, signed_in, desk: Desk
) -> None:
    with counted(app) as one:
        desk.client.get("/marking")
    with app.app_context(), transaction():
        cases = [make_case(essay_item(f"essay-{number}")) for number in range(60)]
    sitting = Sitting(app, signed_in, cases=cases)
    for position in range(1, 61):
        sitting.save(position, answer=OWN)
    sitting.result()

    with counted(app) as sixty:
        desk.client.get("/marking")

    assert len(one) == len(sixty)
