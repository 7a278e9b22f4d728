"""What stands in PDFs, who may have one made, and what a worker does where it cannot."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.jobs import tasks
from lms.jobs.models import Job, JobState
from lms.jobs.services import try_again
from lms.mentoring.printing.models import Printout, PrintoutKind
from lms.mentoring.printing.services import KEPT, NotReadAnyMore
from lms.mentoring.printing.tasks import forget_printouts
from lms.mentoring.printing.typesetting import CannotTypeset
from lms.people.models import Role
from lms.people.queries import user_by_id
from lms.supervision.services import accommodate
from question_bank.terms import Feedback
from tests.factories import day_of, make_user
from tests.mentoring.printing.factories import (
    AGREED,
    NOTES,
    Printed,
    asked,
    ended,
    facts_of,
    kept,
    made,
    make_printed,
    text_of,
)
from tests.progress.factories import PHARM, earned, take

pytestmark = pytest.mark.usefixtures("in_app")

REPORT, PROGRESS, PREPARATION = PrintoutKind

DAY = timedelta(days=1)


@pytest.fixture
def printed(in_app: Flask) -> Printed:
    return make_printed()


def job(job_id: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_a_mentors_report_says_on_paper_what_its_page_says(printed: Printed, tmp_path) -> None:
    pdf = made(printed.mentor, printed.fellow, REPORT)
    said = text_of(pdf)

    for words in (
        "Dr. Amara Okafor",
        "Class of 2027",
        "for Dr. Lena Hargrove",
        "(Eastern)",
        "Conversions between opioids.",
        "Late rounds is one day overdue.",
        "18 of 20 90%",
        "70 to 97%",
        "6 of 15 40%",
        "2 of 3 Too few for a share (10 needed)",
        "Stop it before the block.",
        "Know which blocks need the anticoagulant stopped.",
        "Pace activity.",
        NOTES,
        AGREED,
        "Anticoagulants and blocks. 24 of 35 correct",
        "Quiz results alone must not decide a milestone level or a promotion.",
    ):
        assert words in said, words
    facts = facts_of(pdf, tmp_path)
    pages = int(facts["Pages"])
    assert pages > 1
    assert all(f"{number} of {pages}" in said for number in range(1, pages + 1))
    assert facts["Title"] == "Report on Dr. Amara Okafor"
    assert facts["Tagged"] == "yes"


def test_a_director_reads_on_paper_that_they_met_and_neither_notes_nor_own_words(
    printed: Printed,
) -> None:
    said = text_of(made(printed.people["director"], printed.fellow, REPORT))

    assert "with Dr. Lena Hargrove" in said
    for words in (NOTES, AGREED, "Conversions"):
        assert words not in said


def test_a_fellow_has_the_own_progress_on_paper_without_a_verdict(printed: Printed) -> None:
    said = text_of(made(printed.fellow, printed.fellow, PROGRESS))

    assert "Progress of" in said
    assert "18 of 20 90%" in said
    assert "Pace activity." in said
    for words in ("What there is to say", "The chance that", AGREED):
        assert words not in said


def test_nothing_of_a_key_that_waits_is_on_paper(printed: Printed) -> None:
    with transaction():
        marks = {PHARM: earned(0, 5)}
        take(
            printed.fellow,
            utcnow() - 2 * DAY,
            marks,
            takeaway="A lesson that waits.",
            feedback=Feedback.CLOSED,
        )

    for owner, kind in (
        (printed.mentor, REPORT),
        (printed.mentor, PREPARATION),
        (printed.fellow, PROGRESS),
    ):
        said = text_of(made(owner, printed.fellow, kind))
        assert "A lesson that waits." not in said
        assert "Why second of item-" not in said
        assert ("5 items are in quizzes" in said) is (kind is PROGRESS)


@pytest.mark.parametrize("kind", [REPORT, PREPARATION])
def test_an_accommodation_changes_nothing_on_paper(printed: Printed, kind: PrintoutKind) -> None:
    def lines() -> list[str]:
        said = text_of(made(printed.mentor, printed.fellow, kind))
        return [word for word in said.split() if ":" not in word]

    before = lines()
    with transaction():
        accommodate(
            printed.people["director"], printed.fellow.id, percent=200, days=10,
            reason="Certified", starts_on=day_of(utcnow()) - 30 * DAY, now=utcnow(),
        )  # fmt: skip

    assert lines() == before


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("stranger", REPORT),
        ("other_fellow", REPORT),
        ("fellow", REPORT),
        ("stranger", PREPARATION),
        ("director", PREPARATION),
        ("fellow", PREPARATION),
        ("mentor", PROGRESS),
        ("director", PROGRESS),
        ("other_fellow", PROGRESS),
    ],
)
def test_nobody_else_has_it_made(printed: Printed, who: str, kind: PrintoutKind) -> None:
    with pytest.raises(NotFound):
        asked(printed.people[who], printed.fellow, kind)

    assert db.session.scalars(db.select(Job.id)).all() == []


def test_nothing_is_made_once_the_mentorship_has_ended(printed: Printed) -> None:
    job_id = asked(printed.mentor, printed.fellow, REPORT)
    ended(printed.mentor, date(2026, 7, 31))

    with pytest.raises(NotReadAnyMore):
        tasks.run(job_id)

    assert job(job_id).error == NotReadAnyMore.message
    assert kept(job_id) is None


def test_nothing_is_made_for_who_may_not_sign_in_any_more(printed: Printed) -> None:
    job_id = asked(printed.people["director"], printed.fellow, REPORT)
    with transaction():
        user_by_id(printed.people["director"].id).disabled_at = utcnow()

    with pytest.raises(NotReadAnyMore):
        tasks.run(job_id)


def test_what_is_under_way_is_not_asked_for_twice(printed: Printed) -> None:
    first = asked(printed.mentor, printed.fellow, REPORT)

    assert asked(printed.mentor, printed.fellow, REPORT) == first
    assert asked(printed.mentor, printed.fellow, PREPARATION) != first
    assert asked(printed.people["director"], printed.fellow, REPORT) != first


def test_who_asks_anew_has_the_newest_only(printed: Printed) -> None:
    first = asked(printed.mentor, printed.fellow, REPORT)
    tasks.run(first)

    second = asked(printed.mentor, printed.fellow, REPORT)
    tasks.run(second)

    assert second != first
    assert kept(first) is None
    assert kept(second) is not None


def test_a_pdf_is_kept_for_a_day(printed: Printed) -> None:
    job_id = asked(printed.mentor, printed.fellow, REPORT)
    tasks.run(job_id)
    waiting = asked(printed.people["director"], printed.fellow, REPORT)
    forget_printouts()
    assert kept(job_id) is not None

    with transaction():
        db.session.execute(db.update(Printout).values(made_at=utcnow() - KEPT).where(made_ones()))
    forget_printouts()

    assert db.session.scalars(db.select(Printout.job_id)).all() == [waiting]


def made_ones():
    return Printout.pdf.is_not(None)


@pytest.fixture
def without_pango(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine has a file in the place of a library that Pango needs, which is none."""
    (tmp_path / "libgobject-2.0.so.0").touch()
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))


def test_without_pango_the_job_says_what_the_machine_lacks_and_goes_on_once_it_is_there(
    printed: Printed, without_pango: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = asked(printed.mentor, printed.fellow, REPORT)
    with pytest.raises(CannotTypeset):
        tasks.run(job_id)
    failed = job(job_id)
    assert (failed.state, failed.error) == (JobState.FAILED, CannotTypeset.message)

    monkeypatch.delenv("LD_LIBRARY_PATH")
    with transaction():
        try_again(printed.mentor, job_id, now=utcnow())
    tasks.run(job_id)

    assert kept(job_id) is not None


def test_names_and_words_are_set_as_they_were_typed(tmp_path) -> None:
    name = "Dr. Łukasz Nguyễn-Ørsted <b>& Søn"
    with transaction():
        fellow = make_user(Role.FELLOW, name=name)

    pdf = made(fellow, fellow, PROGRESS)

    assert name in text_of(pdf)
    assert facts_of(pdf, tmp_path)["Title"] == f"Progress of {name}"
