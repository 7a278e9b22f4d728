"""Marking by those who teach: a list, and one answer at a time, without a name."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.access import allow, me
from lms.accounts.models import Role
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.errors import Invalid, Refusal
from lms.core.web import page_asked
from lms.marking import queries, services

bp = Blueprint("marking", __name__)

PAGE = 30


@bp.get("/marking")
@allow(Role.FACULTY, Role.DIRECTOR)
def index() -> ResponseReturnValue:
    """List the answers that wait for a person."""
    total = queries.count_waiting(me().id)
    page, pages = page_asked(total, PAGE)
    return render_template(
        "marking/index.html",
        rows=queries.waiting(me().id, limit=PAGE, offset=(page - 1) * PAGE),
        total=total,
        page=page,
        pages=pages,
    )


@bp.route("/marking/<int:response_id>", methods=["GET", "POST"])
@allow(Role.FACULTY, Role.DIRECTOR)
def answer(response_id: int) -> ResponseReturnValue:
    """Show one answer with its rubric; a POST marks it and goes on to the next."""
    sheet = queries.sheet(me().id, response_id)
    if request.method == "GET":
        levels = dict(enumerate(sheet.levels or ()))
        return _page(sheet, levels=levels, note=sheet.note, seen=sheet.newest_id)
    levels = {
        number: level
        for number in range(len(sheet.item.rubric))
        if (level := request.form.get(f"level-{number}", type=int)) is not None
    }
    note = request.form.get("note", "").replace("\r\n", "\n").strip()
    seen = request.form.get("seen", type=int)
    missing = [number for number in range(len(sheet.item.rubric)) if number not in levels]
    try:
        if missing:
            raise Invalid("Choose a level for every criterion.", field="levels")
        with transaction():
            services.mark_response(
                me(),
                response_id,
                list(levels.values()),
                note=note,
                seen=seen,
                now=utcnow(),
            )
    except Invalid as refusal:
        page = _page(sheet, levels=levels, note=note, seen=seen, refusal=refusal, missing=missing)
        return page, refusal.http_status
    except services.MarkedMeanwhile as refusal:
        theirs = queries.sheet(me().id, response_id)
        page = _page(theirs, levels=levels, note=note, seen=theirs.newest_id, refusal=refusal)
        return page, refusal.http_status
    flash("The answer is marked, and the score follows.", "good")
    following = queries.waiting(me().id, limit=1, offset=0)
    if following:
        return redirect(url_for(".answer", response_id=following[0].response_id))
    return redirect(url_for(".index"))


def _page(
    sheet: queries.Sheet,
    *,
    levels: dict[int, int],
    note: str,
    seen: int | None,
    refusal: Refusal | None = None,
    missing: list[int] | None = None,
) -> str:
    return render_template(
        "marking/answer.html",
        sheet=sheet,
        levels=levels,
        note=note,
        seen=seen,
        refusal=refusal,
        missing=missing or [],
        waiting=queries.count_waiting(me().id),
        longest_note=services.LONGEST_NOTE,
    )
