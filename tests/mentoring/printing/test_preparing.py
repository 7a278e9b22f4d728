"""What prepares a meeting: short, with the fellow's words first, on one page whatever there is."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.mentoring.meetings.models import LONGEST
from lms.mentoring.meetings.services import Talk, note_meeting
from lms.mentoring.printing.models import PrintoutKind
from lms.mentoring.printing.preparing import MOST_GROUNDS, MeetingPrepared, meeting_prepared
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.people.rules import LONGEST_NAME
from lms.results.models import LONGEST_WORDS
from lms.results.services import say_in_own_words
from question_bank.conversation import TalkPhase
from tests.attempts.sitting import YEARS
from tests.factories import day_of, make_cohort, make_fellow, make_mentorship, make_user
from tests.mentoring.goals.factories import agreed
from tests.mentoring.printing.factories import facts_of, made, text_of
from tests.mentoring.test_verdicts import harm
from tests.progress.factories import (
    INTV,
    PHARM,
    PSYCH,
    REHAB,
    earned,
    make_given,
    make_topic_case,
    take,
)

pytestmark = pytest.mark.usefixtures("in_app")

DAY = timedelta(days=1)


def make_pair(fellow_name: str = "", mentor_name: str = "") -> tuple[User, User]:
    """Return a mentor and a fellow, whose cohort lasts for years."""
    with transaction():
        fellow, mentor = make_fellow(fellow_name), make_user(Role.MENTOR, name=mentor_name)
        make_cohort(fellow).ends_on = day_of(utcnow() + YEARS)
        make_mentorship(mentor, fellow)
    return mentor, fellow


def prepared(mentor: User, fellow: User) -> MeetingPrepared:
    db.session.rollback()
    return meeting_prepared(user_by_id(mentor.id), fellow.id, now=utcnow())


def test_of_who_has_answered_nothing_nothing_is_said_to_be_well(tmp_path: Path) -> None:
    mentor, fellow = make_pair()

    found = prepared(mentor, fellow)
    said = text_of(made(mentor, fellow, PrintoutKind.PREPARATION))

    assert found.questions[TalkPhase.REACT][1].endswith("no figures of these weeks?")
    assert "Too little to say" in said
    assert "No first answers" in said
    assert "wrote no own words in these eight weeks." in said
    assert "No meeting is noted yet." in said
    assert said.count("No items yet") == 4
    for word in ("Fine", "Strength", "worked: ", "%,"):
        assert word not in said


def test_what_was_agreed_last_is_found_behind_meetings_without_words(in_app: Flask) -> None:
    mentor, fellow = make_pair()
    today = day_of(utcnow()) - DAY
    with transaction():
        for days, words in ((9, "To read."), (6, "To read on."), (2, "")):
            talk = Talk(today - days * DAY, "", words)
            note_meeting(mentor, fellow.id, talk, now=utcnow())

    found = prepared(mentor, fellow)

    assert found.agreed is not None
    assert found.last is not None
    assert (found.agreed.agreed, found.last.row.met_on) == ("To read on.", today - 2 * DAY)


def crowd(mentor: User, fellow: User) -> None:
    """Let there be as much to say of a fellow as there can be, in the longest of words."""
    now = utcnow()
    long = "W" * 90
    with transaction():
        for number in range(4):
            marks = {topic: earned(4, 10) for topic in (PHARM, INTV, REHAB, PSYCH)}
            taken = take(
                fellow, now - (20 - number) * DAY, marks, title=long, takeaway="Remember. " * 25
            )
            harm(taken, 6)
            say_in_own_words(taken.id, ("w " * LONGEST_WORDS)[:LONGEST_WORDS], now=now - DAY)
        for _ in range(9):
            make_given(fellow, [make_topic_case(PHARM, 1)], now - DAY, title=long)
        lines = ("M\n" * LONGEST)[: LONGEST - 1] + "M"
        note_meeting(mentor, fellow.id, Talk(day_of(now - 5 * DAY), "", lines), now=now - 5 * DAY)
        for letter in "GHK":
            day = day_of(now + 50 * DAY)
            agreed(mentor, fellow, now=now - 4 * DAY, sentence=letter * 200, due_on=day)


def test_it_stands_on_one_page_whatever_there_is_to_say(tmp_path: Path) -> None:
    mentor, fellow = make_pair("N" * LONGEST_NAME, "O" * LONGEST_NAME)
    crowd(mentor, fellow)

    found = prepared(mentor, fellow)
    pdf = made(mentor, fellow, PrintoutKind.PREPARATION)

    assert facts_of(pdf, tmp_path)["Pages"] == "1"
    assert sum(each.choice is not None for each in found.grounds) == MOST_GROUNDS
    assert sum(each.kind == "clock" for each in found.grounds) == MOST_GROUNDS
    assert len(found.grounds) == 3 * MOST_GROUNDS
    assert len(found.goals) == 3
    assert f"{found.left_out} more in the report." in text_of(pdf)
