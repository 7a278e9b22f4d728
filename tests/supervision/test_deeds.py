"""What was done with an assignment stands on its page; faculty read only what concerns all."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from lms.attempts import freezing
from lms.core.clock import say_when, utcnow
from lms.core.db import transaction
from lms.grading.services import grade_attempt
from lms.people.models import Role, User
from lms.quizzes.assigning.services import AssignmentTerms, withdraw_assignment
from lms.quizzes.assigning.widening import add_audience
from lms.quizzes.models import Assignment
from lms.quizzes.queries import assignment_by_id
from lms.supervision import services as acts
from lms.supervision.dates import services as dates
from lms.supervision.exporting.services import take_out_answers
from lms.supervision.extending import services as extending
from lms.supervision.messaging.services import write_to_unbegun
from lms.supervision.reopening import services as reopening
from question_bank.terms import Grant, Unfinished
from tests.factories import make_fellow, make_user
from tests.reading import words_of
from tests.signin.helpers import counted
from tests.supervision.whereabouts import DAY, MINUTE, Ward, begin, hand_in, make_ward


@pytest.fixture
def people(app: Flask) -> dict[Role, User]:
    with app.app_context(), transaction():
        director = make_user(Role.DIRECTOR, name="Dr. Kowalczyk")
        return {Role.DIRECTOR: director, Role.FACULTY: make_user(Role.FACULTY)}


@pytest.fixture
def ward(app: Flask) -> Ward:
    with app.app_context(), transaction():
        return make_ward(utcnow(), "Adeyemi", "Brandt", "Costa")


def said(page: str) -> list[str]:
    """Return what each line of the card says, without its moment."""
    card = page.partition('id="done"')[2].partition("</section>")[0]
    moment = r" \w{3} \w{3} \d+, \d+:\d\d [AP]M Eastern(\. (?!.*Eastern)|$)"
    lines = re.findall(r"<li>.*?</li>", card, re.DOTALL)
    return [re.sub(moment, " ", words_of(each)).strip() for each in lines]


def moved(given: Assignment, **changes) -> AssignmentTerms:
    terms = {
        "opens_at": given.opens_at, "due_at": given.due_at, "closes_at": given.closes_at,
        "time_limit": given.time_limit, "attempts_allowed": given.attempts_allowed,
        "feedback": given.feedback, "ask_confidence": given.ask_confidence,
        "results_at": given.results_at, "freezes": given.freezes,
        "freeze_minutes": given.freeze_minutes,
    }  # fmt: skip
    return AssignmentTerms(**(terms | changes))


def change(actor: User, given: Assignment, *, reason: str = "", **changes) -> None:
    """Change an assignment and tell of it, as its page does."""
    now = utcnow()
    done = dates.change(actor, given.id, terms=moved(given, **changes), reason=reason, now=now)
    assert done is not None
    dates.tell(given.id, done, reason=reason, now=now)


def test_a_moved_date_is_told_with_what_it_was_and_how_many_were_told(
    app, signed_in, people, ward
) -> None:
    with app.app_context(), transaction():
        given = assignment_by_id(ward.given.id)
        old, new = given.closes_at, given.closes_at + 2 * DAY
        zone = people[Role.DIRECTOR].time_zone
        change(people[Role.DIRECTOR], given, closes_at=new, results_at=given.results_at + 2 * DAY)

    (line,) = said(signed_in(people[Role.DIRECTOR]).get(ward.page).text)

    assert line == (
        f"Dr. Kowalczyk moved the closing date from {say_when(old, zone)} "
        f"to {say_when(new, zone)}. Told to 3 fellows."
    )


def test_several_changes_are_a_list_with_the_reason(app, signed_in, people, ward) -> None:
    with app.app_context(), transaction():
        given = assignment_by_id(ward.given.id)
        rules = {"time_limit": 20, "attempts_allowed": 3, "unfinished": Unfinished.ABANDON}
        change(people[Role.DIRECTOR], given, **rules, reason="Too long")

    (line,) = said(signed_in(people[Role.DIRECTOR]).get(ward.page).text)

    limits = "Time limit: 20 minutes; was 30 minutes."
    assert line.startswith(f"Dr. Kowalczyk changed dates and rules. {limits}")
    assert "Attempts: 3; was 1. If time runs out: " in line
    assert "; was what is saved is handed in. Reason: Too long Told to 3 fellows." in line


RULES = "changed dates and rules. "

SAVED = "was what is saved is handed in."

FOR_90 = (
    "If time runs out: nothing more can be answered, but it can still be handed in for 90 minutes; "
    "after that nothing of the attempt counts; "
)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"time_limit": None}, f"{RULES}Time limit: none; was 30 minutes."),
        ({"unfinished": Unfinished.GRACE, "grace_minutes": 90}, f"{RULES}{FOR_90}{SAVED}"),
        ({"grace_minutes": 90}, "changed rules that do not apply."),
        (
            {"freezes": 2, "freeze_minutes": 20},
            f"{RULES}Freezes: up to 2 times by the fellow, 20 min each; "
            "was once by the fellow, 30 min.",
        ),
    ],
)
def test_rules_are_told_in_words_and_only_what_holds(
    app, signed_in, people, ward, changes: dict[str, object], says: str
) -> None:
    with app.app_context(), transaction():
        change(people[Role.DIRECTOR], assignment_by_id(ward.given.id), **changes, reason="Why")

    (line,) = said(signed_in(people[Role.DIRECTOR]).get(ward.page).text)

    assert line.startswith(f"Dr. Kowalczyk {says}")


def test_what_was_done_for_fellows_is_told_to_directors(app, signed_in, people, ward) -> None:
    now, director = utcnow(), people[Role.DIRECTOR]
    with app.app_context(), transaction():
        given = assignment_by_id(ward.given.id)
        title, grant = "Fifth rounds", Grant(minutes=15, attempts=1)
        done = extending.grant_more(
            director, given.id, None, grant=grant, reason="Outage", now=now - 9 * MINUTE
        )
        extending.tell(given.id, title, done, reason="Outage", now=now - 9 * MINUTE)
        adeyemi = begin(ward, "Adeyemi", now - 8 * MINUTE, answered=2)
        freezing.freeze_own(ward.fellows["Adeyemi"], adeyemi.id, used=0, now=now - 7 * MINUTE)
        freezing.resume_own(ward.fellows["Adeyemi"], adeyemi.id, now=now - 5 * MINUTE)
        brandt = begin(ward, "Brandt", now - 8 * MINUTE, answered=2)
        hand_in(brandt, now - 4 * MINUTE)
        reopening.reopen(
            director, brandt.id, until=now + DAY, reason="By mistake", now=now - 3 * MINUTE
        )
        freezing.freeze(director, brandt.id, reason="On call", now=now - 2 * MINUTE)
        write_to_unbegun(director, given, text="Do begin.", token="t", now=now - MINUTE)
        take_out_answers(director, given, ward.fellows["Adeyemi"].id, reason="Appeal", now=now)

    lines = said(signed_in(director).get(ward.page).text)

    assert lines[0] == (
        "Dr. Kowalczyk took out the answers of Dr. Adeyemi. Reason: Appeal Told to 1 fellow."
    )
    assert lines[1] == ("Dr. Kowalczyk wrote to 1 fellow who had not begun. Told to 1 fellow.")
    assert lines[2] == (
        "Dr. Kowalczyk stopped the clock of Dr. Brandt until it is let go on. Reason: On call"
    )
    assert lines[3].startswith("Dr. Kowalczyk reopened the quiz for Dr. Brandt until ")
    assert lines[3].endswith("Reason: By mistake Told to 1 fellow.")
    assert lines[4] == (
        "Dr. Adeyemi froze the quiz for 2 minutes. The only one that the quiz allows."
    )
    assert lines[5] == (
        "Dr. Kowalczyk gave 3 fellows 15 more minutes and another attempt. Reason: Outage "
        "Told to 3 fellows."
    )


def test_own_dates_of_one_fellow_are_named(app, signed_in, people, ward) -> None:
    now, director = utcnow(), people[Role.DIRECTOR]
    with app.app_context(), transaction():
        given = assignment_by_id(ward.given.id)
        acts.extend(
            director, given.id, ward.fellows["Costa"].id, now=now, reason="Abroad",
            grant=Grant(due_at=given.due_at + timedelta(hours=1)),
        )  # fmt: skip

    (line,) = said(signed_in(director).get(ward.page).text)

    assert line.startswith("Dr. Kowalczyk gave Dr. Costa own dates (due ")


def test_faculty_read_what_was_done_to_all_and_nothing_of_single_fellows(
    app, signed_in, people, ward
) -> None:
    now, director = utcnow(), people[Role.DIRECTOR]
    with app.app_context(), transaction():
        given = assignment_by_id(ward.given.id)
        change(director, given, attempts_allowed=2, reason="One of you has double time")
        late = make_fellow("Dr. Diallo")
        add_audience(director, given.id, fellow_id=late.id, now=now)
    faculty = signed_in(people[Role.FACULTY])
    before = said(faculty.get(ward.page).text)

    with app.app_context(), transaction():
        attempt = begin(ward, "Adeyemi", now, answered=1)
        freezing.freeze_own(ward.fellows["Adeyemi"], attempt.id, used=0, now=now)
        acts.extend(director, given.id, late.id, grant=Grant(minutes=9), reason="Ward", now=now)
        write_to_unbegun(director, assignment_by_id(given.id), text="Do begin.", token="t", now=now)

    assert said(faculty.get(ward.page).text) == before
    assert before == [
        "Dr. Kowalczyk gave it to Dr. Diallo too.",
        "Dr. Kowalczyk changed dates and rules. Attempts: 2; was 1.",
    ]


def test_the_newest_twenty_are_told_and_four_are_in_view(app, signed_in, people, ward) -> None:
    now, director = utcnow(), people[Role.DIRECTOR]
    with app.app_context(), transaction():
        for number in range(25):
            acts.extend(
                director, ward.given.id, ward.fellows["Costa"].id, grant=Grant(minutes=number + 1),
                reason="Ward", now=now - (30 - number) * MINUTE,
            )  # fmt: skip
    with counted(app) as many:
        page = signed_in(director).get(ward.page).text

    lines = said(page)

    assert len(lines) == 20
    assert lines[0].startswith("Dr. Kowalczyk gave Dr. Costa 25 more minutes")
    assert "16 earlier" in page
    assert many() < 60


def test_nothing_done_is_no_card(app, signed_in, people, ward) -> None:
    assert 'id="done"' not in signed_in(people[Role.DIRECTOR]).get(ward.page).text


def test_a_withdrawal_is_told(app, signed_in, people, ward) -> None:
    with app.app_context(), transaction():
        withdraw_assignment(people[Role.DIRECTOR], ward.given.id, now=utcnow())

    assert said(signed_in(people[Role.FACULTY]).get(ward.page).text) == [
        "Dr. Kowalczyk withdrew it."
    ]


def main_button(page: str) -> str:
    found = re.search(r'class="btn main"[^>]*>(.*?)</', page, re.DOTALL)
    return words_of(found[1]) if found else ""


class TestTheMainButton:
    """It is the next thing that a reader would do, and at most one."""

    def test_who_has_not_begun_comes_first(self, app, signed_in, people, ward) -> None:
        director = signed_in(people[Role.DIRECTOR])
        assert main_button(director.get(ward.page).text) == "Message the 3 who have not begun"

    def test_then_it_leads_to_how_the_items_went(self, app, signed_in, people, ward) -> None:
        now = utcnow()
        with app.app_context(), transaction():
            hand_in(begin(ward, "Adeyemi", now - 9 * MINUTE, answered=4), now - MINUTE)
            begin(ward, "Brandt", now)
            begin(ward, "Costa", now)
        page = signed_in(people[Role.DIRECTOR]).get(ward.page).text
        assert main_button(page) == "See how the items went"
        assert 'href="#items"' in page
        faculty = signed_in(people[Role.FACULTY]).get(ward.page).text
        assert main_button(faculty) == ""
        assert "This quiz was given to 3, so directors alone see them." in words_of(faculty)

    def test_once_all_is_in_and_answers_wait_it_opens_the_marking(
        self, app, signed_in, people, ward
    ) -> None:
        now = utcnow()
        with app.app_context(), transaction():
            for name in ward.fellows:
                attempt = begin(ward, name, now - 9 * MINUTE, answered=4)
                hand_in(attempt, now - MINUTE)
                grade_attempt(attempt.id, now=now)
            attempt.waiting = 1
        for role in (Role.DIRECTOR, Role.FACULTY):
            assert main_button(signed_in(people[role]).get(ward.page).text) == "Open the marking"
