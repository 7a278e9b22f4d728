"""A mentor's weekly mails."""

from dataclasses import replace
from datetime import datetime, time

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import at, say_day, utcnow
from lms.core.db import transaction
from lms.core.forms import carried_out
from lms.core.web import page_asked
from lms.mentoring.digests import queries
from lms.mentoring.digests.contents import from_json
from lms.mentoring.digests.forms import MailsForm, RhythmForm
from lms.mentoring.digests.queries import KIND
from lms.mentoring.digests.rhythms import Rhythm, Timetable, say_rhythm
from lms.mentoring.digests.services import choose
from lms.notices.queries import is_stopped, is_unseen
from lms.notices.services import mark_seen, set_wanted
from lms.people.models import Role
from lms.program.deputies.queries import stand_ins, stood_in_with
from lms.program.queries import looked_after_by
from lms.signin.access import allow, me, my_today

bp = Blueprint("digests", __name__)


@bp.get("/digests")
@allow(Role.MENTOR)
def index() -> ResponseReturnValue:
    """List the mentor's own past mails."""
    rhythm = _own_rhythm()
    return _index_page(RhythmForm(formdata=None, obj=rhythm), rhythm)


def _own_rhythm() -> Rhythm:
    return queries.timetables({me().id: me().time_zone})[me().id].rhythm


def _index_page(form: RhythmForm, rhythm: Rhythm) -> ResponseReturnValue:
    page = queries.past_digests(me().id, page_asked())
    listed = render_template(
        "digests/index.html",
        digests=[(digest, from_json(digest.said)) for digest in page],
        page=page,
        away=[each for each in stand_ins(me().id, my_today()) if each.starts_on <= my_today()],
        stopped=is_stopped(me().id, KIND),
        form=form,
        comes=say_rhythm(rhythm),
        following=_following(rhythm, utcnow()),
    )
    return listed, form.status


def _following(rhythm: Rhythm, now: datetime) -> str:
    """Return when the next mail about all fellows comes, in a sentence.

    Empty: none does, or a deputy gets it.
    """
    zone, day = me().time_zone, queries.next_digest(me(), now)
    if day is None or looked_after_by(me().id, day) <= stood_in_with(me().id, day):
        return ""
    if day <= Timetable(rhythm, zone).due_day(now):
        return "The next one is being written."
    which = "next one" if rhythm.weeks == 1 else "next one on all your fellows"
    return f"The {which} comes {say_day(at(day, time(), zone), zone)}."


@bp.get("/digests/<int:digest_id>")
@allow(Role.MENTOR)
def digest(digest_id: int) -> ResponseReturnValue:
    """Show what one mail said of the fellows whom the mentor still has; note that it is seen."""
    digest = queries.own_digest(me().id, digest_id)
    if is_unseen(me().id, queries.OBJECT, digest_id):
        with transaction():
            mark_seen(me().id, queries.OBJECT, digest_id, now=utcnow())
    contents = from_json(digest.said)
    own = looked_after_by(me().id, my_today())
    shown = replace(
        contents, fellows=tuple(one for one in contents.fellows if one.fellow_id in own)
    )
    gone = len(contents.fellows) - len(shown.fellows)
    return render_template("digests/digest.html", digest=digest, contents=shown, gone=gone)


@bp.post("/digests/mails")
@allow(Role.MENTOR)
def set_mails() -> ResponseReturnValue:
    """Stop the weekly mails, or have them sent again."""
    wanted = MailsForm.from_request().wanted.data == "yes"
    with transaction():
        set_wanted(me().id, KIND, wanted, now=utcnow())
    flash("The weekly mail will come." if wanted else "The weekly mail is stopped.")
    return redirect(url_for("digests.index"))


@bp.post("/digests/rhythm")
@allow(Role.MENTOR)
def choose_rhythm() -> ResponseReturnValue:
    """Choose when and how often the own mail comes."""
    form = RhythmForm.from_request()
    if carried_out(form, lambda: choose(me(), form.rhythm, now=utcnow())):
        flash(f"The mail comes {say_rhythm(form.rhythm)}.", "good")
        return redirect(url_for("digests.index"))
    return _index_page(form, _own_rhythm())
