"""Two buttons at an item: withhold it, and lift that."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from lms.cases.models import Item, StoredCase
from lms.cases.withholding import locked_item, sight_of
from lms.core.clock import utcnow
from lms.core.forms import pressed
from lms.core.sight import check_sight
from lms.grading.withholding import services
from lms.grading.withholding.forms import WithholdForm
from lms.people.models import Role
from lms.signin.access import allow, me

bp = Blueprint("withholding", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)


@bp.post("/bank/<slug>/items/<key>/withhold")
@_staff
def withhold(slug: str, key: str) -> ResponseReturnValue:
    """Take an item out of draws and scores, or note why that was done."""
    form = WithholdForm.from_request()
    if not form.validate_on_submit():
        flash(f"{form.why.errors[0]} Nothing was changed." if form.why.errors else "", "bad")
        return redirect(_page(slug, key))
    why = form.why.data or ""

    def act(case: StoredCase, item: Item) -> None:
        services.withhold(me(), case, item, why=why, now=utcnow())

    kept = "What fellows answer to it is kept and not counted"
    return _carry_out(slug, key, act, f"Item {{position}} is withheld. {kept}.", withheld=True)


@bp.post("/bank/<slug>/items/<key>/lift")
@_staff
def lift(slug: str, key: str) -> ResponseReturnValue:
    """Have a withheld item asked and counted again."""

    def act(case: StoredCase, item: Item) -> None:
        services.lift(me(), case, item, now=utcnow())

    said = "Item {position} is asked and counted again. Scores follow in a moment."
    return _carry_out(slug, key, act, said, withheld=False)


def _carry_out(
    slug: str, key: str, act: Callable[[StoredCase, Item], None], said: str, *, withheld: bool
) -> ResponseReturnValue:
    page = _page(slug, key)

    def on_what_was_shown() -> int:
        case, item = locked_item(slug, key)
        is_so = (item.withheld_at is not None) is withheld
        now = sight_of(item, me().time_zone)
        check_sight(now, page=page, done=now if is_so else ())
        act(case, item)
        return item.position

    if done := pressed(on_what_was_shown):
        flash(said.format(position=done.result), "good")
    return redirect(page)


def _page(slug: str, key: str) -> str:
    return url_for("bank.case", slug=slug, _anchor=f"item-{key}")
