"""What directors look after: the mail ledger, the audit trail; and the local mailbox."""

import re

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.errors import Invalid, NotFound
from lms.core.figures import say_duration, say_span
from lms.core.forms import carried_out
from lms.core.mail import MailState
from lms.core.mail.reading import parts_of
from lms.core.run_figures import RunOutcome, figures_of_a_day
from lms.core.settings import change_settings_of_program
from lms.core.sight import check_sight
from lms.core.waiting import all_waiting
from lms.core.web import POLICY, page_asked
from lms.grading.services import release_flagged
from lms.operations import (
    audit_wording,
    late_answers,
    queries,
    services,
    troubled_attempts,
)
from lms.operations.audit_names import names_in
from lms.operations.forms import SettleForm, TrailFilter
from lms.operations.mailbox_door import COOKIE, is_key
from lms.operations.program_form import ProgramForm
from lms.operations.sights import sight_of_attempts, sight_of_mail
from lms.people.models import Role
from lms.signin.access import allow, allow_anyone, me, someone

bp = Blueprint("operations", __name__)

FRAMED = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
"""The policy of a mail's HTML part: its own style attributes, and nothing else at all."""

_ADDRESS = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]])")


@bp.route("/settings/program", methods=["GET", "POST"])
@allow(Role.DIRECTOR)
def program() -> ResponseReturnValue:
    """Show and change what the program has set."""
    form = ProgramForm.of_what_holds()

    def change() -> list[str]:
        return change_settings_of_program(me(), form.wanted(), now=utcnow())

    if done := carried_out(form, change):
        flash("Saved." if done.result else "Nothing was changed.", "good")
        return redirect(url_for("operations.program"))
    return render_template("operations/program.html", form=form), form.status


@bp.get("/records")
@allow(Role.DIRECTOR)
def records() -> ResponseReturnValue:
    """Show what became of each message; what waits for a decision first."""
    wanted = request.args.get("state", "")
    state = MailState(wanted) if wanted in set(MailState) else None
    return render_template(
        "operations/records.html",
        page=queries.ledger(page_asked(), state),
        waiting=queries.uncertain(),
        set_aside=troubled_attempts.count_set_aside(),
        state=state,
        states=queries.states(),
        many=queries.MANY,
        never_again=services.NEVER_AGAIN,
        sight_of_mail=sight_of_mail,
    )


@bp.post("/records/mails/<int:message_id>")
@allow(Role.DIRECTOR)
def settle(message_id: int) -> ResponseReturnValue:
    """Take the decision about a message: it was delivered, or it is to be sent again."""
    form = SettleForm.from_request()
    if not form.validate_on_submit():
        raise Invalid
    act, becomes, sentence = _DECISIONS[form.decision.data]
    with transaction():
        mail = queries.message(message_id)
        done = ["State"] if mail.state is becomes else []
        check_sight(sight_of_mail(mail), page=url_for("operations.records"), done=done)
        if not done:
            act(me(), message_id, now=utcnow())
    flash(sentence, "good")
    return redirect(url_for("operations.records"))


_DECISIONS = {
    "delivered": (services.mark_delivered, MailState.SENT, "Noted as delivered."),
    "again": (services.send_again, MailState.QUEUED, "It is sent again."),
}
"""What is done, what state that leaves the mail in, and what is said of it."""


@bp.get("/records/attempts")
@allow(Role.DIRECTOR)
def attempts() -> ResponseReturnValue:
    """Show what people must look at: what was set aside, left out, or came too late."""
    set_aside, count = troubled_attempts.set_aside(), troubled_attempts.count_set_aside()
    return render_template(
        "operations/attempts.html",
        set_aside=set_aside,
        count=count,
        as_shown=sight_of_attempts(set_aside, count),
        left_out=troubled_attempts.left_out(),
        late=late_answers.late_answers(page_asked()),
        span=say_span,
    )


@bp.get("/records/attempts/refused")
@allow(Role.DIRECTOR)
def refused() -> ResponseReturnValue:
    """Show what was typed last and could not be taken, in attempts that are handed in."""
    return render_template(
        "operations/refused.html", page=late_answers.refused_answers(page_asked())
    )


@bp.post("/records/attempts/grade")
@allow(Role.DIRECTOR)
def grade_again() -> ResponseReturnValue:
    """Have the attempts graded again that were set aside."""
    with transaction():
        set_aside, count = troubled_attempts.set_aside(), troubled_attempts.count_set_aside()
        page = url_for("operations.attempts")
        check_sight(sight_of_attempts(set_aside, count), page=page)
        released = release_flagged(me(), now=utcnow())
    count = len(released)
    flash(
        f"{count} {'attempt is' if count == 1 else 'attempts are'} being graded again."
        if released
        else "No attempt is left that could not be graded.",
        "info",
    )
    return redirect(url_for("operations.attempts"))


@bp.get("/records/runs")
@allow(Role.DIRECTOR)
def runs() -> ResponseReturnValue:
    """Show what waits for the workers, and what became of each task in the last day."""
    return render_template(
        "operations/runs.html",
        waiting=all_waiting(utcnow()),
        figures=figures_of_a_day(current_app.extensions["runs"], utcnow()),
        outcomes=list(RunOutcome),
        duration=say_duration,
        age=say_span,
    )


@bp.get("/audit")
@allow(Role.DIRECTOR)
def audit() -> ResponseReturnValue:
    """Show who did what to what."""
    form = TrailFilter(request.args)
    known = sorted((words.capitalize(), name) for name, words in audit_wording.WORDS.items())
    offered = (SelectChoice(name, words) for words, name in known)
    form.action.choices = [SelectChoice("", "Any"), *offered]
    person, action = (form.person.data or "").strip(), form.action.data or ""
    page = queries.audit_trail(page_asked(), person, action)
    return render_template(
        "operations/audit.html",
        form=form,
        page=page,
        kept={"person": person, "action": action},
        names=names_in(event for event, _ in page),
        say=audit_wording,
    )


@bp.get("/mailbox/open/<secret>")
@allow_anyone
def open_mailbox(secret: str) -> ResponseReturnValue:
    """Open the local mailbox to who knows the address that the start has printed."""
    if not _settings().local_mailbox or not is_key(secret):
        raise NotFound
    page = current_app.make_response(redirect(url_for("operations.mailbox")))
    page.set_cookie(
        COOKIE,
        secret,
        path=url_for("operations.mailbox"),
        secure=_settings().secure,
        httponly=True,
        samesite="Lax",
    )
    return page


@bp.get("/mailbox")
@allow_anyone
def mailbox() -> ResponseReturnValue:
    """List the mails that this installation keeps instead of sending them."""
    _check_mailbox()
    return render_template("operations/mailbox.html", page=queries.mailbox(page_asked()))


@bp.get("/mailbox/<int:message_id>")
@allow_anyone
def message(message_id: int) -> ResponseReturnValue:
    """Show one mail."""
    _check_mailbox()
    mail = queries.message(message_id)
    parts = parts_of(mail)
    page = current_app.make_response(
        render_template(
            "operations/message.html",
            message=mail,
            pieces=_ADDRESS.split(parts.text),
            has_html=parts.html is not None,
        )
    )
    page.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return page


@bp.get("/mailbox/<int:message_id>/html")
@allow_anyone
def message_html(message_id: int) -> ResponseReturnValue:
    """Show the HTML part of a mail, for the frame on its page; it can run and load nothing."""
    _check_mailbox()
    html = parts_of(queries.message(message_id)).html
    if html is None:
        raise NotFound
    page = Response(html, mimetype="text/html")
    page.headers["Content-Security-Policy"] = FRAMED
    page.headers["X-Frame-Options"] = "SAMEORIGIN"
    return page


def _check_mailbox() -> None:
    """Let in who has opened the mailbox, or a director; nobody where mail is really sent."""
    if not _settings().local_mailbox:
        raise NotFound
    user = someone()
    is_director = user is not None and Role.DIRECTOR in user.roles
    if not is_director and not is_key(request.cookies.get(COOKIE, "")):
        raise NotFound(
            "The mailbox opens by the address that the start of the service has printed "
            "(“lms mail mailbox” prints it again), or for a director who is signed in."
        )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
