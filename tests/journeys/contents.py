"""What the site shows: the demonstration, and what it leaves out.

The demonstration's fellow in the middle of a quiz of every item type, another who has its result,
a third who waits for the grade; an essay to mark, a digest, mails in every state; and people who
have nothing yet.
"""

import json
import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, groupby
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import joinedload

from lms import demo
from lms.attempts import services as attempts
from lms.attempts.models import Attempt, AttemptState, Response
from lms.authoring.drafts import starting
from lms.authoring.drafts.services import save
from lms.authoring.reviews import judging
from lms.cases import queries as bank
from lms.cases.content import starter_files
from lms.cases.knowledge import keep_lists
from lms.cases.models import StoredCase
from lms.cases.services import load_cases
from lms.core.aliases import alias_of
from lms.core.clock import local, week_of
from lms.core.db import db, transaction
from lms.core.links import SecretPath
from lms.core.mail import MailState, Message
from lms.demo_answers import demo_answer
from lms.grading import services
from lms.grading.models import Grade, GradeState
from lms.jobs.models import Job, JobState
from lms.jobs.services import STOPPED, begin_step, take_step
from lms.mentoring.digests.models import Digest
from lms.mentoring.digests.queries import KIND
from lms.mentoring.digests.services import compose_digest
from lms.mentoring.goals.services import agree, propose_another, propose_goal
from lms.mentoring.goals.wishes import GoalWish
from lms.mentoring.meetings.services import Talk, note_meeting
from lms.mentoring.printing.models import PrintoutKind
from lms.mentoring.printing.services import ask_for_printout
from lms.mentoring.prompts.services import ask_for_words
from lms.notices.stop_links import stop_path
from lms.panels import services as panels
from lms.panels.answering import answer
from lms.panels.links import INVITATION
from lms.panels.queries import PanelistAnswer, link_of, questions_of
from lms.people.models import Role, User
from lms.people.queries import user_by_email
from lms.program.blueprint import blueprint
from lms.program.models import Membership, Mentorship
from lms.program.services import ensure_tracks
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services as quizzes
from lms.quizzes.assigning import services as assigning
from lms.quizzes.assigning.services import AssignmentTerms
from lms.quizzes.models import Assignment
from lms.rosters.importing_by_steps import ask_for_import
from lms.signin import links
from lms.signin.inviting import invite_user
from lms.signin.models import LinkPurpose
from lms.taking import saving
from lms.taking.incoming_saves import Packet, ShownAnswer
from lms.taking.shown_order import as_shown
from question_bank.goals import Measure
from tests.attempts.kinds import EVERY_KIND, panel_item, unfolding
from tests.authoring.reviews.factories import answered, make_draft, sent
from tests.cases.texts import case_file, publisher
from tests.factories import day_of
from tests.journeys.visits import ROSTER
from tests.mentoring.wishing.factories import make_waiting_wish
from tests.panels.factories import addresses, secrets_of

PEOPLE = {
    "director": demo.DIRECTOR.email,
    "faculty": demo.FACULTY.email,
    "mentor": demo.MENTORS[0].email,
    "fellow": demo.FELLOWS[0].email,
    "graded": demo.FELLOWS[1].email,
    "waiting": demo.FELLOWS[2].email,
    "newcomer": "newcomer@demo.example",
}
"""Who may be signed in, by what they are here for. The newcomer, fellow and mentor, has nothing."""


BANK_CASES = (
    "a-tracing-before-methadone",
    "the-goalkeepers-foot",
    "a-report-on-the-phone",
    "under-the-collarbone",
    "feeding-lying-down",
    "numb-feet-on-the-pedals",
    "after-the-scan",
)
"""Together of every item type, with drawings, tables and stages; the last one is not the bank's."""


PLAIN_CASES = ("every-kind", "unfolds")
"""Of every item type too, in few words; the second one has three stages."""


SAFETY, OPIOIDS = "intv-periprocedural-safety", "pharm-opioid-prescribing"


PANEL_CASE = "asking-for-the-drip"
"""A case of the bank with an item that wants a panel, which is asked."""


def person(who: str) -> User:
    """Return one of `PEOPLE`."""
    return _user(PEOPLE[who])


def _user(email: str) -> User:
    user = user_by_email(email)
    assert user is not None
    return user


def fill(now: datetime) -> tuple[str, dict[str, Any]]:
    """Fill an empty database; return everybody's password, and what stands in addresses."""
    with transaction():
        ensure_tracks(blueprint())
        keep_lists(now=now)
        unfolds = ("unfolds.yaml", json.dumps(unfolding("unfolds")))
        own = (case_file("after-the-scan", panel_item()), case_file("every-kind", *EVERY_KIND))
        assert load_cases(None, starter_files(), now=now).problems == []
        assert load_cases(publisher(), [*own, unfolds], now=now).problems == []
        password = demo.load(now)[0].split()[-1]
    with transaction():
        _invite(PEOPLE["newcomer"], now, Role.FELLOW, Role.MENTOR)
        given = assign(BANK_CASES, "Every kind", now)
        taken = {
            "running": _take("fellow", given, now - timedelta(minutes=5), until=9),
            "graded": _take("graded", given, now - timedelta(minutes=50)),
            "waiting": _take("waiting", given, now - timedelta(minutes=50)),
        }
        for who in ("graded", "waiting"):
            attempts.submit_attempt(person(who), taken[who].id, now=now)
        services.grade_attempt(taken["graded"].id, now=now)
        links_of_panel = _ask_panel(now)
    with transaction():
        digest = _write_mails(now)
        drafts = {
            "draft": starting.of_version(person("faculty"), "every-kind", now=now).id,
            "blank_draft": starting.blank(person("faculty"), now=now).id,
            "odds_draft": _write_at_odds(now),
        }
        arguments = drafts | _arguments(now) | {name: attempt.id for name, attempt in taken.items()}
        given_ids = {"assignment": given.id, "quiz": given.version.quiz_id}
        mails = {"digest": digest.id, "mail": digest.message_id}
    reviews = _ask_reviews(now)
    return password, arguments | given_ids | mails | links_of_panel | reviews


def _ask_reviews(now: datetime) -> dict[str, Any]:
    """Have faculty and director each judge what the other wrote; return what addresses want."""
    found: dict[str, Any] = {}
    for by, of in (("faculty", "director"), ("director", "faculty")):
        with transaction():
            draft = make_draft(person(of), slug=f"written-by-{of}")
        (review,) = sent(draft, person(of), [person(by)])
        answered(review, person(by))
        with transaction():
            said = judging.comment(
                person(by), review, path="title", quoted="A day", text="Which?", now=now
            )
        found |= {f"{of}_draft": draft.id, f"{by}_review": review.id, f"{by}_comment": said.id}
    return found


def _invite(email: str, now: datetime, *roles: Role) -> User:
    zone = "America/New_York"
    name = "Dr. New Comer"
    return invite_user(None, email=email, name=name, roles=roles, time_zone=zone, now=now)


def assign(slugs: tuple[str, ...], title: str, now: datetime) -> Assignment:
    """Give a formative quiz of cases to the cohort of the fellow."""
    faculty = person("faculty")
    quiz = quizzes.create_quiz(faculty, title=title, now=now, formative=True)
    for slug in slugs:
        case = db.session.scalars(select(StoredCase).where(StoredCase.slug == slug)).one()
        arranging.add_case(faculty, quiz.id, case.id, now=now)
    day = timedelta(days=1)
    terms = AssignmentTerms(
        opens_at=now - day, due_at=now + 5 * day, closes_at=now + 9 * day, time_limit=60
    )
    cohort_id = _membership(person("fellow")).cohort_id
    return assigning.assign(faculty, quiz.id, cohort_id=cohort_id, terms=terms, now=now)


def _membership(fellow: User) -> Membership:
    return db.session.scalars(select(Membership).where(Membership.fellow_id == fellow.id)).one()


def _take(who: str, given: Assignment, now: datetime, until: int = 99) -> Attempt:
    """Answer the items up to place *until*, right and wrong in turn, and lock their stages."""
    fellow, chance, right = person(who), random.Random(7), cycle((True, False))
    attempt = attempts.start_attempt(fellow, given.id, now=now, seed=7)
    places = db.session.scalars(
        select(Response)
        .where(Response.attempt_id == attempt.id, Response.position <= until)
        .options(joinedload(Response.item), joinedload(Response.version))
        .order_by(Response.position)
    ).all()
    for _, stage in groupby(places, key=lambda place: (place.case_version_id, place.stage)):
        for place in stage:
            answer = _answer(place, right=next(right), chance=chance)
            packet = Packet("demo", 1, now, ShownAnswer(as_shown(answer, place.order)))
            saving.save_response(fellow, attempt.id, place.position, packet)
            place.flagged = place.position % 3 == 0
        if place.position < until:
            saving.lock_stage(fellow, attempt.id, place.position, now=now)
    return attempt


def _answer(place: Response, *, right: bool, chance: random.Random) -> dict[str, Any]:
    if place.item.kind == "script_concordance":
        return {"chosen": 3}
    item = bank.item_of(bank.parsed(place.version), place.item.key)
    return demo_answer(item, right=right, chance=chance)


def _ask_panel(now: datetime) -> dict[str, str]:
    """Ask 14 people about `PANEL_CASE`, of whom 13 answer, with two peaks.

    Return the link of who did not answer, and of one who did.
    """
    panels.invite(person("faculty"), PANEL_CASE, addresses(14), now=now)
    mails = select(Message).where(Message.kind == INVITATION).order_by(Message.id)
    silent, *others = secrets_of(db.session.scalars(mails))
    keys = [question.key for question in questions_of(link_of(silent).panelist.panel)]
    for number, secret in enumerate(others):
        comment = "The trend counts for more than one value." if number % 5 == 0 else ""
        given = {key: PanelistAnswer((0, 3)[number % 2], comment) for key in keys}
        answer(secret, given, now=now)
    return {"panel": silent, "answered_panel": others[0]}


def _write_mails(now: datetime) -> Digest:
    """Have a mail in every state, and return the mentor's digest."""
    for number, state in enumerate(MailState):
        user = _invite(f"person{number}@demo.example", now, Role.FELLOW)
        sent_at = now if state is MailState.SENT else None
        values = {"state": state, "tries": 1, "sent_at": sent_at, "reply": "451 Try again later"}
        db.session.execute(update(Message).where(Message.recipient_id == user.id).values(**values))
    mentor = person("mentor")
    week = week_of(local(now, mentor.time_zone).date())
    digest = compose_digest(mentor.id, week, now=now)
    assert digest is not None
    return digest


def _jobs(now: datetime) -> dict[str, int]:
    """Return a job that waits, one that failed and one that is done, by names for addresses."""
    director, on = person("director"), day_of(now)
    waiting, failed, finished = (
        ask_for_import(director, ROSTER, time_zone="UTC", on=on, now=now).id for _ in range(3)
    )
    ended = {"state": JobState.FAILED, "error": STOPPED, "ended_at": now}
    db.session.execute(update(Job).where(Job.id == failed).values(**ended))
    while errand := begin_step(finished, now=now):
        take_step(errand, now=now)
    return {"job": waiting, "failed_job": failed, "done_job": finished}


def _printed(fellow: User, now: datetime) -> int:
    """Return the job of a PDF that was made for the mentor."""
    job_id = ask_for_printout(person("mentor"), fellow.id, PrintoutKind.REPORT, now=now)
    errand = begin_step(job_id, now=now)
    assert errand is not None
    take_step(replace(errand, prepared=b"%PDF-1.7"), now=now)
    return job_id


def _end_of(path: SecretPath) -> str:
    return path.in_clear().rpartition("/")[2]


def _write_at_odds(now: datetime) -> int:
    """Return a draft in which two have written at the same two places; each is asked about one."""
    draft = starting.of_sibling(person("faculty"), "every-kind", now=now)
    for writer, since, title, takeaway in (
        ("director", 0, "A director’s title", ""),
        ("faculty", 0, "A title of the faculty", "What faculty take away."),
        ("director", 1, "A director’s title", "What directors take away."),
    ):
        body = draft.body | {"title": title, "takeaway": takeaway}
        save(person(writer), draft.id, body, from_revision=since, tab=writer, now=now)
    return draft.id


def _meetings(fellow: User, now: datetime) -> dict[str, Any]:
    """Return a talk that was noted, and the links of two prompts: it has answered the first."""
    mentor = person("mentor")
    spent = ask_for_words(mentor.id, "2026-W40", {fellow.id: []}, now=now)[fellow.id]
    talk = Talk(day_of(now) - timedelta(days=3), "What was missed.", "To read on pumps.")
    meeting = note_meeting(mentor, fellow.id, talk, now=now)
    asked = ask_for_words(mentor.id, "2026-W41", {fellow.id: []}, now=now)[fellow.id]
    return {"meeting": meeting.id, "act": _end_of(asked.path), "spent_act": _end_of(spent.path)}


def _goals(now: datetime) -> dict[str, int]:
    """Return a goal that is open, and one that the fellow proposes, by names for addresses."""
    fellow, mentor = person("fellow"), person("mentor")
    day = day_of(now) + timedelta(weeks=6)
    open_one, other = (
        propose_goal(mentor, fellow, GoalWish(sentence, measure, day), now=now)
        for sentence, measure in (
            (
                "To know before which block an anticoagulant is stopped.",
                Measure(10, 8, topic=SAFETY),
            ),
            ("To choose and rotate opioids without a table.", Measure(20, 15, topic=OPIOIDS)),
        )
    )
    agree(fellow, open_one.id, now=now)
    wish = GoalWish("To rotate opioids safely.", Measure(12, 10, topic=OPIOIDS), day)
    return {"goal": open_one.id, "wished": propose_another(fellow, other.id, wish, now=now).id}


def _alias_of_first(numbers: Select[int]) -> str:
    """Return what stands in addresses for the first of these numbers of answers."""
    return alias_of(db.session.scalars(numbers.limit(1)).one())


def _arguments(now: datetime) -> dict[str, Any]:
    fellow = person("fellow")
    of_fellow = select(Attempt.id).where(Attempt.fellow_id == fellow.id)
    invitation = links.issue(_user("person0@demo.example"), LinkPurpose.INVITATION, now=now)
    return {
        "old": db.session.scalars(of_fellow.where(Attempt.state == AttemptState.GRADED)).first(),
        "essay": _alias_of_first(select(Grade.response_id).where(Grade.state == GradeState.WAITS)),
        "missed": _alias_of_first(
            select(Grade.response_id)
            .join(Response, Response.id == Grade.response_id)
            .where(Response.attempt_id.in_(of_fellow), Grade.credit_num == 0)
            .order_by(Grade.response_id)
        ),
        "chosen": db.session.scalars(
            select(StoredCase.id).where(StoredCase.slug == "every-kind")
        ).one(),
        **_goals(now),  # which answers what was asked before
        **_meetings(fellow, now),
        "short_quiz": make_waiting_wish(person("mentor"), fellow, now=now).id,
        "printed": _printed(fellow, now),
        "person": fellow.id,
        "mentor": person("mentor").id,
        "mentorship": db.session.scalars(
            select(Mentorship.id).where(Mentorship.fellow_id == fellow.id)
        ).first(),
        "cohort": _membership(fellow).cohort_id,
        "membership": _membership(fellow).id,
        **_jobs(now),
        "secret": _end_of(invitation.path),
        "token": _end_of(stop_path(person("mentor").id, KIND)),
    }
