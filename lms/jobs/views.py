"""The pages of jobs: which there are, and how far one is."""

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.forms import pressed
from lms.core.web import page_asked
from lms.jobs import queries, services
from lms.jobs.kinds import work_of
from lms.jobs.models import JobState
from lms.jobs.reports import JobReport, LineOutcome
from lms.signin.access import allow_signed_in, me

bp = Blueprint("jobs", __name__)

UNDER_WAY = (JobState.WAITING, JobState.RUNNING)


@bp.get("/jobs")
@allow_signed_in
def index() -> ResponseReturnValue:
    """List the jobs that the person may see."""
    page = queries.jobs_of(me(), page_asked())
    return render_template("jobs/index.html", page=page, work_of=work_of)


@bp.get("/jobs/<int:job_id>")
@allow_signed_in
def job(job_id: int) -> ResponseReturnValue:
    """Show how far a job is, and its report once there is one."""
    found = queries.job_of(me(), job_id)
    return render_template(
        "jobs/job.html",
        job=found,
        work=work_of(found.kind),
        report=JobReport.of(found.report),
        outcomes=list(LineOutcome),
        under_way=found.state in UNDER_WAY,
        kept_for=services.KEPT.days,
    )


@bp.get("/jobs/<int:job_id>/status")
@allow_signed_in
def status(job_id: int) -> ResponseReturnValue:
    """Say how far a job is, for its page."""
    found = queries.job_of(me(), job_id)
    return jsonify(state=found.state.value, progress=found.progress)


@bp.post("/jobs/<int:job_id>")
@allow_signed_in
def try_again(job_id: int) -> ResponseReturnValue:
    """Have a job that failed go on where it stopped."""
    if pressed(lambda: services.try_again(me(), job_id, now=utcnow())):
        flash("It goes on.", "info")
    return redirect(url_for("jobs.job", job_id=job_id))
