"""Who stands in for a mentor: named for some days, told once, ended by itself or before."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.core.mail import Message
from lms.core.mail.delivery import claim
from lms.people.models import Role, User
from lms.program import queries
from lms.program.deputies.queries import stand_ins, stood_in_with, taken_over
from lms.program.deputies.services import MOST_DAYS, Absence, end_stand_in, name_deputy
from lms.program.models import Mentorship
from lms.program.services import end_mentorship, remove_mentorship, start_mentorship
from tests.factories import NOW, make_fellow, make_mentorship, make_user

TODAY = date(2026, 11, 25)

DAY = timedelta(days=1)


class Story:
    """A mentor with two fellows, a colleague who can stand in, and a director."""

    def __init__(self) -> None:
        with transaction():
            self.away = make_user(Role.MENTOR, name="Dr. Lena Hargrove")
            self.deputy = make_user(Role.MENTOR, name="Dr. Ben Calloway")
            self.director = make_user(Role.DIRECTOR)
            self.amara, self.jonas = (
                make_fellow("Dr. Amara Okafor"),
                make_fellow("Dr. Jonas Petrov"),
            )
            self.bonds = [make_mentorship(self.away, one) for one in (self.amara, self.jonas)]

    def name(
        self,
        *fellows: User,
        by: User | None = None,
        deputy: User | None = None,
        first: date = TODAY,
        last: date = TODAY + 6 * DAY,
    ) -> None:
        absence = Absence(
            (deputy or self.deputy).id,
            [one.id for one in fellows or (self.amara, self.jonas)],
            first,
            last,
        )
        with transaction():
            name_deputy(by or self.away, self.away.id, absence, now=NOW)


@pytest.fixture
def story(in_app: Flask) -> Story:
    return Story()


def told() -> dict[str, list[str]]:
    """Return the subjects of the mails about deputies, by who gets them."""
    rows = db.session.execute(
        select(User.name, Message.subject)
        .join(User, User.id == Message.recipient_id)
        .where(Message.kind == "deputy_named")
        .order_by(Message.id)
    )
    found: dict[str, list[str]] = {}
    for name, subject in rows:
        found.setdefault(name, []).append(subject)
    return found


def test_a_deputy_sees_the_fellows_on_these_days_and_on_no_other(story: Story) -> None:
    story.name(story.amara, first=TODAY + DAY, last=TODAY + 3 * DAY)

    seen = [
        queries.may_mentor_see(story.deputy.id, story.amara.id, TODAY + number * DAY)
        for number in range(5)
    ]

    assert seen == [False, True, True, True, False]
    assert not queries.may_mentor_see(story.deputy.id, story.jonas.id, TODAY + DAY)
    assert queries.may_mentor_see(story.away.id, story.amara.id, TODAY + DAY)


def test_deputy_fellows_and_a_mentor_who_did_not_act_are_told_once(story: Story) -> None:
    story.name(by=story.director)
    story.name(by=story.director)

    days = "from Nov 25, 2026 to Dec 1, 2026"
    of_fellows = [f"Dr. Ben Calloway stands in for Dr. Lena Hargrove {days}"]
    assert told() == {
        "Dr. Ben Calloway": [f"You stand in for Dr. Lena Hargrove {days}"],
        "Dr. Amara Okafor": of_fellows,
        "Dr. Jonas Petrov": of_fellows,
        "Dr. Lena Hargrove": [f"Dr. Ben Calloway stands in for you {days}"],
    }
    deeds = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.actor_id == story.director.id)
    )
    assert list(deeds) == ["mentorship.stand_in"] * 2


def test_who_names_a_deputy_for_the_own_absence_is_not_told_of_it(story: Story) -> None:
    story.name()

    assert story.away.name not in told()


@pytest.mark.parametrize("role", [Role.MENTOR, Role.FACULTY, Role.FELLOW])
def test_nobody_else_names_a_deputy(story: Story, role: Role) -> None:
    with transaction():
        somebody = make_user(role)

    with pytest.raises(NotFound):
        story.name(by=somebody)

    assert stand_ins(story.away.id, TODAY) == []


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        pytest.param(-1, 3, "That day is over", id="begun yesterday"),
        pytest.param(3, 2, "not before the first", id="backwards"),
        pytest.param(0, MOST_DAYS, "At most 92 days", id="too long"),
    ],
)
def test_days_that_will_not_do_are_refused(story: Story, first: int, last: int, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        story.name(first=TODAY + first * DAY, last=TODAY + last * DAY)


def test_the_longest_absence_is_taken(story: Story) -> None:
    story.name(last=TODAY + (MOST_DAYS - 1) * DAY)

    assert len(stand_ins(story.away.id, TODAY)) == 1


def test_nobody_stands_in_for_oneself_nor_a_fellow_with_the_own_training(story: Story) -> None:
    with pytest.raises(Invalid, match="another person"):
        story.name(deputy=story.away)
    with pytest.raises(Invalid, match="not an active mentor"):
        story.name(deputy=story.amara)


def test_nobody_stands_in_with_another_mentors_fellow(story: Story) -> None:
    with transaction():
        other = make_fellow()

    with pytest.raises(Invalid, match="whom the mentor looks after"):
        story.name(story.amara, other)

    assert stand_ins(story.away.id, TODAY) == []


def test_two_deputies_at_once_with_one_fellow_are_refused(story: Story) -> None:
    with transaction():
        second = make_user(Role.MENTOR)
    story.name(story.amara)

    with pytest.raises(Invalid, match=r"stands in with Dr\. Amara Okafor"):
        story.name(deputy=second, first=TODAY + 2 * DAY)
    story.name(story.jonas, deputy=second)
    story.name(story.amara, deputy=second, first=TODAY + 7 * DAY, last=TODAY + 8 * DAY)

    assert [each.fellows for each in stand_ins(story.away.id, TODAY)] == [
        ["Dr. Amara Okafor"],
        ["Dr. Jonas Petrov"],
        ["Dr. Amara Okafor"],
    ]


def test_a_second_mentor_can_stand_in_and_stays_a_mentor_afterwards(story: Story) -> None:
    with transaction():
        make_mentorship(story.deputy, story.amara)
    story.name(story.amara, story.jonas, last=TODAY)

    said = {
        mail.recipient_id: mail.raw.decode()
        for mail in db.session.scalars(select(Message).where(Message.kind == "deputy_named"))
    }
    assert "a mentor of yours anyway" in said[story.amara.id]
    assert "reads nothing of it any more" in said[story.jonas.id]
    assert stood_in_with(story.away.id, TODAY) == {story.amara.id, story.jonas.id}
    assert queries.may_mentor_see(story.deputy.id, story.amara.id, TODAY + DAY)
    assert queries.fellows_of(story.deputy.id, TODAY) == [story.amara, story.jonas]
    assert queries.fellows_of(story.deputy.id, TODAY + DAY) == [story.amara]


def test_a_deputy_can_become_a_mentor_of_the_fellow(story: Story) -> None:
    story.name(story.amara)

    with transaction():
        start_mentorship(
            story.director,
            mentor_id=story.deputy.id,
            fellow_id=story.amara.id,
            starts_on=TODAY,
            now=NOW,
        )

    assert queries.may_mentor_see(story.deputy.id, story.amara.id, TODAY + 30 * DAY)


def test_it_ends_with_yesterday_when_the_mentor_is_back(story: Story) -> None:
    story.name(first=TODAY, last=TODAY + 6 * DAY)
    later = NOW + 3 * DAY
    (found,) = stand_ins(story.away.id, TODAY)

    for _ in range(2):
        with transaction():
            end_stand_in(story.director, story.away.id, found.id, now=later)

    assert stand_ins(story.away.id, TODAY + 3 * DAY) == []
    assert queries.may_mentor_see(story.deputy.id, story.amara.id, TODAY + 2 * DAY)
    assert not queries.may_mentor_see(story.deputy.id, story.amara.id, TODAY + 3 * DAY)
    ended = "Dr. Ben Calloway does not stand in for Dr. Lena Hargrove any more"
    assert [subjects.count(ended) for subjects in told().values()] == [1, 1, 1]


def test_what_has_not_begun_is_forgotten_and_its_mail_does_not_leave(story: Story) -> None:
    story.name(story.amara, first=TODAY + DAY)
    (found,) = stand_ins(story.away.id, TODAY)
    ids = list(db.session.scalars(select(Message.id)))

    with transaction():
        end_stand_in(story.away, story.away.id, found.id, now=NOW)

    assert db.session.scalars(select(Mentorship.stands_in_for_id)).all() == [None, None]
    with transaction():
        assert [claim(each, now=NOW) for each in ids] == [None, None]


def test_with_the_mentorship_the_standing_in_ends(story: Story) -> None:
    story.name()
    with transaction():
        end_mentorship(story.director, story.bonds[0].id, ends_on=TODAY + 2 * DAY, now=NOW)

    assert not queries.may_mentor_see(story.deputy.id, story.amara.id, TODAY + 3 * DAY)
    assert queries.may_mentor_see(story.deputy.id, story.jonas.id, TODAY + 3 * DAY)


def test_nobody_stands_in_longer_than_the_mentor_would_look_after_the_fellow(story: Story) -> None:
    with transaction():
        end_mentorship(story.director, story.bonds[0].id, ends_on=TODAY + DAY, now=NOW)

    story.name()

    assert queries.may_mentor_see(story.deputy.id, story.amara.id, TODAY + DAY)
    assert not queries.may_mentor_see(story.deputy.id, story.amara.id, TODAY + 2 * DAY)
    assert queries.may_mentor_see(story.deputy.id, story.jonas.id, TODAY + 6 * DAY)


def test_who_stands_in_for_a_mentorship_that_is_undone_sees_nothing(story: Story) -> None:
    with transaction():
        fellow = make_fellow()
        young = start_mentorship(
            story.director,
            mentor_id=story.away.id,
            fellow_id=fellow.id,
            starts_on=TODAY,
            now=NOW,
        )
    story.name(fellow)

    with transaction():
        remove_mentorship(story.director, young.id, on=TODAY, now=NOW)

    assert not queries.may_mentor_see(story.deputy.id, fellow.id, TODAY)


def test_a_deputy_whose_account_is_closed_keeps_nobodys_mail(story: Story) -> None:
    story.name()
    with transaction():
        db.session.merge(story.deputy).disabled_at = NOW

    assert stood_in_with(story.away.id, TODAY) == set()


def test_what_a_deputy_is_told_of_the_fellows(story: Story) -> None:
    story.name(story.amara)

    row = taken_over(story.deputy.id, TODAY)[story.amara.id]

    assert row.stands_in_for == story.away
    assert taken_over(story.deputy.id, TODAY + 7 * DAY) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"ends_on": None}, id="without an end"),
        pytest.param({"stands_in_for_id": "deputy"}, id="for oneself"),
        pytest.param({"stands_in_for_id": "amara"}, id="for the fellow"),
    ],
)
def test_the_database_keeps_no_impossible_deputy(story: Story, wrong: dict[str, object]) -> None:
    said = {"ends_on": TODAY, "stands_in_for_id": "away"} | wrong
    if isinstance(said["stands_in_for_id"], str):
        said["stands_in_for_id"] = getattr(story, said["stands_in_for_id"]).id

    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Mentorship(mentor_id=story.deputy.id, fellow_id=story.amara.id, starts_on=TODAY, **said)
        )
