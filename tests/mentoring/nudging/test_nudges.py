"""Who does not look is reminded after seven days; after fourteen directors are told; once each."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.mentoring.digests.models import Digest
from lms.mentoring.digests.services import compose_digest
from lms.mentoring.looks import note_look
from lms.mentoring.meetings.services import Talk, note_meeting
from lms.mentoring.nudging import queries, services
from lms.notices.services import mark_seen
from lms.people.models import Role, User
from lms.program.models import Mentorship
from tests.factories import make_fellow, make_mentorship, make_user
from tests.progress.factories import PHARM, make_given, make_topic_case

MONDAY = datetime(2026, 11, 23, 11, tzinfo=UTC)

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Story:
    """A mentor whom a mail that left has asked for a word with a fellow, and a director."""

    mentor: User
    fellow: User
    director: User
    digest_id: int


@pytest.fixture
def story(in_app: Flask) -> Story:
    with transaction():
        mentor = make_user(Role.MENTOR, name="Dr. Lena Hargrove")
        fellow = make_fellow("Dr. Amara Okafor")
        director = make_user(Role.DIRECTOR)
        make_mentorship(mentor, fellow)
        case = make_topic_case(PHARM, 3)
        make_given(fellow, [case], MONDAY - 3 * DAY, title="Quiz 5", open_days=60)
        digest = compose_digest(mentor.id, "2026-W47", now=MONDAY)
    assert digest is not None
    leave(digest.message_id)
    return Story(mentor, fellow, director, digest.id)


def leave(message_id: int, state: MailState = MailState.SENT) -> None:
    sent_at = MONDAY if state is MailState.SENT else None
    with transaction():
        rows = update(Message).where(Message.id == message_id)
        db.session.execute(rows.values(state=state, sent_at=sent_at))


def nudged(after: timedelta) -> list[tuple[str, str]]:
    """Let the sweep run, and return kind and subject of each mail there is of it."""
    with transaction():
        services.nudge(now=MONDAY + after)
    rows = select(Message.kind, Message.subject).where(
        Message.kind.in_(["word_waits", "mentor_away"])
    )
    return sorted((row.kind, row.subject) for row in db.session.execute(rows))


WAITS = ("word_waits", "A word with Dr. Amara Okafor waits")

AWAY = ("mentor_away", "Dr. Lena Hargrove has not looked for 14 days")


@pytest.mark.parametrize(
    ("after", "mails"),
    [
        (7 * DAY - timedelta(seconds=1), []),
        (7 * DAY, [WAITS]),
        (14 * DAY - timedelta(seconds=1), [WAITS]),
        (14 * DAY, [AWAY, WAITS]),
    ],
)
def test_the_mentor_hears_after_a_week_and_directors_after_two(
    story: Story, after: timedelta, mails: list[tuple[str, str]]
) -> None:
    assert nudged(after) == mails


def test_each_is_told_once(story: Story) -> None:
    for day in range(7, 30):
        nudged(day * DAY)

    assert nudged(29 * DAY) == [AWAY, WAITS]


def opens_report(story: Story) -> None:
    note_look(story.mentor, story.fellow.id, now=MONDAY + DAY)


def opens_another_report(story: Story) -> None:
    with transaction():
        other = make_fellow()
        make_mentorship(story.mentor, other)
    note_look(story.mentor, other.id, now=MONDAY + DAY)


def opens_mail(story: Story) -> None:
    with transaction():
        mark_seen(story.mentor.id, "digest", story.digest_id, now=MONDAY + DAY)


def talks(story: Story) -> None:
    with transaction():
        talk = Talk(date(2026, 11, 24))
        note_meeting(story.mentor, story.fellow.id, talk, now=MONDAY + DAY)


def loses_fellow(story: Story) -> None:
    with transaction():
        db.session.execute(update(Mentorship).values(ends_on=date(2026, 11, 24)))


def leaves(story: Story) -> None:
    with transaction():
        db.session.get_one(User, story.mentor.id).disabled_at = MONDAY + DAY


def mail_is_lost(story: Story) -> None:
    leave(db.session.get_one(Digest, story.digest_id).message_id, MailState.FAILED)


@pytest.mark.parametrize(
    "meanwhile",
    [opens_report, opens_another_report, opens_mail, talks, loses_fellow, leaves, mail_is_lost],
)
def test_nobody_is_reminded_of_what_was_looked_at_or_is_over(story: Story, meanwhile) -> None:
    meanwhile(story)

    assert nudged(15 * DAY) == []


def test_a_look_before_the_mail_is_none_at_what_it_asked(story: Story) -> None:
    note_look(story.mentor, story.fellow.id, now=MONDAY - DAY)

    assert nudged(7 * DAY) == [WAITS]


def test_what_a_link_can_not_answer_any_more_is_not_said(story: Story) -> None:
    assert nudged(31 * DAY) == []


def test_a_mentor_of_many_is_reminded_once(in_app: Flask, story: Story) -> None:
    with transaction():
        other = make_fellow("Dr. Second")
        make_mentorship(story.mentor, other)

    assert len(queries.unseen_prompts(MONDAY + 8 * DAY)) == 1
