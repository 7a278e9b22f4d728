"""What the bank rests on, in lines for who looks after it."""

from collections.abc import Iterator

from lms.cases.checking import Checked
from lms.cases.content import acts, facts
from question_bank.counting import NEW_SINCE, NO_ARTICLE, BankCount, count_bank


def count_lines(checked: Checked, *, references: bool) -> Iterator[str]:
    """Yield what the cases that were *checked* rest on; maybe each of the loose *references*."""
    count = count_bank(checked.cases, facts())
    found = {rule: sum(each.rule == rule for each in checked.remarks) for rule in _RULES}
    yield f"{count.cases} cases: {_levels(count)}; {count.siblings} pairs of siblings."
    yield (
        f"Facts are named {count.facts} times. {count.unsourced} items rest on one without a "
        f"source; {count.unchecked} times it still has to be checked."
    )
    yield from _references(count, each=references)
    yield (
        f"{sum(count.harmful.values())} of {count.wrong} wrong options are marked as harmful, "
        f"{len(count.harmful)} acts of {len(acts())} in the list. {found[UNKNOWN_ACT]} marks name "
        f"no act of it; {found[UNMARKED]} options look like one and are not marked."
    )
    yield f"{found[FLOOR]} values of the blueprint are under their floor."


UNKNOWN_ACT, UNMARKED, FLOOR = _RULES = ("L33", "L38", "C02")
"""The rules whose findings are counted."""


def _levels(count: BankCount) -> str:
    return ", ".join(f"{items} items of {level}" for level, items in sorted(count.levels.items()))


def _references(count: BankCount, *, each: bool) -> Iterator[str]:
    articles = sum(loose.why != NO_ARTICLE for loose in count.loose)
    yield (
        f"{count.references} references, {count.new} of {NEW_SINCE} or later. {len(count.loose)} "
        f"have neither DOI nor PMID: {articles} articles, and {len(count.loose) - articles} that "
        "are none."
    )
    for loose in count.loose if each else ():
        yield f"  {loose.case}: {loose.source} ({loose.why})"
