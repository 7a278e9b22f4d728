"""The roster, for directors."""

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.config import Settings
from lms.core.bodies import takes_files
from lms.core.clock import utcnow
from lms.core.errors import Invalid
from lms.core.forms import carried_out
from lms.core.sight import NotAsShown, check_sight
from lms.core.tables import BOM
from lms.jobs.models import Job
from lms.people.models import Role
from lms.program import queries
from lms.rosters.exporting import export_roster
from lms.rosters.forms import ImportForm, RosterForm
from lms.rosters.importing_by_steps import ask_for_import
from lms.rosters.planning import Plan, make_plan, sight_of
from lms.rosters.reading import COLUMNS, read_roster
from lms.signin.access import allow, me, my_today

bp = Blueprint("rosters", __name__)

_directors = allow(Role.DIRECTOR)


@bp.get("/cohorts/<int:cohort_id>/roster.csv")
@_directors
def export(cohort_id: int) -> ResponseReturnValue:
    """Download a cohort's roster; it can be imported again."""
    text = export_roster(queries.cohort_by_id(cohort_id), on=my_today())
    page = Response(BOM + text, mimetype="text/csv")
    page.headers.set("Content-Disposition", "attachment", filename=f"roster-{cohort_id}.csv")
    return page


@bp.route("/roster", methods=["GET", "POST"])
@_directors
@takes_files("file")
def roster() -> ResponseReturnValue:
    """Take a roster, and show what importing it would do; nothing is changed yet."""
    form = RosterForm.from_request()
    if form.validate_on_submit():
        try:
            text = form.roster()
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            plan = _plan(text)
            if not plan.roster.problems:
                return _plan_page(plan, ImportForm(None, data={"text": text}))
            for problem in plan.roster.problems:
                form.refuse(Invalid(problem, field="file" if form.file.data else "text"))
    return render_template("rosters/roster.html", form=form, columns=COLUMNS), form.status


def _plan(text: str) -> Plan:
    return make_plan(read_roster(text), on=my_today())


def _plan_page(plan: Plan, form: ImportForm) -> ResponseReturnValue:
    page = render_template("rosters/plan.html", plan=plan, form=form, as_shown=sight_of(plan))
    return page, form.status


@bp.post("/roster/import")
@_directors
def confirm_roster() -> ResponseReturnValue:
    """Have a roster imported that was looked at; the page of the job says what was done."""
    settings: Settings = current_app.extensions["settings"]
    form = ImportForm.from_request()
    text = form.text.data or ""

    def ask() -> Job:
        check_sight(sight_of(_plan(text)), page=url_for("rosters.roster"))
        return ask_for_import(me(), text, time_zone=settings.time_zone, on=my_today(), now=utcnow())

    if done := carried_out(form, ask, shown=NotAsShown):
        return redirect(url_for("jobs.job", job_id=done.result.id))
    if form.changed:
        return _plan_page(_plan(text), form)
    return redirect(url_for("rosters.roster"))
