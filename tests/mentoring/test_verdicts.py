"""What mails and pages say of fellows: evidence, harm and silence are never called good."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from flask import Flask

from lms.attempts.exposing import expose, settle_keys
from lms.attempts.models import Attempt, AttemptState, Response, SubmittedBy
from lms.cases.models import Item, StoredCase
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.core.mail.reading import parts_of
from lms.grading.models import Grade
from lms.grading.services import grade_attempts
from lms.mentoring.digests import services
from lms.notices.services import set_wanted
from lms.people.models import Role, User
from lms.program.models import Membership, Mentorship
from lms.program.services import add_member
from lms.quizzes.models import Assignment, QuizItem
from question_bank.terms import Feedback
from tests.attempts.factories import row_of
from tests.factories import add, make_cohort, make_fellow, make_mentorship, make_user
from tests.progress.factories import (
    INTV,
    PHARM,
    PSYCH,
    REHAB,
    cohort_of,
    earned,
    make_given,
    make_topic_case,
    take,
)
from tests.reading import words

MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
"""6 AM in New York, after the week 2026-W47."""

TUESDAY = datetime(2026, 11, 17, 18, 0, tzinfo=UTC)


def harm(attempt, choices: int) -> None:
    """Have the first *choices* of an attempt be unsafe ones."""
    for position in range(1, choices + 1):
        grade = db.update(Grade).where(Grade.response_id == row_of(attempt.id, position).id)
        db.session.execute(grade.values(harms=["long-term-opioid-stopped-abruptly"]))


def harmful(fellow: User, at: datetime) -> None:
    harm(take(fellow, at, {PHARM: earned(18, 20)}), 3)


def half_right(fellow: User, at: datetime) -> None:
    take(fellow, at, dict.fromkeys((PHARM, INTV, REHAB, PSYCH), earned(10, 20)))


def nothing_right(fellow: User, at: datetime) -> None:
    take(fellow, at, {PHARM: earned(0, 9)})
    take(fellow, at - timedelta(days=9), {REHAB: earned(0, 9)})


def nothing_at_all(fellow: User, _at: datetime) -> None:
    make_cohort(fellow)


def few_and_right(fellow: User, at: datetime) -> None:
    take(fellow, at, {PHARM: earned(5, 5)})


def many_and_right(fellow: User, at: datetime) -> None:
    take(fellow, at, {PHARM: earned(18, 20)})


History = Callable[[User, datetime], None]

STORIES: list = [
    pytest.param(harmful, "needs a word", id="90 % and three unsafe choices"),
    pytest.param(half_right, "needs a word", id="40 of 80"),
    pytest.param(nothing_right, "needs a word", id="0 of 9 twice"),
    pytest.param(nothing_at_all, "Too little to say", id="no answers at all"),
    pytest.param(few_and_right, "Too little to say", id="5 of 5"),
    pytest.param(many_and_right, "is fine", id="18 of 20"),
]


def a_mentor_and(fellow: User) -> User:
    mentor = make_user(Role.MENTOR)
    make_mentorship(mentor, fellow)
    return mentor


def mail_of(mentor: User, week: str = "2026-W47", now: datetime = MONDAY) -> Message:
    with transaction():
        digest = services.compose_digest(mentor.id, week, now=now)
        assert digest is not None
        return db.session.get_one(Message, digest.message_id)


def text_of(message: Message) -> str:
    return " ".join(parts_of(message).text.split())


@pytest.mark.parametrize(("history", "said"), STORIES)
def test_the_mail_calls_neither_harm_nor_missing_evidence_good(
    in_app: Flask, history: History, said: str
) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        history(fellow, TUESDAY)

    message = mail_of(mentor)

    assert said in message.subject
    assert "on track" not in text_of(message)


@pytest.mark.parametrize(("history", "said"), STORIES)
def test_pages_say_of_a_fellow_what_the_mail_says_in_the_same_words(
    app: Flask, signed_in, history: History, said: str
) -> None:
    with app.app_context(), transaction():
        fellow = make_fellow("Dr. Amara Okafor")
        mentor, director = a_mentor_and(fellow), make_user(Role.DIRECTOR)
        history(fellow, utcnow() - timedelta(days=3))
        cohort = cohort_of(fellow).id
    state = {"needs a word": "Talk", "is fine": "Fine"}.get(said, said)

    mine = words(signed_in(mentor).get("/fellows"))
    report = words(signed_in(mentor).get(f"/fellows/{fellow.id}"))
    cohorts = words(signed_in(director).get(f"/cohorts/{cohort}/progress"))

    assert said in mine
    assert f"Dr. Amara Okafor {state} " in mine
    for page in (mine, report, cohorts):
        assert "On track" not in page
    sentence = re.search(r"What would (settle|change) it\. [^.:]+[.:]", mine)
    assert sentence is not None
    assert sentence[0] in report
    assert sentence[0] in cohorts


def test_whoever_joined_today_is_not_called_good(in_app: Flask) -> None:
    with transaction():
        fellow = make_fellow()
        make_cohort(fellow)
        mentor = a_mentor_and(fellow)
        db.session.execute(db.update(Membership).values(starts_on=date(2026, 11, 23)))

    message = mail_of(mentor)

    assert message.subject == "Too little to say of your fellow"
    assert "At least 10 first answers." in text_of(message)


def test_the_mail_names_an_unsafe_choice_in_its_own_sentence(in_app: Flask) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        harm(take(fellow, TUESDAY, {PHARM: earned(18, 20)}), 1)
        title = title_of_first(fellow)

    text = text_of(mail_of(mentor))

    assert (
        f"An unsafe choice on Tue Nov 17. {title}: "
        "stopping an opioid abruptly after weeks or more of daily use." in text
    )
    assert "An unsafe choice is settled by talking about it, and noting that." in text


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        pytest.param(
            {PHARM: earned(6, 12)},
            "Over all, more items will not settle it soon. "
            "About 4 more pharmacological first answers, if 8 in 10 of them are right. "
            "Talk about what was missed.",
            id="an approach is settled, the whole is not",
        ),
        pytest.param(
            {PHARM: earned(0, 4), PSYCH: earned(8, 8)},
            "Over all, more items will not settle it soon: the share is close to 70%. "
            "About 9 more pharmacological first answers, if 8 in 10 of them are right. "
            "Talk, or look at the missed items.",
            id="the same with too little to say",
        ),
        pytest.param(
            {PHARM: earned(0, 4), PSYCH: earned(0, 11)},
            "Over all, more items will not settle it soon. "
            "More psychological items will not settle that soon. "
            "About 9 more pharmacological first answers, if 8 in 10 of them are right. "
            "Talk about what was missed.",
            id="one approach of two is settled",
        ),
        pytest.param(
            {PHARM: earned(0, 11)},
            "What would settle it. More items will not settle it soon. Talk about what was missed.",
            id="nothing is",
        ),
    ],
)
def test_what_more_items_do_not_settle_is_told_apart_from_what_they_do(
    in_app: Flask, marks: dict[str, list[Fraction]], said: str
) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        take(fellow, TUESDAY, marks)

    assert said in text_of(mail_of(mentor))


def title_of_first(fellow: User) -> str:
    """Return the title of the first case that a fellow was asked."""
    return db.session.scalars(
        db.select(StoredCase.title)
        .join(Response, Response.case_version_id == StoredCase.current_id)
        .join(Response.attempt)
        .where(Attempt.fellow_id == fellow.id, Response.position == 1)
    ).one()


def test_the_mail_counts_only_and_does_not_name_what_the_fellow_cannot_read_yet(
    in_app: Flask,
) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        harm(take(fellow, TUESDAY, {PHARM: earned(18, 20)}, feedback=Feedback.CLOSED), 2)
        db.session.execute(db.update(Assignment).values(results_at=MONDAY + timedelta(days=9)))
        settle_keys([fellow.id], now=TUESDAY)

    text = text_of(mail_of(mentor))

    assert "2 unsafe choices, Sep 28 to Nov 22. Named here once" in text
    assert "stopping an opioid" not in text


# What a figure counts is what it says it does.


def sent(message: Message) -> None:
    with transaction():
        row = db.session.get_one(Message, message.id)
        row.state, row.sent_at = MailState.SENT, MONDAY


def test_a_mail_after_a_pause_tells_the_news_of_its_week_alone(in_app: Flask) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        take(fellow, datetime(2026, 9, 10, 18, tzinfo=UTC), {REHAB: earned(3, 30)})
        take(fellow, TUESDAY, {PHARM: earned(4, 5)})
    sent(mail_of(mentor, "2026-W34"))
    for wanted, at in ((False, datetime(2026, 8, 24, 15, tzinfo=UTC)), (True, TUESDAY)):
        with transaction():
            set_wanted(mentor.id, "digest", wanted, now=at)

    text = text_of(mail_of(mentor))

    assert "Nov 16 to 22, 2026" in text
    assert "Aug" not in text.split("Share correct")[0]
    assert re.search(r"5 new first answers, Nov 16 to 22: 4 right\.", text)


def test_news_from_before_the_mentorship_is_not_told(in_app: Flask) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        take(fellow, TUESDAY, {PHARM: earned(0, 7)})
        take(fellow, TUESDAY + timedelta(days=3), {REHAB: earned(2, 3)})
        db.session.execute(db.update(Mentorship).values(starts_on=date(2026, 11, 19)))

    text = text_of(mail_of(mentor))

    assert "3 new first answers, Nov 19 to 22: 2 right." in text


def test_shares_count_no_answer_from_before_the_membership(in_app: Flask) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        take(fellow, TUESDAY - timedelta(days=20), {PHARM: earned(0, 12)})
        take(fellow, TUESDAY, {PHARM: earned(10, 11)})
        db.session.execute(db.update(Membership).values(starts_on=date(2026, 11, 10)))

    text = text_of(mail_of(mentor))

    assert "10 of 11 right, Nov 10 to 22." in text


@pytest.mark.parametrize("later", [0, 3])
def test_days_overdue_are_counted_to_the_end_of_the_week_in_the_mail(
    in_app: Flask, later: int
) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        due_at = MONDAY - timedelta(days=13)
        given = make_given(fellow, [make_topic_case(PHARM, 3)], due_at, title="Quiz 6")
        given.closes_at = given.results_at = MONDAY + timedelta(days=30)

    text = text_of(mail_of(mentor, now=MONDAY + timedelta(days=later)))

    assert "Quiz 6 is 12 days overdue." in text


def test_what_became_due_after_the_week_is_not_late_in_its_mail(in_app: Flask) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        make_given(fellow, [make_topic_case(PHARM, 3)], MONDAY - timedelta(hours=2), title="Quiz 6")

    assert "overdue" not in text_of(mail_of(mentor))


# What ends a membership begins the shares anew; one that is added to it does not.


def add_to_another_cohort(fellow: User, starts_on: date) -> None:
    with transaction():
        second = make_cohort(track="fm")
        add_member(None, second.id, fellow.id, starts_on=starts_on, now=MONDAY)


def test_a_second_cohort_takes_nothing_away_of_what_was_shown_in_the_first(in_app: Flask) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        harm(take(fellow, TUESDAY, {PHARM: earned(2, 20)}), 2)
    add_to_another_cohort(fellow, date(2026, 11, 20))

    message = mail_of(mentor)

    assert "needs a word" in message.subject
    assert "2 of 20 right" in text_of(message)


def test_shares_begin_anew_in_the_cohort_that_follows_one_that_is_over(in_app: Flask) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        take(fellow, TUESDAY - timedelta(days=20), {PHARM: earned(0, 12)})
        take(fellow, TUESDAY, {PHARM: earned(10, 11)})
        cohort_of(fellow).ends_on = date(2026, 11, 9)
    add_to_another_cohort(fellow, date(2026, 11, 10))

    text = text_of(mail_of(mentor))

    assert "10 of 11 right, Nov 10 to 22." in text


def test_a_week_is_told_by_the_cohort_in_which_the_fellow_was_by_its_end(in_app: Flask) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        harm(take(fellow, TUESDAY, {PHARM: earned(2, 20)}), 2)
        db.session.execute(db.update(Membership).values(ends_on=date(2026, 11, 22)))
    add_to_another_cohort(fellow, date(2026, 11, 23))

    message = mail_of(mentor)

    assert "needs a word" in message.subject
    assert "2 of 20 right" in text_of(message)
    assert "Joined after this period" not in text_of(message)


def test_answers_from_before_any_cohort_are_not_told_of_whoever_joined_after_the_week(
    in_app: Flask,
) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        take(fellow, TUESDAY, {PHARM: earned(2, 20)})
        db.session.execute(db.update(Membership).values(starts_on=date(2026, 11, 23)))

    message = mail_of(mentor)

    assert message.subject == "Too little to say of your fellow"
    assert "Joined after this period" in text_of(message)


# Who begins quizzes and leaves them blank has answered nothing.


def leave_blank(fellow: User, *, opened: datetime, ended: datetime) -> None:
    """Have the fellow begin a quiz and answer nothing, up to when the clock hands it in."""
    given = make_given(fellow, [make_topic_case(PHARM, 5)], ended, open_days=(ended - opened).days)
    attempt = add(
        Attempt(
            assignment_id=given.id,
            fellow_id=fellow.id,
            number=1,
            state=AttemptState.SUBMITTED,
            started_at=opened,
            deadline_at=ended,
            submitted_at=ended,
            submitted_by=SubmittedBy.CLOCK,
            seed=1,
        )
    )
    items = db.session.scalars(
        db.select(Item)
        .join(QuizItem, QuizItem.item_id == Item.id)
        .where(QuizItem.quiz_version_id == given.quiz_version_id)
        .options(db.joinedload(Item.case))
    ).all()
    db.session.add_all(
        Response(
            attempt_id=attempt.id,
            position=place,
            item_id=item.id,
            case_version_id=item.case.current_id,
            topic=item.topic,
            approach=item.approach,
            order=[0, 1, 2, 3],
        )
        for place, item in enumerate(items, start=1)
    )
    db.session.flush()
    expose(attempt.id)
    assert grade_attempts([attempt.id], now=ended) == [attempt.id]


@pytest.mark.parametrize(("days", "said"), [(8, "needs a word"), (6, "Too little to say")])
def test_quizzes_that_were_begun_and_left_blank_end_no_silence_while_they_were_open(
    in_app: Flask, days: int, said: str
) -> None:
    with transaction():
        fellow = make_fellow()
        mentor = a_mentor_and(fellow)
        for weeks in (2, 4, 6):
            opened = MONDAY - timedelta(weeks=weeks)
            leave_blank(fellow, opened=opened, ended=opened + timedelta(days=days))

    message = mail_of(mentor)

    assert said in message.subject
    assert ("Something was open for 24 days" in text_of(message)) is (days == 8)
