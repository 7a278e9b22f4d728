"""One assignment's page, and the part of it that is renewed while it is open."""

from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    flash,
    get_template_attribute,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lms.attempts.queries import count_items
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.sight import check_sight
from lms.people.models import Role
from lms.quizzes import queries
from lms.quizzes.assigning.services import hold
from lms.quizzes.sights import present_sight
from lms.quizzes.terms import published
from lms.quizzes.wording import say_whom
from lms.signin.access import allow, me
from lms.supervision import access, services, wording
from lms.supervision.deeds.telling import done_with
from lms.supervision.sights import rules_in_short, rules_of, sight_of

bp = Blueprint("supervision", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)


@bp.get("/assignments/<int:assignment_id>")
@_staff
def assignment(assignment_id: int) -> ResponseReturnValue:
    """Show to whom a quiz was given, under which rules, and who is where with it."""
    given = queries.assignment_by_id(assignment_id)
    zone, now = me().time_zone, utcnow()
    said = _who_is_where(assignment_id, now)
    handed_in = access.count_in(said["lines"])
    return render_template(
        "supervision/assignment.html",
        given=given,
        whom=say_whom(given),
        lead=rules_in_short(given, count_items(given, None), zone),
        rules=rules_of(given, zone),
        as_shown=sight_of(given, zone),
        quiz_as_shown=present_sight(given.version.quiz_id),
        items=access.items_for(me(), given, handed_in, now),
        enough=access.ENOUGH,
        earlier=[(each, published(each)) for each in queries.earlier_assignments(given)],
        done=done_with(given, me()),
        unbegun=sum(line.may_begin for line in said["lines"]),
        marks_wait=access.marks_wait(said["lines"], over=published(given).closes_at <= now),
        **said,
    )


@bp.get("/assignments/<int:assignment_id>/now")
@_staff
def now(assignment_id: int) -> ResponseReturnValue:
    """Show who is where, as a piece of the page; nothing, to who names the tag of what is so.

    The tag is of what the reader is shown, and of nothing else.
    """
    queries.check_given(assignment_id)
    moment = utcnow()
    said = _who_is_where(assignment_id, moment)
    page = make_response()
    page.headers["As-Of"] = said.pop("as_of")
    page.set_etag(said.pop("tag"))
    page.make_conditional(request)
    if page.status_code == HTTPStatus.OK:
        page.set_data(str(get_template_attribute("supervision/parts/who.html", "who")(**said)))
    return page


def _who_is_where(assignment_id: int, now: datetime) -> dict[str, Any]:
    lines = access.lines_for(me(), assignment_id, now)
    return {
        "lines": lines,
        "assignment_id": assignment_id,
        "counts": wording.count_states(line.state for line in lines),
        "in_full": access.sees_all(me()),
        "tag": sha256(repr(lines).encode()).hexdigest(),
        "as_of": wording.say_second(now, me().time_zone),
    }


@bp.post("/assignments/<int:assignment_id>/withdraw")
@_staff
def withdraw(assignment_id: int) -> ResponseReturnValue:
    """Take an assignment back, if it is as its page showed it; the second time nothing happens."""
    page = url_for("supervision.assignment", assignment_id=assignment_id)
    with transaction():
        hold(assignment_id)
        given = queries.assignment_by_id(assignment_id)
        if given.withdrawn_at is None:
            check_sight(sight_of(given, me().time_zone), page=page)
            services.withdraw(me(), assignment_id, now=utcnow())
    flash("The assignment is withdrawn. Whoever has begun can go on.", "good")
    return redirect(page)
