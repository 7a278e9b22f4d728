"""A mentor opens unsafe and missed answers of the own fellows, once their key is released."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from lms.attempts.exposing import settle_keys
from lms.core.aliases import alias_of
from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role, User, UserRole
from lms.program.models import Mentorship
from lms.quizzes.models import Assignment, QuizItem
from lms.results.services import acknowledge
from question_bank.terms import Feedback
from tests.attempts.factories import row_of
from tests.factories import day_of, make_fellow, make_mentorship, make_user
from tests.mentoring.test_verdicts import harm
from tests.progress.factories import PHARM, earned, make_given, make_topic_case, sit, take
from tests.reading import words
from tests.taking.pages import Fellow


@dataclass
class Story:
    """A fellow with an unsafe choice, a missed one and a right one, and who may be curious."""

    people: dict[str, User]
    unsafe: int
    missed: int
    right: int
    aliases: Mapping[str, str]

    def answer(self, which: str) -> str:
        return f"/fellows/{self.people['fellow'].id}/answers/{self.aliases[which]}"


def story(feedback: Feedback = Feedback.GRADED) -> Story:
    with transaction():
        people = {
            "fellow": make_fellow("Dr. Amara Okafor"),
            "mentor": make_user(Role.MENTOR, name="Dr. Lena Hargrove"),
            "second": make_user(Role.MENTOR),
            "stranger": make_user(Role.MENTOR),
            "director": make_user(Role.DIRECTOR),
            "faculty": make_user(Role.FACULTY),
        }
        for each in ("mentor", "second"):
            make_mentorship(people[each], people["fellow"])
        marks = {PHARM: [*earned(0, 2), *earned(18, 18)]}
        lately = utcnow() - timedelta(days=2)
        attempt = take(people["fellow"], lately, marks, feedback=feedback)
        harm(attempt, 1)
        rows = [row_of(attempt.id, position).id for position in (1, 2, 3)]
        aliases = dict(zip(("unsafe", "missed", "right"), map(alias_of, rows), strict=True))
    return Story(people, *rows, aliases)


@pytest.fixture
def told(app: Flask) -> Story:
    with app.app_context():
        return story()


@pytest.mark.parametrize("which", ["unsafe", "missed"])
def test_the_mentor_opens_an_unsafe_or_missed_answer_with_its_key(
    told: Story, signed_in, which: str
) -> None:
    page = signed_in(told.people["mentor"]).get(told.answer(which))

    assert page.status_code == 200
    assert "Dr. Amara Okafor" in words(page)
    assert "Why second of item-" in words(page)


@pytest.mark.parametrize(
    ("who", "which", "status"),
    [
        ("mentor", "right", 404),
        ("stranger", "unsafe", 404),
        ("director", "unsafe", 403),
        ("faculty", "unsafe", 403),
        ("fellow", "unsafe", 403),
        ("second", "unsafe", 200),
    ],
)
def test_nobody_else_opens_an_answer_and_nobody_a_right_one(
    told: Story, signed_in, who: str, which: str, status: int
) -> None:
    assert signed_in(told.people[who]).get(told.answer(which)).status_code == status


def test_an_answer_of_another_fellow_is_not_there(app, told: Story, signed_in) -> None:
    with app.app_context():
        other = story()
        with transaction():
            make_mentorship(told.people["mentor"], other.people["fellow"])
    address = f"/fellows/{other.people['fellow'].id}/answers/{told.aliases['unsafe']}"

    assert signed_in(told.people["mentor"]).get(address).status_code == 404


def test_it_closes_with_the_mentorship(app, told: Story, signed_in) -> None:
    with app.app_context(), transaction():
        yesterday = day_of(utcnow() - timedelta(days=2))
        db.session.execute(db.update(Mentorship).values(ends_on=yesterday))

    assert signed_in(told.people["mentor"]).get(told.answer("unsafe")).status_code == 404


def test_who_takes_quizzes_too_opens_none(app, told: Story, signed_in) -> None:
    with app.app_context(), transaction():
        db.session.add(UserRole(user_id=told.people["mentor"].id, role=Role.FELLOW))
    browser = signed_in(told.people["mentor"])

    assert browser.get(told.answer("unsafe")).status_code == 404
    listed = browser.get("/fellows").text
    assert told.answer("unsafe") not in listed
    assert "Named only to a mentor of the fellow who takes no quizzes." in listed


def test_before_the_key_is_released_to_the_fellow_it_is_counted_and_not_to_be_opened(
    app, signed_in
) -> None:
    with app.app_context():
        waiting = story(Feedback.CLOSED)
    browser = signed_in(waiting.people["mentor"])
    before = browser.get(waiting.answer("unsafe"))
    listed = words(browser.get("/fellows"))
    with app.app_context(), transaction():
        now = utcnow()
        db.session.execute(db.update(Assignment).values(due_at=now, closes_at=now, results_at=now))
        settle_keys([waiting.people["fellow"].id], now=now - timedelta(days=1))

    assert before.status_code == 404
    assert "1 unsafe choice, " in listed
    assert "stopping an opioid" not in listed
    assert browser.get(waiting.answer("unsafe")).status_code == 200
    assert "stopping an opioid abruptly" in words(browser.get("/fellows"))


def test_the_mentor_acknowledges_with_one_press_and_that_ends_it_for_all_mentors(
    app, told: Story, signed_in
) -> None:
    browser = Fellow(signed_in(told.people["mentor"]))
    before = words(browser.get("/fellows"))

    pressed = [browser.post(f"{told.answer('unsafe')}/acknowledge") for _ in range(2)]

    assert [each.status_code for each in pressed] == [302, 302]
    assert "Dr. Amara Okafor Talk An unsafe choice on" in before
    for who in ("mentor", "second"):
        after = words(signed_in(told.people[who]).get("/fellows"))
        assert "Dr. Amara Okafor Fine " in after
        assert "1 unsafe choice in that time, talked about." in after
    report = words(signed_in(told.people["second"]).get(f"/fellows/{told.people['fellow'].id}"))
    assert "Unsafe choices talked about" in report
    assert "Dr. Lena Hargrove" in report
    with app.app_context():
        deeds = db.session.scalars(
            db.select(AuditEvent.action).where(AuditEvent.action == "choice.acknowledge")
        )
        assert len(deeds.all()) == 1


def test_what_another_quiz_lets_the_fellow_read_opens_and_nothing_beside_it(app, signed_in) -> None:
    now = utcnow()
    with app.app_context(), transaction():
        fellow, mentor = make_fellow("Dr. Amara Okafor"), make_user(Role.MENTOR)
        make_mentorship(mentor, fellow)
        case = make_topic_case(PHARM, 10, takeaway="Taper slowly.")
        waiting = make_given(fellow, [case], now + timedelta(days=5), feedback=Feedback.CLOSED)
        marks = [*earned(0, 2), *earned(8, 8)]
        before = now - timedelta(days=3)
        attempt = sit(fellow, waiting, before, case.items, marks, graded_at=before)
        harm(attempt, 1)
        again = make_given(fellow, [case], now + timedelta(days=1))
        others = [item.id for item in case.items[1:]]
        db.session.execute(
            db.delete(QuizItem).where(
                QuizItem.quiz_version_id == again.quiz_version_id, QuizItem.item_id.in_(others)
            )
        )
        lately = now - timedelta(days=1)
        sit(fellow, again, lately, case.items[:1], earned(1, 1), graded_at=lately)
        addresses = [
            f"/fellows/{fellow.id}/answers/{alias_of(row_of(attempt.id, place).id)}"
            for place in (1, 2)
        ]
    unsafe, missed = addresses
    browser = Fellow(signed_in(mentor))
    listed = browser.get("/fellows").text

    opened = browser.get(unsafe)

    assert unsafe in listed
    assert opened.status_code == 200
    assert "Why second of item-0" in words(opened)
    assert "item-1" not in opened.text
    assert "Taper slowly." not in opened.text
    assert browser.get(missed).status_code == 404
    assert browser.post(f"{unsafe}/acknowledge").status_code == 302
    assert "1 unsafe choice in that time, talked about." in words(browser.get("/fellows"))


@pytest.mark.parametrize(("who", "which"), [("stranger", "unsafe"), ("mentor", "missed")])
def test_only_an_unsafe_choice_of_the_own_fellow_is_acknowledged(
    told: Story, signed_in, who: str, which: str
) -> None:
    browser = Fellow(signed_in(told.people[who]))

    assert browser.post(f"{told.answer(which)}/acknowledge").status_code == 404


def test_that_the_fellow_has_read_why_is_shown_to_the_mentor_and_does_not_end_it(
    app, told: Story, signed_in
) -> None:
    with app.app_context(), transaction():
        acknowledge(told.people["fellow"], told.unsafe, now=utcnow())
    browser = signed_in(told.people["mentor"])

    listed = words(browser.get("/fellows"))

    assert "Dr. Amara Okafor Talk An unsafe choice on" in listed
    assert "The fellow has read why, " in listed
    assert "Dr. Amara Okafor has read why, " in words(browser.get(told.answer("unsafe")))
