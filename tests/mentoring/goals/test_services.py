"""Proposing goals, agreeing to them, moving their day: by whom, and who is told."""

from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask

from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound, Refusal
from lms.core.mail import Message
from lms.core.mail.delivery import claim
from lms.mentoring.goals import queries, services
from lms.mentoring.goals.models import Goal, GoalSide
from lms.notices.models import Notice
from lms.people.models import Role, User
from lms.program.models import Mentorship
from question_bank.goals import GoalState, Measure
from tests.factories import NOW, make_mentorship, make_user
from tests.mentoring.goals.factories import DAY, FIVE_FOUR, agreed, make_pair, propose, wish
from tests.progress.factories import EPIDURAL, INTV

OTHER = Measure(10, 8, approach="interventional")


@pytest.fixture(autouse=True)
def opened(app: Flask):
    """Have a transaction open, as who acts has."""
    with app.app_context(), transaction():
        yield


@pytest.fixture
def pair(opened) -> tuple[User, User]:
    return make_pair()


def state(goal: Goal) -> GoalState:
    return queries.goal_by_id(goal.id).state


def told(person: User) -> list[tuple[str, str]]:
    """Return kind and subject of all that a person was told, in order."""
    rows = db.session.execute(
        db.select(Message.kind, Message.subject)
        .join(Notice, Notice.message_id == Message.id)
        .where(Notice.user_id == person.id)
        .order_by(Message.id)
    )
    return [tuple(row) for row in rows]


def test_a_mentor_proposes_and_the_fellow_is_told(pair) -> None:
    fellow, mentor = pair

    goal = propose(mentor, fellow)

    assert state(goal) is GoalState.PROPOSED
    assert goal.waits_for is GoalSide.FELLOW
    assert told(fellow) == [("goal_proposed", "Dr. Leonora Hart proposes a goal")]
    assert told(mentor) == []


def test_what_is_mailed_is_what_is_measured_and_no_words_of_a_person(pair) -> None:
    fellow, mentor = pair

    propose(mentor, fellow, sentence="Secret words.")

    raw = db.session.scalars(db.select(Message.raw)).one()
    plain = message_from_bytes(raw, policy=default).get_body(("plain",))
    text = " ".join(plain.get_content().split())
    assert (
        "5 items on facet joint blocks and radiofrequency denervation, 4 right, by Jan 15, 2027."
        in text
    )
    assert b"Secret" not in raw
    noted = db.session.scalars(
        db.select(AuditEvent.after).where(AuditEvent.action == "goal.propose")
    ).one()
    assert "Secret" not in str(noted)


def test_the_same_proposal_sent_twice_is_one(pair) -> None:
    fellow, mentor = pair

    assert propose(mentor, fellow).id == propose(mentor, fellow).id
    assert len(told(fellow)) == 1


def test_the_fellow_agrees_and_the_mentor_is_told_once(pair) -> None:
    fellow, mentor = pair
    goal = propose(mentor, fellow)

    for _ in range(2):
        services.agree(fellow, goal.id, now=NOW + DAY)

    assert state(goal) is GoalState.OPEN
    assert goal.agreed_at == NOW + DAY
    assert told(mentor) == [("goal_answered", "Dr. Amina Diallo has agreed to a goal")]


def test_who_proposed_a_goal_does_not_agree_to_it(pair) -> None:
    fellow, mentor = pair
    goal = propose(mentor, fellow)

    with pytest.raises(services.NotYours):
        services.agree(mentor, goal.id, now=NOW)


def test_another_proposal_declines_the_first_and_waits_for_the_mentor(pair) -> None:
    fellow, mentor = pair
    first = propose(mentor, fellow)

    other = services.propose_another(fellow, first.id, wish(measure=OTHER), now=NOW)

    assert (state(first), state(other)) == (GoalState.DECLINED, GoalState.PROPOSED)
    assert other.waits_for is GoalSide.MENTOR
    assert told(mentor) == [("goal_proposed", "Dr. Amina Diallo proposes a goal")]


def test_an_open_goal_holds_until_another_is_agreed_to(pair) -> None:
    fellow, mentor = pair
    first = agreed(mentor, fellow)
    other = services.propose_another(fellow, first.id, wish(measure=OTHER), now=NOW + DAY)
    assert state(first) is GoalState.OPEN

    services.agree(mentor, other.id, now=NOW + 2 * DAY)

    assert (state(first), state(other)) == (GoalState.MOVED, GoalState.OPEN)


def test_the_answer_to_another_proposal_still_replaces_the_open_goal(pair) -> None:
    fellow, mentor = pair
    first = agreed(mentor, fellow)
    second = services.propose_another(fellow, first.id, wish(measure=OTHER), now=NOW)

    third = services.propose_another(
        mentor, second.id, wish(measure=Measure(8, 6, approach="interventional")), now=NOW
    )
    services.agree(fellow, third.id, now=NOW + DAY)

    assert [state(each) for each in (first, second, third)] == ["moved", "declined", "open"]


@pytest.mark.parametrize("open_before", [True, False])
def test_another_proposal_sent_twice_is_one(pair, open_before: bool) -> None:
    fellow, mentor = pair
    if open_before:
        first = agreed(mentor, fellow)
        shown = services.propose_another(fellow, first.id, wish(measure=OTHER), now=NOW)
        actor = mentor
    else:
        shown, actor = propose(mentor, fellow), fellow

    once, twice = (
        services.propose_another(actor, shown.id, wish(sentence="Less."), now=NOW) for _ in range(2)
    )

    assert once.id == twice.id
    assert (state(shown), state(once)) == (GoalState.DECLINED, GoalState.PROPOSED)


def test_what_was_not_agreed_to_can_be_proposed_again(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow)
    first = services.propose_another(mentor, goal.id, wish(measure=OTHER), now=NOW)
    services.decline(fellow, first.id, now=NOW)

    again = services.propose_another(mentor, goal.id, wish(measure=OTHER), now=NOW + DAY)

    assert (state(first), state(again)) == (GoalState.DECLINED, GoalState.PROPOSED)


def test_what_was_declined_meanwhile_is_not_proposed_by_the_same_words(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow)
    shown = services.propose_another(fellow, goal.id, wish(measure=OTHER), now=NOW)
    services.decline(mentor, shown.id, now=NOW)

    with pytest.raises(services.GoalEnded):
        services.propose_another(fellow, shown.id, wish(measure=OTHER), now=NOW)


def test_of_two_proposals_instead_of_one_goal_the_later_counts(pair) -> None:
    fellow, mentor = pair
    first = agreed(mentor, fellow)
    second = services.propose_another(fellow, first.id, wish(measure=OTHER), now=NOW)

    third = services.propose_another(fellow, first.id, wish(sentence="Less."), now=NOW)

    assert [state(each) for each in (first, second, third)] == ["open", "declined", "proposed"]


def test_what_was_counted_of_the_same_topic_goes_on_counting(pair) -> None:
    fellow, mentor = pair
    first = agreed(mentor, fellow)
    later = NOW + 5 * DAY

    same = services.propose_another(
        fellow, first.id, wish(measure=Measure(8, 6, topic=INTV)), now=later
    )
    assert same.starts_at == NOW

    other = services.propose_another(
        fellow, first.id, wish(measure=Measure(8, 6, topic=EPIDURAL)), now=later
    )
    assert other.starts_at == later


def test_the_same_goal_is_no_other_one(pair) -> None:
    fellow, mentor = pair

    with pytest.raises(Invalid, match="as it is"):
        services.propose_another(fellow, agreed(mentor, fellow).id, wish(), now=NOW)


def test_three_goals_at_once_and_no_fourth(pair) -> None:
    fellow, mentor = pair
    goals = [propose(mentor, fellow, sentence=f"Goal {number}.") for number in range(3)]

    with pytest.raises(Invalid, match=r"three goals already.*once one of them has ended\.$"):
        propose(mentor, fellow, sentence="Goal 4.")

    services.agree(fellow, goals[0].id, now=NOW)
    services.propose_another(fellow, goals[0].id, wish(measure=OTHER), now=NOW)
    assert queries.how_many_live(fellow.id) == 3
    services.decline(fellow, goals[1].id, now=NOW)
    propose(mentor, fellow, sentence="Goal 4.")


def test_a_mentor_gives_a_later_day_and_the_fellow_is_told(pair) -> None:
    fellow, mentor = pair
    first = agreed(mentor, fellow)

    for _ in range(2):
        moved = services.move(mentor, first.id, date(2027, 2, 15), now=NOW + DAY)

    assert (state(first), state(moved)) == (GoalState.MOVED, GoalState.OPEN)
    assert moved.starts_at == NOW
    assert told(fellow)[1:] == [("goal_ended", "Dr. Leonora Hart has moved a goal to Feb 15, 2027")]


def test_no_day_is_brought_forward_without_agreement(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow)

    with pytest.raises(Invalid, match="give a later one"):
        services.move(mentor, goal.id, date(2027, 1, 1), now=NOW)
    with pytest.raises(NotFound):
        services.move(fellow, goal.id, date(2027, 2, 1), now=NOW)


def test_moving_the_day_answers_what_was_proposed_instead(pair) -> None:
    fellow, mentor = pair
    goal = agreed(mentor, fellow)
    other = services.propose_another(fellow, goal.id, wish(measure=OTHER), now=NOW)

    services.move(mentor, goal.id, date(2027, 2, 15), now=NOW)

    assert state(other) is GoalState.DECLINED


def test_who_takes_the_own_proposal_back_tells_nobody(pair) -> None:
    fellow, mentor = pair
    goal = propose(mentor, fellow)

    services.decline(mentor, goal.id, now=NOW)

    assert state(goal) is GoalState.DECLINED
    assert len(told(fellow)) == 1
    assert told(mentor) == []


def test_what_is_agreed_is_not_declined(pair) -> None:
    fellow, mentor = pair

    with pytest.raises(services.GoalEnded):
        services.decline(fellow, agreed(mentor, fellow).id, now=NOW)


def test_nobody_agrees_once_the_day_is_over(pair) -> None:
    fellow, mentor = pair
    goal = propose(mentor, fellow, due_on=date(2026, 11, 26))

    with pytest.raises(Refusal, match="day of this goal is over"):
        services.agree(fellow, goal.id, now=NOW + 2 * DAY)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"sentence": "  "}, "one sentence"),
        ({"sentence": "a" * 201}, "200 characters"),
        ({"measure": Measure(5, 4, topic="no-such-topic")}, "approach or a topic"),
        ({"due_on": date(2026, 11, 25)}, "from tomorrow on"),
        ({"due_on": date(2027, 11, 27)}, "within a year"),
    ],
)
def test_what_cannot_be_a_goal_is_refused(pair, changed, why) -> None:
    fellow, mentor = pair

    with pytest.raises(Invalid, match=why):
        propose(mentor, fellow, **changed)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_else_proposes_or_answers(pair, role) -> None:
    fellow, mentor = pair
    stranger, goal = make_user(role), propose(mentor, fellow)

    with pytest.raises(NotFound):
        propose(stranger, fellow)
    for act in (services.agree, services.decline):
        with pytest.raises(NotFound):
            act(stranger, goal.id, now=NOW)
    with pytest.raises(NotFound):
        services.propose_another(stranger, goal.id, wish(measure=OTHER), now=NOW)


def test_a_mentor_of_before_neither_reads_nor_acts_and_a_new_one_does(pair) -> None:
    fellow, mentor = pair
    goal = propose(mentor, fellow)
    other = services.propose_another(fellow, goal.id, wish(measure=OTHER), now=NOW)
    db.session.execute(db.update(Mentorship).values(ends_on=date(2026, 11, 24)))
    new = make_user(Role.MENTOR)
    make_mentorship(new, fellow)

    assert queries.side_of(mentor, fellow.id, NOW) is None
    with pytest.raises(NotFound):
        services.agree(mentor, other.id, now=NOW)
    assert services.agree(new, other.id, now=NOW).state is GoalState.OPEN


def test_no_mail_leaves_to_a_mentor_of_before_nor_of_what_was_taken_back(pair) -> None:
    fellow, mentor = pair
    first = propose(mentor, fellow)
    services.propose_another(fellow, first.id, wish(measure=OTHER), now=NOW)
    db.session.execute(db.update(Mentorship).values(ends_on=date(2026, 11, 24)))
    mails = dict(db.session.execute(db.select(Message.recipient_id, Message.id)).all())

    assert claim(mails[fellow.id], now=NOW) is None
    assert claim(mails[mentor.id], now=NOW) is None


def test_a_mail_of_what_is_proposed_still_leaves(pair) -> None:
    fellow, mentor = pair
    propose(mentor, fellow)

    assert claim(db.session.scalars(db.select(Message.id)).one(), now=NOW) is not None


def test_directors_read_goals_and_others_do_not(pair) -> None:
    fellow, mentor = pair
    sides = {role: queries.side_of(make_user(role), fellow.id, NOW) for role in Role}

    assert sides.pop(Role.DIRECTOR) is GoalSide.DIRECTOR
    assert set(sides.values()) == {None}
    assert queries.side_of(fellow, fellow.id, NOW) is GoalSide.FELLOW
    assert queries.side_of(mentor, fellow.id, NOW) is GoalSide.MENTOR


def test_a_measure_of_five_and_four_is_kept(pair) -> None:
    fellow, mentor = pair

    assert propose(mentor, fellow).measure == FIVE_FOUR
