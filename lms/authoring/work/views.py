"""My work: what waits for the person who looks, each with its one button."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.attempts.secrecy import to_answer_blind
from lms.authoring.facts.queries import cases_on_changed_facts
from lms.authoring.models import DraftState
from lms.authoring.work import queries
from lms.cases.withholding import withheld_items
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.notices.news import STAFF, kinds_of_news, told_to_staff
from lms.notices.services import mark_all_seen
from lms.people.models import Role
from lms.signin.access import allow, me, my_today

bp = Blueprint("work", __name__)


@bp.get("/work")
@allow(Role.FACULTY, Role.DIRECTOR)
def index() -> ResponseReturnValue:
    """Show what waits for oneself; what was told is noted to be seen."""
    person, now = me(), utcnow()
    drafts = queries.drafts_of(person)
    told = told_to_staff(person.id, now=now)
    blind = to_answer_blind(person)
    page = render_template(
        "work/index.html",
        returned=[each for each in drafts if _is(each, DraftState.RETURNED)],
        writing=[each for each in drafts if _is(each, DraftState.WRITING)],
        sent=[each for each in drafts if _is(each, DraftState.IN_REVIEW)],
        others=[each for each in drafts if each.owner_id != person.id],
        reviews=queries.reviews_of(person),
        advanced=queries.advanced_of(person),
        withheld=withheld_items(),
        due=queries.to_review_again(person, my_today()),
        overdue=queries.count_overdue(my_today()),
        unsigned=queries.count_unsigned() if person.clinician else 0,
        changed=[each for each in cases_on_changed_facts(person.id) if each.id not in blind],
        told=told,
        today=my_today(),
    )
    if any(not each.seen for each in told):
        with transaction():
            mark_all_seen(person.id, kinds_of_news(*STAFF), now=now)
    return page


def _is(draft: queries.DraftAtWork, state: DraftState) -> bool:
    return draft.owner_id == me().id and draft.state is state
