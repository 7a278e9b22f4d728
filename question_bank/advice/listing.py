"""The advice on a draft: what its rules find and what it lacks, with the place of each."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from question_bank.advice.missing import missing
from question_bank.advice.partial import Partial, partial_case
from question_bank.advice.places import place_in_words
from question_bank.blueprint import Blueprint
from question_bank.drafts.bodies import HANDLE
from question_bank.knowledge import ClinicalFact, HarmfulAct
from question_bank.lint import RULES, check_reading
from question_bank.rules.base import Cure, Finding, Severity
from question_bank.rules.reading import CaseReading

_KINDS = {"E": "bad", "W": "warn", "I": "info"}


@dataclass(frozen=True)
class Known:
    """What a draft may name: see `question_bank.lint.check_case`."""

    facts: Mapping[str, ClinicalFact] | None
    acts: Mapping[str, HarmfulAct | None] | None
    slugs: Collection[str] | None
    blueprint: Blueprint


@dataclass(frozen=True)
class AlikeCase:
    """A stored case, and the share, 0 to 1, of story and lead-ins that a draft has in common."""

    slug: str
    title: str
    share: float

    @property
    def said(self) -> str:
        """The share in words."""
        return f"{self.share:.0%}"


@dataclass(frozen=True)
class Advice:
    """Something to mend in a draft: at which path, where that is in words, and why.

    `rule` is the rule that found it; empty: something is missing. `sentence` says what is so, and
    what to do; `cure` is what one press does about it. `nth`: which of the findings of its rule at
    its path it is, from 0. `alike` are stored cases that the draft is nearly the same as.
    """

    path: str
    rule: str
    level: Severity
    place: str
    sentence: str
    cure: Cure | None = None
    nth: int = 0
    alike: tuple[AlikeCase, ...] = ()

    @property
    def may_be_kept(self) -> bool:
        """Whether an author may keep it as it is, with a reason: what blocks mostly may not."""
        return bool(self.rule) and RULES[self.rule].lets_waive(self.level)

    @property
    def kind(self) -> str:
        """How it looks: bad (it blocks publishing), warn or info."""
        return _KINDS[self.level]

    @property
    def anchor(self) -> str:
        """The id of its place on the page."""
        place = self.path.replace("/", "-").replace("@", "order")
        return f"advice-{self.rule or 'open'}-{self.nth}-{place}"

    @property
    def button(self) -> str:
        """What tells it apart, for its buttons: `<path>:<rule>:<nth>`."""
        return f"{self.path}:{self.rule}:{self.nth}"


@dataclass(frozen=True)
class Kept:
    """Advice that the author keeps as it is, by a waiver with this handle, and why.

    `path` is where; empty: wherever the rule finds something.
    """

    handle: str
    rule: str
    path: str
    why: str


@dataclass(frozen=True)
class AdviceList:
    """All advice on a draft: what blocks publishing first, then what does not; and what is kept."""

    entries: tuple[Advice, ...]
    kept: tuple[Kept, ...] = ()

    @property
    def blocking(self) -> int:
        """How many entries block publishing."""
        return sum(each.level == "E" for each in self.entries)

    @property
    def blocking_said(self) -> str:
        """The same in words."""
        things = "1 thing blocks" if self.blocking == 1 else f"{self.blocking} things block"
        return f"{things} approval"

    @property
    def counted(self) -> str:
        """What a link to the list is called: "Advice, 4"."""
        return f"Advice, {len(self.entries)}"

    @cached_property
    def by_path(self) -> Mapping[str, tuple[Advice, ...]]:
        """The entries by the path they stand at."""
        found: dict[str, tuple[Advice, ...]] = {}
        for each in self.entries:
            found[each.path] = (*found.get(each.path, ()), each)
        return found

    @property
    def paths(self) -> Sequence[str]:
        """The paths at which something is said or kept."""
        return list(dict.fromkeys([*self.by_path, *(each.path for each in self.kept if each.path)]))

    def at(self, path: str) -> tuple[Advice, ...]:
        """Return the entries at *path*."""
        return self.by_path.get(path, ())

    def kept_at(self, path: str) -> tuple[Kept, ...]:
        """Return what is kept at *path*."""
        return tuple(each for each in self.kept if each.path == path)


NO_ADVICE = AdviceList(())


def advise(body: Mapping[str, Any], known: Known, more: Iterable[Advice] = ()) -> AdviceList:
    """Return the advice on *body*, any JSON object: a draft however far it is written.

    *more* is what others have to say of it.
    """
    partial = partial_case(body)
    lacks = (
        Advice(path, "", "E", place, sentence) for path, place, sentence in _lacks(body, partial)
    )
    found = (_as_advice(body, partial, each) for each in findings_in(partial, known))
    in_order = sorted((*lacks, *found, *more), key=lambda each: "EWI".index(each.level))
    return AdviceList(tuple(_counted(in_order)), tuple(_kept(body)))


def _counted(entries: Iterable[Advice]) -> Iterator[Advice]:
    seen: Counter[tuple[str, str]] = Counter()
    for each in entries:
        yield replace(each, nth=seen[each.path, each.rule])
        seen[each.path, each.rule] += 1


def _kept(body: Mapping[str, Any]) -> Iterator[Kept]:
    waivers = body.get("waivers")
    for each in waivers if isinstance(waivers, list) else ():
        said = each if isinstance(each, dict) else {}
        handle, rule, path, why = (said.get(name) for name in (HANDLE, "rule", "at", "why"))
        if isinstance(handle, str) and isinstance(rule, str) and isinstance(why, str):
            yield Kept(handle, rule, path if isinstance(path, str) else "", why)


def findings_in(partial: Partial, known: Known) -> tuple[Finding, ...]:
    """Return what the rules find in a draft, by the fields of its case."""
    return check_reading(
        CaseReading(
            partial.case,
            known.facts,
            known.acts,
            known.slugs,
            known.blueprint,
            lacking=partial.lacking,
            unfinished=partial.unfinished,
        )
    )


def _lacks(body: Mapping[str, Any], partial: Partial) -> Iterator[tuple[str, str, str]]:
    for each in missing(partial):
        path = partial.path_of(each.field)
        row = place_in_words(body, path.rpartition("/")[0]).rpartition(", ")[2]
        place = place_in_words(body, path)
        it = row.removeprefix("option ").removeprefix("place ") or "it"
        yield path, place, each.sentence.format(it=it[:1].upper() + it[1:])


def _as_advice(body: Mapping[str, Any], partial: Partial, finding: Finding) -> Advice:
    path = partial.path_of(finding.field)
    sentence = f"{_sentence(finding.message)} {_sentence(finding.mend)}"
    place = place_in_words(body, path)
    return Advice(path, finding.rule, finding.level, place, sentence, finding.cure)


def _sentence(words: str) -> str:
    """Return *words* as a sentence; one that begins with a quotation keeps its first letter."""
    return f"{words[:1].upper()}{words[1:].removesuffix('.')}."
