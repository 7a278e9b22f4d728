"""A mentor's fellows, a director's cohort, and the report on each."""

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.forms import pressed
from lms.mentoring.answers import opens_answers, told_answer, unsafe_answer
from lms.mentoring.directing import wording as loop_wording
from lms.mentoring.directing.queries import loop_of
from lms.mentoring.goals import wording
from lms.mentoring.handing_over.queries import care_of
from lms.mentoring.looks import note_look
from lms.mentoring.queries import goals_to_answer
from lms.mentoring.reports import report_read
from lms.mentoring.wishing import wording as of_wishes
from lms.mentoring.wishing.models import QuizWish, WishState
from lms.mentoring.wishing.queries import wishes_of, wishes_waiting
from lms.people.models import Role, User
from lms.program.deputies.queries import stand_ins, taken_over
from lms.program.deputies.wording import say_standing_in
from lms.program.queries import cohort_by_id, fellows_of, members_of, mentorships
from lms.progress import queries
from lms.progress.pages import progress_page
from lms.results.services import acknowledge
from lms.signin.access import allow, me, my_today
from question_bank.analysis.progress import ApproachProgress
from question_bank.analysis.summary import Summary
from question_bank.short_quiz import is_open

bp = Blueprint("mentoring", __name__)


@bp.get("/fellows")
@allow(Role.MENTOR)
def fellows() -> ResponseReturnValue:
    """Show a mentor who of the own fellows needs a word, and why."""
    now = utcnow()
    today = my_today()
    own = fellows_of(me().id, today)
    return progress_page(
        "mentoring/fellows.html",
        now,
        rows=_summed_up(own, now),
        opens=opens_answers(me()),
        to_answer=goals_to_answer([fellow.id for fellow in own]),
        deputy=taken_over(me().id, today),
        away=[each for each in stand_ins(me().id, today) if each.starts_on <= today],
        say_standing_in=say_standing_in,
    )


def _summed_up(fellows: list[User], now: datetime) -> list[tuple[User, Summary]]:
    summaries = queries.summaries(
        [fellow.id for fellow in fellows],
        since=now - queries.LATELY,
        until=now,
        now=now,
        reader=me(),
    )
    return [(fellow, summaries[fellow.id]) for fellow in fellows]


@bp.get("/cohorts/<int:cohort_id>/progress")
@allow(Role.DIRECTOR)
def cohort(cohort_id: int) -> ResponseReturnValue:
    """Show a director which fellows of a cohort need a word, why, and who mentors each."""
    now = utcnow()
    today = my_today()
    members = members_of(cohort_id, today)
    found = cohort_by_id(cohort_id)
    ids = [fellow.id for fellow in members]
    return progress_page(
        "mentoring/cohort.html",
        now,
        cohort=found,
        loop_of_cohort=loop_of(found, ids, zone=me().time_zone, now=now),
        of_loop=loop_wording,
        rows=_summed_up(members, now),
        wishes=wishes_waiting(ids),
        of_wishes=of_wishes,
        mentors=mentorships({fellow.id for fellow in members}, today),
        today=today,
    )


@bp.get("/fellows/<int:fellow_id>")
@allow(Role.MENTOR, Role.DIRECTOR)
def fellow(fellow_id: int) -> ResponseReturnValue:
    """Show the report on a fellow, to directors and to who mentors the fellow today."""
    now = utcnow()
    read = report_read(me(), fellow_id, now=now)
    note_look(me(), fellow_id, now=now)
    wishes = wishes_of(fellow_id)
    return progress_page(
        "mentoring/fellow.html",
        now,
        care_of_fellow=care_of(fellow_id, my_today()),
        today=my_today(),
        of_goals=wording,
        wishes=wishes,
        of_wishes=of_wishes,
        to_settle=_to_settle(read.report.summary, wishes),
        **vars(read),
    )


def _to_settle(summary: Summary, wishes: Iterable[QuizWish]) -> list[ApproachProgress]:
    """Return the approaches of which there is too little to say, and for which no quiz waits."""
    waiting = {wish.approach for wish in wishes if wish.state is WishState.WAITING}
    return [
        line
        for line in summary.lines
        if line.approach not in waiting and is_open(summary.verdict, line.approach)
    ]


@bp.get("/fellows/<int:fellow_id>/answers/<alias:response_id>")
@allow(Role.MENTOR)
def answer(fellow_id: int, response_id: int) -> ResponseReturnValue:
    """Show a mentor an unsafe or missed answer of a fellow, with the key and the reasons."""
    now = utcnow()
    told = told_answer(me(), fellow_id, response_id, now=now)
    note_look(me(), fellow_id, now=now)
    return render_template("mentoring/answer.html", told=told)


@bp.post("/fellows/<int:fellow_id>/answers/<alias:response_id>/acknowledge")
@allow(Role.MENTOR)
def acknowledge_choice(fellow_id: int, response_id: int) -> ResponseReturnValue:
    """Note that a mentor has talked about an unsafe choice of a fellow."""
    now = utcnow()
    told = unsafe_answer(me(), fellow_id, response_id, now=now)
    if pressed(lambda: acknowledge(me(), told.response_id, now=now)):
        flash(f"Noted: you have talked with {told.fellow.name} about it.")
    return redirect(url_for("mentoring.fellow", fellow_id=fellow_id, _anchor="verdict"))
