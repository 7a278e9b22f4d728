"""The form of a finder: words, what was chosen of each facet, and the order; sent by GET."""

from collections.abc import Iterator, Sequence
from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from lms.cases.search.offering import Facet
from lms.cases.search.ordering import Order
from lms.cases.search.queries import AskedFor
from lms.core.forms import BaseForm

ORDERS = (
    (Order.MATCH, "Best match"),
    (Order.REVIEW, "Review date"),
    (Order.CHANGED, "Last changed"),
)


Kept = dict[str, Any]
"""Names and values of an address."""


class FinderForm(BaseForm):
    """What is looked for; what is not offered does not narrow."""

    class Meta(BaseForm.Meta):
        """A GET form needs no token."""

        csrf = False

    words = StringField("Search story, lead-ins, options, reasons, tags, facts, sources")
    order = SelectField("Order", choices=[SelectChoice(*each) for each in ORDERS])
    state = SelectMultipleField("State", validate_choice=False)
    needs = SelectMultipleField("Needs", validate_choice=False)
    approach = SelectMultipleField("Approach", validate_choice=False)
    topic = SelectMultipleField("Topic", validate_choice=False)
    condition = SelectMultipleField("Condition", validate_choice=False)
    population = SelectMultipleField("Population", validate_choice=False)
    setting = SelectMultipleField("Setting", validate_choice=False)
    level = SelectMultipleField("Level", validate_choice=False)
    type = SelectMultipleField("Item type", validate_choice=False)
    track = SelectMultipleField("Track", validate_choice=False)
    cohort = SelectMultipleField("Given to a cohort", validate_choice=False)

    facets: Sequence[Facet] = ()

    def offer(self, facets: Sequence[Facet]) -> None:
        """Offer *facets*, each by a field of its name."""
        self.facets = facets
        for facet in facets:
            self[facet.name].choices = [SelectChoice(e.value, e.label) for e in facet.values]

    def asked(self) -> AskedFor:
        """Return what is asked for."""
        orders = {str(order): order for order, _ in ORDERS}
        return AskedFor(
            self.words.data or "",
            {facet.name: frozenset(self.chosen_of(facet)) for facet in self.facets},
            orders.get(self.order.data or "", Order.MATCH),
        )

    def chosen_of(self, facet: Facet) -> list[str]:
        """Return the values that were chosen of *facet*, as far as they are offered."""
        sent = self[facet.name].data or []
        return [each.value for each in facet.values if each.value in sent]

    @property
    def chosen(self) -> list[tuple[Facet, str]]:
        """Every choice, facet by facet."""
        return [(facet, value) for facet in self.facets for value in self.chosen_of(facet)]

    def said_of(self, facet: Facet) -> str:
        """Return what was chosen of *facet*, in words."""
        return ", ".join(facet.label_of(value) for value in self.chosen_of(facet))

    def kept(self, *, but: tuple[str, str] | None = None, of: str = "", bare: bool = False) -> Kept:
        """Return what an address says of the form, to go on from there.

        Args:
            but: A facet and a value that is left out.
            of: A facet of which nothing is kept.
            bare: Whether all choices are left out.
        """
        chosen = [(facet.name, value) for facet, value in self.chosen if facet.name != of]
        pairs = [] if bare else [each for each in chosen if each != but]
        kept: Kept = dict(self._others())
        for name, value in pairs:
            kept.setdefault(name, []).append(value)
        return kept

    def _others(self) -> Iterator[tuple[str, str]]:
        if self.words.data:
            yield "words", self.words.data
        if (order := self.asked().order) is not Order.MATCH:
            yield "order", str(order)
