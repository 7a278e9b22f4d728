"""A form that confirms something acts on what its page showed, or on nothing: 409, with both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from lms.cases.models import StoredCase
from lms.cases.services import load_cases
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.mentoring.wishing.services import take_back
from lms.panels.models import Panelist
from lms.people.models import Role, User
from lms.program.models import Cohort, Membership, Mentorship
from lms.quizzes.arranging import services as arranging
from lms.quizzes.models import Assignment
from tests.cases.texts import case_file, load, publisher
from tests.factories import day_of, make_user
from tests.reading import words
from tests.signin.helpers import sight_of, token_of
from tests.test_access import (
    CONFIRMING,
    PANEL_CASE,
    World,
    addresses,
    entered,
    fingerprint,
    make_world,
)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NEWCOMER = "newcomer@example.org"

PROPOSAL = case_file("ward", title="Ward", takeaway="Another.")

TERMS = {
    "cohort_id": "{cohort_id}",
    "opens_at": "2083-01-04T08:00",
    "due_at": "2083-01-11T17:00",
    "closes_at": "2083-01-18T17:00",
    "attempts_allowed": "1",
    "feedback": "closed",
}


@pytest.fixture
def world(app: Flask) -> World:
    """One of everything, with something to publish, and a mail that nobody knows to have come."""
    with app.app_context():
        world = make_world()
        load(case_file("ward", title="Ward"))
        ward = select(StoredCase.id).where(StoredCase.slug == "ward")
        world.arguments["ward_id"] = db.session.scalars(ward).one()
        with transaction():
            load_cases(publisher(), [PROPOSAL], now=utcnow())
            mail = update(Message).where(Message.id == world.arguments["message_id"])
            db.session.execute(mail.values(state=MailState.UNCERTAIN, tries=1))
    return world


def another_case(world: World) -> None:
    present = world.arguments["case_id"]
    others = select(StoredCase.id).where(StoredCase.id != present, StoredCase.slug != PANEL_CASE)
    case_id = db.session.scalars(others).first()
    quiz_id = world.arguments["quiz_id"]
    arranging.add_case(world.people["faculty"], quiz_id, case_id, now=utcnow())


def another_proposal(_world: World) -> None:
    load_cases(publisher(), [case_file("ward", title="Ward", takeaway="A third.")], now=utcnow())


def newcomer_is_there(_world: World) -> None:
    make_user(Role.FELLOW, email=NEWCOMER, name="Dr. New")


def a_later_closing(_world: World) -> None:
    later = {"closes_at": Assignment.closes_at, "attempts_allowed": 4}
    db.session.execute(update(Assignment).values(**later))


def one_panelist_more(_world: World) -> None:
    db.session.execute(update(Panelist).values(answered_at=utcnow()))


def mentorship_ends(_world: World) -> None:
    last = day_of(utcnow() + timedelta(days=50))
    db.session.execute(update(Mentorship).values(ends_on=last))


def membership_ends(_world: World) -> None:
    last = day_of(utcnow() + timedelta(days=50))
    db.session.execute(update(Membership).values(ends_on=last))


def another_name(world: World) -> None:
    renamed = update(User).where(User.id == world.arguments["user_id"]).values(name="Dr. Other")
    db.session.execute(renamed)


def sent_once_more(_world: World) -> None:
    db.session.execute(update(Message).values(tries=2))


def taken_back(world: World) -> None:
    take_back(world.people["mentor"], world.arguments["wish_id"], now=utcnow())


@dataclass(frozen=True)
class Confirmation:
    """A form: who sends it, on which page it stands, where it goes with what.

    `meanwhile` is what somebody else does before it is sent; `both` what is said of it then.
    """

    by: str
    page: str
    to: str
    meanwhile: Callable[[World], None]
    both: str
    data: dict[str, str]


SURE = {
    "dates.change": {"do": "change", "opens_at": "2001-01-01T08:00", "feedback": "graded"},
    "handover.hand_over": {"starts_on": "2083-01-01"},
    "writing.write": {"do": "send"},
    "reopening.reopen": {"until": "2083-01-01T08:00", "reason": "A device failed."},
    "wishing.decline": {"reason": "The rotation comes first."},
}
"""What makes a form sure that asks first otherwise, or wants something of its own."""

QUIZ = "/quizzes/{quiz_id}"
MEMBER = "/memberships/{membership_id}"
PERSON = "/people/{user_id}"
PANEL = f"/bank/{PANEL_CASE}/panel"
CASE_OUT = QUIZ + "/cases/{case_id}/remove"
ITEM_OUT = QUIZ + "/items/{item_id}/remove"
MENTOR = MEMBER + "/mentors/{mentorship_id}"
END = {"m{mentorship_id}-ends_on": "2083-01-01"}
SHORT_QUIZ = "/short-quizzes/{wish_id}"
NOT_NOW = {"reason": "The rotation comes first."}
GONE = "State Waits for a director Taken back"
MORE = "in 1 case"
TAG, ASK, RETIRE = (f"/chosen/{act}?case={{ward_id}}" for act in ("tag", "ask", "retire"))
WARD = {"case": "{ward_id}"}
PROPOSED = "version 2 proposed Version 1 in use; version 3 proposed"

FORMS = {
    "assign": Confirmation(
        "faculty", QUIZ + "/assign", QUIZ + "/assign", another_case, MORE, TERMS
    ),
    "draw": Confirmation(
        "faculty", QUIZ, QUIZ + "/blueprint", another_case, MORE, TERMS | {"items": "4"}
    ),
    "take a case out": Confirmation("faculty", QUIZ, CASE_OUT, another_case, MORE, {}),
    "archive": Confirmation("faculty", QUIZ, QUIZ + "/archive", another_case, MORE, {}),
    "publish": Confirmation(
        "faculty",
        "/bank/ward/versions/2/publish",
        "/bank/ward/versions/2/publish",
        another_proposal,
        "Proposed Version 2 Version 3",
        {"changes_right": "no"},
    ),
    "withdraw": Confirmation(
        "faculty",
        "/assignments/{assignment_id}",
        "/assignments/{assignment_id}/withdraw",
        a_later_closing,
        "Attempts 1 4",
        {},
    ),
    "tag cases": Confirmation(
        "faculty", TAG, "/chosen/tag", another_proposal, PROPOSED, {"tag": "setting-clinic"} | WARD
    ),
    "ask about cases": Confirmation(
        "faculty",
        ASK,
        "/chosen/ask",
        another_proposal,
        PROPOSED,
        {"reviewer": "{reviewer_id}"} | WARD,
    ),
    "retire cases": Confirmation(
        "faculty",
        RETIRE,
        "/chosen/retire",
        another_proposal,
        PROPOSED,
        {"why": "It is old."} | WARD,
    ),
    "close a panel": Confirmation(
        "faculty", PANEL, PANEL + "/close", one_panelist_more, "Answered 0 1", {}
    ),
    "end a mentorship": Confirmation(
        "director", MEMBER, MENTOR + "/end", mentorship_ends, "To Open", END
    ),
    "end a membership": Confirmation(
        "director", MEMBER, MEMBER + "/end", membership_ends, "To Open", {"ends_on": "2083-01-01"}
    ),
    "disable": Confirmation("director", PERSON, PERSON + "/disable", another_name, "Dr. Other", {}),
    "give roles": Confirmation(
        "director", PERSON, PERSON + "/roles", another_name, "Dr. Other", {"roles": "director"}
    ),
    "give a short quiz": Confirmation(
        "director", SHORT_QUIZ, SHORT_QUIZ + "/approve", taken_back, GONE, {}
    ),
    "decline a short quiz": Confirmation(
        "director", SHORT_QUIZ, SHORT_QUIZ + "/decline", taken_back, GONE, NOT_NOW
    ),
    "settle a mail": Confirmation(
        "director",
        "/records",
        "/records/mails/{message_id}",
        sent_once_more,
        "Tries 1 2",
        {"decision": "again"},
    ),
}


def filled(world: World, text: str) -> str:
    return text.format(**world.arguments)


def shown_form(page: TestResponse, url: str) -> dict[str, str]:
    """Return what the form of *page* that is sent to *url* carries."""
    return {"csrf_token": token_of(page), **sight_of(page, url)}


def check_refused(app: Flask, send: Callable[[], TestResponse], both: str) -> None:
    """Check that nothing is done, and that the answer says what was shown and what is."""
    before = fingerprint(app)

    answer = send()

    assert answer.status_code == 409, answer.text
    assert "This has changed since you opened the page, so nothing was done." in words(answer)
    assert both in words(answer)
    assert fingerprint(app) == before


@pytest.mark.parametrize("name", FORMS)
def test_what_changed_since_the_page_was_made_is_not_acted_on(
    app: Flask, world: World, name: str
) -> None:
    form = FORMS[name]
    client = entered(app, world, form.by)
    url = filled(world, form.to)
    data = {filled(world, key): filled(world, value) for key, value in form.data.items()}
    data |= shown_form(client.get(filled(world, form.page)), url)
    with app.app_context(), transaction():
        form.meanwhile(world)

    check_refused(app, lambda: client.post(url, data=data), form.both)


COHORT = "/cohorts/{cohort_id}"
INVITED = PANEL + "/panelists/{panelist_id}"
RENAMED = {
    "cohort-name": "Renamed",
    "cohort-starts_on": "{cohort_starts}",
    "cohort-ends_on": "{cohort_ends}",
}
MENDED = {"person-name": "Dr. Mended", "person-email": "mended@example.org"}

TWICE = {
    "disable": ("director", PERSON, PERSON + "/disable", {}),
    "give roles": ("director", PERSON, PERSON + "/roles", {"roles": ["fellow", "faculty"]}),
    "mend": ("director", PERSON, PERSON, MENDED),
    "profession": (
        "director",
        PERSON,
        PERSON + "/profession",
        {"discipline": "", "clinician": "y"},
    ),
    "archive": ("faculty", QUIZ, QUIZ + "/archive", {}),
    "close a panel": ("faculty", PANEL, PANEL + "/close", {}),
    "withdraw an invitation": ("faculty", PANEL, INVITED + "/withdraw", {}),
    "decline a short quiz": ("director", SHORT_QUIZ, SHORT_QUIZ + "/decline", NOT_NOW),
    "take back a short quiz": ("mentor", SHORT_QUIZ, SHORT_QUIZ + "/take-back", {}),
    "have a mail sent again": (
        "director",
        "/records",
        "/records/mails/{message_id}",
        {"decision": "again"},
    ),
    "note a mail as delivered": (
        "director",
        "/records",
        "/records/mails/{message_id}",
        {"decision": "delivered"},
    ),
    "mend a cohort": ("director", COHORT, COHORT, RENAMED),
    "end a mentorship": ("director", MEMBER, MENTOR + "/end", END),
    "end a membership": ("director", MEMBER, MEMBER + "/end", {"ends_on": "{ends_on}"}),
}
"""Who sends which form on which page to where, with what."""


def filled_data(app: Flask, world: World, data: dict[str, Any]) -> dict[str, Any]:
    with app.app_context():
        last = db.session.get_one(Membership, world.arguments["membership_id"]).starts_on
        cohort = db.session.get_one(Cohort, world.arguments["cohort_id"])
    known = world.arguments | {
        "ends_on": last.isoformat(),
        "cohort_starts": cohort.starts_on.isoformat(),
        "cohort_ends": cohort.ends_on.isoformat(),
    }
    return {
        key.format(**known): words if isinstance(words, list) else words.format(**known)
        for key, words in data.items()
    }


@pytest.mark.parametrize("name", TWICE)
def test_who_presses_twice_is_told_that_it_is_done_and_it_is_done_once(
    app: Flask, world: World, name: str
) -> None:
    by, page, to, data = TWICE[name]
    client, url = entered(app, world, by), filled(world, to)
    held = filled_data(app, world, data) | shown_form(client.get(filled(world, page)), url)
    before = fingerprint(app)

    first = client.post(url, data=held)
    done = fingerprint(app)
    second = client.post(url, data=held)

    assert first.status_code == second.status_code, words(second)
    assert first.status_code in {302, 303}, words(first)
    assert first.location == second.location
    assert before != done == fingerprint(app)


def test_a_second_press_does_nothing_if_more_has_changed_than_the_first_did(
    app: Flask, world: World
) -> None:
    client, url = entered(app, world, "director"), filled(world, PERSON + "/disable")
    held = shown_form(client.get(filled(world, PERSON)), url)
    client.post(url, data=held)
    with app.app_context(), transaction():
        another_name(world)

    check_refused(app, lambda: client.post(url, data=held), "Dr. Other")


def test_a_roster_is_imported_as_it_was_shown_or_not_at_all(app: Flask, world: World) -> None:
    client = entered(app, world, "director")
    text = f"email,name,roles\n{NEWCOMER},Dr. New,fellow\n"
    asked = {"csrf_token": token_of(client.get("/roster")), "text": text}
    checked = client.post("/roster", data=asked)
    data = shown_form(checked, "/roster/import") | {"text": text}
    with app.app_context(), transaction():
        newcomer_is_there(world)

    url = "/roster/import"
    check_refused(app, lambda: client.post(url, data=data), "Invite as fellow. Nothing new.")


def test_what_was_shown_is_acted_on_and_seen_again_after_a_change(app: Flask, world: World) -> None:
    client = entered(app, world, "faculty")
    url = filled(world, QUIZ + "/assign")
    terms = {key: filled(world, value) for key, value in TERMS.items()}
    stale = terms | shown_form(client.get(url), url)
    with app.app_context(), transaction():
        another_case(world)

    refused = client.post(url, data=stale)
    again = client.post(url, data=terms | shown_form(refused, url))

    assert 'value="2083-01-04T08:00"' in refused.text, "what was typed stays"
    assert again.status_code == 302


def test_a_form_that_does_not_say_what_was_shown_confirms_nothing(app: Flask, world: World) -> None:
    clients: dict[str, FlaskClient] = {}
    let_through: list[Any] = []
    before = fingerprint(app)
    for rule, method, url in addresses(app, world):
        if method != "POST" or rule.endpoint not in CONFIRMING:
            continue
        for by in ("faculty", "director"):
            client = clients.setdefault(by, entered(app, world, by))
            answer = client.post(
                url.replace("/invite", "/disable"),
                data={
                    "csrf_token": token_of(client.get("/settings")),
                    "decision": "again",
                    "ends_on": "2083-01-01",
                    "m1-ends_on": "2083-01-01",
                    "discipline": "",
                    "cohort_id": filled(world, "{cohort_id}"),
                    "items": "4",
                    "text": "email\n",
                    "people": NEWCOMER,
                    "person-name": "Dr. New",
                    "person-email": NEWCOMER,
                    "cohort-name": "Another",
                    "cohort-starts_on": "2026-07-01",
                    "cohort-ends_on": "2027-06-30",
                    "roles": "director",
                    "reviewers": filled(world, "{reviewer_id}"),
                    "why": "It is old.",
                    "statement": "It is otherwise.",
                    "source": "Another journal, 2025.",
                    "read": "all",
                    "case": filled(world, "{case_id}"),
                    "person_id": str(world.people["other_mentor"].id),
                    "mentors": str(world.people["mentor"].id),
                    "kind": "numeric",
                    "tag": "setting-clinic",
                    "reviewer": filled(world, "{reviewer_id}"),
                    **{key: filled(world, value) for key, value in TERMS.items()},
                    **SURE.get(rule.endpoint, {}),
                },
            )
            let_through += (
                [(rule.endpoint, by)] if answer.status_code not in {403, 404, 409} else []
            )

    assert let_through == []
    assert fingerprint(app) == before
