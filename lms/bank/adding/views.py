"""The search for cases and items to add to a quiz."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lms.bank.adding.queries import cases_to_add, may_be_added
from lms.bank.finding import queries as finding
from lms.cases.search.forms import FinderForm
from lms.cases.search.meant import did_you_mean
from lms.cases.search.queries import search
from lms.core.clock import utcnow
from lms.core.web import page_asked
from lms.people.models import Role
from lms.program.blueprint import blueprint
from lms.quizzes.queries import quiz_by_id
from lms.quizzes.versions import Archived
from lms.signin.access import allow, me, my_today

bp = Blueprint("adding", __name__)


@bp.get("/quizzes/<int:quiz_id>/add")
@allow(Role.FACULTY, Role.DIRECTOR)
def find(quiz_id: int) -> ResponseReturnValue:
    """Find what a quiz may be given; each case unfolds to what it asks."""
    quiz = quiz_by_id(quiz_id)
    if quiz.archived_at is not None:
        raise Archived
    latest = finding.latest_cohorts()
    form = FinderForm.from_request(formdata=request.args)
    form.offer(finding.facets_for(latest))
    asked, readable = form.asked(), finding.readable_by(me(), utcnow())
    within = [may_be_added(quiz, my_today())]
    found = search(
        asked,
        page_asked(),
        today=my_today(),
        also=finding.also_for(me(), latest),
        within=within,
        readable=readable,
    )
    return render_template(
        "adding/find.html",
        quiz=quiz,
        form=form,
        found=found,
        offered=cases_to_add(quiz, found.hits),
        meant=None
        if found.total or form.chosen
        else did_you_mean(asked.words, within=within, readable=readable),
        back=request.full_path,
        blueprint=blueprint(),
        today=my_today(),
    )
