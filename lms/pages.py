"""What every template may use: who asks, where they may go, and how moments are said to them."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.access import allow_signed_in, me, someone
from lms.accounts.models import Role, User
from lms.cases.bank import drawing_address, drawing_size
from lms.config import Settings
from lms.core import clock, markdown
from lms.core.figures import say_count, say_interval
from question_bank.scoring import FIGURE, amount, percent, score_percent

_NAV: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.FELLOW: (("Home", "attempts.home"), ("My progress", "progress.mine")),
    Role.MENTOR: (("My fellows", "progress.fellows"), ("Mails", "mentoring.digests")),
    Role.FACULTY: (
        ("Bank", "cases.bank"),
        ("Quizzes", "quizzes.index"),
        ("Marking", "marking.index"),
    ),
    Role.DIRECTOR: (
        ("Cohorts", "program.cohorts"),
        ("People", "accounts.people"),
        ("Quizzes", "quizzes.index"),
        ("Records", "operations.records"),
    ),
}
"""Label and endpoint of the top bar's entries for each role."""


_OWN = {"accounts.settings", "accounts.change_password"}
"""Pages that belong to no entry of the top bar."""

_UNDER = {"panels": "cases", "notices": "mentoring", "progress.cohort": "program"}
"""Features and pages that belong to another feature's entry."""

FILTERS = {
    "amount": amount,
    "date": clock.say_date,
    "percent": percent,
    "score_percent": score_percent,
    "say_count": say_count,
    "say_interval": say_interval,
    "markdown": markdown.render,
    "markdown_inline": markdown.render_inline,
}
"""What templates make of values, whoever asks."""

GLOBALS = {
    "FIGURE": FIGURE,
    "Role": Role,
    "picture_size": drawing_size,
    "picture_address": drawing_address,
}
"""What templates know without being told."""

bp = Blueprint("start", __name__)


@bp.get("/")
@allow_signed_in
def index() -> ResponseReturnValue:
    """Go to the page that a person's first role starts with."""
    role = next(role for role in Role if role in me().roles)
    return redirect(url_for(_NAV[role][0][1]))


@dataclass(frozen=True)
class NavEntry:
    """One entry of the top bar."""

    label: str
    url: str
    current: bool


def navigation(user: User | None) -> list[NavEntry]:
    """Return the entries of *user*'s top bar; a person with several roles has them all."""
    if user is None:
        return []
    entries = dict(entry for role in Role if role in user.roles for entry in _NAV.get(role, ()))
    feature = "" if request.endpoint in _OWN else (request.endpoint or "").split(".")[0]
    here = _UNDER.get(request.endpoint or "", _UNDER.get(feature, feature))
    return [
        NavEntry(label, url_for(endpoint), current=endpoint.split(".")[0] == here)
        for label, endpoint in entries.items()
        if endpoint in current_app.view_functions
    ]


def init_pages(app: Flask) -> None:
    """Give templates their globals and filters."""
    settings: Settings = app.extensions["settings"]

    def zone() -> str:
        user = someone()
        return user.time_zone if user else settings.time_zone

    def when(moment: datetime) -> str:
        return clock.say_when(moment, zone())

    def day(moment: datetime) -> str:
        return clock.say_day(moment, zone())

    def time(moment: datetime) -> str:
        return clock.say_time(moment, zone())

    app.jinja_env.filters.update(FILTERS | {"when": when, "day": day, "time": time})
    app.jinja_env.globals.update(GLOBALS)
    app.register_blueprint(bp)

    @app.context_processor
    def common() -> dict[str, object]:
        user = someone()
        return {
            "me": user,
            "nav": navigation(user),
            "theme": user.theme if user else "",
            "program_name": settings.program_name,
            "zone_name": clock.zone_name(zone()),
        }
