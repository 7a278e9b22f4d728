"""The page on which a mentor, or a director for one, names who stands in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import local, utcnow
from lms.core.forms import carried_out, pressed
from lms.core.sight import check_sight
from lms.people.choosing import holding, offered_people, say_name_and_address
from lms.people.models import Role, User
from lms.program.deputies import queries, services, wording
from lms.program.deputies.forms import DeputyForm
from lms.signin.access import allow, me

bp = Blueprint("deputies", __name__)

_who_names = allow(Role.MENTOR, Role.DIRECTOR)


@bp.route("/people/<int:user_id>/away", methods=["GET", "POST"])
@_who_names
def away(user_id: int) -> ResponseReturnValue:
    """Show who stands in for a mentor, and name a deputy."""
    now = utcnow()
    mentor = services.away_mentor(me(), user_id)
    today = local(now, mentor.time_zone).date()
    form = DeputyForm.from_request()
    own = {row.fellow_id: row.fellow for row in queries.own_mentorships(user_id, today)}
    others = (holding(Role.MENTOR), User.id != user_id)
    mentors = offered_people(*others, label=say_name_and_address)
    form.offer(mentors, list(own.values()), today)
    if carried_out(form, lambda: services.name_deputy(me(), user_id, form.absence, now=now)):
        flash("Named. The deputy and the fellows are told.", "good")
        return redirect(_address(user_id))
    page = render_template(
        "deputies/away.html",
        form=form,
        mentor=mentor,
        is_own=mentor.id == me().id,
        found=queries.stand_ins(user_id, today),
        today=today,
        say=wording,
        **_back(mentor),
    )
    return page, form.status


@bp.post("/people/<int:user_id>/away/<int:mentorship_id>/end")
@_who_names
def end(user_id: int, mentorship_id: int) -> ResponseReturnValue:
    """Let nobody stand in any more: the mentor is back."""
    now = utcnow()

    def act() -> None:
        found = services.stand_in_of(me(), user_id, mentorship_id, now=now)
        if found is not None:
            check_sight(wording.sight_of(found), page=_address(user_id))
            services.end_stand_in(me(), user_id, mentorship_id, now=now)

    if pressed(act):
        flash("Nobody stands in there any more. Who stood in and the fellows are told.", "good")
    return redirect(_address(user_id))


def _address(user_id: int) -> str:
    return url_for("deputies.away", user_id=user_id)


def _back(mentor: User) -> dict[str, str]:
    """Return where the page leads back to: the own fellows, or the mentor's page."""
    if mentor.id == me().id:
        return {"back": url_for("mentoring.fellows"), "back_to": "my fellows"}
    return {"back": url_for("accounts.person", user_id=mentor.id), "back_to": mentor.name}
