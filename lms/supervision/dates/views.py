"""The page that changes an assignment for all: it asks first, and says who is affected."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.db import rehearsed
from lms.core.errors import NotFound, Refusal
from lms.core.figures import plural
from lms.core.forms import carried_out
from lms.core.sight import check_sight
from lms.people.models import Role
from lms.quizzes import queries
from lms.quizzes.assigning.services import usual_results
from lms.quizzes.terms import published
from lms.signin.access import allow, me
from lms.supervision.dates import services
from lms.supervision.dates.asking import DatesQuestion, question
from lms.supervision.dates.changing import TermsChange
from lms.supervision.dates.forms import DatesForm

bp = Blueprint("dates", __name__)

CHANGE = "change"
"""The value of the button that does what the page asks."""


@bp.route("/assignments/<int:assignment_id>/dates", methods=["GET", "POST"])
@allow(Role.FACULTY, Role.DIRECTOR)
def change(assignment_id: int) -> ResponseReturnValue:
    """Show what an assignment says for all; ask before it is changed, and change it."""
    form = _form(assignment_id)
    sure = request.form.get("do") == CHANGE
    if sure and (done := carried_out(form, lambda: _act(assignment_id, form))):
        flash(done.result, "good")
        return redirect(url_for("supervision.assignment", assignment_id=assignment_id))
    if form.is_submitted() and request.form.get("do") != "edit":
        asked = _asked(assignment_id, form, sent=sure)
        if asked is not None:
            return _page("dates/question.html", assignment_id, form, asked=asked)
    return _page("dates/form.html", assignment_id, form)


def _form(assignment_id: int) -> DatesForm:
    given, zone = queries.assignment_by_id(assignment_id), me().time_zone
    form = DatesForm.from_request()
    form.name_times(zone)
    if not form.is_submitted():
        usual = usual_results(published(given).closes_at)
        form.show(published(given), zone, usual_results=usual)
    return form


def _change(assignment_id: int, form: DatesForm) -> TermsChange | None:
    given = queries.assignment_by_id(assignment_id)
    terms = form.terms(published(given), ask_confidence=given.ask_confidence)
    reason = form.reason.data or ""
    return services.change(me(), assignment_id, terms=terms, reason=reason, now=utcnow())


def _act(assignment_id: int, form: DatesForm) -> str:
    """Make the change if it is as the page showed it, tell of it, and return what is to be said."""
    to_director, zone, now = Role.DIRECTOR in me().roles, me().time_zone, utcnow()
    done = _change(assignment_id, form)
    if done is None:
        return "The assignment says so already."
    shown = question(done, zone=zone, now=now, to_director=to_director)
    check_sight(shown.sight, page=url_for("dates.change", assignment_id=assignment_id))
    services.tell(assignment_id, done, reason=form.reason.data or "", now=now)
    if shown.told is None:
        return "The change is made, and whom it concerns is told."
    if not shown.told:
        return "The change is made. It concerns nobody."
    who = f"{plural(shown.told, 'fellow')} {'is' if shown.told == 1 else 'are'}"
    return f"The change is made, and {who} told."


def _asked(assignment_id: int, form: DatesForm, *, sent: bool) -> DatesQuestion | None:
    """Return what is asked before the change is made; None: the form says why it cannot be."""
    if not sent:
        form.validate()
    if form.form_errors or any(each.errors for each in form.asks):
        return None
    to_director, zone, now = Role.DIRECTOR in me().roles, me().time_zone, utcnow()
    try:
        foreseen = rehearsed(lambda: _change(assignment_id, form))
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    if foreseen is None:
        form.form_errors.append("The assignment says so already. Change something, or go back.")
        return None
    return question(foreseen, zone=zone, now=now, to_director=to_director)


def _page(
    template: str, assignment_id: int, form: DatesForm, asked: DatesQuestion | None = None
) -> ResponseReturnValue:
    given = queries.assignment_by_id(assignment_id)
    page = render_template(template, given=given, form=form, asked=asked, sure=CHANGE)
    return page, form.status
