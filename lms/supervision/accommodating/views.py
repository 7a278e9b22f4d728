"""The page on which a director gives a fellow more time, or notes that the fellow is away."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import local, say_when, utcnow
from lms.core.forms import carried_out, pressed
from lms.core.sight import check_sight
from lms.people.locking import locked_person
from lms.people.models import Role
from lms.program import allowing
from lms.program.models import Accommodation
from lms.signin.access import allow, me
from lms.supervision import services
from lms.supervision.accommodating import queries, wording
from lms.supervision.accommodating.forms import AccommodationForm, LeaveForm

bp = Blueprint("accommodating", __name__)

_directors = allow(Role.DIRECTOR)


@bp.get("/people/<int:user_id>/time")
@_directors
def show(user_id: int) -> ResponseReturnValue:
    """Show what a fellow is allowed, and when the fellow is away."""
    return _page(user_id)


@bp.post("/people/<int:user_id>/time")
@_directors
def add(user_id: int) -> ResponseReturnValue:
    """Give a fellow more time, in every quiz and in what runs."""
    form = AccommodationForm.from_request(prefix="time-")
    form.offer(_today(user_id))

    def give() -> Accommodation:
        return services.accommodate(
            me(),
            user_id,
            percent=form.multiplied_by,
            days=form.days.data,
            reason=form.reason.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            now=utcnow(),
        )

    if done := carried_out(form, give):
        flash(f"{wording.say_allowed(done.result)}: saved, also for what runs.", "good")
        _say_held_back(user_id)
        return redirect(url_for("accommodating.show", user_id=user_id))
    return _page(user_id, form=form)


@bp.post("/people/<int:user_id>/time/<int:accommodation_id>/end")
@_directors
def end(user_id: int, accommodation_id: int) -> ResponseReturnValue:
    """Let an accommodation end today."""
    today = _today(user_id)

    def act() -> None:
        locked_person(user_id)
        row = next(
            (e for e in queries.allowed_on(user_id, today) if e.id == accommodation_id), None
        )
        if row is not None:
            over = row.ends_on == today
            now = wording.sight_of_accommodation(row)
            check_sight(now, page=_address(user_id), done=["Until"] if over else [])
            services.end_accommodation(me(), user_id, accommodation_id, today, now=utcnow())

    if pressed(act):
        flash("It is ended. What was begun keeps its time.", "good")
    return redirect(_address(user_id))


@bp.post("/people/<int:user_id>/leave")
@_directors
def add_leave(user_id: int) -> ResponseReturnValue:
    """Note from when to when a fellow is away."""
    form = LeaveForm.from_request(prefix="leave-")

    def note() -> None:
        fellow = queries.fellow_by_id(user_id)
        first, last = form.starts_on.data, form.ends_on.data
        allowing.add_leave(me(), fellow.id, starts_on=first, ends_on=last, now=utcnow())

    if carried_out(form, note):
        flash("The leave is saved. Nothing is overdue in it, and nobody is called silent.", "good")
        return redirect(_address(user_id))
    return _page(user_id, leave=form)


@bp.post("/people/<int:user_id>/leave/<int:leave_id>/end")
@_directors
def end_leave(user_id: int, leave_id: int) -> ResponseReturnValue:
    """Let a leave end, as the fellow is back."""
    today = _today(user_id)

    def act() -> None:
        locked_person(user_id)
        row = next((each for each in queries.leaves(user_id) if each.id == leave_id), None)
        if row is not None and row.ends_on >= today:
            check_sight(wording.sight_of_leave(row), page=_address(user_id))
            allowing.end_leave(me(), row, today, now=utcnow())

    if pressed(act):
        flash("The leave is over.", "good")
    return redirect(_address(user_id))


def _address(user_id: int) -> str:
    return url_for("accommodating.show", user_id=user_id)


def _today(user_id: int) -> date:
    return local(utcnow(), queries.fellow_by_id(user_id).time_zone).date()


def _say_held_back(user_id: int) -> None:
    """Say which quizzes close earlier for the fellow than the days allowed would have it."""
    for each in queries.held_back(user_id, utcnow()):
        results = say_when(each.assignment.terms.results, me().time_zone)
        title = each.assignment.title
        flash(f"“{title}” closes {results} at the latest: then results are shown to all.", "warn")


def _page(
    user_id: int, *, form: AccommodationForm | None = None, leave: LeaveForm | None = None
) -> ResponseReturnValue:
    fellow, today = queries.fellow_by_id(user_id), _today(user_id)
    form = form or AccommodationForm(formdata=None, prefix="time-")
    form.offer(today)
    leave = leave or LeaveForm(formdata=None, prefix="leave-")
    page = render_template(
        "accommodating/person.html",
        fellow=fellow,
        allowed=queries.allowed(user_id),
        leaves=queries.leaves(user_id),
        form=form,
        leave=leave,
        today=today,
        wording=wording,
    )
    return page, max(form.status, leave.status)
