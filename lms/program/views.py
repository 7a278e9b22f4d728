"""Cohorts and mentorships, for directors."""

from datetime import date
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.forms import BaseForm, carried_out
from lms.core.sight import check_sight
from lms.core.web import page_asked
from lms.notices.news import STAFF, kinds_of_news, told_to_staff
from lms.notices.services import mark_all_seen
from lms.people.choosing import holding, offered_people, say_name_and_address
from lms.people.models import Role, User
from lms.program import queries, services
from lms.program.forms import CohortDaysForm, CohortForm, EndForm, PersonFromForm
from lms.program.mending import locked_cohort
from lms.program.mending import mend_cohort as mend
from lms.program.models import Cohort, Membership, Mentorship
from lms.program.sights import days_of, done_of_mending, sight_of_cohort
from lms.signin.access import allow, me, my_today

bp = Blueprint("program", __name__)

_directors = allow(Role.DIRECTOR)


@bp.get("/cohorts")
@_directors
def cohorts() -> ResponseReturnValue:
    """List the cohorts, and what a director was told lately, which is noted to be seen.

    Who is faculty too starts at My work, and reads it there.
    """
    today, now = my_today(), utcnow()
    told = [] if Role.FACULTY in me().roles else told_to_staff(me().id, now=now)
    cohorts = queries.page_of_cohorts(page_asked())
    page = render_template(
        "program/cohorts.html",
        cohorts=cohorts,
        sizes=queries.sizes([cohort.id for cohort in cohorts], today),
        today=today,
        told=told,
    )
    if any(not each.seen for each in told):
        with transaction():
            mark_all_seen(me().id, kinds_of_news(*STAFF), now=now)
    return page


@bp.route("/cohorts/new", methods=["GET", "POST"])
@_directors
def new_cohort() -> ResponseReturnValue:
    """Create a cohort."""
    form = CohortForm.from_request()
    form.offer(queries.tracks(), my_today())

    def create() -> Cohort:
        return services.create_cohort(
            me(),
            track_id=form.track_id.data,
            name=form.name.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            now=utcnow(),
        )

    if carried_out(form, create):
        flash(f"{form.name.data} is created. Add its fellows.", "good")
        return redirect(url_for("program.cohorts"))
    return render_template("program/new_cohort.html", form=form), form.status


@bp.get("/cohorts/<int:cohort_id>")
@_directors
def cohort(cohort_id: int) -> ResponseReturnValue:
    """Show who is in a cohort, and with whom as mentor."""
    return _cohort_page(cohort_id, _member_form(queries.cohort_by_id(cohort_id)))


def _member_form(cohort: Cohort) -> PersonFromForm:
    return _offering(PersonFromForm.from_request(), cohort)


def _offering(form: PersonFromForm, cohort: Cohort) -> PersonFromForm:
    today = my_today()
    others = User.id.not_in(queries.inside(cohort.id, today))
    fellows = offered_people(holding(Role.FELLOW), others, label=say_name_and_address)
    form.offer(fellows, "Fellow", min(cohort.joined_on(today), cohort.ends_on))
    return form


def _cohort_page(
    cohort_id: int, form: PersonFromForm, days: CohortDaysForm | None = None
) -> ResponseReturnValue:
    today, cohort = my_today(), queries.cohort_by_id(cohort_id)
    members = queries.page_of_memberships(cohort_id, page_asked())
    days = days or CohortDaysForm(None, prefix="cohort-", obj=cohort)
    page = render_template(
        "program/cohort.html",
        cohort=cohort,
        as_shown=sight_of_cohort(cohort),
        days=days,
        members=members,
        mentors=queries.mentorships({one.fellow_id for one in members}, today),
        form=form,
        today=today,
    )
    return page, max(form.status, days.status)


@bp.post("/cohorts/<int:cohort_id>")
@_directors
def mend_cohort(cohort_id: int) -> ResponseReturnValue:
    """Give a cohort another name or other days."""
    form = CohortDaysForm.from_request(prefix="cohort-")
    page = url_for("program.cohort", cohort_id=cohort_id)

    def change() -> Cohort:
        present = locked_cohort(cohort_id)
        name, first, last = form.name.data, form.starts_on.data, form.ends_on.data
        done = done_of_mending(present, name, first, last)
        check_sight(sight_of_cohort(present), page=page, done=done)
        return mend(me(), cohort_id, name=name, starts_on=first, ends_on=last, now=utcnow())

    if carried_out(form, change):
        flash("Name and dates are saved.", "good")
        return redirect(page)
    person = PersonFromForm(formdata=None)
    return _cohort_page(cohort_id, _offering(person, queries.cohort_by_id(cohort_id)), form)


@bp.post("/cohorts/<int:cohort_id>/members")
@_directors
def add_member(cohort_id: int) -> ResponseReturnValue:
    """Put a fellow into a cohort."""
    form = _member_form(queries.cohort_by_id(cohort_id))

    def add() -> Membership:
        return services.add_member(
            me(), cohort_id, form.person_id.data, starts_on=form.starts_on.data, now=utcnow()
        )

    if carried_out(form, add):
        flash("The fellow is added.", "good")
        return redirect(url_for("program.cohort", cohort_id=cohort_id))
    return _cohort_page(cohort_id, form)


@bp.get("/memberships/<int:membership_id>")
@_directors
def member(membership_id: int) -> ResponseReturnValue:
    """Show one fellow's time in a cohort, and the mentors."""
    return _member_page(membership_id)


def _mentor_form(member: Membership, form: PersonFromForm) -> PersonFromForm:
    others = User.id != member.fellow_id
    mentors = offered_people(holding(Role.MENTOR), others, label=say_name_and_address)
    form.offer(mentors, "Mentor", max(member.starts_on, my_today()))
    return form


def _member_page(
    membership_id: int,
    *,
    end: EndForm | None = None,
    mentor: PersonFromForm | None = None,
    mentor_end: tuple[int, EndForm] | None = None,
) -> ResponseReturnValue:
    member, today = queries.membership_by_id(membership_id), my_today()
    every = queries.mentorships([member.fellow_id], today).get(member.fellow_id, [])
    mentorships = [one for one in every if one.stands_in_for_id is None]
    ends = {
        one.id: EndForm(None, prefix=f"m{one.id}-", data={"ends_on": max(today, one.starts_on)})
        for one in mentorships
    }
    if mentor_end is not None and mentor_end[0] in ends:
        ends[mentor_end[0]] = mentor_end[1]
    elif mentor_end is not None:
        flash("That mentorship is over already, so nothing was changed.", "warn")
    last = member.ends_on or min(max(today, member.starts_on), member.cohort.ends_on)
    end = end or EndForm(None, data={"ends_on": last})
    mentor = mentor or _mentor_form(member, PersonFromForm(None, prefix="mentor-"))
    forms: list[BaseForm] = [end, mentor, *ends.values()]
    page = render_template(
        "program/member.html",
        member=member,
        mentorships=mentorships,
        deputies=[one for one in every if one.stands_in_for_id is not None],
        days_of=days_of,
        ends=ends,
        end=end,
        mentor=mentor,
        wrong=next((form for form in forms if form.status != HTTPStatus.OK), None),
        today=today,
    )
    return page, max(form.status for form in forms)


@bp.post("/memberships/<int:membership_id>/end")
@_directors
def end_membership(membership_id: int) -> ResponseReturnValue:
    """Let a membership end."""
    form = EndForm.from_request()
    member = queries.membership_by_id(membership_id)

    def end() -> None:
        if _to_be_ended(queries.membership_by_id(membership_id), membership_id, form.ends_on.data):
            services.end_membership(me(), membership_id, ends_on=form.ends_on.data, now=utcnow())

    if carried_out(form, end):
        flash("The last day is set.", "good")
        return redirect(url_for("program.cohort", cohort_id=member.cohort_id))
    return _member_page(membership_id, end=form)


@bp.post("/memberships/<int:membership_id>/mentors")
@_directors
def add_mentor(membership_id: int) -> ResponseReturnValue:
    """Give the fellow a mentor."""
    member = queries.membership_by_id(membership_id)
    fellow_id = member.fellow_id
    form = _mentor_form(member, PersonFromForm.from_request(prefix="mentor-"))

    def start() -> object:
        return services.start_mentorship(
            me(),
            mentor_id=form.person_id.data,
            fellow_id=fellow_id,
            starts_on=form.starts_on.data,
            now=utcnow(),
        )

    if carried_out(form, start):
        flash("The mentor is added.", "good")
        return redirect(url_for("program.member", membership_id=membership_id))
    return _member_page(membership_id, mentor=form)


def _to_be_ended(
    bond: Membership | Mentorship | None, membership_id: int, ends_on: date | None = None
) -> bool:
    """Check that *bond*, if there still is one, is as the page of the fellow showed it.

    Return False if it ends on that day already, as after the first of two presses.
    """
    if bond is None:
        return True
    done = ends_on is not None and bond.ends_on == ends_on
    page = url_for("program.member", membership_id=membership_id)
    check_sight(days_of(bond), page=page, done=["To"] if done else [])
    return not done


@bp.post("/memberships/<int:membership_id>/mentors/<int:mentorship_id>/end")
@_directors
def end_mentor(membership_id: int, mentorship_id: int) -> ResponseReturnValue:
    """Let a mentorship end."""
    form = EndForm.from_request(prefix=f"m{mentorship_id}-")

    def end() -> None:
        mentorship, last = queries.mentorship_by_id(mentorship_id), form.ends_on.data
        if _to_be_ended(mentorship, membership_id, last):
            services.end_mentorship(me(), mentorship_id, ends_on=last, now=utcnow())

    if carried_out(form, end):
        flash("The mentor’s last day is set.", "good")
        return redirect(url_for("program.member", membership_id=membership_id))
    return _member_page(membership_id, mentor_end=(mentorship_id, form))


@bp.post("/memberships/<int:membership_id>/mentors/<int:mentorship_id>/remove")
@_directors
def remove_mentor(membership_id: int, mentorship_id: int) -> ResponseReturnValue:
    """Undo a mentorship that was begun by mistake."""
    with transaction():
        _to_be_ended(queries.mentorship_by_id(mentorship_id), membership_id)
        services.remove_mentorship(me(), mentorship_id, on=my_today(), now=utcnow())
    flash("The mentor is removed.", "good")
    return redirect(url_for("program.member", membership_id=membership_id))
