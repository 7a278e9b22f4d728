"""Who may open what: every route with every role, and other people's objects."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, true, update
from werkzeug.routing import Rule

from lms.attempts import services as attempts
from lms.authoring.reviews import judging
from lms.cases.adding_facts import add_fact
from lms.cases.content import starter_files
from lms.cases.images import drawing_address
from lms.cases.models import StoredCase
from lms.cases.services import load_cases
from lms.core.clock import utcnow
from lms.core.db import Base, db, transaction
from lms.mentoring.digests.services import compose_digest
from lms.mentoring.goals.services import propose_goal
from lms.mentoring.goals.wishes import GoalWish
from lms.mentoring.meetings.services import Talk, note_meeting
from lms.panels import services as panels
from lms.panels.models import Panelist
from lms.people.models import Role, User
from lms.program import allowing
from lms.program.models import Membership, Mentorship
from lms.quizzes import queries as quiz_queries
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services as quizzes
from lms.quizzes.assigning.services import AssignmentTerms, assign
from lms.rosters.importing_by_steps import ask_for_import
from lms.signin import sessions
from lms.signin.access import ANYONE, SIGNED_IN
from question_bank.goals import Measure
from tests.authoring.reviews.factories import answered, make_draft, sent
from tests.cases.texts import publisher
from tests.factories import day_of, make_cohort, make_mentorship, make_user
from tests.mentoring.wishing.factories import make_waiting_wish
from tests.panels.factories import panel_case
from tests.signin.helpers import token_of

STAFF = frozenset({Role.FACULTY, Role.DIRECTOR})


DIRECTOR = frozenset({Role.DIRECTOR})


MENTOR = frozenset({Role.MENTOR})


FELLOW = frozenset({Role.FELLOW})


EXPECTED: dict[str, object] = {
    "accounts.change_password": SIGNED_IN,
    "accounts.change_person": DIRECTOR,
    "accounts.change_profession": DIRECTOR,
    "accounts.change_roles": DIRECTOR,
    "accounts.end_session": SIGNED_IN,
    "signin.forgot": ANYONE,
    "accounts.invite": DIRECTOR,
    "accounts.mend_person": DIRECTOR,
    "accounts.people": DIRECTOR,
    "accounts.person": DIRECTOR,
    "accounts.settings": SIGNED_IN,
    "signin.sign_in": ANYONE,
    "signin.sign_out": ANYONE,
    "signin.sign_out_everywhere": SIGNED_IN,
    "signin.use_link": ANYONE,
    "taking.begin": FELLOW,
    "taking.case": FELLOW,
    "home.fellow": FELLOW,
    "taking.item": FELLOW,
    "taking.overview": FELLOW,
    "results.result": FELLOW,
    "results.acknowledge_choice": FELLOW,
    "results.say": FELLOW,
    "taking.status": FELLOW,
    "pausing.pause": FELLOW,
    "pausing.resume": FELLOW,
    "taking.submit": FELLOW,
    "freezing.freeze": DIRECTOR,
    "freezing.unfreeze": DIRECTOR,
    "accommodating.show": DIRECTOR,
    "accommodating.add": DIRECTOR,
    "accommodating.end": DIRECTOR,
    "accommodating.add_leave": DIRECTOR,
    "accommodating.end_leave": DIRECTOR,
    "calendar.quiz": FELLOW,
    "calendar.feed": ANYONE,
    "calendar.make": FELLOW,
    "authoring.edit": STAFF,
    "authoring.keep": STAFF,
    "authoring.preview": STAFF,
    "advice.show": STAFF,
    "pictures.add": STAFF,
    "pictures.pictures": STAFF,
    "pictures.say": STAFF,
    "drafts.begin": STAFF,
    "drafts.change_facts": STAFF,
    "drafts.choose_text": STAFF,
    "drafts.conflict": STAFF,
    "drafts.drop": STAFF,
    "drafts.facts": STAFF,
    "drafts.here": STAFF,
    "drafts.new": STAFF,
    "drafts.restore": STAFF,
    "drafts.state": STAFF,
    "drafts.states": STAFF,
    "drafts.take_up": STAFF,
    "drafts.write_fact": STAFF,
    "retyping.kind": STAFF,
    "bank.index": STAFF,
    "bank.case": STAFF,
    "bank.coverage": STAFF,
    "bank.exhibit": SIGNED_IN,
    "together.ask": STAFF,
    "together.retire": STAFF,
    "together.tag": STAFF,
    "health.healthz": ANYONE,
    "health.readyz": ANYONE,
    "marking.answer": STAFF,
    "marking.index": STAFF,
    "digests.digest": MENTOR,
    "digests.index": MENTOR,
    "digests.set_mails": MENTOR,
    "notices.choose": SIGNED_IN,
    "notices.read": SIGNED_IN,
    "notices.see_all": FELLOW,
    "notices.stop": ANYONE,
    "notices.unsubscribe": ANYONE,
    "operations.attempts": DIRECTOR,
    "operations.audit": DIRECTOR,
    "operations.grade_again": DIRECTOR,
    "operations.runs": DIRECTOR,
    "operations.mailbox": ANYONE,
    "operations.open_mailbox": ANYONE,
    "operations.message": ANYONE,
    "operations.message_html": ANYONE,
    "operations.program": DIRECTOR,
    "operations.records": DIRECTOR,
    "operations.refused": DIRECTOR,
    "operations.settle": DIRECTOR,
    "panels.answer": ANYONE,
    "panels.close": STAFF,
    "panels.exhibit": ANYONE,
    "panels.invite": STAFF,
    "panels.panel": STAFF,
    "panels.remind": STAFF,
    "panels.thanks": ANYONE,
    "panels.use_answers": STAFF,
    "panels.withdraw": STAFF,
    "program.add_member": DIRECTOR,
    "program.add_mentor": DIRECTOR,
    "program.cohort": DIRECTOR,
    "program.cohorts": DIRECTOR,
    "rosters.confirm_roster": DIRECTOR,
    "program.end_membership": DIRECTOR,
    "program.end_mentor": DIRECTOR,
    "program.remove_mentor": DIRECTOR,
    "rosters.export": DIRECTOR,
    "deputies.away": MENTOR | DIRECTOR,
    "directing.person": DIRECTOR,
    "handover.hand_over": DIRECTOR,
    "writing.write": DIRECTOR,
    "deputies.end": MENTOR | DIRECTOR,
    "program.member": DIRECTOR,
    "program.mend_cohort": DIRECTOR,
    "program.new_cohort": DIRECTOR,
    "rosters.roster": DIRECTOR,
    "mentoring.cohort": DIRECTOR,
    "mentoring.acknowledge_choice": MENTOR,
    "mentoring.answer": MENTOR,
    "mentoring.fellow": MENTOR | DIRECTOR,
    "mentoring.fellows": MENTOR,
    "acting.goal": ANYONE,
    "acting.not_needed": ANYONE,
    "digests.choose_rhythm": MENTOR,
    "acting.talked": ANYONE,
    "goals.agree": MENTOR | FELLOW,
    "goals.another": MENTOR | FELLOW,
    "goals.decline": MENTOR | FELLOW,
    "goals.goal": MENTOR | FELLOW | DIRECTOR,
    "goals.move": MENTOR,
    "goals.new": MENTOR,
    "wishing.approve": DIRECTOR,
    "wishing.decline": DIRECTOR,
    "wishing.new": MENTOR,
    "wishing.take_back": MENTOR,
    "wishing.wish": MENTOR | FELLOW | DIRECTOR,
    "meetings.change": MENTOR,
    "meetings.index": MENTOR | FELLOW,
    "meetings.meeting": MENTOR | FELLOW,
    "meetings.new": MENTOR,
    "meetings.share": MENTOR | FELLOW,
    "printing.download": FELLOW | MENTOR | DIRECTOR,
    "printing.preparation": MENTOR,
    "printing.prepare": MENTOR,
    "printing.progress": FELLOW,
    "printing.report": MENTOR | DIRECTOR,
    "progress.mine": FELLOW,
    "quizzes.add_case": STAFF,
    "adding.find": STAFF,
    "quizzes.add_item": STAFF,
    "quizzes.archive": STAFF,
    "quizzes.copy": STAFF,
    "quizzes.move_item": STAFF,
    "quizzes.weigh": STAFF,
    "quizzes.assign": STAFF,
    "supervision.assignment": STAFF,
    "supervision.now": STAFF,
    "exporting.answers": DIRECTOR,
    "exporting.items": STAFF,
    "exporting.scores": DIRECTOR,
    "messaging.write": DIRECTOR,
    "supervision.withdraw": STAFF,
    "dates.change": STAFF,
    "audiences.audience": STAFF,
    "extending.extend": STAFF,
    "reopening.reopen": DIRECTOR,
    "quizzes.restore": STAFF,
    "quizzes.fill": STAFF,
    "quizzes.index": STAFF,
    "quizzes.move_case": STAFF,
    "quizzes.new": STAFF,
    "quizzes.preview": STAFF,
    "quizzes.quiz": STAFF,
    "quizzes.remove_case": STAFF,
    "quizzes.remove_item": STAFF,
    "quizzes.rename": STAFF,
    "facts.fact": STAFF,
    "work.index": STAFF,
    "withholding.lift": STAFF,
    "withholding.withhold": STAFF,
    "history.owner": STAFF,
    "history.retire": STAFF,
    "history.versions": STAFF,
    "publishing.publish": STAFF,
    "reviews.change": STAFF,
    "reviews.comment": STAFF,
    "reviews.decide": STAFF,
    "reviews.decline": STAFF,
    "reviews.review": STAFF,
    "sending.send": STAFF,
    "sending.settle": STAFF,
    "sending.take_up_published": STAFF,
    "sending.threads": STAFF,
    "sending.withdraw": STAFF,
    "signing.case": STAFF | MENTOR,
    "signing.queue": STAFF | MENTOR,
    "trying.case": STAFF,
    "trying.draft": STAFF,
    "trying.quiz": STAFF,
    "home.index": SIGNED_IN,
    "jobs.index": SIGNED_IN,
    "jobs.job": SIGNED_IN,
    "jobs.status": SIGNED_IN,
    "jobs.try_again": SIGNED_IN,
}
"""What each page is meant to be open to, written down apart from the code."""


CONFIRMING = {
    "accommodating.end",
    "accommodating.end_leave",
    "accounts.change_person",
    "accounts.change_profession",
    "accounts.change_roles",
    "accounts.mend_person",
    "history.owner",
    "history.retire",
    "drafts.drop",
    "drafts.restore",
    "operations.grade_again",
    "operations.settle",
    "panels.close",
    "panels.invite",
    "panels.remind",
    "panels.use_answers",
    "panels.withdraw",
    "publishing.publish",
    "retyping.kind",
    "reviews.decide",
    "reviews.decline",
    "sending.send",
    "sending.take_up_published",
    "sending.withdraw",
    "signing.case",
    "deputies.end",
    "handover.hand_over",
    "writing.write",
    "program.end_membership",
    "program.end_mentor",
    "program.mend_cohort",
    "program.remove_mentor",
    "quizzes.archive",
    "quizzes.assign",
    "quizzes.fill",
    "quizzes.move_case",
    "quizzes.move_item",
    "quizzes.remove_case",
    "quizzes.remove_item",
    "quizzes.restore",
    "quizzes.weigh",
    "rosters.confirm_roster",
    "supervision.withdraw",
    "dates.change",
    "reopening.reopen",
    "withholding.lift",
    "withholding.withhold",
    "facts.fact",
    "goals.agree",
    "goals.another",
    "goals.decline",
    "goals.move",
    "wishing.approve",
    "wishing.decline",
    "wishing.new",
    "wishing.take_back",
    "meetings.change",
    "meetings.share",
    "messaging.write",
    "together.ask",
    "together.retire",
    "together.tag",
}
"""Forms that end, replace, give out or make public what their page shows: they carry its sight."""

OTHERS = {
    "acting.goal",
    "acting.not_needed",  # of one's own, and once
    "acting.talked",
    "exporting.answers",  # it gives out what it asks for, and tells the fellow so
    "accommodating.add",
    "freezing.freeze",
    "freezing.unfreeze",
    "accommodating.add_leave",
    "pausing.pause",
    "pausing.resume",
    "calendar.make",  # names the address that it replaces
    "drafts.begin",
    "drafts.change_facts",
    "drafts.choose_text",  # carries its sight too, wherever two texts wait
    "drafts.here",
    "drafts.take_up",
    "drafts.write_fact",
    "authoring.keep",
    "pictures.add",
    "pictures.say",
    "accounts.change_password",
    "accounts.end_session",
    "accounts.invite",
    "accounts.settings",
    "audiences.audience",
    "digests.choose_rhythm",
    "digests.set_mails",
    "extending.extend",  # gives only, and the same once
    "notices.choose",
    "notices.see_all",
    "jobs.try_again",
    "marking.answer",  # has its own: the marks that the rater knows of
    "goals.new",
    "meetings.new",
    "mentoring.acknowledge_choice",
    "notices.stop",
    "operations.program",
    "panels.answer",
    "deputies.away",  # adds only, and the same once
    "printing.preparation",
    "printing.progress",
    "printing.report",
    "program.add_member",
    "program.add_mentor",
    "program.new_cohort",
    "quizzes.add_case",
    "quizzes.add_item",
    "quizzes.copy",
    "quizzes.new",
    "quizzes.rename",
    "results.acknowledge_choice",
    "results.say",
    "reviews.change",
    "reviews.comment",
    "reviews.review",
    "rosters.roster",
    "sending.settle",  # it says what the author has answered, and may be said anew
    "signin.forgot",
    "signin.sign_in",
    "signin.sign_out",
    "signin.sign_out_everywhere",
    "signin.use_link",
    "taking.begin",
    "taking.case",
    "taking.item",
    "taking.submit",
    "trying.case",
    "trying.draft",
    "trying.quiz",
}
"""Forms that add something, or concern what is one's own."""


PANEL_CASE = "a-case-for-a-panel"


PANEL_KEY = "platelets"


PERSONAS = ("nobody", "fellow", "mentor", "faculty", "director", "disabled")


@dataclass
class World:
    """One of everything, and somebody in each role; `other_…` have nothing to do with them."""

    people: dict[str, User]
    arguments: dict[str, Any]


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return make_world()


def make_world() -> World:
    now = utcnow()
    with transaction():
        files = [*starter_files()[:3], panel_case(PANEL_CASE)]
        load_cases(publisher(), files, now=now)
        people = {
            "fellow": make_user(Role.FELLOW),
            "other_fellow": make_user(Role.FELLOW),
            "mentor": make_user(Role.MENTOR),
            "other_mentor": make_user(Role.MENTOR),
            "faculty": make_user(Role.FACULTY),
            "director": make_user(Role.DIRECTOR),
            "disabled": make_user(*Role),
        }
        fact = add_fact(people["faculty"], "It is so.", "A journal, 2024.", read="all", now=now)
        people["disabled"].disabled_at = now
        cohort = make_cohort(people["fellow"])
        mentorship = make_mentorship(people["mentor"], people["fellow"])
        membership = db.session.scalars(select(Membership)).one()
        quiz = quizzes.create_quiz(people["faculty"], title="Rounds", now=now)
        case = db.session.scalars(select(StoredCase).where(StoredCase.slug != PANEL_CASE)).first()
        arranging.add_case(people["faculty"], quiz.id, case.id, now=now)
        terms = AssignmentTerms(
            opens_at=now - timedelta(hours=1),
            due_at=now + timedelta(days=1),
            closes_at=now + timedelta(days=2),
        )
        given = assign(people["faculty"], quiz.id, cohort_id=cohort.id, terms=terms, now=now)
        since = day_of(now) - timedelta(days=1)
        more = allowing.add_accommodation(
            people["director"],
            people["fellow"].id,
            percent=200,
            days=0,
            reason="A note.",
            starts_on=since,
            ends_on=None,
            now=now,
        )
        away = allowing.add_leave(
            people["director"],
            people["fellow"].id,
            starts_on=since,
            ends_on=since + timedelta(days=9),
            now=now,
        )
        attempt = attempts.start_attempt(people["fellow"], given.id, now=now)
        panels.invite(people["faculty"], PANEL_CASE, "expert@example.org", now=now)
        panelist = db.session.scalars(select(Panelist)).one()
        ready = make_draft(people["faculty"], slug="sent-to-review")
        reviewer = make_user(Role.FACULTY)
    (review,) = sent(ready, people["faculty"], [reviewer])
    answered(review, reviewer)
    with transaction():
        said = judging.comment(reviewer, review, path="title", quoted="A day", text="?", now=now)
    with transaction():
        digest = compose_digest(people["mentor"].id, "2026-W47", now=now)
        talk = Talk(day_of(now) - timedelta(days=3), agreed="To read.")
        meeting = note_meeting(people["mentor"], people["fellow"].id, talk, now=now)
        wish = GoalWish(
            "To know when to stop.",
            Measure(10, 8, topic="intv-periprocedural-safety"),
            day_of(now) + timedelta(weeks=6),
        )
        goal = propose_goal(people["mentor"], people["fellow"], wish, now=now)
        short_quiz = make_waiting_wish(people["mentor"], people["fellow"], now=now)
        draft = make_draft(people["faculty"], slug="ready-to-be-sent")
        job = ask_for_import(
            people["director"], "email\n", time_zone="UTC", on=day_of(now), now=now
        )
    places = quiz_queries.places_of(given.quiz_version_id)
    arguments = {
        "accommodation_id": more.id,
        "assignment_id": given.id,
        "attempt_id": attempt.id,
        "case_id": case.id,
        "cohort_id": cohort.id,
        "comment_id": said.id,
        "deed": "invite",
        "digest_id": digest.id,
        "draft_id": draft.id,
        "ending": "csv",
        "fact_id": fact.id,
        "fellow_id": people["fellow"].id,
        "goal_id": goal.id,
        "handle": draft.body["stages"][0]["items"][0]["#"],
        "item_id": places[0].item_id,
        "job_id": job.id,
        "key": PANEL_KEY,
        "leave_id": away.id,
        "meeting_id": meeting.id,
        "membership_id": membership.id,
        "mentorship_id": mentorship.id,
        "message_id": digest.message_id,
        "name": "knee-front.svg",
        "address": drawing_address("knee-front.svg"),
        "notice_id": 1,
        "number": 1,
        "panelist_id": panelist.id,
        "position": 1,
        "quiz_id": quiz.id,
        "response_id": 1,
        "review_id": review.id,
        "reviewer_id": reviewer.id,
        "revision": 0,
        "secret": "no-such-secret",
        "session_id": 1,
        "slug": PANEL_CASE,
        "step": "take",
        "token": "no-such-token",
        "user_id": people["fellow"].id,
        "way": "up",
        "wish_id": short_quiz.id,
    }
    return World(people, arguments)


def entered(app: Flask, world: World, persona: str) -> FlaskClient:
    """Return a browser in which *persona* is signed in."""
    client = app.test_client()
    if persona != "nobody":
        with app.app_context(), transaction():
            secret = sessions.start(world.people[persona], browser="test", now=utcnow())
        with client.session_transaction() as session:
            session["_user_id"] = secret
    return client


def addresses(app: Flask, world: World) -> list[tuple[Rule, str, str]]:
    """Return rule, method and address of every route of ours."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        wanted = {name: world.arguments[name] for name in rule.arguments}
        with app.app_context():
            address = adapter.build(rule.endpoint, wanted, method=None)
        found += [(rule, method, address) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return found


def fingerprint(app: Flask) -> dict[str, list[str]]:
    """Return every row of every table, apart from what says that somebody was there."""
    with app.app_context():
        return {
            table.name: sorted(str(row) for row in db.session.execute(select(*kept).where(told)))
            for table in Base.metadata.sorted_tables
            if table.name not in {"draft_visit", "session"}
            for kept in [[each for each in table.columns if each.name != "seen_at"]]
            for told in [
                table.c.action.not_in(["page.refuse", "report.open"])
                if "action" in table.c
                else true()
            ]
        }


def test_every_page_is_open_to_whom_it_is_meant_for(app: Flask) -> None:
    declared = {
        endpoint: view.allowed
        for endpoint, view in app.view_functions.items()
        if endpoint != "static"
    }

    assert declared == EXPECTED


def test_every_form_either_confirms_or_is_known_not_to(app: Flask, world: World) -> None:
    posts = {rule.endpoint for rule, method, _ in addresses(app, world) if method == "POST"}

    assert posts == CONFIRMING | OTHERS


def is_open_to(persona: str, allowed: object) -> bool:
    if allowed == ANYONE:
        return True
    if persona in {"nobody", "disabled"}:
        return False
    return allowed == SIGNED_IN or Role(persona) in allowed


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_route_answers_each_role_as_listed(app: Flask, world: World, persona: str) -> None:
    client = entered(app, world, persona)
    wrong = []
    for rule, method, address in addresses(app, world):
        if method != "GET":
            continue
        page = client.get(address)
        expected = is_open_to(persona, EXPECTED[rule.endpoint])
        if persona in {"nobody", "disabled"} and not expected:
            fine = page.status_code == 302 and "/sign-in" in page.location
        elif expected:
            fine = page.status_code in {200, 302, 303, 404, 409, 410}
        else:
            fine = page.status_code == 403
        if not fine:
            wrong.append((persona, address, page.status_code))

    assert wrong == []


@pytest.mark.parametrize("persona", PERSONAS)
def test_nothing_is_changed_without_a_token(app: Flask, world: World, persona: str) -> None:
    client = entered(app, world, persona)
    before = fingerprint(app)

    statuses = {
        (rule.endpoint, client.open(address, method=method).status_code)
        for rule, method, address in addresses(app, world)
        if method != "GET" and rule.endpoint != "notices.stop"
    }

    assert {status for _, status in statuses} == {403}
    assert fingerprint(app) == before


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_redirect_names_its_own_place_on_the_page(
    app: Flask, world: World, persona: str
) -> None:
    client = entered(app, world, persona)
    token = token_of(client.get("/sign-in" if persona in {"nobody", "disabled"} else "/settings"))
    places = []
    for rule, method, address in addresses(app, world):
        if rule.endpoint != "signin.sign_out":
            page = client.open(address, method=method, headers={"X-CSRFToken": token})
            places += [(method, page.location)] if page.location else []

    assert len(places) > 5
    assert [each for each in places if not urlsplit(each[1]).fragment] == []


@pytest.mark.parametrize("persona", ["fellow", "mentor", "faculty", "director"])
def test_reading_changes_nothing(app: Flask, world: World, persona: str) -> None:
    client = entered(app, world, persona)
    before = fingerprint(app)

    for _rule, method, address in addresses(app, world):
        if method == "GET":
            client.get(address)

    assert fingerprint(app) == before


@pytest.mark.parametrize(
    ("persona", "path"),
    [
        ("other_fellow", "/attempts/{attempt_id}"),
        ("other_fellow", "/attempts/{attempt_id}/cases/1"),
        ("other_fellow", "/attempts/{attempt_id}/result"),
        ("other_fellow", "/attempts/{attempt_id}/status"),
        ("other_fellow", "/assignments/{assignment_id}/begin"),
        ("other_fellow", "/goals/{goal_id}"),
        ("other_fellow", "/goals/{goal_id}/another"),
        ("other_mentor", "/goals/{goal_id}"),
        ("other_mentor", "/goals/{goal_id}/another"),
        ("other_mentor", "/fellows/{fellow_id}/goals/new"),
        ("other_mentor", "/fellows/{fellow_id}"),
        ("other_mentor", "/digests/{digest_id}"),
    ],
)
def test_what_is_somebody_elses_is_not_there(
    app: Flask, world: World, persona: str, path: str
) -> None:
    address = path.format(**world.arguments)
    owner = persona.removeprefix("other_")

    assert entered(app, world, persona).get(address).status_code == 404
    assert entered(app, world, owner).get(address).status_code in {200, 302}


def test_an_ended_mentorship_closes_the_fellows_report(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Mentorship).values(ends_on=day_of(utcnow() - timedelta(days=3))))

    page = entered(app, world, "mentor").get(f"/fellows/{world.arguments['fellow_id']}")

    assert page.status_code == 404


def test_headers_stand_on_every_answer_also_on_errors(app: Flask, world: World) -> None:
    client = entered(app, world, "fellow")
    for address in ("/home", "/", "/no-such-page", "/people", "/healthz", "/static/lms.css"):
        page = client.get(address)
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Referrer-Policy"] == "same-origin"
        if not address.startswith("/static"):
            assert page.headers["Cache-Control"] == "no-store"
