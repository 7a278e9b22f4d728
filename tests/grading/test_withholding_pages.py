"""One tap withholds an item; who can mend it is asked, and papers, quizzes and results say so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.attempts import services as attempts
from lms.attempts.models import Attempt
from lms.cases import withholding
from lms.cases.asking import may_be_asked
from lms.cases.models import Item, StoredCase
from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.mail.reading import parts_of
from lms.grading import services as grading
from lms.grading.tasks import regrade
from lms.people.models import Role, User
from lms.quizzes.admission import AllWithheld
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services as assembling
from lms.quizzes.models import QuizItem
from tests.attempts.factories import SECRET, begin, choice_item, make_case
from tests.factories import NOW, day_of, make_cohort, make_user
from tests.grading.test_withheld_items import publish_mended
from tests.reading import words
from tests.signin.helpers import send, sight_of, token_of


@dataclass
class Ward:
    """A case of two items in an attempt, with the people around it."""

    case: StoredCase
    fellow: User
    attempt: Attempt
    faculty: User
    other: User
    owner: User

    @property
    def page(self) -> str:
        return f"/bank/{self.case.slug}"

    def deed(self, name: str, key: str = "two") -> str:
        return f"{self.page}/items/{key}/{name}"


@pytest.fixture
def ward(app: Flask) -> Ward:
    with app.app_context():
        with transaction():
            case = make_case(choice_item("one"), choice_item("two"))
            faculty, other, owner = (make_user(Role.FACULTY) for _ in range(3))
            case.owner_id = owner.id
        fellow, attempt = begin(cases=[case])
        return Ward(case, fellow, attempt, faculty, other, owner)


def mails(app: Flask) -> list[tuple[str, int | None]]:
    with app.app_context():
        rows = db.session.execute(
            db.select(Message.kind, Message.recipient_id).order_by(Message.id)
        )
        return [(row.kind, row.recipient_id) for row in rows]


def withheld(app: Flask, ward: Ward, key: str = "two") -> Item:
    with app.app_context():
        return db.session.scalars(
            db.select(Item).where(Item.case_id == ward.case.id, Item.key == key)
        ).one()


Enter = Callable[[User], FlaskClient]


@pytest.mark.parametrize("role", [Role.FACULTY, Role.DIRECTOR])
def test_one_tap_withholds_and_another_lifts_it(
    app: Flask, ward: Ward, signed_in: Enter, role: Role
) -> None:
    with app.app_context(), transaction():
        person = make_user(role)
    browser = signed_in(person)

    done = send(browser, ward.deed("withhold"), {}, at=ward.page)
    item = withheld(app, ward)
    page = words(browser.get(ward.page))
    send(browser, ward.deed("lift"), {}, at=ward.page)

    assert done.location.endswith(f"{ward.page}#item-two")
    assert (item.withheld_by_id, item.regrade_since) == (person.id, item.withheld_at)
    assert f"Item 2 is withheld By {person.name} on " in page
    assert withheld(app, ward).withheld_at is None
    with app.app_context():
        deeds = db.session.scalars(
            db.select(AuditEvent.action).where(AuditEvent.object_type == "item")
        )
        assert sorted(deeds) == ["item.lift", "item.withhold"]


def test_a_reason_is_noted_afterwards_and_only_shown_to_who_reads_keys(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    browser = signed_in(ward.faculty)
    send(browser, ward.deed("withhold"), {}, at=ward.page)
    since = withheld(app, ward).withheld_at

    send(browser, ward.deed("withhold"), {"why": "B is right <too>"}, at=ward.page)
    with app.app_context(), transaction():
        both = make_user(Role.FACULTY, Role.FELLOW)
        make_cohort(both)

    assert "“B is right <too>”" in words(browser.get(ward.page))
    assert withheld(app, ward).withheld_at == since
    page = words(signed_in(both).get(ward.page))
    assert "Item 2 is withheld" in page
    assert "B is right" not in page
    assert len(mails(app)) == 1


def test_a_reason_that_is_too_long_changes_nothing(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    for length in (501, 30_000):
        answer = send(
            signed_in(ward.faculty), ward.deed("withhold"), {"why": "x" * length}, at=ward.page
        )
        assert answer.status_code == 302
        assert withheld(app, ward).withheld_at is None


def test_pressing_twice_is_as_good_as_once_and_an_old_page_does_not_lift(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    browser = signed_in(ward.faculty)
    shown = browser.get(ward.page)
    form = {"csrf_token": token_of(shown), **sight_of(shown, ward.deed("withhold"))}

    for _ in range(2):
        assert browser.post(ward.deed("withhold"), data=form).status_code == 302
    assert browser.post(ward.deed("lift"), data=form).status_code == 409

    assert withheld(app, ward).withheld_at is not None
    assert len(mails(app)) == 1


def test_the_owner_is_asked_to_mend_it_and_without_one_everybody_who_can(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    with app.app_context(), transaction():
        both = make_user(Role.FACULTY, Role.FELLOW)
        make_cohort(both)
        director = make_user(Role.DIRECTOR)
        closed = make_user(Role.FACULTY)
        closed.disabled_at = NOW
    browser = signed_in(ward.faculty)
    send(browser, ward.deed("withhold"), {}, at=ward.page)
    with app.app_context(), transaction():
        db.session.get_one(StoredCase, ward.case.id).owner_id = None
    send(browser, ward.deed("withhold", "one"), {}, at=ward.page)

    first, *others = mails(app)

    assert first == ("item_withheld", ward.owner.id)
    asked = {recipient for _, recipient in others}
    assert {ward.owner.id, ward.other.id, director.id} <= asked
    assert asked.isdisjoint({ward.faculty.id, both.id, closed.id, ward.fellow.id})


def test_the_mail_names_the_item_and_says_nothing_of_key_reason_or_case(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    browser = signed_in(ward.faculty)
    send(browser, ward.deed("withhold"), {"why": "The key is B"}, at=ward.page)

    with app.app_context():
        message = db.session.scalars(db.select(Message)).one()
        parts = parts_of(message)
    for part in (parts.text, parts.html or ""):
        assert ward.case.title in part
        assert f"http://localhost{ward.page}#item-two" in part
        for secret in (SECRET, "The key is B", "hurts"):
            assert secret not in part


def test_lifting_tells_the_owner_and_who_withheld_it(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    send(signed_in(ward.faculty), ward.deed("withhold"), {}, at=ward.page)

    send(signed_in(ward.other), ward.deed("lift"), {}, at=ward.page)

    told = [recipient for kind, recipient in mails(app) if kind == "withhold_lifted"]
    assert sorted(told) == sorted([ward.faculty.id, ward.owner.id])


def test_it_is_out_of_draws_and_cannot_be_added_by_hand(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    browser = signed_in(ward.faculty)
    today = day_of(utcnow())

    def drawn() -> list[str]:
        query = db.select(Item.key).join(Item.case).where(*may_be_asked(("scored",), today))
        return sorted(db.session.scalars(query.where(Item.case_id == ward.case.id)))

    with app.app_context():
        before = drawn()
    send(browser, ward.deed("withhold"), {}, at=ward.page)

    with app.app_context():
        after = drawn()
        with transaction():
            quiz = assembling.create_quiz(ward.faculty, title="Rounds", now=NOW)
            arranging.add_case(ward.faculty, quiz.id, ward.case.id, now=NOW)
        held = db.session.scalars(
            db.select(Item.key)
            .join(QuizItem, QuizItem.item_id == Item.id)
            .where(QuizItem.quiz_version_id == quiz.versions[-1].id)
        ).all()
    assert (before, after, held) == (["one", "two"], ["one"], ["one"])

    send(browser, ward.deed("withhold", "one"), {}, at=ward.page)
    item_id = withheld(app, ward).id
    for add in (
        lambda: arranging.add_case(ward.faculty, quiz.id, ward.case.id, now=NOW),
        lambda: arranging.add_item(ward.faculty, quiz.id, item_id, now=NOW),
    ):
        with app.app_context(), pytest.raises(AllWithheld), transaction():
            add()


def test_a_quiz_that_holds_it_shows_that(app: Flask, ward: Ward, signed_in: Enter) -> None:
    browser = signed_in(ward.faculty)
    with app.app_context(), transaction():
        quiz = assembling.create_quiz(ward.faculty, title="Rounds", now=NOW)
        arranging.add_case(ward.faculty, quiz.id, ward.case.id, now=NOW)
    page = f"/quizzes/{quiz.id}"
    assert "Withheld" not in words(browser.get(page))

    send(browser, ward.deed("withhold"), {}, at=page)

    shown = words(browser.get(page))
    assert "Withheld" in shown
    assert "Ask and count item 2 again" in shown


def test_a_running_paper_says_so_and_takes_the_answer_that_is_kept_and_not_counted(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    paper = f"/attempts/{ward.attempt.id}/cases/1"
    with app.app_context(), transaction():
        deadline = utcnow() + timedelta(hours=1)
        attempt = db.session.get_one(Attempt, ward.attempt.id)
        attempt.deadline_at = deadline
    browser = signed_in(ward.fellow)
    before = words(browser.get(paper))
    send(signed_in(ward.faculty), ward.deed("withhold"), {}, at=ward.page)

    after = words(browser.get(paper))

    assert "was withheld" not in before
    assert "Item 2 was withheld on " in after
    assert "your answer is kept and not counted" in after
    assert "Item 1 was withheld" not in after


def test_the_result_says_what_does_not_count_and_what_counts_again(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    with app.app_context(), transaction():
        attempts.submit_attempt(ward.fellow, ward.attempt.id, now=NOW)
        grading.grade_attempt(ward.attempt.id, now=NOW)
    result = f"/attempts/{ward.attempt.id}/result"
    browser, faculty = signed_in(ward.fellow), signed_in(ward.faculty)
    item_id = withheld(app, ward).id

    send(faculty, ward.deed("withhold"), {}, at=ward.page)
    with app.app_context():
        regrade(item_id)
    without = words(browser.get(result))
    send(faculty, ward.deed("lift"), {}, at=ward.page)
    with app.app_context():
        regrade(item_id)
    again = words(browser.get(result))

    assert "Item 2 was withheld on " in without
    assert "the score is of one item." in without
    assert "Item 2 counts since " in again
    assert "The score is of 2 items." in again
    assert "was withheld on" not in again


def test_after_a_mend_nobody_is_told_that_the_item_is_still_looked_at(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    paper, result = (f"/attempts/{ward.attempt.id}/{page}" for page in ("cases/1", "result"))
    with app.app_context():
        with transaction():
            attempt = db.session.get_one(Attempt, ward.attempt.id)
            attempt.deadline_at = utcnow() + timedelta(hours=1)
            _case, item = withholding.locked_item(ward.case.slug, "two")
            withholding.withhold(ward.faculty, item, "", now=NOW)
        publish_mended(ward.case.slug, at=NOW + timedelta(hours=1))
        with transaction():
            _case, item = withholding.locked_item(ward.case.slug, "two")
            withholding.lift(ward.faculty, item, now=NOW + timedelta(hours=2))
    browser = signed_in(ward.fellow)

    asked = words(browser.get(paper))
    with app.app_context(), transaction():
        attempts.submit_attempt(ward.fellow, ward.attempt.id, now=utcnow())
        grading.grade_attempt(ward.attempt.id, now=utcnow())
    told = words(browser.get(result))

    assert "Item 2 was withheld It does not count as it is asked here." in asked
    assert "Item 2 does not count : it was withheld as you were asked it." in told
    for page in (asked, told):
        assert "look at it again" not in page
        assert "looked at by those" not in page


def test_where_all_is_withheld_the_result_says_that_nothing_counts(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    for key in ("one", "two"):
        send(signed_in(ward.faculty), ward.deed("withhold", key), {}, at=ward.page)
    with app.app_context(), transaction():
        attempts.submit_attempt(ward.fellow, ward.attempt.id, now=NOW)
        grading.grade_attempt(ward.attempt.id, now=NOW)

    page = words(signed_in(ward.fellow).get(f"/attempts/{ward.attempt.id}/result"))

    assert "No item counts, so there is no score." in page
    assert "could be graded" not in page


def test_fellows_and_mentors_withhold_nothing(app: Flask, ward: Ward, signed_in: Enter) -> None:
    with app.app_context(), transaction():
        mentor = make_user(Role.MENTOR)
    for person in (ward.fellow, mentor):
        browser = signed_in(person)
        token = token_of(browser.get("/settings"))
        for deed in ("withhold", "lift"):
            answer = browser.post(ward.deed(deed), data={"csrf_token": token})
            assert answer.status_code == 403
    assert withheld(app, ward).withheld_at is None


def test_a_fellow_who_is_faculty_too_settles_nothing_of_what_counts_in_the_own_score(
    app: Flask, ward: Ward, signed_in: Enter
) -> None:
    with app.app_context(), transaction():
        both = make_user(Role.FACULTY, Role.FELLOW)
        make_cohort(both)
        quiz = assembling.create_quiz(ward.faculty, title="Rounds", now=NOW)
        arranging.add_case(ward.faculty, quiz.id, ward.case.id, now=NOW)
    browser, at = signed_in(both), f"/quizzes/{quiz.id}"

    refused = browser.get(send(browser, ward.deed("withhold"), {}, at=at).location)
    never = withheld(app, ward).withheld_at
    send(signed_in(ward.faculty), ward.deed("withhold"), {}, at=ward.page)
    send(browser, ward.deed("lift"), {}, at=at)
    page = browser.get(ward.page)

    assert "you may be asked this item" in words(refused)
    assert never is None
    assert withheld(app, ward).withheld_at is not None
    assert "Item 2 is withheld" in words(page)
    assert f"{ward.page}/items/" not in page.text


def test_an_item_that_is_not_there_is_not_found(app: Flask, ward: Ward, signed_in: Enter) -> None:
    browser = signed_in(ward.faculty)

    assert send(browser, ward.deed("withhold", "three"), {}, at=ward.page).status_code == 404
