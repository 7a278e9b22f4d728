"""The pages on which talks are noted, read and shared."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import say_date, utcnow
from lms.core.forms import carried_out, pressed
from lms.core.sight import Sight, check_sight
from lms.core.web import page_asked
from lms.mentoring.access import check_mentors
from lms.mentoring.meetings import queries, services
from lms.mentoring.meetings.forms import MeetingForm, NewMeetingForm, SharingForm
from lms.mentoring.meetings.models import LONGEST, Meeting
from lms.mentoring.meetings.queries import ToldMeeting
from lms.people.models import Role
from lms.people.queries import user_by_id
from lms.signin.access import allow, me, my_today

bp = Blueprint("meetings", __name__)

_both = allow(Role.MENTOR, Role.FELLOW)


@bp.get("/meetings")
@_both
def index() -> ResponseReturnValue:
    """List one's own talks, and those with the fellows whom one looks after."""
    page = queries.meetings_of(me(), utcnow(), page_asked())
    return render_template("meetings/index.html", page=page)


@bp.route("/fellows/<int:fellow_id>/meetings/new", methods=["GET", "POST"])
@allow(Role.MENTOR)
def new(fellow_id: int) -> ResponseReturnValue:
    """Note that one met a fellow."""
    now = utcnow()
    check_mentors(me(), fellow_id, my_today())
    fellow = user_by_id(fellow_id)
    form = NewMeetingForm.from_request()
    form.offer(my_today(), queries.choices_to_talk_about(me(), fellow_id, now))
    if carried_out(form, lambda: services.note_meeting(me(), fellow_id, form.talk, now=now)):
        flash(f"Noted. {fellow.name} is told.", "good")
        return redirect(url_for("mentoring.fellow", fellow_id=fellow_id, _anchor="meetings"))
    page = render_template("meetings/new.html", form=form, fellow=fellow, longest=LONGEST)
    return page, form.status


@bp.get("/meetings/<int:meeting_id>")
@_both
def meeting(meeting_id: int) -> ResponseReturnValue:
    """Show one talk to its fellow and to its mentor, who may change what was noted."""
    told = queries.meeting_for(me(), meeting_id, utcnow())
    form = MeetingForm(formdata=None)
    form.show(told.row)
    return _meeting_page(told, form)


@bp.post("/meetings/<int:meeting_id>")
@allow(Role.MENTOR)
def change(meeting_id: int) -> ResponseReturnValue:
    """Change what one noted of a talk."""
    form, now = MeetingForm.from_request(), utcnow()

    def act() -> None:
        services.hold(meeting_id)
        shown = queries.meeting_for(me(), meeting_id, now)
        check_sight(_sight(shown.row), page=url_for("meetings.meeting", meeting_id=meeting_id))
        services.change_meeting(me(), meeting_id, form.talk, now=now)

    if carried_out(form, act):
        flash("Saved.", "good")
        return redirect(url_for("meetings.index"))
    return _meeting_page(queries.meeting_for(me(), meeting_id, now), form)


@bp.post("/meetings/<int:meeting_id>/share")
@_both
def share(meeting_id: int) -> ResponseReturnValue:
    """Share what was agreed with directors, or end that."""
    wanted, now = SharingForm.from_request().wanted.data == "yes", utcnow()
    address = url_for("meetings.meeting", meeting_id=meeting_id)

    def act() -> Meeting:
        services.hold(meeting_id)
        shown = queries.meeting_for(me(), meeting_id, now)
        if wanted:  # to share no more is sure whatever the words are
            check_sight(_agreed_sight(shown.row), page=address)
        return services.share(me(), meeting_id, wanted, now=now)

    done = pressed(act)
    if done and done.result.shared:
        flash("Directors can read what you agreed.", "good")
    elif done:
        flash(
            "You share it. Directors read it once the other one shares it, too."
            if wanted
            else "Directors do not read what you agreed.",
            "good",
        )
    return redirect(address)


def _sight(meeting: Meeting) -> Sight:
    return {
        "When you met": say_date(meeting.met_on),
        "What you talked about": meeting.notes,
        **_agreed_sight(meeting),
        "Directors may read what we agreed": "Yes" if meeting.shared_by_mentor_at else "No",
    }


def _agreed_sight(meeting: Meeting) -> Sight:
    return {"What you agreed": meeting.agreed}


def _meeting_page(told: ToldMeeting, form: MeetingForm) -> ResponseReturnValue:
    page = render_template(
        "meetings/meeting.html",
        told=told,
        form=form,
        as_shown=_sight(told.row),
        agreed_as_shown=_agreed_sight(told.row),
        longest=LONGEST,
    )
    return page, form.status
