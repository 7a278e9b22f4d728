"""The program in which the year is played: people, cohorts, mentorships, and quizzes to give."""

from collections import deque
from datetime import date, timedelta

import pytest
from flask import Flask

from lms.cases.knowledge import keep_lists
from lms.core.db import db, transaction
from lms.mentoring.digests.services import choose
from lms.people.models import Role, User
from lms.program.allowing import add_leave
from lms.program.blueprint import blueprint
from lms.program.deputies.services import Absence, name_deputy
from lms.program.models import Mentorship, Track
from lms.program.services import (
    add_member,
    create_cohort,
    end_mentorship,
    ensure_tracks,
    start_mentorship,
)
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling.services import create_quiz
from lms.quizzes.assigning.services import AssignmentTerms, assign
from tests.attempts.factories import case_body, choice_item, store_case
from tests.factories import make_user
from tests.mentoring.year.clock import Clock
from tests.mentoring.year.plan import (
    BEGINS,
    EASTERN,
    ENDS,
    TOPICS,
    Plan,
    PlannedBond,
    PlannedQuiz,
    Span,
)

DIRECTOR, FACULTY = "Dr. Roth", "Dr. Brandt"

UNSAFE = "long-term-opioid-stopped-abruptly"

RIGHT, WRONG, HARMFUL = 1, 0, 3
"""Authored options of every item."""


class Stage:
    """The application over a database of its own, whose workers do at once what they are rung for.

    `ids` are the numbers of people, by name; `cohorts` those of both cohorts.
    """

    def __init__(self, app: Flask, plan: Plan, clock: Clock, patch: pytest.MonkeyPatch) -> None:
        self.app, self.plan, self.clock = app, plan, clock
        self.celery = app.extensions["celery"]
        self.celery.set_default()
        self.celery.set_current()
        self.rung: deque[tuple[str, tuple[int | str, ...]]] = deque()
        patch.setattr(self.celery, "send_task", lambda name, args: self.rung.append((name, args)))
        self.ids: dict[str, int] = {}
        self.cohorts: list[int] = []
        self.given: dict[PlannedQuiz, int] = {}
        with app.app_context():
            self._fill()

    def run(self, task: str) -> None:
        """Do a task of the schedule, and all that it rings for."""
        self.celery.tasks[task]()
        self.work_off()

    def work_off(self) -> None:
        """Do what was rung for."""
        while self.rung:
            name, args = self.rung.popleft()
            self.celery.tasks[name](*args)

    def person(self, name: str) -> User:
        """Return somebody, read afresh, with roles."""
        roles = db.joinedload(User.role_rows)
        return db.session.get_one(User, self.ids[name], options=[roles], populate_existing=True)

    def _fill(self) -> None:
        with transaction():
            ensure_tracks(blueprint())
            keep_lists(now=self.clock.now)
            people = [
                (DIRECTOR, Role.DIRECTOR, EASTERN),
                (FACULTY, Role.FACULTY, EASTERN),
                *((each.name, Role.MENTOR, each.zone) for each in self.plan.mentors),
                *((each.name, Role.FELLOW, each.zone) for each in self.plan.fellows),
            ]
            for name, role, zone in people:
                email = f"{name.split()[-1].lower()}@example.org"
                self.ids[name] = make_user(role, name=name, email=email, time_zone=zone).id
        with transaction():
            self._train()
            for bond in self.plan.bonds:
                if bond.first == BEGINS:
                    self._start(bond)
            for mentor in self.plan.mentors:
                if mentor.rhythm:
                    choose(self.person(mentor.name), mentor.rhythm, now=self.clock.now)

    def _train(self) -> None:
        track = db.session.scalars(db.select(Track).order_by(Track.slug)).first()
        assert track is not None
        for name in ("East", "West"):
            cohort = create_cohort(
                self.person(DIRECTOR), track_id=track.id, name=name, starts_on=BEGINS,
                ends_on=ENDS, now=self.clock.now,
            )  # fmt: skip
            self.cohorts.append(cohort.id)
        for each in self.plan.fellows:
            add_member(
                self.person(DIRECTOR), self.cohorts[each.cohort], self.ids[each.name],
                starts_on=BEGINS, now=self.clock.now,
            )  # fmt: skip
            if each.away:
                add_leave(
                    self.person(DIRECTOR), self.ids[each.name], starts_on=each.away.first,
                    ends_on=each.away.last, now=self.clock.now,
                )  # fmt: skip

    def _start(self, bond: PlannedBond) -> None:
        start_mentorship(
            self.person(DIRECTOR), mentor_id=self.ids[bond.mentor],
            fellow_id=self.ids[bond.fellow], starts_on=bond.first, now=self.clock.now,
        )  # fmt: skip

    def hand_over(self, last: date) -> None:
        """Let the mentorships that are planned up to that day end with it, and others follow."""
        with transaction():
            for bond in self.plan.bonds:
                if bond.last == last:
                    row = db.session.scalars(
                        db.select(Mentorship).where(
                            Mentorship.mentor_id == self.ids[bond.mentor],
                            Mentorship.fellow_id == self.ids[bond.fellow],
                        )
                    ).one()
                    now = self.clock.now
                    end_mentorship(self.person(DIRECTOR), row.id, ends_on=last, now=now)
                if bond.first == last + timedelta(days=1) and not bond.away:
                    self._start(bond)

    def let_stand_in(self, deputy: str, away: str, days: Span) -> None:
        """Name a deputy for a mentor who is away on some days."""
        fellows = {self.ids[each.fellow] for each in self.plan.bonds if each.away == away}
        absence = Absence(self.ids[deputy], fellows, *days)
        with transaction():
            name_deputy(self.person(DIRECTOR), self.ids[away], absence, now=self.clock.now)

    def give(self, planned: PlannedQuiz) -> None:
        """Write, assemble and assign a quiz."""
        faculty, now = self.person(FACULTY), self.clock.now
        with transaction():
            quiz = create_quiz(faculty, title=planned.title, now=now)
            for topic in TOPICS:
                slug = f"{'ew'[planned.cohort]}{planned.number}-{topic}"
                item = choice_item("step")
                item["options"][HARMFUL]["harm"] = UNSAFE
                case = store_case(case_body(item, slug=slug) | {"topic": topic})
                arranging.add_case(faculty, quiz.id, case.id, now=now)
            terms = AssignmentTerms(
                opens_at=planned.opens, due_at=planned.due, closes_at=planned.closes, time_limit=60
            )
            cohort_id = self.cohorts[planned.cohort]
            given = assign(faculty, quiz.id, cohort_id=cohort_id, terms=terms, now=now)
            self.given[planned] = given.id
