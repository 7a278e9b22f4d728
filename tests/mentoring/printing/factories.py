"""A fellow of whom there is something to print, and PDFs as people read them."""

import subprocess
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.jobs import tasks
from lms.jobs.models import Job
from lms.mentoring.meetings.services import Talk, note_meeting
from lms.mentoring.printing.models import Printout, PrintoutKind
from lms.mentoring.printing.services import ask_for_printout
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.program.models import Mentorship
from lms.results.services import say_in_own_words
from tests.attempts.sitting import YEARS
from tests.factories import day_of, make_cohort, make_fellow, make_mentorship, make_user
from tests.mentoring.goals.factories import agreed, propose
from tests.mentoring.test_verdicts import harm
from tests.progress.factories import (
    EPIDURAL,
    INTV,
    PHARM,
    PSYCH,
    REHAB,
    earned,
    make_given,
    make_topic_case,
    take,
)

DAY = timedelta(days=1)

SAID = "Conversions between opioids.\nThe tables disagree."

NOTES = "We went through two pumps."

AGREED = "Read the guideline on equianalgesic doses."


@dataclass
class Printed:
    """A fellow with answers, words, goals and a meeting, and who may ask for a PDF, or may not."""

    people: dict[str, User]

    @property
    def fellow(self) -> User:
        return self.people["fellow"]

    @property
    def mentor(self) -> User:
        return self.people["mentor"]


def make_printed(now: datetime | None = None) -> Printed:
    """Return them; what was answered was handed in in the days before *now*."""
    now = now or utcnow()
    with transaction():
        people = {
            "fellow": make_fellow("Dr. Amara Okafor"),
            "other_fellow": make_fellow(),
            "mentor": make_user(Role.MENTOR, name="Dr. Lena Hargrove"),
            "stranger": make_user(Role.MENTOR),
            "director": make_user(Role.DIRECTOR, name="Dr. Dana Whitfield"),
        }
        fellow, mentor = people["fellow"], people["mentor"]
        cohort = make_cohort(fellow, name="Class of 2027")
        cohort.ends_on = day_of(now + YEARS)
        make_mentorship(mentor, fellow)
        first = take(
            fellow,
            now - 20 * DAY,
            {PHARM: earned(18, 20), INTV: earned(4, 9), EPIDURAL: earned(2, 6)},
            title="Anticoagulants and blocks",
            takeaway="Stop it before the block.",
        )
        harm(first, 1)
        second = take(
            fellow,
            now - 6 * DAY,
            {REHAB: earned(9, 12), PSYCH: earned(2, 3)},
            title="Pumps and pacing",
        )
        make_given(fellow, [make_topic_case(PHARM, 3)], now - DAY, title="Late rounds")
        say_in_own_words(second.id, SAID, now=now - 5 * DAY)
        talk = Talk(day_of(now - 10 * DAY), NOTES, AGREED)
        note_meeting(mentor, fellow.id, talk, now=now - 10 * DAY)
        due_on = day_of(now + 40 * DAY)
        agreed(mentor, fellow, now=now - 9 * DAY, due_on=due_on)
        propose(mentor, fellow, now=now - 8 * DAY, sentence="Pace activity.", due_on=due_on)
    return Printed(people)


def asked(owner: User, fellow: User, kind: PrintoutKind, now: datetime | None = None) -> int:
    """Return the job that is asked for."""
    with transaction():
        return ask_for_printout(user_by_id(owner.id), fellow.id, kind, now=now or utcnow())


def made(owner: User, fellow: User, kind: PrintoutKind) -> bytes:
    """Return the PDF that a worker makes of it."""
    job_id = asked(owner, fellow, kind)
    tasks.run(job_id)
    pdf = kept(job_id)
    assert pdf is not None, db.session.get_one(Job, job_id).error
    return pdf


def kept(job_id: int) -> bytes | None:
    db.session.rollback()
    return db.session.scalar(db.select(Printout.pdf).where(Printout.job_id == job_id))


def run(app: Flask, job_id: int) -> None:
    with app.app_context():
        tasks.run(job_id)


def ended(mentor: User, on: date) -> None:
    """Have the mentorships of *mentor* end."""
    own = db.update(Mentorship).where(Mentorship.mentor_id == mentor.id)
    with transaction():
        db.session.execute(own.values(ends_on=on))


def text_of(pdf: bytes) -> str:
    """Return what stands in *pdf*, in one line."""
    return " ".join(_poppler("pdftotext", "-layout", "-", "-", given=pdf).split())


def facts_of(pdf: bytes, folder: Path) -> dict[str, str]:
    """Return what *pdf* says of itself: Pages, Title, Tagged and more."""
    file = folder / "facts.pdf"
    file.write_bytes(pdf)
    lines = _poppler("pdfinfo", str(file)).splitlines()
    return {name: said.strip() for name, _, said in (line.partition(":") for line in lines)}


def _poppler(*command: str, given: bytes = b"") -> str:
    done = subprocess.run(command, input=given, capture_output=True, check=True)
    return done.stdout.decode()
