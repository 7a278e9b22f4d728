"""What cases rest on, in numbers: facts, references, acts that harm, levels and siblings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from question_bank.case import Case
from question_bank.items.base import Option
from question_bank.knowledge import ClinicalFact
from question_bank.rules.reading import Asked
from question_bank.rules.sources import in_pubmed, is_article

NEW_SINCE = 2023
"""The year from which on a reference is counted as new."""

NO_ARTICLE = "no article in a journal"
"""Why a book, a label or what an agency publishes itself has no DOI."""

UNSAID = "no reason is given"


@dataclass(frozen=True)
class LooseReference:
    """A reference without DOI and without a number in PubMed, and why it has neither."""

    case: str
    source: str
    why: str


@dataclass(frozen=True)
class BankCount:
    """The numbers. Every fact is counted as often as a case names it.

    `unsourced`: items of cases that name a fact without a source. `unchecked`: facts named that
    still have to be checked. `wrong`: options that are no key, `harmful` those of them that are
    marked, by the act they name.
    """

    cases: int
    facts: int
    unsourced: int
    unchecked: int
    references: int
    new: int
    loose: tuple[LooseReference, ...]
    wrong: int
    harmful: Mapping[str, int]
    levels: Mapping[str, int]
    siblings: int


def count_bank(cases: Sequence[Case], facts: Mapping[str, ClinicalFact]) -> BankCount:
    """Return what *cases* rest on; a fact that is not among *facts* has no source."""
    items = [item for case in cases for item in case.questions]
    named = [facts.get(fact) for case in cases for fact in case.facts]
    wrong = list(_wrong_options(cases))
    return BankCount(
        cases=len(cases),
        facts=len(named),
        unsourced=sum(len(case.questions) for case in cases if _lacks_source(case, facts)),
        unchecked=sum(fact is not None and fact.status == "check" for fact in named),
        references=sum(len(case.references) for case in cases),
        new=sum(each.year >= NEW_SINCE for case in cases for each in case.references),
        loose=tuple(each for case in cases for each in _loose(case)),
        wrong=len(wrong),
        harmful=Counter(option.harm for option in wrong if option.harm),
        levels=Counter(item.level for item in items),
        siblings=len(
            {frozenset((case.slug, case.sibling_of)) for case in cases if case.sibling_of}
        ),
    )


def _lacks_source(case: Case, facts: Mapping[str, ClinicalFact]) -> bool:
    return any(fact not in facts or not facts[fact].sources for fact in case.facts)


def _loose(case: Case) -> Iterator[LooseReference]:
    for n, reference in enumerate(case.references):
        if reference.doi is None and not in_pubmed(reference.source):
            waived = (w.why for w in case.waivers if w.silences("L36", f"references[{n}].doi"))
            article = is_article(reference.source)
            why = next(waived, UNSAID) if article else NO_ARTICLE
            yield LooseReference(case.slug, reference.source, why)


def _wrong_options(cases: Iterable[Case]) -> Iterator[Option]:
    """Yield every option that is no key, also those that are written in and not shown."""
    for case in cases:
        for item in case.questions:
            yield from (option for option in Asked(item, "", 0).keyed if not option.key)
