"""The small pages that open from a digest, without signing in: a talk, a goal, or
why none is needed.

The secret of the address stands for one prompt: this mentor, this fellow, this week. Of the
fellow it shows what the mail said already, what was answered to it, and whether there is room for
a goal; and it lets nothing be done but what its buttons say. After 30 days it shows nothing.
"""

from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import local, say_when, utcnow, week_bounds
from lms.core.forms import carried_out
from lms.mentoring.acting.forms import DecliningForm
from lms.mentoring.digests.queries import digest_of
from lms.mentoring.goals import wording
from lms.mentoring.goals.forms import GoalForm
from lms.mentoring.goals.queries import has_room
from lms.mentoring.goals.services import propose_goal
from lms.mentoring.meetings.forms import NewMeetingForm
from lms.mentoring.meetings.models import LONGEST, Meeting
from lms.mentoring.meetings.queries import choices_to_talk_about
from lms.mentoring.meetings.services import note_meeting
from lms.mentoring.prompts.models import LONGEST_REASON, Prompt
from lms.mentoring.prompts.queries import PromptStanding, prompt_of, standing_of
from lms.mentoring.prompts.services import check_answers, decline
from lms.progress.wording import say_span
from lms.signin.access import allow_anyone

bp = Blueprint("acting", __name__)


@bp.route("/act/<secret>", methods=["GET", "POST"])
@allow_anyone
def talked(secret: str) -> ResponseReturnValue:
    """Note that the mentor has talked with the fellow. A GET changes nothing."""
    prompt, now = prompt_of(secret), utcnow()
    if standing_of(prompt, now) is not PromptStanding.OPEN:
        return _over_page(secret, prompt, now)
    form = _talk_form(prompt, now)

    def act() -> Meeting:
        check_answers(prompt, form.talk.met_on)
        return note_meeting(prompt.mentor, prompt.fellow_id, form.talk, now=now)

    if carried_out(form, act):
        return _back(secret)
    page = render_template(
        "acting/talked.html",
        secret=secret,
        prompt=prompt,
        days=_days(prompt),
        form=form,
        longest=LONGEST,
    )
    return page, form.status


@bp.route("/act/<secret>/not-needed", methods=["GET", "POST"])
@allow_anyone
def not_needed(secret: str) -> ResponseReturnValue:
    """Note why no word with the fellow is needed. A GET changes nothing."""
    prompt, now = prompt_of(secret), utcnow()
    if standing_of(prompt, now) is not PromptStanding.OPEN:
        return _over_page(secret, prompt, now)
    form = DecliningForm.from_request()
    if carried_out(form, lambda: decline(prompt.mentor, prompt.id, form.reason.data, now=now)):
        return _back(secret)
    page = render_template(
        "acting/not_needed.html",
        secret=secret,
        prompt=prompt,
        days=_days(prompt),
        form=form,
        longest=LONGEST_REASON,
    )
    return page, form.status


@bp.route("/act/<secret>/goal", methods=["GET", "POST"])
@allow_anyone
def goal(secret: str) -> ResponseReturnValue:
    """Propose a goal to the fellow. A GET changes nothing."""
    prompt, now = prompt_of(secret), utcnow()
    if standing_of(prompt, now) is not PromptStanding.OPEN:
        return _over_page(secret, prompt, now)
    form, fellow = GoalForm.from_request(), prompt.fellow
    form.offer(None)
    today = local(now, fellow.time_zone).date()
    if not form.is_submitted():
        form.suggest(today, "")
    if carried_out(form, lambda: propose_goal(prompt.mentor, fellow, form.wish, now=now)):
        return _back(secret)
    page = render_template(
        "acting/goal.html",
        secret=secret,
        prompt=prompt,
        days=_days(prompt),
        form=form,
        reads=form.reads(today),
        room=has_room(fellow.id),
        say=wording,
    )
    return page, form.status


def _talk_form(prompt: Prompt, now: datetime) -> NewMeetingForm:
    """Return the form of a talk; of unsafe choices it offers those alone that the mail named."""
    form = NewMeetingForm.from_request()
    open_ones = choices_to_talk_about(prompt.mentor, prompt.fellow_id, now)
    today = local(now, prompt.mentor.time_zone).date()
    form.offer(today, [each for each in open_ones if each[0] in prompt.choices])
    return form


def _days(prompt: Prompt) -> str:
    """Return the days that its mail reported on, as "Nov 16 to 22, 2026"."""
    zone = prompt.mentor.time_zone
    digest = digest_of(prompt.mentor_id, prompt.week)
    bounds = (digest.starts_at, digest.ends_at) if digest else week_bounds(prompt.week, zone)
    return say_span(*bounds, zone)


def _back(secret: str) -> ResponseReturnValue:
    return redirect(url_for("acting.talked", secret=secret), HTTPStatus.SEE_OTHER)


def _over_page(secret: str, prompt: Prompt, now: datetime) -> ResponseReturnValue:
    """Say why nothing can be done with a link, or what was done with it."""
    standing = standing_of(prompt, now)
    if standing is PromptStanding.ANSWERED and request.method == "POST":
        return _back(secret)
    at = say_when(prompt.answered_at, prompt.mentor.time_zone) if prompt.answered_at else ""
    page = render_template("acting/over.html", prompt=prompt, standing=standing, at=at)
    return page, HTTPStatus.OK if standing is PromptStanding.ANSWERED else HTTPStatus.GONE
