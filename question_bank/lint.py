"""Flaws of item writing: each with the rule, the place and the mend.

The rules are those of NBME's Item-Writing Guide and of Haladyna, Downing and Rodriguez (Appl
Meas Educ 2002), with house rules on sources and safety; each is a function in
`question_bank.rules`. A finding of level E keeps a case from being published; those of level W
and I, and of rules that go by words, a case may waive with a reason.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from question_bank.blueprint import Blueprint
from question_bank.case import Case, Waiver
from question_bank.knowledge import ClinicalFact, HarmfulAct
from question_bank.rules import (
    answers,
    bank,
    harms,
    notation,
    options,
    rubrics,
    sources,
    vignette,
    wording,
)
from question_bank.rules.base import Finding, Rule
from question_bank.rules.reading import CaseReading

_ALL = ("options", "options.text")
"""What a rule needs that compares options with each other: the text of all."""

_ASKED = ("lead_in", *_ALL)

_TABLE = (
    Rule("L01", "E", "One key among three to five options", options.one_key),
    Rule("L02", "E", "No option is about other options", options.stands_for_itself),
    Rule("L03", "W", "The lead-in is positive", wording.positive_lead_in),
    Rule("L04", "E", "One closed question", wording.closed_question),
    Rule("L05", "W", "The lead-in is focused", wording.focused),
    Rule("L06", "E", "An answer was given with the options covered", wording.covered_answer),
    Rule("L07", "W", "The key is not conspicuously long", options.not_the_longest, needs=_ALL),
    Rule("L08", "W", "Keys are the longest by chance only", None, bank.key_length_by_chance),
    Rule("L09", "W", "No absolutes in options", wording.no_absolutes),
    Rule("L10", "I", "No vague frequency in options", wording.no_vague_frequency),
    Rule("L11", "W", "Grammar gives no cue", wording.no_grammar_cue, needs=_ALL),
    Rule("L12", "W", "No word of the stem in the key alone", wording.no_clang, needs=_ASKED),
    Rule("L13", "W", "The options do not converge on the key", options.no_convergence, needs=_ALL),
    Rule("L14", "W", "Options are one kind of thing", options.homogeneous, needs=_ALL),
    Rule("L15", "E", "Numbers ascend, apart, in one unit", options.numbers_ascend, needs=_ALL),
    Rule(
        "L16",
        "E",
        "Options differ and do not contain each other",
        options.all_different,
        needs=_ALL,
    ),
    Rule(
        "L17",
        "I",
        "A shared opening belongs in the lead-in",
        options.opening_in_lead_in,
        needs=_ALL,
    ),
    Rule("L18", "W", "No option is double unless all are", options.no_partly_double, needs=_ALL),
    Rule("L19", "W", "The vignette is complete and short", vignette.complete),
    Rule("L20", "E", "Nothing identifies a person", vignette.about_nobody),
    Rule("L21", "E", "Doses cannot be misread", notation.safe_doses),
    Rule("L22", "W", "Drugs have their generic names", notation.generic_names),
    Rule("L23", "W", "People come before their disorder", notation.person_first),
    Rule("L24", "W", "Race or ethnicity only when needed", vignette.origin_only_if_needed),
    Rule("L25", "E", "Every reason stands alone", sources.reasons_stand_alone),
    Rule("L26", "E", "Sources are named and solid", sources.sources_hold),
    Rule("L27", "E", "Tags are in the blueprint", sources.tags_known),
    Rule(
        "L28",
        "W",
        "No item gives another away",
        vignette.no_hinging,
        needs=("lead_in", "accept", "answer"),
    ),
    Rule("L29", "W", "No opinion is asked for", wording.no_opinion),
    Rule("L30", "W", "Acronyms are written out once", notation.acronyms_expanded),
    Rule("L31", "W", "Keys stand in every place", None, bank.key_places_balanced),
    Rule("L32", "W", "No two cases are nearly the same", None, bank.no_near_duplicates),
    Rule("L33", "E", "Harm goes by the act", harms.harms_by_act),
    Rule("L34", "E", "A sibling is in the bank", sources.sibling_known),
    Rule(
        "L35",
        "W",
        "Names of criteria tell nothing",
        rubrics.names_tell_nothing,
        needs=("lead_in", "model_answer"),
    ),
    Rule("L36", "W", "Articles can be found again", sources.articles_found_again),
    Rule("L37", "W", "Facts name their source", sources.facts_sourced, gravest="E"),
    Rule("L38", "E", "Acts that harm are marked", harms.acts_marked, needs=_ALL, waivable=True),
    Rule("L39", "W", "Ticking all earns nothing", answers.ticking_all_earns_nothing, needs=_ALL),
    Rule("L40", "W", "Accents count on purpose", answers.accents_count_on_purpose),
    Rule("C01", "W", "Topics can fill a form", None, bank.topics_covered),
    Rule("C02", "W", "Dimensions reach their floors", None, bank.floors_reached),
    Rule("C03", "I", "Levels are in proportion", None, bank.levels_in_proportion),
)

RULES: dict[str, Rule] = {rule.id: rule for rule in _TABLE}
"""Every rule, by its id: L of a case or the bank, C of coverage."""

_KEEPING_BACK = tuple(rule for rule in _TABLE if rule.keeps_back)

COVERAGE_RULES = ("C01", "C02", "C03")
"""The rules that compare the bank with the blueprint; a part of the bank says nothing to them."""

_IN_PAIRS = "L32"
"""The one rule of the bank that speaks of single cases, so that these may waive it."""


def check_case(
    case: Case,
    *,
    facts: Mapping[str, ClinicalFact] | None,
    acts: Mapping[str, HarmfulAct | None] | None,
    slugs: Collection[str] | None,
    blueprint: Blueprint,
    first: bool = False,
) -> tuple[Finding, ...]:
    """Return what *case* should mend, rule by rule.

    Args:
        case: The case.
        facts: The facts that there are, by their ids; None: they are not looked up.
        acts: The acts that harm, by their ids; None: likewise, or only the id of one is known.
        slugs: The slugs of the cases in the bank; None: likewise.
        blueprint: Where tags have to be found.
        first: Whether it was written in the first format.
    """
    return check_reading(CaseReading(case, facts, acts, slugs, blueprint, first))


def check_reading(reading: CaseReading) -> tuple[Finding, ...]:
    """Return what a case should mend, as far as it is written; see `check_case`."""
    case = reading.case
    findings = list(_found(reading, _TABLE))
    waivable = (each for each in findings if RULES[each.rule].lets_waive(each.level))
    waived = [each for each in waivable if _waivers_of(case, each)]
    used = [waiver for each in waived for waiver in _waivers_of(case, each)]
    kept = [each for each in findings if each not in waived]
    idle = [n for n, each in enumerate(case.waivers) if each.rule != _IN_PAIRS and each not in used]
    return (*kept, *_idle_waivers(case, idle))


def errors_of(reading: CaseReading) -> tuple[Finding, ...]:
    """Return of what `check_reading` finds only what keeps a case from being published.

    Rules that keep none back are not asked.
    """
    graves = (each for each in _found(reading, _KEEPING_BACK) if each.level == "E")
    return tuple(
        each
        for each in graves
        if not (RULES[each.rule].lets_waive("E") and _waivers_of(reading.case, each))
    )


def _found(reading: CaseReading, rules: Iterable[Rule]) -> Iterator[Finding]:
    slug = reading.case.slug
    for rule in rules:
        for hit in rule.check(reading.with_needs(rule.needs)) if rule.check else ():
            if hit.field not in reading.lacking:
                level = hit.level or rule.level
                yield Finding(rule.id, level, hit.field, hit.message, hit.mend, slug, hit.cure)


def _waivers_of(case: Case, finding: Finding) -> list[Waiver]:
    return [each for each in case.waivers if each.silences(finding.rule, finding.field)]


def check_bank(cases: Sequence[Case], blueprint: Blueprint) -> tuple[Finding, ...]:
    """Return what *cases* as a whole should mend: L08, L31, L32, and coverage."""
    waiving = {case.slug for case in cases if any(w.rule == _IN_PAIRS for w in case.waivers)}
    used: set[str] = set()
    findings = []
    for rule in _TABLE:
        for hit in rule.check_bank(cases, blueprint) if rule.check_bank else ():
            by = waiving & {hit.case, hit.other}
            used |= by
            if not by:
                place = "vignette" if hit.case else "bank"
                findings.append(
                    Finding(rule.id, rule.level, place, hit.message, hit.mend, hit.case)
                )
    idle = [case for case in cases if case.slug in waiving - used]
    of_pairs = ((case, n) for case in idle for n, _ in enumerate(case.waivers))
    found = (each for case, n in of_pairs for each in _idle_waivers(case, [n]))
    return (*findings, *(each for each in found if each.rule == _IN_PAIRS))


def _idle_waivers(case: Case, idle: Iterable[int]) -> Iterator[Finding]:
    """Yield a finding for each of a case's waivers that silences nothing."""
    for n in idle:
        waiver = case.waivers[n]
        rule = RULES.get(waiver.rule)
        if rule is None:
            what = f"there is no rule {waiver.rule}"
        elif not rule.lets_waive(rule.level):
            what = f"{rule.id} cannot be waived"
        else:
            what = f"the waiver of {rule.id} silences nothing"
        yield Finding(waiver.rule, "W", f"waivers[{n}]", what, "drop the waiver", case.slug)
