"""A mentor wants a short quiz: it waits or is given, once, of what is new to the fellow."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from lms.attempts.models import Response
from lms.cases.models import CaseVersion, Item, StoredCase
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound, Refusal
from lms.core.mail import Message
from lms.core.mail.delivery import claim
from lms.mentoring.wishing import services
from lms.mentoring.wishing.drawing import TooFewNew, new_pool
from lms.mentoring.wishing.models import QuizWish, WishState
from lms.mentoring.wishing.queries import offers_for, wish_by_id
from lms.mentoring.wishing.wording import say_offer
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.program.models import Membership, Mentorship
from lms.quizzes.models import Assignment, Audience, Quiz, QuizItem
from lms.supervision.reminding.services import remind
from tests.factories import NOW, make_cohort, make_fellow, make_mentorship, make_user
from tests.mentoring.goals.factories import make_pair
from tests.mentoring.wishing.factories import (
    PSYCHOLOGICAL,
    fill_bank,
    let_mentors_give,
    wanted,
    wish,
)
from tests.progress.factories import PSYCH, earned, make_given, make_topic_case, sit, take
from tests.progress.statements import counted

DAY = timedelta(days=1)


@pytest.fixture
def pair(in_app: Flask) -> tuple[User, User]:
    """A fellow and a mentor, with twelve psychological items in the bank."""
    with transaction():
        found = make_pair()
        fill_bank()
    return found


@pytest.fixture
def director(in_app: Flask) -> User:
    with transaction():
        return make_user(Role.DIRECTOR, name="Dr. Ines Roth")


def items_given(assignment_id: int | None) -> list[Item]:
    """Return what an assignment asks, in order."""
    return list(
        db.session.scalars(
            db.select(Item)
            .join(QuizItem, QuizItem.item_id == Item.id)
            .join(Assignment, Assignment.quiz_version_id == QuizItem.quiz_version_id)
            .where(Assignment.id == assignment_id)
            .order_by(QuizItem.position)
        )
    )


def told(kind: str) -> list[tuple[str, int | None]]:
    rows = db.session.execute(
        db.select(Message.subject, Message.recipient_id)
        .where(Message.kind == kind)
        .order_by(Message.id)
    )
    return [(row[0], row[1]) for row in rows]


def how_many(table: type) -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(table)) or 0


def test_by_default_a_wish_waits_and_directors_are_told_once(pair, director) -> None:
    fellow, mentor = pair

    with transaction():
        first = wish(mentor, fellow)
    with transaction():
        second = wish(mentor, fellow)

    assert first.id == second.id
    assert (first.state, first.items, how_many(Assignment)) == (WishState.WAITING, 10, 0)
    subject = "Dr. Leonora Hart wants a short quiz for Dr. Amina Diallo"
    assert told("quiz_wish_waits") == [(subject, director.id)]


def test_once_approved_it_is_given_to_that_fellow_alone_and_counts(pair, director) -> None:
    fellow, mentor = pair
    with transaction():
        asked = wish(mentor, fellow)

    with transaction():
        given = services.approve(director, asked.id, now=NOW + DAY)

    assert given.state is WishState.GIVEN
    assignment = db.session.get_one(Assignment, given.assignment_id)
    audience = db.session.scalars(db.select(Audience)).all()
    assert [(each.fellow_id, each.cohort_id) for each in audience] == [(fellow.id, None)]
    assert {item.topic for item in items_given(assignment.id)} == {PSYCH}
    assert len(items_given(assignment.id)) == 10
    quiz = db.session.scalars(db.select(Quiz)).one()
    assert (quiz.title, quiz.formative) == ("Short quiz: Psychological", False)
    assert quiz.archived_at == NOW + DAY
    assert assignment.opens_at == NOW + DAY  # its day had begun
    assert assignment.due_at == datetime(2026, 12, 3, 4, 59, tzinfo=UTC)  # 11:59 PM Eastern
    assert assignment.closes_at == assignment.due_at + 7 * DAY
    assert (assignment.time_limit, assignment.attempts_allowed) == (None, 1)


def test_approving_twice_makes_one_quiz_and_tells_mentor_and_fellow_once(pair, director) -> None:
    fellow, mentor = pair
    with transaction():
        asked = wish(mentor, fellow)

    for minutes in (0, 1):
        with transaction():
            services.approve(director, asked.id, now=NOW + timedelta(minutes=minutes))
        with transaction():
            remind(now=NOW + timedelta(minutes=minutes))

    assert (how_many(Assignment), how_many(Quiz)) == (1, 1)
    given = "The short quiz for Dr. Amina Diallo is given"
    assert told("quiz_wish_answered") == [(given, mentor.id)]
    assert told("quiz_assigned") == [("“Short quiz: Psychological” is assigned to you", fellow.id)]
    to_fellow = db.select(db.func.count()).where(Message.recipient_id == fellow.id)
    assert db.session.scalar(to_fellow) == 1


def test_where_the_program_lets_them_mentors_give_at_once_and_two_clicks_make_one_quiz(
    pair, director
) -> None:
    fellow, mentor = pair
    with transaction():
        let_mentors_give()

    for minutes in (0, 1):
        with transaction():
            given = wish(mentor, fellow, now=NOW + timedelta(minutes=minutes))

    assert (given.state, given.decided_by) == (WishState.GIVEN, mentor.id)
    assert (how_many(QuizWish), how_many(Quiz), how_many(Assignment)) == (1, 1, 1)
    assert told("quiz_wish_waits") == told("quiz_wish_answered") == []


def test_a_director_who_mentors_approves_by_wishing(pair) -> None:
    fellow, _ = pair
    with transaction():
        both = make_user(Role.MENTOR, Role.DIRECTOR)
        make_mentorship(both, fellow)

        assert wish(both, fellow).state is WishState.GIVEN


def test_a_quiz_that_opens_later_opens_with_its_day_where_the_fellow_lives(pair, director) -> None:
    fellow, mentor = pair
    with transaction():
        fellow.time_zone = "Asia/Tokyo"
        asked = wish(mentor, fellow, opens_on=date(2026, 11, 30), due_on=date(2026, 12, 7))

        given = services.approve(director, asked.id, now=NOW)

    assignment = db.session.get_one(Assignment, given.assignment_id)
    assert assignment.opens_at == datetime(2026, 11, 29, 15, tzinfo=UTC)
    assert assignment.due_at == datetime(2026, 12, 7, 14, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opens_on", "due_on", "field"),
    [
        pytest.param(date(2026, 11, 24), date(2026, 12, 2), "opens_on", id="yesterday"),
        pytest.param(date(2026, 12, 26), date(2026, 12, 30), "opens_on", id="in 31 days"),
        pytest.param(date(2026, 11, 25), date(2026, 11, 25), "due_on", id="due the same day"),
        pytest.param(date(2026, 11, 25), date(2027, 1, 25), "due_on", id="due in 61 days"),
    ],
)
def test_days_that_will_not_do_are_refused_at_their_field(pair, opens_on, due_on, field) -> None:
    fellow, mentor = pair

    with pytest.raises(Invalid) as refused, transaction():
        wish(mentor, fellow, opens_on=opens_on, due_on=due_on)

    assert refused.value.field == field


def test_who_does_not_look_after_the_fellow_today_cannot_wish(pair) -> None:
    fellow, _ = pair
    with transaction():
        stranger, former = make_user(Role.MENTOR), make_user(Role.MENTOR)
        make_mentorship(former, fellow, ends_on=date(2026, 11, 24))

    for each in (stranger, former, fellow):
        with pytest.raises(NotFound), transaction():
            wish(each, fellow)


def test_what_waits_is_not_given_once_its_mentorship_has_ended(pair, director) -> None:
    fellow, mentor = pair
    with transaction():
        asked = wish(mentor, fellow)
        db.session.execute(db.update(Mentorship).values(ends_on=date(2026, 11, 24)))

    with pytest.raises(Refusal, match="does not look after"):
        services.approve(director, asked.id, now=NOW)
    with pytest.raises(NotFound):
        services.take_back(mentor, asked.id, now=NOW)
    assert how_many(Assignment) == 0


def test_what_would_be_due_already_is_not_given(pair, director) -> None:
    fellow, mentor = pair
    with transaction():
        asked = wish(mentor, fellow)

    with pytest.raises(Refusal, match="The day is over on which it would be due"):
        services.approve(director, asked.id, now=NOW + 8 * DAY)


def test_a_director_declines_with_a_reason_and_the_mentor_is_told_once(pair, director) -> None:
    fellow, mentor = pair
    with transaction():
        asked = wish(mentor, fellow)

    with pytest.raises(Invalid), transaction():
        services.decline(director, asked.id, reason="", now=NOW)
    for reason in ("The rotation comes first.", "Otherwise."):
        with transaction():
            declined = services.decline(director, asked.id, reason=reason, now=NOW)

    assert (declined.state, declined.reason) == (WishState.DECLINED, "The rotation comes first.")
    assert told("quiz_wish_answered") == [("No short quiz for Dr. Amina Diallo", mentor.id)]
    with pytest.raises(services.DecidedMeanwhile):
        services.approve(director, asked.id, now=NOW)
    with pytest.raises(services.DecidedMeanwhile):
        services.take_back(mentor, asked.id, now=NOW)


def test_a_mentor_takes_back_what_waits_and_directors_hear_no_more_of_it(pair, director) -> None:
    fellow, mentor = pair
    with transaction():
        asked, second = wish(mentor, fellow), make_user(Role.MENTOR)
        make_mentorship(second, fellow)

    with pytest.raises(NotFound):
        services.take_back(second, asked.id, now=NOW)
    with transaction():
        services.take_back(mentor, asked.id, now=NOW)
        services.take_back(mentor, asked.id, now=NOW)

    assert wish_by_id(asked.id).state is WishState.TAKEN_BACK
    with pytest.raises(services.DecidedMeanwhile):
        services.approve(director, asked.id, now=NOW)
    with transaction():
        assert wish(mentor, fellow).id != asked.id
    of_wishes = db.select(Message.id).where(Message.kind == "quiz_wish_waits").order_by(Message.id)
    gone, new = db.session.scalars(of_wishes)
    with transaction():
        assert claim(gone, now=NOW) is None
        assert claim(new, now=NOW) is not None


def test_of_one_approach_one_quiz_is_under_way_at_a_time(pair, director) -> None:
    fellow, mentor = pair
    with transaction():
        second = make_user(Role.MENTOR)
        make_mentorship(second, fellow)
        asked = wish(mentor, fellow)

    with pytest.raises(Invalid, match="one waits for a director"), transaction():
        wish(second, fellow)
    with transaction():
        given = services.approve(director, asked.id, now=NOW)
        fill_bank()
    with pytest.raises(Invalid, match="one is given and not over yet"), transaction():
        wish(user_by_id(mentor.id), fellow, due_on=date(2026, 12, 4))

    with transaction():
        row = db.update(Assignment).where(Assignment.id == given.assignment_id)
        db.session.execute(row.values(withdrawn_at=NOW))
        assert wish(user_by_id(second.id), fellow).id != asked.id


def test_an_approach_whose_answers_say_enough_is_not_to_be_had(pair) -> None:
    fellow, mentor = pair
    with transaction():
        take(fellow, NOW - 2 * DAY, {PSYCH: earned(10, 10)})

    with pytest.raises(Invalid, match="Psychological: its answers say enough"), transaction():
        wish(mentor, fellow)


def test_the_number_of_items_follows_from_what_was_answered(pair) -> None:
    fellow, mentor = pair
    with transaction():
        take(fellow, NOW - 2 * DAY, {PSYCH: earned(2, 3)})

        assert wish(mentor, fellow).items == 7


def test_answers_to_formative_items_settle_nothing(pair) -> None:
    fellow, mentor = pair
    with transaction():
        take(fellow, NOW - 2 * DAY, {PSYCH: earned(10, 10)})
        db.session.execute(db.update(Response).values(formative=True))

        assert wish(mentor, fellow).items == 10


def test_an_approach_that_there_is_not_is_refused(pair) -> None:
    fellow, mentor = pair

    with pytest.raises(Invalid) as refused, transaction():
        wish(mentor, fellow, approach="surgical")

    assert refused.value.field == "approach"


def take_part_of(fellow: User, case: StoredCase) -> None:
    """Have a fellow be asked one item of a case, and not the others."""
    given = make_given(fellow, [case], NOW - 20 * DAY)
    for item in case.items[1:]:
        db.session.execute(db.delete(QuizItem).where(QuizItem.item_id == item.id))
    sit(fellow, given, NOW - 20 * DAY, case.items[:1], earned(1, 1), graded_at=NOW - 20 * DAY)


def to_be_asked(fellow: User, case: StoredCase) -> None:
    make_given(fellow, [case], NOW + 3 * DAY)


def with_results_to_come(fellow: User, case: StoredCase) -> None:
    """Have a quiz be over that somebody with more days could begin still."""
    given = make_given(fellow, [case], NOW - 5 * DAY)
    given.results_at = NOW + DAY


def written_by(fellow: User, case: StoredCase) -> None:
    versions = db.update(CaseVersion).where(CaseVersion.case_id == case.id)
    db.session.execute(versions.values(author_id=fellow.id))


def withheld(fellow: User, case: StoredCase) -> None:
    for item in case.items:
        item.withheld_at, item.withheld_by_id, item.withheld_why = NOW, fellow.id, "Wrong."


def retired(_fellow: User, case: StoredCase) -> None:
    case.retired_at = NOW


def of_another_track(_fellow: User, case: StoredCase) -> None:
    case.tracks = "other"


def not_for_scores(_fellow: User, case: StoredCase) -> None:
    for item in case.items:
        item.use = "formative"


@pytest.mark.parametrize(
    "made_known",
    [
        take_part_of, to_be_asked, with_results_to_come, written_by, withheld, retired,
        of_another_track, not_for_scores,
    ],
)  # fmt: skip
def test_nothing_is_drawn_of_a_case_that_is_not_new_or_not_to_be_asked(
    in_app: Flask, made_known: Callable[[User, StoredCase], None]
) -> None:
    with transaction():
        fellow, mentor = make_pair()
        case = make_topic_case(PSYCH, 3)
        fill_bank(4, 3)
        let_mentors_give()
    assert len(new_pool(fellow, now=NOW)[PSYCHOLOGICAL]) == 15

    with transaction():
        made_known(fellow, case)
    with transaction():
        given = wish(mentor, fellow)

    asked = items_given(given.assignment_id)
    assert case.id not in {item.case_id for item in asked}
    assert len(asked) >= 9


def test_what_others_were_asked_is_drawn(pair) -> None:
    fellow, _ = pair
    with transaction():
        other = make_fellow()
        make_cohort(other)
        take(other, NOW - 2 * DAY, {PSYCH: earned(2, 3)})

    assert len(new_pool(fellow, now=NOW)[PSYCHOLOGICAL]) == 15


def test_where_the_bank_has_too_few_it_says_so_and_nothing_is_kept(in_app: Flask) -> None:
    with transaction():
        fellow, mentor = make_pair()
        fill_bank(3, 3)
    said = "10 items are wanted, and 9 in the bank are new to the fellow"

    offers = {each.approach: say_offer(each) for each in offers_for(mentor, fellow, now=NOW)}
    with pytest.raises(Invalid, match=said), transaction():
        wish(mentor, fellow)

    assert offers[PSYCHOLOGICAL] == said
    assert how_many(QuizWish) == 0


def test_what_was_there_when_it_was_wished_for_may_be_gone_when_it_is_approved(
    pair, director
) -> None:
    fellow, mentor = pair
    with transaction():
        asked = wish(mentor, fellow)
        case = db.session.scalars(db.select(StoredCase).limit(1)).one()
        case.retired_at = NOW

    with pytest.raises(TooFewNew, match="10 are wanted, and a quiz of 9 can be drawn"):
        services.approve(director, asked.id, now=NOW)

    assert (how_many(Quiz), how_many(Assignment)) == (0, 0)


def test_a_fellow_who_has_left_all_cohorts_is_given_nothing(pair, director) -> None:
    fellow, mentor = pair
    with transaction():
        asked = wish(mentor, fellow)
        db.session.execute(db.update(Membership).values(ends_on=date(2026, 11, 24)))

    with pytest.raises(Refusal, match="is in no cohort today"):
        services.approve(director, asked.id, now=NOW)


def test_every_step_is_on_record_by_what_is_wanted(pair, director) -> None:
    fellow, mentor = pair
    with transaction():
        asked = wish(mentor, fellow)
        services.approve(director, asked.id, now=NOW)

    events = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.object_type == "quiz_wish").order_by(AuditEvent.id)
    ).all()
    assert [(each.action, each.actor_id) for each in events] == [
        ("wish.ask", mentor.id),
        ("wish.give", director.id),
    ]
    assert events[0].after == {"fellow_id": fellow.id, "about": PSYCHOLOGICAL, "items": 10}


def test_what_can_be_had_takes_as_many_statements_for_a_full_bank_as_for_a_small_one(
    pair, in_app: Flask
) -> None:
    fellow, mentor = pair
    counts = []
    for cases in (1, 12):
        with transaction():
            for _ in range(cases):
                take_part_of(fellow, make_topic_case(PSYCH, 3))
            fill_bank(cases, 3)
        with counted(in_app) as statements:
            offers_for(mentor, fellow, now=NOW)
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_wanted_is_told_apart_by_its_days(pair) -> None:
    fellow, mentor = pair
    with transaction():
        wish(mentor, fellow)

    same = services.wished_already(mentor, fellow.id, wanted(), now=NOW)
    other = replace(wanted(), due_on=date(2026, 12, 9))

    assert same is not None
    assert services.wished_already(mentor, fellow.id, other, now=NOW) is None
