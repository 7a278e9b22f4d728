"""Asking for a PDF, fetching it, and the page that prepares a meeting."""

from datetime import date, timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.mentoring.looks import looks_at
from lms.mentoring.printing.models import Printout
from lms.mentoring.printing.services import KEPT
from lms.mentoring.printing.tasks import forget_printouts
from lms.people.models import User
from tests.mentoring.printing.factories import (
    AGREED,
    NOTES,
    SAID,
    Printed,
    ended,
    make_printed,
    run,
    text_of,
)
from tests.progress.statements import counted
from tests.reading import place_of, words
from tests.signin.helpers import token_of


@pytest.fixture
def printed(app: Flask) -> Printed:
    with app.app_context():
        return make_printed()


def pressed(browser, page: str, action: str) -> TestResponse:
    """Return the answer to the button with that action on *page*."""
    shown = browser.get(page)
    assert f'action="{action}"' in shown.text
    return browser.post(action, data={"csrf_token": token_of(shown)})


def looked(app: Flask, fellow: User) -> list[str]:
    with app.app_context():
        return [look.name for look in looks_at(fellow, 1)]


def test_a_mentor_asks_for_a_pdf_of_the_report_and_downloads_it(
    app: Flask, printed: Printed, signed_in
) -> None:
    browser, report = signed_in(printed.mentor), f"/fellows/{printed.fellow.id}"
    answer = pressed(browser, report, f"{report}/pdf")
    waiting = browser.get(place_of(answer)).text

    run(app, 1)
    done = browser.get(place_of(answer))
    file = browser.get("/printouts/1.pdf")

    assert "PDF made" in done.text
    assert place_of(answer) == "/jobs/1"
    assert "/printouts/1.pdf" not in waiting
    assert 'href="/printouts/1.pdf"' in done.text
    assert "Report on Dr. Amara Okafor" in words(done)
    assert "It can be fetched until" in words(done)
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["Content-Disposition"].startswith("attachment; filename=report-")
    assert "Dr. Amara Okafor" in text_of(file.data)


def test_a_fellow_asks_for_the_own_progress(app: Flask, printed: Printed, signed_in) -> None:
    browser = signed_in(printed.fellow)
    pressed(browser, "/progress", "/progress/pdf")

    run(app, 1)

    assert "Progress of" in text_of(browser.get("/printouts/1.pdf").data)
    assert looked(app, printed.fellow) == []


def test_whoever_did_not_ask_for_it_finds_neither_job_nor_pdf(
    app: Flask, printed: Printed, signed_in
) -> None:
    report = f"/fellows/{printed.fellow.id}"
    pressed(signed_in(printed.mentor), report, f"{report}/pdf")
    run(app, 1)

    for who in ("fellow", "director", "stranger", "other_fellow"):
        browser = signed_in(printed.people[who])
        for address in ("/jobs/1", "/jobs/1/status", "/printouts/1.pdf"):
            assert browser.get(address).status_code == 404, (who, address)


def test_it_is_refused_to_a_mentor_whose_mentorship_ended_since_it_was_made(
    app: Flask, printed: Printed, signed_in
) -> None:
    browser, report = signed_in(printed.mentor), f"/fellows/{printed.fellow.id}"
    pressed(browser, report, f"{report}/pdf")
    run(app, 1)
    with app.app_context():
        ended(printed.mentor, date(2026, 7, 31))

    assert browser.get("/printouts/1.pdf").status_code == 404


def test_to_fetch_it_is_a_look_at_the_report(app: Flask, printed: Printed, signed_in) -> None:
    browser, report = signed_in(printed.mentor), f"/fellows/{printed.fellow.id}"
    pressed(browser, report, f"{report}/pdf")
    run(app, 1)
    yesterday = utcnow() - timedelta(days=1)
    with app.app_context(), transaction():
        db.session.execute(db.update(AuditEvent).values(at=yesterday))
    before = looked(app, printed.fellow)

    browser.get("/printouts/1.pdf")
    browser.get("/printouts/1.pdf")

    assert before == ["Dr. Lena Hargrove"]
    assert looked(app, printed.fellow) == ["Dr. Lena Hargrove"] * 2


def test_what_is_not_kept_any_more_is_said_to_be(app: Flask, printed: Printed, signed_in) -> None:
    browser, report = signed_in(printed.mentor), f"/fellows/{printed.fellow.id}"
    pressed(browser, report, f"{report}/pdf")
    run(app, 1)
    with app.app_context():
        with transaction():
            db.session.execute(db.update(Printout).values(made_at=utcnow() - KEPT))
        forget_printouts()

    answer = browser.get("/printouts/1.pdf")

    assert place_of(answer) == "/jobs/1"
    assert "This PDF is not kept any more." in words(browser.get("/jobs/1"))


def test_the_page_prepares_a_meeting_phase_by_phase(
    app: Flask, printed: Printed, signed_in
) -> None:
    browser = signed_in(printed.mentor)
    report = browser.get(f"/fellows/{printed.fellow.id}")
    page = browser.get(f"/fellows/{printed.fellow.id}/prepare")
    said = words(page)

    assert f'href="/fellows/{printed.fellow.id}/prepare"' in report.text
    phases = ["React", "Content", "Coach", "Change"]
    assert [each for each in said.split() if each in phases] == phases
    assert page.text.count('class="list asked"') == 4
    for phrase in (
        " ".join(SAID.split()),
        "Late rounds is one day overdue.",
        "18 of 20",
        "20 to 64%",
        "2 of 3",
        AGREED,
        "one of 5 answered yet; 4 more right are needed",
        "What came of what you agreed last?",
    ):
        assert phrase in said, phrase
    assert NOTES not in said
    assert said.index("Conversions") < said.index("18 of 20")


def test_the_page_is_its_mentors_alone_and_a_look_at_the_report(
    app: Flask, printed: Printed, signed_in
) -> None:
    address = f"/fellows/{printed.fellow.id}/prepare"

    status = {who: signed_in(each).get(address).status_code for who, each in printed.people.items()}

    assert status == {
        "fellow": 403, "other_fellow": 403, "mentor": 200, "stranger": 404, "director": 403,
    }  # fmt: skip
    assert looked(app, printed.fellow) == ["Dr. Lena Hargrove"]


def test_what_prepares_a_meeting_stands_on_one_page_of_paper(
    app: Flask, printed: Printed, signed_in
) -> None:
    browser, address = signed_in(printed.mentor), f"/fellows/{printed.fellow.id}/prepare"
    pressed(browser, address, address)

    run(app, 1)

    said = text_of(browser.get("/printouts/1.pdf").data)
    assert "1 of 1" in said
    for phrase in ("React", "Conversions", "18 of 20", "20 to 64%", AGREED, "We agree that"):
        assert phrase in said, phrase
    assert NOTES not in said


def test_the_page_takes_a_fixed_number_of_statements(
    app: Flask, printed: Printed, signed_in
) -> None:
    browser, counts = signed_in(printed.mentor), []
    for _ in range(2):
        with counted(app) as statements:
            assert browser.get(f"/fellows/{printed.fellow.id}/prepare").status_code == 200
        counts.append(len(statements))

    assert counts[0] >= counts[1]
    assert counts[1] < 70
