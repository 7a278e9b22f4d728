"""Where people start: by role, and a fellow's own home."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.attempts.standings import standings
from lms.core.clock import utcnow
from lms.core.paging import page_in
from lms.core.web import page_asked
from lms.home.navigation import NAV
from lms.mentoring.goals import wording
from lms.mentoring.goals.queries import live_goals
from lms.notices.news import kinds_of_news, news_of
from lms.people.models import Role
from lms.results.withheld import partly_withheld
from lms.signin.access import allow, allow_signed_in, me

bp = Blueprint("home", __name__)

PAGE = 20
"""How many finished quizzes the home page lists at a time."""

NEWS_FOR = timedelta(days=14)
"""For how long what was told is news."""

MOST_NEWS = 5
"""How many of them the home page lists; what was not seen comes first."""


@bp.get("/home")
@allow(Role.FELLOW)
def fellow() -> ResponseReturnValue:
    """Show the one next step, what is due, and what is done."""
    now = utcnow()
    assigned = standings([me().id], now, told_to=me().id)
    todo = [each for each in assigned if each.open]
    todo.sort(key=lambda each: (not each.goes_on, each.due, each.assignment.id))
    past = [each for each in reversed(assigned) if not each.open]
    page = page_in(past, page_asked(), size=PAGE)
    scored = [each.attempt_id for each in page.items if each.attempt_id and each.share is not None]
    unsaid = partly_withheld(scored, me().id, now=now) if scored else frozenset()
    told = news_of(me().id, kinds_of_news(Role.FELLOW), since=now - NEWS_FOR, most=MOST_NEWS)
    return render_template(
        "home/fellow.html",
        todo=todo,
        past=page,
        unsaid=unsaid,
        news=told,
        goals=live_goals([me().id], now=now),
        say=wording,
        now=now,
    )


@bp.get("/")
@allow_signed_in
def index() -> ResponseReturnValue:
    """Go to the page that a person's first role starts with."""
    role = next(role for role in Role if role in me().roles)
    return redirect(url_for(NAV[role][0][1]))
