"""The bank, for those who write and assign."""

from collections.abc import Iterable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from lms.accounts.access import allow, allow_signed_in
from lms.accounts.models import Role
from lms.cases import queries
from lms.cases.bank import blueprint, drawing_at
from lms.cases.verdicts import as_authored
from lms.core.errors import NotFound
from lms.core.forms import BaseForm
from lms.core.web import drawing_page, page_asked
from question_bank.blueprint import Approach, Topic, Track

bp = Blueprint("cases", __name__)

PAGE = 30

_staff = allow(Role.FACULTY, Role.DIRECTOR)


class FilterForm(BaseForm):
    """What the list is narrowed to; sent by GET, so nothing to forge."""

    class Meta(BaseForm.Meta):
        """A GET form needs no token."""

        csrf = False

    approach = SelectField("Approach")
    topic = SelectField("Topic")
    track = SelectField("Track")
    words = StringField("Words in the title")

    def offer(self) -> None:
        """Offer what the blueprint has."""
        plan = blueprint()
        self.approach.choices = _all_or(plan.approaches)
        self.topic.choices = _all_or(plan.topics)
        self.track.choices = _all_or(plan.tracks)

    def wanted(self) -> queries.BankFilter:
        """Return the filter; what is not offered does not narrow."""
        return queries.BankFilter(
            approach=_offered(self.approach),
            topic=_offered(self.topic),
            track=_offered(self.track),
            words=self.words.data or None,
        )


def _all_or(offered: Iterable[Approach | Topic | Track]) -> list[SelectChoice]:
    return [SelectChoice("", "All"), *(SelectChoice(each.id, each.name) for each in offered)]


def _offered(field: SelectField) -> str | None:
    offered = {choice.value for choice in field.choices}
    return field.data if field.data in offered and field.data else None


@bp.get("/bank")
@_staff
def bank() -> ResponseReturnValue:
    """List the cases."""
    form = FilterForm.from_request(formdata=request.args)
    form.offer()
    total = queries.count_cases(form.wanted())
    page, pages = page_asked(total, PAGE)
    rows = queries.cases(form.wanted(), limit=PAGE, offset=(page - 1) * PAGE)
    kept = {name: value for name, value in form.data.items() if value}
    return render_template(
        "cases/bank.html",
        form=form,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        kept=kept,
        blueprint=blueprint(),
    )


@bp.get("/exhibits/<address>")
@allow_signed_in
def exhibit(address: str) -> ResponseReturnValue:
    """Send a drawing of the bank."""
    found = drawing_at(address)
    if found is None:
        raise NotFound
    return drawing_page(found)


@bp.get("/bank/<slug>")
@_staff
def case(slug: str) -> ResponseReturnValue:
    """Show a case with its keys, reasons and sources."""
    found = queries.case_by_slug(slug)
    assert found.current is not None, "the query asks for it"  # noqa: S101
    body = queries.parsed(found.current)
    return render_template(
        "cases/case.html",
        case=found,
        version=found.current,
        body=body,
        blueprint=blueprint(),
        results={
            item.key: as_authored(number, item) for number, item in enumerate(body.questions, 1)
        },
    )
