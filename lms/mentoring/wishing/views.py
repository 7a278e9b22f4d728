"""The pages on which short quizzes are wished for, and decided on."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import local, utcnow
from lms.core.db import transaction
from lms.core.forms import carried_out, pressed
from lms.core.sight import check_sight
from lms.mentoring.access import check_mentors
from lms.mentoring.wishing import letters, queries, services, wording
from lms.mentoring.wishing.forms import NotGivenForm, WishForm
from lms.mentoring.wishing.models import LONGEST, QuizWish, WishState
from lms.mentoring.wishing.sights import sight_of_offers, sight_of_wish
from lms.notices.queries import is_unseen
from lms.notices.services import mark_seen
from lms.people.locking import locked_person
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.signin.access import allow, me, my_today

bp = Blueprint("wishing", __name__)


@bp.route("/fellows/<int:fellow_id>/short-quiz", methods=["GET", "POST"])
@allow(Role.MENTOR)
def new(fellow_id: int) -> ResponseReturnValue:
    """Wish for a short quiz for a fellow whom one mentors."""
    now = utcnow()
    check_mentors(me(), fellow_id, my_today())
    fellow, at_once = user_by_id(fellow_id), services.gives_at_once(me())
    form = WishForm.from_request()
    offers = queries.offers_for(me(), fellow, now=now)
    form.offer(offers, asked_for=request.form.get("approach", ""))
    if not form.is_submitted():
        today = local(now, fellow.time_zone).date()
        form.suggest(today, request.args.get("approach", "")[:80])
    if done := carried_out(form, lambda: _wish(fellow, form, now)):
        given = done.result.state is WishState.GIVEN
        flash(
            "Given. The fellow is told." if given else "Directors are told that it waits.", "good"
        )
        return redirect(_address(done.result.id))
    page = render_template(
        "wishing/new.html",
        form=form,
        fellow=fellow,
        offers=offers,
        at_once=at_once,
        as_shown=sight_of_offers(offers, at_once=at_once),
        say=wording,
    )
    return page, form.status


def _wish(fellow: User, form: WishForm, now: datetime) -> QuizWish:
    """Wish for what the form says, if its page showed what can be had, or that was just pressed."""
    locked_person(fellow.id)
    offers = queries.offers_for(me(), fellow, now=now)
    known = services.wished_already(me(), fellow.id, form.wanted, now=now)
    pressed_before = {each.name for each in offers if known and each.approach == known.approach}
    check_sight(
        sight_of_offers(offers, at_once=services.gives_at_once(me())),
        page=url_for("wishing.new", fellow_id=fellow.id),
        done=pressed_before,
    )
    return services.wish_quiz(me(), fellow.id, form.wanted, now=now)


@bp.get("/short-quizzes/<int:wish_id>")
@allow(Role.FELLOW, Role.MENTOR, Role.DIRECTOR)
def wish(wish_id: int) -> ResponseReturnValue:
    """Show what a mentor wants, and what became of it."""
    now = utcnow()
    page = _wish_page(wish_id, NotGivenForm(formdata=None), now)
    if is_unseen(me().id, letters.OBJECT, wish_id):
        with transaction():
            mark_seen(me().id, letters.OBJECT, wish_id, now=now)
    return page


def _wish_page(wish_id: int, form: NotGivenForm, now: datetime) -> ResponseReturnValue:
    shown, relation = queries.wish_for(me(), wish_id, now=now)
    waits = shown.state is WishState.WAITING
    page = render_template(
        "wishing/wish.html",
        wish=shown,
        relation=relation,
        decides=waits and relation.directs,
        takes_back=waits and relation.mentors and shown.mentor_id == me().id,
        form=form,
        longest=LONGEST,
        say=wording,
        as_shown=sight_of_wish(shown),
    )
    return page, form.status


@bp.post("/short-quizzes/<int:wish_id>/approve")
@allow(Role.DIRECTOR)
def approve(wish_id: int) -> ResponseReturnValue:
    """Give what a mentor wants."""

    def act(now: datetime) -> QuizWish:
        return services.approve(me(), wish_id, now=now)

    return _pressed(wish_id, act, WishState.GIVEN, "Given. The fellow and the mentor are told.")


@bp.post("/short-quizzes/<int:wish_id>/take-back")
@allow(Role.MENTOR)
def take_back(wish_id: int) -> ResponseReturnValue:
    """Want it no more."""
    queries.wish_for(me(), wish_id, now=utcnow())

    def act(now: datetime) -> QuizWish:
        return services.take_back(me(), wish_id, now=now)

    return _pressed(wish_id, act, WishState.TAKEN_BACK, "Taken back.")


def _pressed(
    wish_id: int, act: Callable[[datetime], QuizWish], wanted: WishState, said: str
) -> ResponseReturnValue:
    now = utcnow()

    def checked() -> QuizWish:
        _check_shown(wish_id, wanted)
        return act(now)

    if pressed(checked):
        flash(said, "good")
    return redirect(_address(wish_id))


@bp.post("/short-quizzes/<int:wish_id>/decline")
@allow(Role.DIRECTOR)
def decline(wish_id: int) -> ResponseReturnValue:
    """Do not give what a mentor wants, and say why."""
    form, now = NotGivenForm.from_request(), utcnow()

    def act() -> QuizWish:
        _check_shown(wish_id, WishState.DECLINED)
        return services.decline(me(), wish_id, reason=form.reason.data, now=now)

    if carried_out(form, act):
        flash("Declined. The mentor is told.", "good")
        return redirect(_address(wish_id))
    return _wish_page(wish_id, form, now)


def _check_shown(wish_id: int, wanted: WishState) -> None:
    """Check that a wish, which nobody else changes now, is as it was shown, or as *wanted*."""
    held = services.hold(wish_id)
    done = ("State",) if held.state is wanted else ()
    check_sight(sight_of_wish(held), page=_address(wish_id), done=done)


def _address(wish_id: int) -> str:
    return url_for("wishing.wish", wish_id=wish_id)
