"""A director sees of a cohort who was talked with, and what came of the weekly mails."""

from datetime import date, timedelta

import pytest
from flask import Flask

from lms.core.db import transaction
from lms.mentoring.directing import wording
from lms.mentoring.directing.queries import CohortLoop, loop_of
from lms.mentoring.meetings.services import Talk, note_meeting
from lms.program.models import Cohort
from tests.factories import ZONE, make_cohort, make_fellow, make_mentorship
from tests.mentoring.goals.factories import agreed
from tests.mentoring.nudging.test_nudges import DAY, MONDAY, Story, story
from tests.progress.statements import counted
from tests.reading import words

__all__ = ["story"]


@pytest.fixture
def cohort(story: Story) -> Cohort:
    with transaction():
        return make_cohort(story.fellow)


def loop(cohort: Cohort, story: Story, after: timedelta) -> CohortLoop:
    return loop_of(cohort, [story.fellow.id], zone=ZONE, now=MONDAY + after)


def measures(found: CohortLoop) -> dict[str, str]:
    return dict(wording.say_measures(found.measures))


def test_before_anything_was_done_that_is_said(story: Story, cohort: Cohort) -> None:
    found = loop(cohort, story, 8 * DAY)

    assert wording.say_fellow(found, story.fellow.id) == "No talk is noted. No goal."
    assert [wording.say_unseen(each, ZONE) for each in found.unseen[story.fellow.id]] == [
        "Dr. Lena Hargrove has not looked since the mail of Mon Nov 23."
    ]
    assert measures(found) == {
        "Words asked for and acknowledged": "0 of 1",
        "Days from the mail to a talk": "No talk yet",
        "Goals met": "None has ended yet",
    }


def test_a_talk_and_a_goal_are_counted(story: Story, cohort: Cohort) -> None:
    with transaction():
        talk = Talk(date(2026, 11, 26))
        note_meeting(story.mentor, story.fellow.id, talk, now=MONDAY + 3 * DAY)
        agreed(story.mentor, story.fellow, now=MONDAY + 3 * DAY)

    found = loop(cohort, story, 8 * DAY)

    said = wording.say_fellow(found, story.fellow.id)
    assert said == "Talked last on Nov 26, 2026. Goals: 1 open."
    assert found.unseen == {}
    assert measures(found)["Words asked for and acknowledged"] == "1 of 1"
    assert measures(found)["Days from the mail to a talk"] == "3 (median of 1 talk)"


def test_a_mail_that_did_not_leave_asked_nothing(story: Story, cohort: Cohort) -> None:
    found = loop_of(cohort, [], zone=ZONE, now=MONDAY + 8 * DAY)

    assert measures(found)["Words asked for and acknowledged"] == "None asked yet"


def test_the_page_says_it(app: Flask, story: Story, cohort: Cohort, signed_in) -> None:
    page = words(signed_in(story.director).get(f"/cohorts/{cohort.id}/progress"))

    assert "What comes of the weekly mails Since Jul 1, 2026" in page
    assert "Words asked for and acknowledged 0 of 1" in page


def test_as_many_statements_are_sent_for_many_fellows(
    in_app: Flask, story: Story, cohort: Cohort
) -> None:
    with transaction():
        more = [make_fellow() for _ in range(20)]
        for fellow in more:
            make_mentorship(story.mentor, fellow)
    loop(cohort, story, 8 * DAY)  # people whom the session knows are not read again
    counts = []
    for ids in ([story.fellow.id], [story.fellow.id, *(fellow.id for fellow in more)]):
        with counted(in_app) as statements:
            loop_of(cohort, ids, zone=ZONE, now=MONDAY + 8 * DAY)
        counts.append(len(statements))

    assert counts[0] == counts[1]
