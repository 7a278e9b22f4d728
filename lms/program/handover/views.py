"""The page on which a director gives a fellow to another mentor."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.errors import NotFound
from lms.core.forms import carried_out
from lms.core.sight import check_sight
from lms.people.choosing import holding, offered_people, say_name_and_address
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.program.deputies.ending import day_before
from lms.program.forms import PersonFromForm
from lms.program.handover import services
from lms.program.models import Membership, Mentorship
from lms.program.queries import membership_by_id, mentorship_by_id
from lms.program.sights import days_of
from lms.signin.access import allow, me, my_today

bp = Blueprint("handover", __name__)


@bp.route(
    "/memberships/<int:membership_id>/mentors/<int:mentorship_id>/hand-over",
    methods=["GET", "POST"],
)
@allow(Role.DIRECTOR)
def hand_over(membership_id: int, mentorship_id: int) -> ResponseReturnValue:
    """Give a fellow to another mentor from a day on."""
    member, present = membership_by_id(membership_id), mentorship_by_id(mentorship_id)
    if present is None or present.fellow_id != member.fellow_id or present.stands_in_for_id:
        raise NotFound
    form = PersonFromForm.from_request()
    others = User.id.not_in((present.mentor_id, member.fellow_id))
    mentors = offered_people(holding(Role.MENTOR), others, label=say_name_and_address)
    form.offer(mentors, "New mentor", max(my_today(), present.starts_on))

    def act() -> bool:
        held = services.held_mentorship(mentorship_id, form.person_id.data)
        check_sight(days_of(held), page=_address(membership_id), done=_done(held, form))
        return services.hand_over(
            me(),
            mentorship_id,
            mentor_id=form.person_id.data,
            starts_on=form.starts_on.data,
            now=utcnow(),
        )

    if done := carried_out(form, act):
        told = "All three are told on the first day." if done.result else ""
        flash(f"Handed over. {told}".strip(), "good")
        return redirect(_address(membership_id))
    return _page(member, present, form), form.status


def _done(held: Mentorship, form: PersonFromForm) -> list[str]:
    """Return what is as the form asks already, as after the first of two presses."""
    return ["To"] if held.ends_on == day_before(form.starts_on.data) else []


def _address(membership_id: int) -> str:
    return url_for("program.member", membership_id=membership_id)


def _page(member: Membership, present: Mentorship, form: PersonFromForm) -> str:
    return render_template(
        "handover/hand_over.html",
        member=member,
        mentor=user_by_id(present.mentor_id),
        form=form,
        as_shown=days_of(present),
        page=url_for(".hand_over", membership_id=member.id, mentorship_id=present.id),
    )
