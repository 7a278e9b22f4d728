"""While a mentor is away mails go to the deputy; the first one after it leaves nothing out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.mentoring.access import relation_of
from lms.mentoring.digests import queries, services
from lms.mentoring.digests.contents import from_json
from lms.mentoring.digests.models import Digest
from lms.mentoring.goals.queries import mentors_of
from lms.mentoring.nudging.queries import unseen_prompts
from lms.mentoring.prompts.models import Prompt
from lms.mentoring.prompts.queries import PromptStanding, standing_of
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.program.deputies.services import Absence, name_deputy
from tests.factories import make_cohort, make_fellow, make_mentorship, make_user
from tests.progress.factories import INTV, PHARM, earned, take

MONDAY = datetime(2026, 11, 23, 11, tzinfo=UTC)
"""6 AM in New York, as the week 2026-W47 is told."""

DAY = timedelta(days=1)

WEEK = timedelta(days=7)

FIRST = date(2026, 11, 23)


class Program:
    """A mentor with two fellows, one of them weak; a colleague; who tells what the sweep does."""

    def __init__(self) -> None:
        with transaction():
            self.away = make_user(Role.MENTOR, name="Dr. Lena Hargrove")
            self.deputy = make_user(Role.MENTOR, name="Dr. Ben Calloway")
            self.amara, self.jonas = (
                make_fellow("Dr. Amara Okafor"),
                make_fellow("Dr. Jonas Petrov"),
            )
            for fellow in (self.amara, self.jonas):
                make_cohort(fellow)
                make_mentorship(self.away, fellow)
                take(fellow, MONDAY - 40 * DAY, {INTV: earned(8, 10), PHARM: earned(40, 50)})

    def goes_away(self, *fellows: User, first: date = FIRST, days: int = 7) -> None:
        ids = [fellow.id for fellow in fellows or (self.amara, self.jonas)]
        absence = Absence(self.deputy.id, ids, first, first + timedelta(days=days - 1))
        with transaction():
            name_deputy(self.away, self.away.id, absence, now=MONDAY - 3 * DAY)

    def sweep(self, now: datetime) -> dict[str, Digest]:
        """Write what is due, have it leave, and return what was new, by who gets it."""
        before = set(db.session.scalars(select(Digest.id)))
        for mentor_id, week in queries.due_digests(now):
            with transaction():
                services.compose_digest(mentor_id, week, now=now)
        with transaction():
            sent = update(Message).where(Message.kind == "digest")
            db.session.execute(sent.values(state=MailState.SENT, sent_at=now))
        rows = db.session.execute(
            select(Digest, User.name)
            .join(User, User.id == Digest.mentor_id)
            .where(Digest.id.not_in(before))
        )
        return {name: digest for digest, name in rows}


@pytest.fixture
def program(in_app: Flask) -> Program:
    return Program()


def about(digest: Digest) -> dict[str, str]:
    """Return of whom a mail speaks, and what it says of standing in."""
    return {each.name: each.deputy for each in from_json(digest.said).fellows}


def test_without_a_deputy_the_mentor_gets_it(program: Program) -> None:
    assert set(program.sweep(MONDAY)) == {"Dr. Lena Hargrove"}


def test_the_deputy_gets_it_from_the_first_day_to_the_last(program: Program) -> None:
    program.goes_away(days=14)

    who = [set(program.sweep(MONDAY + number * WEEK)) for number in range(-1, 4)]

    assert who == [
        {"Dr. Lena Hargrove"},
        {"Dr. Ben Calloway"},
        {"Dr. Ben Calloway"},
        {"Dr. Lena Hargrove"},
        {"Dr. Lena Hargrove"},
    ]


def test_it_says_for_whom_and_how_long(program: Program) -> None:
    program.goes_away()

    digest = program.sweep(MONDAY)["Dr. Ben Calloway"]

    said = "You stand in for Dr. Lena Hargrove until Nov 29, 2026."
    assert about(digest) == {"Dr. Amara Okafor": said, "Dr. Jonas Petrov": said}
    message = db.session.get(Message, digest.message_id)
    assert message is not None
    assert message.raw.decode().count("You stand in for") >= 4, "in both parts"


def test_it_is_not_found_due_again_and_again_while_the_mentor_is_away(program: Program) -> None:
    program.goes_away()
    program.sweep(MONDAY)

    assert queries.due_digests(MONDAY + timedelta(hours=1)) == []
    assert program.sweep(MONDAY + 3 * DAY) == {}


def test_who_is_back_in_midweek_is_told_with_the_next_one_and_of_all_the_time(
    program: Program,
) -> None:
    program.sweep(MONDAY - WEEK)
    program.goes_away(first=FIRST - 3 * DAY, days=6)
    while_away = program.sweep(MONDAY)
    with transaction():
        take(program.amara, MONDAY + DAY, {INTV: earned(1, 4)}, title="While away")

    midweek = program.sweep(MONDAY + 4 * DAY)
    back = program.sweep(MONDAY + WEEK)["Dr. Lena Hargrove"]

    assert set(while_away) == {"Dr. Ben Calloway"}
    assert midweek == {}
    assert back.starts_at == datetime(2026, 11, 16, 5, tzinfo=UTC)
    assert back.ends_at == datetime(2026, 11, 30, 5, tzinfo=UTC)


def test_of_the_fellows_who_stayed_with_the_mentor_nothing_is_said_twice(program: Program) -> None:
    program.sweep(MONDAY - WEEK)
    program.goes_away(program.amara)
    with transaction():
        for fellow in (program.amara, program.jonas):
            take(fellow, MONDAY - 3 * DAY, {INTV: earned(3, 4)}, title="Week one")
    during = program.sweep(MONDAY)

    back = program.sweep(MONDAY + WEEK)["Dr. Lena Hargrove"]

    assert about(during["Dr. Lena Hargrove"]) == {"Dr. Jonas Petrov": ""}
    assert set(about(during["Dr. Ben Calloway"])) == {"Dr. Amara Okafor"}
    news = {each.name: each.news for each in from_json(back.said).fellows}
    assert news["Dr. Amara Okafor"].startswith("Finished Week one.")
    assert "Week one" not in news["Dr. Jonas Petrov"]


def test_the_first_mail_to_a_deputy_comes_on_the_day_and_at_the_hour_of_the_rhythm(
    program: Program,
) -> None:
    program.goes_away(first=FIRST - 3 * DAY, days=14)
    midnight = MONDAY - timedelta(hours=6)

    assert program.sweep(midnight - 3 * DAY) == program.sweep(midnight) == {}
    assert set(program.sweep(MONDAY)) == {"Dr. Ben Calloway"}


def test_no_second_mail_comes_to_a_deputy_who_begins_on_the_day_of_the_mail(
    program: Program,
) -> None:
    program.goes_away()
    midnight = MONDAY - timedelta(hours=6)

    assert "Dr. Ben Calloway" not in program.sweep(midnight)
    assert set(program.sweep(MONDAY)) == {"Dr. Ben Calloway"}


def test_a_deputy_with_own_fellows_gets_one_mail_about_all(program: Program) -> None:
    with transaction():
        own = make_fellow("Dr. Sofia Lind")
        make_mentorship(program.deputy, own)
    program.goes_away(program.amara)

    digest = program.sweep(MONDAY)["Dr. Ben Calloway"]

    assert set(about(digest)) == {"Dr. Amara Okafor", "Dr. Sofia Lind"}
    assert about(digest)["Dr. Sofia Lind"] == ""


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu"])
def test_the_days_are_those_of_who_reads(program: Program, zone: str) -> None:
    """Monday begins for the one while it is Sunday for the other; nobody is left without a mail."""
    with transaction():
        db.session.merge(program.deputy).time_zone = zone
    program.goes_away(days=14)

    mails = [
        (name, about(digest))
        for hours in range(-30, 10 * 24, 6)
        for name, digest in program.sweep(MONDAY + timedelta(hours=hours)).items()
        if digest.ends_at > MONDAY - 2 * DAY
    ]

    assert {name for name, _ in mails} == {"Dr. Ben Calloway"}
    assert len(mails) == 2


def test_goals_are_told_to_the_deputy_and_not_to_who_is_away(program: Program) -> None:
    program.goes_away(program.amara)
    now = MONDAY + DAY

    assert mentors_of(program.amara, now) == [program.deputy]
    assert mentors_of(program.jonas, now) == [program.away]
    assert mentors_of(program.amara, now + WEEK) == [program.away]


def test_who_is_away_still_reads_and_the_deputy_reads_nothing_after(program: Program) -> None:
    program.goes_away()
    days = [FIRST - timedelta(days=1), FIRST, FIRST + timedelta(days=7)]

    mentor, deputy = (
        [relation_of(user_by_id(who.id), program.amara.id, day).mentors for day in days]
        for who in (program.away, program.deputy)
    )

    assert mentor == [True, True, True]
    assert deputy == [False, True, False]


def test_links_of_a_deputys_mail_die_with_the_last_day(program: Program) -> None:
    with transaction():
        take(program.amara, MONDAY - 5 * DAY, {INTV: earned(2, 20)})
        take(program.amara, MONDAY - 4 * DAY, {PHARM: earned(2, 20)})
    program.goes_away()
    program.sweep(MONDAY)
    (prompt,) = db.session.scalars(
        select(Prompt)
        .where(Prompt.fellow_id == program.amara.id)
        .options(joinedload(Prompt.mentor).selectinload(User.role_rows))
    )

    assert prompt.mentor_id == program.deputy.id
    assert standing_of(prompt, MONDAY + 6 * DAY) is PromptStanding.OPEN
    assert standing_of(prompt, MONDAY + 8 * DAY) is PromptStanding.OVER


def test_who_was_away_is_not_said_to_have_not_looked(program: Program) -> None:
    with transaction():
        for number, kind in enumerate((INTV, PHARM)):
            take(program.amara, MONDAY - WEEK - (3 + number) * DAY, {kind: earned(2, 20)})
    program.sweep(MONDAY - WEEK)
    late = MONDAY + WEEK + DAY
    assert [each.prompt.mentor_id for each in unseen_prompts(late)] == [program.away.id]

    program.goes_away()

    assert unseen_prompts(late) == []
