"""The pages that confirm an act on several cases, and say what came of it."""

from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.authoring.history.forms import WhyForm
from lms.authoring.publishing.retagging import has
from lms.authoring.reviews.queries import may_be_asked
from lms.bank.together import queries, services
from lms.bank.together.forms import AskForm, RetagForm
from lms.bank.together.queries import ChosenCase, chosen_cases, sight_of
from lms.cases.settings import PUBLISHING
from lms.core.clock import utcnow
from lms.core.forms import BaseForm, carried_out
from lms.core.settings import setting
from lms.core.sight import check_sight
from lms.jobs.reports import JobReport, LineOutcome
from lms.people.models import Role
from lms.people.queries import user_by_id
from lms.signin.access import allow, me

bp = Blueprint("together", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)

_LONGEST_ADDRESS = 2_000

_TAKEN = {"tag": "changed", "ask": "asked for", "retire": "retired"}

Chosen = Sequence[ChosenCase]


@bp.route("/chosen/tag", methods=["GET", "POST"])
@_staff
def tag() -> ResponseReturnValue:
    """Give the chosen cases a tag, or take it away."""
    form = RetagForm.from_request()
    form.offer()

    def done(chosen: Chosen) -> set[str]:
        return {each.name for each in chosen if each.newest and has(each.newest, form.change)}

    return _page(
        form, done, lambda chosen: services.tag_cases(me(), chosen, form.change, now=utcnow())
    )


@bp.route("/chosen/ask", methods=["GET", "POST"])
@_staff
def ask() -> ResponseReturnValue:
    """Ask a colleague to review the chosen cases."""
    form = AskForm.from_request()
    form.reviewer.offer(may_be_asked((), None, utcnow()))

    def act(chosen: Chosen) -> JobReport:
        reviewer = user_by_id(form.reviewer.data)
        return services.ask_about_cases(me(), chosen, reviewer, form.due_on.data, now=utcnow())

    return _page(form, lambda chosen: queries.asked_of(chosen, form.reviewer.data), act)


@bp.route("/chosen/retire", methods=["GET", "POST"])
@_staff
def retire() -> ResponseReturnValue:
    """Take the chosen cases out of the bank."""
    form = WhyForm.from_request()

    def done(chosen: Chosen) -> set[str]:
        return {each.name for each in chosen if each.case.retired_at is not None}

    def act(chosen: Chosen) -> JobReport:
        return services.retire_cases(me(), chosen, form.why.data or "", now=utcnow())

    return _page(form, done, act)


def _page(
    form: BaseForm, done: Callable[[Chosen], set[str]], act: Callable[[Chosen], JobReport]
) -> ResponseReturnValue:
    """Confirm *act* on the cases that the request names; once it is done, say what came of it.

    `done` names those that are as the form asks already.
    """
    ids, name = _ids_sent(), str(request.endpoint).partition(".")[2]
    if not chosen_cases(ids):
        flash("Choose one case or more first.", "bad")
        return redirect(_back())
    drafts = isinstance(form, AskForm)

    def carry_out() -> JobReport:
        queries.lock(ids)
        locked = chosen_cases(ids)
        page = url_for(f"together.{name}", case=sorted(ids))
        check_sight(sight_of(locked, drafts=drafts), page=page, done=done(locked))
        return act(locked)

    if made := carried_out(form, carry_out):
        words = {"words_taken": _TAKEN[name], "outcomes": list(LineOutcome), "back": _back()}
        return render_template("together/done.html", report=made.result, **words)
    chosen = chosen_cases(ids)
    page = render_template(
        "together/confirm.html",
        act=name,
        form=form,
        chosen=chosen,
        as_shown=sight_of(chosen, drafts=drafts),
        found=_found(),
        back=_back(),
        alone=setting(PUBLISHING).alone,
    )
    return page, form.status


def _ids_sent() -> set[int]:
    sent = request.values.getlist("case")
    return {int(each) for each in sent if each.isascii() and each.isdigit() and len(each) < 10}


def _found() -> str:
    """Return the address of the finder as it was narrowed, as far as the page was told."""
    return request.values.get("found", "")[:_LONGEST_ADDRESS]


def _back() -> str:
    """Return where the cases were chosen: the finder, as it was narrowed."""
    finder = url_for("bank.index")
    path, _, asked = _found().partition("?")
    return f"{finder}?{urlencode(parse_qsl(asked))}" if path == finder and asked else finder
