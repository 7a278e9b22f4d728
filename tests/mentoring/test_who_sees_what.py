"""Who reads what of a fellow: every thing that is kept, on every page that has it, by every reader.

The first table is the rule, the second one says where to look. Single pages have tests of their
own beside this one: they say how; this one says who.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask

from lms.attempts.exposing import settle_keys
from lms.attempts.models import Attempt
from lms.core.aliases import alias_of
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.mentoring.goals.services import propose_goal
from lms.mentoring.goals.wishes import GoalWish
from lms.mentoring.meetings import services as meetings
from lms.mentoring.meetings.services import Talk
from lms.mentoring.wishing import services as wishing
from lms.people.models import Role, User
from lms.program import allowing
from lms.program.models import Mentorship
from lms.quizzes.models import Assignment
from lms.results.models import OwnWords
from question_bank.goals import Measure
from question_bank.terms import Feedback
from tests.attempts.factories import row_of
from tests.factories import add, day_of, make_cohort, make_fellow, make_mentorship, make_user
from tests.mentoring.test_verdicts import harm
from tests.mentoring.wishing.factories import make_waiting_wish
from tests.progress.factories import INTV, PHARM, earned, take
from tests.reading import words

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FELLOW = frozenset({"fellow"})

WHO_NOTED = frozenset({"mentor"})

MENTORS = frozenset({"mentor", "second", "deputy", "mentor who takes quizzes"})
"""Who looks after the fellow today."""

DIRECTORS = frozenset({"director"})

FACULTY = frozenset({"faculty"})

NOBODY: frozenset[str] = frozenset()

OTHERS = frozenset(
    {
        "other fellow",
        "former mentor",
        "mentor to come",
        "mentor of others",
        "mentor without the role",
        "deputy of before",
    }
)
"""Who reads nothing of the fellow at all."""

READERS = FELLOW | MENTORS | DIRECTORS | FACULTY | OTHERS

WHO_READS: Mapping[str, frozenset[str]] = {
    "scores and shares": FELLOW | MENTORS | DIRECTORS,
    "own words": MENTORS,
    "that there was a talk": FELLOW | MENTORS | DIRECTORS,
    "notes of a talk": FELLOW | WHO_NOTED,
    "what was agreed": FELLOW | MENTORS,
    "what was agreed, shared by both": FELLOW | MENTORS | DIRECTORS,
    "what was agreed, shared by the mentor alone": FELLOW | MENTORS,
    "goals": FELLOW | MENTORS | DIRECTORS,
    "short quizzes that mentors want": FELLOW | MENTORS | DIRECTORS,
    "why one was not given": FELLOW | MENTORS | DIRECTORS,
    "an unsafe answer whose key is released": MENTORS - {"mentor who takes quizzes"},
    "a missed answer whose key is released": MENTORS - {"mentor who takes quizzes"},
    "an answer that was right": NOBODY,
    "a missed answer whose key is not released": NOBODY,
    "who opened the report": FELLOW,
    "accommodation": DIRECTORS,
    "leave": DIRECTORS,
    "the audit trail": DIRECTORS,
    "the file of scores": DIRECTORS,
    "the file of answers": DIRECTORS,
    "how items went, of fewer than five": NOBODY,
}

REPORT, OWN = "/fellows/{fellow}", "/progress"

EVERYWHERE = (REPORT, OWN, REPORT + "/prepare", "/people/{fellow}/training", "/meetings", "/home")
"""Pages that tell much of a fellow: each is searched for every word that stands for a thing."""

PLACES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "scores and shares": (
        (REPORT, "Opioid rounds 8 of 10 correct"),
        (OWN, "Opioid rounds 8 of 10 correct"),
    ),
    "own words": ((REPORT, "Ketamine puzzles me."),),
    "that there was a talk": (
        (REPORT, "Aug 3, 2026"),
        ("/meetings", "Aug 3, 2026"),
    ),
    "notes of a talk": (
        (REPORT, "Pumps in the night."),
        ("/meetings", "Pumps in the night."),
        ("/meetings/{talk}", "Pumps in the night."),
    ),
    "what was agreed": (
        (REPORT, "To read on pumps."),
        ("/meetings", "To read on pumps."),
        ("/meetings/{talk}", "To read on pumps."),
    ),
    "what was agreed, shared by both": (
        (REPORT, "To see a refill."),
        ("/meetings", "To see a refill."),
    ),
    "what was agreed, shared by the mentor alone": (
        (REPORT, "To do a refill."),
        ("/meetings", "To do a refill."),
    ),
    "goals": (
        ("/goals/{goal}", "Know which blocks wait."),
        (REPORT, "Know which blocks wait."),
        (OWN, "Know which blocks wait."),
    ),
    "short quizzes that mentors want": (
        ("/short-quizzes/{waiting}", "Psychological, 10 items"),
        (REPORT, "Psychological, 10 items"),
        (OWN, "Psychological, 10 items"),
    ),
    "why one was not given": (
        ("/short-quizzes/{declined}", "The rotation comes first."),
        (REPORT, "The rotation comes first."),
        (OWN, "The rotation comes first."),
    ),
    "an unsafe answer whose key is released": ((REPORT + "/answers/{unsafe}", "Why second"),),
    "a missed answer whose key is released": ((REPORT + "/answers/{missed}", "Why second"),),
    "an answer that was right": ((REPORT + "/answers/{right}", "Why"),),
    "a missed answer whose key is not released": ((REPORT + "/answers/{unreleased}", "Why"),),
    "who opened the report": ((OWN, "Dr. Curious Colleague"),),
    "accommodation": (("/people/{fellow}/time", "A certified note."),),
    "leave": (("/people/{fellow}/time", "Sep 2, 2026"),),
    "the audit trail": (("/audit", "opened the report on a fellow"),),
    "the file of scores": (("/assignments/{given}/scores.csv", "Dr. Amara Okafor"),),
    "the file of answers": (("/assignments/{given}/answers", "Dr. Amara Okafor"),),
    "how items went, of fewer than five": (("/assignments/{given}/items.csv", "item-"),),
}

PRIVATE = ("A certified note.", "double", "200%", "1.25")
"""What tells an accommodation; the time page and the fellow's own pages apart, none may say it."""


@dataclass(frozen=True)
class Kept:
    """A fellow of whom there is everything, who reads, and the numbers of what there is."""

    people: Mapping[str, User]
    numbers: Mapping[str, int]

    def at(self, address: str) -> str:
        return address.format(**self.numbers)


@pytest.fixture
def kept(app: Flask) -> Kept:
    with app.app_context():
        with transaction():
            people = _people()
            numbers = _taken(people) | _talks(people) | _wishes(people)
        return Kept(people, numbers | {"fellow": people["fellow"].id})


def _people() -> dict[str, User]:
    fellow = make_fellow("Dr. Amara Okafor")
    other = make_fellow("Dr. Bo Costa")
    mentors = {
        name: make_user(Role.MENTOR)
        for name in sorted({"second", "deputy", "deputy of before", *OTHERS} - {"other fellow"})
    }
    people = {
        "fellow": fellow,
        "other fellow": other,
        **mentors,
        "mentor": make_user(Role.MENTOR, name="Dr. Lena Hargrove"),
        "mentor who takes quizzes": make_user(Role.MENTOR, Role.FELLOW),
        "mentor without the role": make_user(Role.FACULTY),
        "director": make_user(Role.DIRECTOR),
        "faculty": make_user(Role.FACULTY),
        "colleague": make_user(Role.DIRECTOR, name="Dr. Curious Colleague"),
    }
    make_cohort(fellow, other)
    for name in ("mentor", "second", "mentor who takes quizzes", "mentor without the role"):
        make_mentorship(people[name], fellow)
    make_mentorship(people["former mentor"], fellow, ends_on=date(2026, 10, 31))
    make_mentorship(people["mentor of others"], other)
    for name, first, last in (
        ("mentor to come", date(2090, 1, 1), None),
        ("deputy", date(2026, 11, 1), date(2089, 1, 1)),
        ("deputy of before", date(2026, 8, 1), date(2026, 8, 9)),
    ):
        away = people["mentor"].id if "deputy" in name else None
        add(
            Mentorship(
                mentor_id=people[name].id,
                fellow_id=fellow.id,
                starts_on=first,
                ends_on=last,
                stands_in_for_id=away,
            )
        )
    return people


def _taken(people: Mapping[str, User]) -> dict[str, int]:
    """Have the fellow take two quizzes: the keys of one are released, those of the other not."""
    fellow, now = people["fellow"], utcnow()
    lately = now - timedelta(days=3)
    marks = {PHARM: [*earned(0, 2), *earned(8, 8)]}
    first = take(fellow, lately, marks, title="Opioid rounds")
    harm(first, 1)
    second = take(fellow, lately, marks, feedback=Feedback.CLOSED)
    later = db.update(Assignment).where(Assignment.id == second.assignment_id)
    db.session.execute(later.values(results_at=now + timedelta(days=9)))
    settle_keys([fellow.id], now=now)
    add(OwnWords(attempt_id=first.id, text="Ketamine puzzles me.", written_at=lately))
    rows = {"unsafe": (first, 1), "missed": (first, 2), "right": (first, 3)}
    places: dict[str, tuple[Attempt, int]] = {**rows, "unreleased": (second, 1)}
    aliases = {
        name: alias_of(row_of(attempt.id, place).id) for name, (attempt, place) in places.items()
    }
    return aliases | {"given": first.assignment_id}


def _talks(people: Mapping[str, User]) -> dict[str, int]:
    """Have the mentor note three talks, whose agreement nobody, both and the mentor share."""
    fellow, mentor, at = people["fellow"], people["mentor"], utcnow()
    said = (
        Talk(date(2026, 8, 3), "Pumps in the night.", "To read on pumps."),
        Talk(date(2026, 8, 10), "Refills.", "To see a refill.", shared=True),
        Talk(date(2026, 8, 17), "Refills again.", "To do a refill.", shared=True),
    )
    day = date(2026, 8, 20)
    first, second, _ = (
        meetings.note_meeting(mentor, fellow.id, each, now=at.replace(day.year, day.month, day.day))
        for each in said
    )
    meetings.share(fellow, second.id, True, now=at)
    return {"talk": first.id}


def _wishes(people: Mapping[str, User]) -> dict[str, int]:
    """Have a goal be proposed, a short quiz wait and another one be declined, and time be given."""
    fellow, mentor, director, now = (
        people["fellow"], people["mentor"], people["director"], utcnow(),
    )  # fmt: skip
    wish = GoalWish("Know which blocks wait.", Measure(5, 4, topic=INTV), day_of(now) + _WEEKS)
    goal = propose_goal(mentor, fellow, wish, now=now)
    waiting = make_waiting_wish(mentor, fellow, now=now)
    declined = make_waiting_wish(mentor, fellow, "interventional", now=now)
    wishing.decline(director, declined.id, reason="The rotation comes first.", now=now)
    allowing.add_accommodation(
        director, fellow.id, percent=200, days=3, reason="A certified note.",
        starts_on=date(2026, 7, 1), ends_on=None, now=now,
    )  # fmt: skip
    day = date(2026, 9, 2)
    allowing.add_leave(director, fellow.id, starts_on=day, ends_on=day, now=now)
    return {"goal": goal.id, "waiting": waiting.id, "declined": declined.id}


_WEEKS = timedelta(weeks=6)


def read_by(browser, kept: Kept) -> set[str]:
    """Return what somebody reads of the fellow, at any of the places where it stands."""
    found = set()
    pages: dict[str, str] = {}
    for thing, places in PLACES.items():
        for at, mark in places:
            for address in (at, *(EVERYWHERE if at in EVERYWHERE else ())):
                if address not in pages:
                    page = browser.get(kept.at(address))
                    pages[address] = words(page) if page.status_code == 200 else ""
                if mark in pages[address]:
                    found.add(thing)
    return found


def test_each_thing_has_its_places_and_each_reader_a_line() -> None:
    assert WHO_READS.keys() == PLACES.keys()
    assert all(who <= READERS for who in WHO_READS.values())


@on_sqlite
@pytest.mark.parametrize("who", sorted(READERS))
def test_everybody_reads_what_is_meant_for_them_and_nothing_else(
    app: Flask, kept: Kept, signed_in, who: str
) -> None:
    signed_in(kept.people["colleague"]).get(kept.at(REPORT))

    found = read_by(signed_in(kept.people[who]), kept)

    assert found == {thing for thing, readers in WHO_READS.items() if who in readers}


@on_sqlite
@pytest.mark.parametrize("who", sorted(READERS - DIRECTORS))
def test_no_page_of_the_table_tells_an_accommodation(kept: Kept, signed_in, who: str) -> None:
    browser = signed_in(kept.people[who])
    addresses = {kept.at(address) for places in PLACES.values() for address, _ in places}

    for address in [*addresses, "/fellows", "/home", "/digests"]:
        page = browser.get(address)
        shown = words(page) if page.status_code == 200 else ""
        assert not [word for word in PRIVATE if word in shown], address
