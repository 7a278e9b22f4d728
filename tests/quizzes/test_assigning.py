"""Giving a quiz to a cohort: what is asked, what is refused at which field, in whose zone."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import selectinload
from werkzeug.test import TestResponse

from lms.core.choosing import FEW
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.settings import change_settings_of_program
from lms.people.models import Role, User
from lms.program.models import Accommodation, Membership
from lms.quizzes.models import Assignment, Audience
from lms.quizzes.settings import RESULTS_DELAY, ResultsDelay
from question_bank.terms import Feedback
from tests.factories import add, day_of, make_fellow, make_user
from tests.progress.statements import counted
from tests.quizzes.pages import act, case_ids, make_class
from tests.reading import place_of, words
from tests.signin.helpers import send


@pytest.fixture
def cohort(app: Flask) -> int:
    with app.app_context(), transaction():
        return make_class("Class of this year")


@pytest.fixture
def filled(author: FlaskClient, quiz: str, cohort: int) -> str:
    """The address of a quiz with one case."""
    act(author, quiz, "cases", case_id=case_ids(author, quiz)[0])
    return quiz


def terms(cohort: int, **changes: Any) -> dict[str, Any]:
    return {
        "cohort_id": cohort,
        "opens_at": "2083-01-04T08:00",
        "due_at": "2083-01-11T17:00",
        "closes_at": "2083-01-18T17:00",
        "time_limit": "40",
        "attempts_allowed": "2",
        "feedback": "closed",
    } | changes


def assign(client: FlaskClient, quiz: str, cohort: int, **changes: Any) -> TestResponse:
    return send(client, f"{quiz}/assign", terms(cohort, **changes))


def join(app: Flask, cohort: int, names: list[str]) -> list[int]:
    """Put fellows with *names* into a cohort, and return their ids."""
    since = day_of(utcnow()) - timedelta(days=50)
    with app.app_context(), transaction():
        people = [make_fellow(name) for name in names]
        for each in people:
            add(Membership(cohort_id=cohort, fellow_id=each.id, starts_on=since))
        return [each.id for each in people]


def given(app: Flask) -> list[Assignment]:
    with app.app_context():
        every = db.select(Assignment).options(selectinload(Assignment.audiences))
        return list(db.session.scalars(every.order_by(Assignment.id)))


def test_a_quiz_is_assigned_as_the_form_says(app, author, filled: str, cohort: int) -> None:
    answer = assign(author, filled, cohort)

    (row,) = given(app)
    assert place_of(answer) == f"/assignments/{row.id}"
    assert (row.audiences[0].cohort_id, row.time_limit, row.attempts_allowed) == (cohort, 40, 2)
    assert row.feedback is Feedback.CLOSED
    assert row.opens_at == datetime(2083, 1, 4, 13, tzinfo=UTC)
    assert row.due_at == datetime(2083, 1, 11, 22, tzinfo=UTC)
    assert row.closes_at == datetime(2083, 1, 18, 22, tzinfo=UTC)


def test_the_form_says_how_long_after_closing_answers_are_shown(app, author, filled: str) -> None:
    first = words(author.get(f"{filled}/assign"))
    with app.app_context(), transaction():
        wanted = {RESULTS_DELAY: ResultsDelay(hours=0)}
        change_settings_of_program(None, wanted, now=utcnow())

    assert "24 hours after the quiz has closed" in first
    assert "graded when the quiz has closed" in words(author.get(f"{filled}/assign"))


def test_how_sure_is_asked_unless_the_box_is_cleared(app, author, filled: str, cohort: int) -> None:
    assert 'name="ask_confidence" type="checkbox" value="y"' in author.get(f"{filled}/assign").text

    assign(author, filled, cohort, ask_confidence="y")
    assign(author, filled, cohort)

    assert [row.ask_confidence for row in given(app)] == [True, False]


@pytest.mark.parametrize(
    ("said", "kept", "words_of_it"),
    [
        ({}, (1, 30), "Once by the fellow, 30 min"),
        ({"freezes": "2", "freeze_minutes": "20"}, (2, 20), "Up to 2 times by the fellow, 20 min"),
        ({"freezes": "0", "freeze_minutes": ""}, (0, 30), "None by fellows"),
    ],
)
def test_it_says_how_often_fellows_may_stop_the_clock(
    app, author, filled: str, cohort: int, said: dict[str, str], kept: tuple, words_of_it: str
) -> None:
    page = assign(author, filled, cohort, **said)

    (assignment,) = given(app)
    assert (assignment.freezes, assignment.freeze_minutes) == kept
    assert words_of_it in words(author.get(place_of(page)))


def test_the_page_of_an_assignment_says_its_rules(author, filled: str, cohort: int) -> None:
    text = words(author.get(place_of(assign(author, filled, cohort))))

    assert "“November rounds” is assigned." in text
    assert "for Class of this year" in text
    assert "Opens Mon Jan 4, 8:00 AM Eastern" in text
    assert "Due Mon Jan 11, 5:00 PM Eastern" in text
    assert "Closes Mon Jan 18, 5:00 PM Eastern" in text
    assert "Time limit 40 min" in text
    assert "Attempts 2" in text
    assert "Shown after it closes, from Tue Jan 19, 5:00 PM Eastern on" in text


@pytest.mark.parametrize(
    ("zone", "opens", "utc", "said"),
    [
        ("America/New_York", "2083-07-05T08:00", "2083-07-05T12:00", "8:00 AM Eastern"),
        ("America/Los_Angeles", "2083-01-04T08:00", "2083-01-04T16:00", "8:00 AM Pacific"),
        ("America/Phoenix", "2083-07-05T08:00", "2083-07-05T15:00", "8:00 AM Arizona"),
        ("Asia/Kathmandu", "2083-01-04T08:00", "2083-01-04T02:15", "8:00 AM Kathmandu time"),
        ("UTC", "2083-01-04T08:00", "2083-01-04T08:00", "8:00 AM UTC"),
    ],
)
def test_times_are_read_and_said_in_the_zone_of_who_assigns(
    app, signed_in, filled: str, cohort: int, zone: str, opens: str, utc: str, said: str
) -> None:
    with app.app_context(), transaction():
        director = make_user(Role.DIRECTOR, time_zone=zone)
    browser = signed_in(director)
    later = {"due_at": "2083-08-01T17:00", "closes_at": "2083-08-01T17:00"}

    form = browser.get(f"{filled}/assign")
    page = browser.get(place_of(assign(browser, filled, cohort, opens_at=opens, **later)))

    assert f"All times are {said.split('M ')[1]}." in words(form)
    assert given(app)[0].opens_at == datetime.fromisoformat(f"{utc}Z")
    assert said in words(page)


LATER = {"due_at": "2083-12-01T17:00", "closes_at": "2083-12-01T17:00"}


def test_a_time_that_clocks_skip_is_refused_with_what_may_be_meant(
    app, author, filled: str, cohort: int
) -> None:
    page = assign(author, filled, cohort, opens_at="2083-03-14T02:30", **LATER)

    assert (page.status_code, given(app)) == (422, [])
    assert (
        "There is no 2:30 AM on Sun Mar 14: clocks skip it. Write 1:30 AM EST or 3:30 AM EDT."
    ) in words(page)


def test_a_time_that_comes_twice_is_asked_back(app, author, filled: str, cohort: int) -> None:
    page = assign(author, filled, cohort, opens_at="2083-11-07T01:30", **LATER)

    assert (page.status_code, given(app)) == (422, [])
    assert "1:30 AM comes twice on Sun Nov 7. Say which: EDT, the earlier, or EST." in words(page)
    assert "Which 1:30 AM Choose one EDT, the earlier EST, the later" in words(page)


@pytest.mark.parametrize(("letters", "utc"), [("EDT", "05:30"), ("EST", "06:30")])
def test_which_of_two_times_is_meant_is_taken_and_said(
    app, author, filled: str, cohort: int, letters: str, utc: str
) -> None:
    page = assign(author, filled, cohort, opens_at=["2083-11-07T01:30", letters], **LATER)

    assert page.status_code == 302, "it is asked back again"
    assert given(app)[0].opens_at == datetime.fromisoformat(f"2083-11-07T{utc}Z")
    assert f"Opens Sun Nov 7, 1:30 AM {letters}" in words(author.get(place_of(page)))


def test_the_two_times_of_one_name_are_in_order(app, author, filled: str, cohort: int) -> None:
    half_past_one = "2083-11-07T01:30"
    times = {"opens_at": [half_past_one, "EDT"], "due_at": [half_past_one, "EST"]}

    page = assign(author, filled, cohort, **times, closes_at="2083-12-01T17:00")

    assert page.status_code == 302, words(page)


def test_somebody_elsewhere_sees_the_same_moment_in_the_own_zone(
    app, author, signed_in, filled: str, cohort: int
) -> None:
    page = place_of(assign(author, filled, cohort))
    with app.app_context(), transaction():
        director = make_user(Role.DIRECTOR, time_zone="America/Los_Angeles")

    assert "Opens Mon Jan 4, 5:00 AM Pacific" in words(signed_in(director).get(page))


def test_the_form_suggests_a_week_from_now_at_five(author, filled: str) -> None:
    page = author.get(f"{filled}/assign").text

    dates = {
        name: datetime.fromisoformat(value)  # what clocks in the zone show
        for name, value in re.findall(r'name="(\w+_at)"[^>]* value="([^"]+)"', page)
    }
    assert set(dates) == {"opens_at", "due_at", "closes_at"}
    assert dates["opens_at"].minute == 0
    assert (dates["due_at"].hour, dates["closes_at"].hour) == (17, 17)
    assert dates["due_at"].date() - dates["opens_at"].date() == timedelta(days=7)
    assert dates["closes_at"] - dates["due_at"] == timedelta(days=7)


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"cohort_id": ""}, "cohort_id", "Choose a cohort, or single fellows."),
        ({"cohort_id": "", "fellow_ids": ["999"]}, "fellow_ids", "valid choice"),
        ({"cohort_id": "999"}, "cohort_id", "Not a valid choice"),
        ({"opens_at": ""}, "opens_at", "Say when the quiz opens."),
        ({"due_at": ""}, "due_at", "Say when the quiz is due."),
        ({"closes_at": ""}, "closes_at", "Say when the quiz closes."),
        ({"opens_at": "next Monday"}, "opens_at", "Not a valid datetime value."),
        ({"opens_at": "2083-02-30T08:00"}, "opens_at", "Not a valid datetime value."),
        ({"due_at": "2083-01-04T08:00"}, "due_at", "Due comes after it opens."),
        (
            {
                "opens_at": "2026-09-01T08:00",
                "due_at": "2026-09-02T08:00",
                "closes_at": "2026-09-03T08:00",
            },
            "closes_at",
            "It would have closed already. Give a time to come.",
        ),
        ({"due_at": "2082-12-01T08:00"}, "due_at", "Due comes after it opens."),
        (
            {"closes_at": "2083-01-11T16:59"},
            "closes_at",
            "It closes when it is due, or later.",
        ),
        ({"time_limit": "0"}, "time_limit", "A time limit is 1 to 600 minutes."),
        ({"time_limit": "601"}, "time_limit", "A time limit is 1 to 600 minutes."),
        ({"time_limit": "1.5"}, "time_limit", "Not a valid integer value."),
        ({"attempts_allowed": ""}, "attempts_allowed", "Say how many attempts."),
        ({"freezes": "4"}, "freezes", "Not a valid choice."),
        ({"freeze_minutes": "4"}, "freeze_minutes", "A freeze lasts 5 to 240 minutes."),
        ({"freeze_minutes": "241"}, "freeze_minutes", "A freeze lasts 5 to 240 minutes."),
        ({"attempts_allowed": "0"}, "attempts_allowed", "A fellow may have 1 to 10 attempts."),
        ({"attempts_allowed": "11"}, "attempts_allowed", "A fellow may have 1 to 10 attempts."),
        ({"feedback": "always"}, "feedback", "Not a valid choice"),
    ],
)
def test_what_will_not_do_is_refused_at_its_field(
    app, author, filled: str, cohort: int, changes: dict[str, str], field: str, error: str
) -> None:
    page = assign(author, filled, cohort, **changes)

    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert f'id="{field}-error"' in page.text
    assert error in words(page)
    assert "<title>Error: Assign November rounds" in page.text
    assert given(app) == []


def test_what_was_typed_stays_in_the_form(author, filled: str, cohort: int) -> None:
    page = assign(author, filled, cohort, time_limit="900")

    assert 'value="2083-01-11T17:00"' in page.text
    assert 'value="900"' in page.text
    assert f'<option selected value="{cohort}">' in page.text


@pytest.mark.parametrize(
    ("zone", "field", "moment"),
    [
        ("America/New_York", "closes_at", "9999-12-31T23:59"),
        ("Asia/Kathmandu", "opens_at", "0001-01-01T00:00"),
    ],
)
def test_a_year_that_no_zone_can_convert_is_refused_at_its_field(
    app, signed_in, filled: str, cohort: int, zone: str, field: str, moment: str
) -> None:
    with app.app_context(), transaction():
        director = make_user(Role.DIRECTOR, time_zone=zone)

    page = assign(signed_in(director), filled, cohort, **{field: moment})

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert "Give a year from 2000 to 2100." in words(page)


def test_an_hour_that_does_not_exist_is_refused_at_the_form(
    app, author, filled: str, cohort: int
) -> None:
    """Clocks go from 2:00 to 3:00 that night; 2:45 would be 3:45, after it is due."""
    page = assign(
        author, filled, cohort, opens_at="2083-03-14T02:45", due_at="2083-03-14T03:15",
        closes_at="2083-03-14T12:00",
    )  # fmt: skip

    assert page.status_code == 422
    assert "There is no 2:45 AM on Sun Mar 14: clocks skip it." in words(page)
    assert 'name="opens_at"' in page.text
    assert given(app) == []


def test_no_limit_and_closing_when_due_are_allowed(app, author, filled, cohort: int) -> None:
    answer = assign(author, filled, cohort, time_limit="", closes_at="2083-01-11T17:00")

    (row,) = given(app)
    assert row.time_limit is None
    assert row.closes_at == row.due_at
    assert "None within the window" in words(author.get(place_of(answer)))


def test_an_empty_quiz_cannot_be_assigned(app, author, quiz: str, cohort: int) -> None:
    page = assign(author, quiz, cohort)

    assert page.status_code == 409
    assert "The quiz has no items yet." in words(page)
    assert given(app) == []


def test_without_a_cohort_the_page_says_who_makes_one(author, quiz: str) -> None:
    page = author.get(f"{quiz}/assign")

    assert "There is no cohort this year" in words(page)
    assert "A director creates cohorts" in words(page)


def test_a_cohort_of_another_year_is_not_offered(app, author, filled: str) -> None:
    with app.app_context(), transaction():
        old = make_class("Class of long ago", starts_in=-1000)

    assert "Class of long ago" not in author.get(f"{filled}/assign").text
    assert assign(author, filled, old).status_code == 422


def test_what_is_assigned_stays_while_the_quiz_goes_on(author, filled: str, cohort: int) -> None:
    assignment = place_of(assign(author, filled, cohort))
    frozen = words(author.get(filled))

    page = act(author, filled, "cases", case_id=case_ids(author, filled)[0])
    second = place_of(assign(author, filled, cohort))

    assert "Assigned as it stands; a change makes a new version." in frozen
    assert "4 items in 2 cases. Not assigned in this version." in words(page)
    assert "Version 1" in words(author.get(assignment))
    assert "Version 2" in words(author.get(second))
    assert author.get(filled).text.count(">Class of this year</a>") == 2
    assert "November rounds By hand 4 2 " in words(author.get("/quizzes"))


@pytest.fixture
def fellow(app: Flask, cohort: int) -> int:
    """Return the id of a fellow of the cohort."""
    with app.app_context(), transaction():
        person = make_fellow()
        since = day_of(utcnow()) - timedelta(days=50)
        add(Membership(cohort_id=cohort, fellow_id=person.id, starts_on=since))
        return person.id


class TestSingleFellows:
    """Of a cohort, some are given the quiz."""

    @pytest.fixture
    def three(self, app: Flask, cohort: int) -> list[int]:
        """Return the ids of three fellows of the cohort."""
        return join(app, cohort, ["Dr. Adeyemi", "Dr. Brandt", "Dr. Costa"])

    def test_they_are_offered_with_their_cohort_and_nobody_else(
        self, app, author, filled: str, three: list[int]
    ) -> None:
        with app.app_context(), transaction():
            old = make_class("Class of long ago", starts_in=-1000)
            gone = make_fellow("Dr. Gone")
            since = day_of(utcnow()) - timedelta(days=1000)
            add(Membership(cohort_id=old, fellow_id=gone.id, starts_on=since))

        page = words(author.get(f"{filled}/assign"))

        assert "Or only some fellows" in page
        assert "Dr. Adeyemi, Class of this year Dr. Brandt, Class of this year Dr. Costa," in page
        assert "Dr. Gone" not in page

    def test_only_those_who_are_ticked_are_given_it(
        self, app, author, signed_in, filled: str, three: list[int]
    ) -> None:
        answer = assign(author, filled, 0, cohort_id="", fellow_ids=three[:2])

        (row,) = given(app)
        assert [(each.cohort_id, each.fellow_id) for each in row.audiences] == [
            (None, three[0]),
            (None, three[1]),
        ]
        page = words(author.get(place_of(answer)))
        assert "For Dr. Adeyemi and Dr. Brandt." in page
        assert "gave it to Dr. Adeyemi and Dr. Brandt." in page
        with app.app_context():
            people = [db.session.get_one(User, each) for each in three]
        rules = f"/assignments/{row.id}/begin"
        assert [signed_in(each).get(rules).status_code for each in people] == [200, 200, 404]

    def test_a_cohort_and_some_of_it_are_asked_back(
        self, app, author, filled: str, cohort: int, three: list[int]
    ) -> None:
        page = assign(author, filled, cohort, fellow_ids=three[:1])

        assert page.status_code == 422
        assert "Choose a whole cohort or single fellows, not both." in words(page)
        assert f'value="{three[0]}" checked' in page.text
        assert "<details open>" in page.text
        assert given(app) == []

    def test_of_many_some_are_looked_for_one_after_another(
        self, app, author, filled: str, cohort: int, three: list[int]
    ) -> None:
        join(app, cohort, [f"Dr. Other {number}" for number in range(FEW)])
        some = {"cohort_id": "", "fellow_ids-find": "1"}

        first = assign(author, filled, 0, **some, **{"fellow_ids-words": "adeyemi"})
        chosen = {"fellow_ids": three[:1], "fellow_ids-shown": "adeyemi"}
        second = assign(author, filled, 0, **some, **chosen, **{"fellow_ids-words": "brandt"})
        words_shown = {"fellow_ids-words": "brandt", "fellow_ids-shown": "brandt"}
        done = assign(author, filled, 0, cohort_id="", fellow_ids=three[:2], **words_shown)

        assert first.status_code == second.status_code == 200
        assert f'value="{three[0]}">' in first.text
        assert "<details open>" in first.text
        assert f'value="{three[0]}" checked' in second.text
        assert f'value="{three[1]}">' in second.text
        assert 'value="2083-01-11T17:00"' in second.text
        assert done.status_code == 302
        (row,) = given(app)
        assert [each.fellow_id for each in row.audiences] == three[:2]

    def test_who_is_in_no_cohort_now_is_refused_among_many_too(
        self, app, author, filled: str, cohort: int, three: list[int]
    ) -> None:
        join(app, cohort, [f"Dr. Other {number}" for number in range(FEW)])
        with app.app_context(), transaction():
            outside = make_fellow("Dr. Outside")

        page = assign(author, filled, 0, cohort_id="", fellow_ids=[three[0], outside.id])

        assert page.status_code == 422
        assert "valid choice" in page.text
        assert given(app) == []


WARNED = (
    "2 items of this quiz are in “November rounds” too, which is open for 1 fellow of it until "
)


def test_who_assigns_what_its_fellows_can_still_take_elsewhere_is_warned(
    author, filled: str, cohort: int, fellow: int
) -> None:
    first = words(author.get(place_of(assign(author, filled, cohort))))

    again = words(author.get(place_of(assign(author, filled, cohort, time_limit="50"))))

    assert "too, which" not in first
    assert f"{WARNED}Mon Jan 18, 5:00 PM Eastern" in again
    assert "reads them only when both quizzes are handed in or have closed" in again


def test_the_warning_tells_of_no_accommodation(
    app, author, filled: str, cohort: int, fellow: int
) -> None:
    with app.app_context(), transaction():
        more = {"percent": 200, "days": 9, "reason": "Theirs", "granted_at": utcnow()}
        day = day_of(utcnow()) - timedelta(days=1)
        director = make_user(Role.DIRECTOR)
        add(Accommodation(fellow_id=fellow, starts_on=day, granted_by=director.id, **more))
    assign(author, filled, cohort)

    again = words(author.get(place_of(assign(author, filled, cohort, time_limit="50"))))

    assert f"{WARNED}Mon Jan 18, 5:00 PM Eastern" in again


def test_what_was_taken_back_is_no_overlap(
    app, author, filled: str, cohort: int, fellow: int
) -> None:
    assign(author, filled, cohort)
    with app.app_context(), transaction():
        db.session.execute(db.update(Assignment).values(withdrawn_at=utcnow()))

    again = words(author.get(place_of(assign(author, filled, cohort, time_limit="50"))))

    assert "“November rounds” is assigned." in again
    assert "too, which" not in again


def test_there_is_no_page_for_what_was_never_assigned(author, cohort: int) -> None:
    assert author.get("/assignments/999").status_code == 404
    assert author.get("/quizzes/999/assign").status_code == 404


def test_the_pages_take_as_many_statements_for_60_assignments_as_for_one(
    app, author, filled: str, cohort: int
) -> None:
    counts = []
    first = place_of(assign(author, filled, cohort))
    (row,) = given(app)
    for more in (0, 60):
        with app.app_context(), transaction():
            same = {c.key: getattr(row, c.key) for c in Assignment.__table__.columns}
            del same["id"], same["form_token"]
            for number in range(more):
                add(Assignment(**same, audiences=[Audience(cohort_id=cohort)]))
                make_class(f"Class {number}")
        here = []
        for path in (filled, f"{filled}/assign", first):
            with counted(app) as statements:
                assert author.get(path).status_code == 200
            here.append(len(statements))
        counts.append(here)

    assert author.get(filled).text.count(">Class of this year</a>") == 61
    assert counts[0] == counts[1]


def test_an_assignment_is_taken_back_and_can_be_given_again(
    app, author, filled: str, cohort: int
) -> None:
    where = place_of(assign(author, filled, cohort))

    page = act(author, where, "withdraw")

    assert "nobody can begin it" in words(page)
    assert "Withdraw assignment" not in words(page)
    assert "Class of this year Withdrawn" in words(author.get(filled))
    assert place_of(assign(author, filled, cohort)) != where
    assert [row.withdrawn_at is None for row in given(app)] == [False, True]


def test_taking_back_twice_changes_nothing(app, author, filled: str, cohort: int) -> None:
    where = place_of(assign(author, filled, cohort))
    act(author, where, "withdraw")
    (first,) = given(app)
    send(author, f"{where}/withdraw", {}, at=filled)

    assert [row.withdrawn_at for row in given(app)] == [first.withdrawn_at]


def test_an_archived_quiz_is_not_assigned_until_it_is_restored(
    app, author, filled: str, cohort: int
) -> None:
    act(author, filled, "archive")
    refused = assign(author, filled, cohort)

    assert refused.status_code == 409
    assert "This quiz is archived." in words(refused)
    assert given(app) == []

    act(author, filled, "restore")

    assert assign(author, filled, cohort).status_code == 302
