"""Calendars of fellows, as files."""

from collections.abc import Iterable

from flask import Blueprint, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.forms import pressed
from lms.people.models import Role, User
from lms.signin.access import allow, allow_anyone, me
from lms.supervision.calendar import queries, services
from lms.supervision.calendar.events import calendar_file
from lms.supervision.calendar.forms import CalendarForm
from question_bank.standing import Standing

bp = Blueprint("calendar", __name__)


@bp.get("/assignments/<int:assignment_id>/calendar.ics")
@allow(Role.FELLOW)
def quiz(assignment_id: int) -> ResponseReturnValue:
    """Give the dates of one quiz, as they hold for the fellow."""
    standing = queries.quiz_in_calendar(me(), assignment_id, utcnow())
    return _file(me(), [standing])


@bp.get("/calendar/<secret>.ics")
@allow_anyone
def feed(secret: str) -> ResponseReturnValue:
    """Give a fellow's dates to whoever knows the address: the fellow's calendar program."""
    fellow = queries.reader_of(secret)
    return _file(fellow, queries.in_calendar(fellow, utcnow()))


@bp.post("/settings/calendar")
@allow(Role.FELLOW)
def make() -> ResponseReturnValue:
    """Make the address of one's own calendar, or another one instead of it."""
    form = CalendarForm.from_request()
    pressed(lambda: services.make_address(me(), instead_of=form.moment, now=utcnow()))
    flash("The address of your calendar is below. Give it to your calendar program.", "good")
    return redirect(url_for("accounts.settings", _anchor="calendar-card"))


def _file(fellow: User, standings: Iterable[Standing]) -> ResponseReturnValue:
    own: Settings = current_app.extensions["settings"]
    content = calendar_file(
        standings,
        name=own.product_name,
        zone=fellow.time_zone,
        address_of=lambda number: own.base_url + url_for("taking.begin", assignment_id=number),
        now=utcnow(),
    )
    return current_app.response_class(content, mimetype="text/calendar")
