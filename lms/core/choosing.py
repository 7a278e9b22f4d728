"""Choosing one or several of what may be many: in one list, or found by words.

Few are offered as they always are, by a select or check boxes. Of many a page reads and shows no
more than was looked for: the form is sent with the words, and comes back as it was filled in, with
what says them. Whatever was chosen before stays offered. A script sends it while somebody types.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from lms.core.db import db

FEW = 50
"""Up to how many are offered in one list."""

MOST_FOUND = 20
"""How many of those that say the words are shown."""

LONGEST_WORDS = 100
"""Characters of the words that are read."""

Found = Row[*tuple[Any, ...]]


def _everything(ids: Collection[int]) -> Collection[int]:
    return ids


def _in_no_group(_row: Found) -> str | None:
    return None


@dataclass(frozen=True)
class Offered:
    """What may be chosen, read only as far as it is to be shown.

    Args:
        rows: Finds all of it, in order; the first column is the number by which it is chosen.
        says: Returns the condition that a row says some words, which somebody has typed.
        label: Says a row in the list of few.
        found: Says a row among many, so that it cannot be taken for another one.
        group: Under which heading a row stands in the list of few; None: under none.
        kind: What stands before the number, where several kinds may be chosen: "fellow ".
        fit: Returns which of some numbers may be chosen, where the database alone cannot tell.
    """

    rows: Select[*tuple[Any, ...]]
    says: Callable[[str], ColumnElement[bool]]
    label: Callable[[Found], str]
    found: Callable[[Found], str]
    group: Callable[[Found], str | None] = _in_no_group
    kind: str = ""
    fit: Callable[[Collection[int]], Collection[int]] = _everything

    def first(self, most: int) -> list[Found]:
        """Return *most* rows, in order; which ones, if there are more, is open."""
        some = self.rows.order_by(None).with_only_columns(self._number).limit(most)
        return list(db.session.execute(self.rows.where(self._number.in_(some.correlate(None)))))

    def saying(self, words: str, most: int) -> list[Found]:
        """Return the first *most* rows that say *words*."""
        return list(db.session.execute(self.rows.where(self.says(words)).limit(most)))

    def chosen(self, values: Iterable[object]) -> list[Found]:
        """Return the rows that *values* of a form mean; what may not be chosen is left out."""
        numbers = {int(each) for value in values if (each := self._number_in(str(value)))}
        if not numbers:
            return []
        return self.fitting(db.session.execute(self.rows.where(self._number.in_(numbers))))

    def fitting(self, rows: Iterable[Found]) -> list[Found]:
        """Return those of *rows* that may be chosen."""
        known = list(rows)
        fit = set(self.fit([row[0] for row in known])) if known else set()
        return [row for row in known if row[0] in fit]

    def choice(self, row: Found, *, among_many: bool) -> SelectChoice:
        """Return *row* as a choice of a list."""
        value = f"{self.kind}{row[0]}" if self.kind else row[0]
        if among_many:
            return SelectChoice(value, self.found(row))
        return SelectChoice(value, self.label(row), optgroup=self.group(row))

    @property
    def _number(self) -> Any:
        return self.rows.selected_columns[0]

    def _number_in(self, value: str) -> str:
        """Return the number in a value of this kind, if a database has as great ones."""
        number = value.removeprefix(self.kind)
        fits = number.isascii() and number.isdigit() and len(number) < 10 and number.strip("0")
        return number if fits and value.startswith(self.kind) else ""


class Chooser(SelectField):  # type: ignore[misc]
    """What choosing one and choosing several have in common.

    Once something was offered, `many` says whether it is found by words, and `offers` whether
    there is anything to choose. `words` are those looked for, and `said` what came of it. `seeks`:
    the form was sent to look something up, and not to be carried out.

    Args:
        label: As of any field.
        validators: As of any field.
        blank: What the list of few says before anything was chosen; None: it always is.
        unchosen: What the list of many offers for choosing nothing; None: something has to be.
        seek: What is asked where it is found by words.
    """

    BESIDE = ("words", "shown", "find")
    """What a form sends beside the choice: the words; those of which the page shows what says
    them; and that the button was pressed which looks for them."""

    many = offers = seeks = False
    words = said = ""

    def __init__(
        self,
        label: str | None = None,
        validators: Any = None,
        *,
        blank: str | None = None,
        unchosen: str | None = None,
        seek: str = "Find by name or address",
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("coerce", lambda value: int(value or 0))
        super().__init__(label, validators, **kwargs)
        self.blank, self.unchosen, self.seek = blank, unchosen, seek

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Take what was chosen, and the words."""
        super().process(formdata, *args, **kwargs)
        sent = {each: (formdata or {}).get(f"{self.name}-{each}") for each in self.BESIDE}
        self.words, shown = (_line(sent[each]) for each in ("words", "shown"))
        self.seeks = sent["find"] is not None or self.words != shown

    def offer(self, *offers: Offered) -> None:
        """Offered all of it if it is little; else what is chosen, and what says the words."""
        few: list[tuple[Offered, Found]] = []
        for each in offers:
            if len(few) <= FEW:
                few += [(each, row) for row in each.first(FEW + 1 - len(few))]
        self.many = len(few) > FEW
        if self.many:
            self.offers, self.choices = True, self._among_many(offers)
            return
        fit = [each.choice(row, among_many=False) for each in offers for row in _of(each, few)]
        self.offers = bool(fit)
        blank = [] if self.blank is None else [SelectChoice("", self.blank)]
        self.choices = [*blank, *fit]

    @property
    def numbers(self) -> list[int]:
        """The numbers of what is in the list as it is shown, of one kind without a name."""
        return [int(each.value) for each in self.choices if each.value]

    def pre_validate(self, form: Any) -> None:
        """Take nothing but what is offered; that nothing was chosen is for others to refuse."""
        if any(self.raw_data or ()) or not self.many:
            super().pre_validate(form)

    def _among_many(self, offers: Sequence[Offered]) -> list[SelectChoice]:
        chosen = [(each, row) for each in offers for row in each.chosen(self._values())]
        known = {(each.kind, row[0]) for each, row in chosen}
        found: list[tuple[Offered, Found]] = []
        for each in offers if self.words else ():
            found += [(each, row) for row in each.saying(self.words, MOST_FOUND + 1)]
        self.said = _said(self.words, len(found))
        new = [(each, row) for each, row in found[:MOST_FOUND] if (each.kind, row[0]) not in known]
        fit = [(each, row) for each in offers for row in _of(each, new)]
        return [each.choice(row, among_many=True) for each, row in (*chosen, *fit)]

    def _values(self) -> Collection[object]:
        return [] if self.data is None else [self.data]


class ChooserField(Chooser):
    """One of what may be many."""


class SeveralField(Chooser, SelectMultipleField):  # type: ignore[misc]
    """Several of what may be many."""

    def _values(self) -> Collection[object]:
        return self.data or []


def _of(offer: Offered, few: Iterable[tuple[Offered, Found]]) -> list[Found]:
    return offer.fitting(row for each, row in few if each is offer)


def _said(words: str, count: int) -> str:
    """Return what is said of *count* found by *words*."""
    if not words:
        return f"More than {FEW} to choose from. Write a part of the name, then search."
    if count > MOST_FOUND:
        return f"The first {MOST_FOUND} that have “{words}”. Write more of the name to find others."
    return f"{count} found." if count else f"Nothing found for “{words}”. A part of a name will do."


def _line(sent: Any) -> str:
    """Return what was typed as one line of words, as far as it is read."""
    text = sent[:LONGEST_WORDS] if isinstance(sent, str) else ""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
