"""Rules on names, doses and acronyms, in every text."""

import re
from collections.abc import Iterator

from question_bank.rules.base import Cure, Hit
from question_bank.rules.reading import CaseReading, Passage
from question_bank.rules.words import Sought, any_of, without_quotes, word_list

_DOSE = r"(?:mg|mcg|g|kg|mL|units?|mEq|mmol|tablets?)\b(?!/d?L)"

DOSES: tuple[tuple[Sought, str, str, str], ...] = (
    (
        Sought(re.compile(r"(\.(?<![\w.].)\d+)")),
        *("has no zero before the point", "write 0.5", r"0\1"),
    ),
    (
        Sought(re.compile(r"(?<![\w/])(\d[\d,.]*)\s?U\b(?![./]?\w)"), ("U",)),
        *("abbreviates units", "write units", r"\1 units"),
    ),
    (
        Sought(re.compile(r"\bI\.?U\b"), ("IU", "I.U")),
        *("abbreviates international units", "write international units", "international units"),
    ),
    (
        Sought(re.compile(r"\b[qQ]\.?[oO]\.?[dD]\b"), ("q.", "Q.", "qo", "qO", "Qo", "QO")),
        *("can be misread", "write every other day", "every other day"),
    ),
    (
        Sought(re.compile(r"\b(?:Q\.?D|q\.?d)\b"), ("QD", "Q.D", "qd", "q.d")),
        *("can be misread", "write daily", "daily"),
    ),
    (
        Sought(re.compile(r"[µμ]g|(?<=\d)\s?ug\b"), ("µg", "μg", "ug")),
        *("can be misread as mg", "write mcg", "mcg"),
    ),
    (
        Sought(re.compile(r"\bMSO4\b|\bMgSO4\b"), ("SO4",)),
        *("can be misread", "write the name out", ""),
    ),
    (
        Sought(re.compile(r"\bMS\b(?! ?\))(?!-)"), ("MS",)),
        *("stands for several things", "write the name out", ""),
    ),
)
"""What must not be written, why, what is written instead, and how a press writes it."""

TRAILING_ZERO = Sought(re.compile(rf"(?<![\d.])(\d+)\.0+(\s?{_DOSE})"), (".0",))
"""Fair only where a device or a laboratory reports its precision, as exhibits do."""

_BRANDS = word_list(
    """
    Abilify Actiq Advil Aleve Ambien Amrix Anaprox Arcoxia Arymo Ativan Avinza Belbuca Botox
    Bunavail Butrans Catapres Celebrex Cymbalta Demerol Depakote Dilaudid Dolophine Duragesic
    Effexor Elavil Emgality Exalgo Excedrin Flector Flexeril Gralise Horizant Hysingla Imitrex
    Indocin Kadian Keppra Ketalar Klonopin Lamictal Lidoderm Lioresal Lortab Lucemyra Lyrica
    Maxalt Mobic Motrin Movantik Narcan Naprosyn Neurontin Norco Nucynta Nurtec Opana Oxaydo
    OxyContin Pamelor Percocet Prialt Prozac Qutenza Relistor Robaxin Roxicodone Savella Skelaxin
    Soma Suboxone Sublocade Subutex Symproic Tegretol Topamax Toradol Trileptal Tylenol Ultracet
    Ultram Valium Vicodin Vivitrol Voltaren Wellbutrin Xanax Xtampza Zanaflex Zofran Zohydro
    Zoloft Zomig Zubsolv
    """
)
"""Brands of drugs that people with pain take, in the US."""

BRANDS = Sought(any_of(_BRANDS), tuple(map(str.casefold, _BRANDS)))

GENERICS = dict(
    pair.split("=")
    for pair in word_list(
        """
    advil=ibuprofen aleve=naproxen ambien=zolpidem ativan=lorazepam celebrex=celecoxib
    flexeril=cyclobenzaprine imitrex=sumatriptan keppra=levetiracetam klonopin=clonazepam
    lamictal=lamotrigine lioresal=baclofen lyrica=pregabalin mobic=meloxicam motrin=ibuprofen
    neurontin=gabapentin prozac=fluoxetine robaxin=methocarbamol soma=carisoprodol
    suboxone=buprenorphine-naloxone subutex=buprenorphine tegretol=carbamazepine
    topamax=topiramate trileptal=oxcarbazepine tylenol=acetaminophen ultram=tramadol
    valium=diazepam wellbutrin=bupropion xanax=alprazolam zanaflex=tizanidine zoloft=sertraline
    """
    )
)
"""What a brand is, where its name says no more than the drug: no route, no slow release.

Looked up on 2026-11-30 in lists of pharmacy technicians, and table 3 of PMC7753951.
"""

_WHO = r"(?:patient|person|man|woman|boy|girl|mother|father|he|she|they|who)"
PERSON_FIRST: tuple[tuple[Sought, str], ...] = (
    (
        Sought(
            re.compile(r"\b(addicts?|abusers?|junkies?)\b", re.I), ("addict", "abuser", "junkie")
        ),
        "a person with a use disorder",
    ),
    (
        Sought(re.compile(r"\bdrug[- ]seek(ing|er|ers)\b", re.I), ("seek",)),
        "asks for, or the behavior itself",
    ),
    (
        Sought(
            re.compile(
                r"\b(clean|dirty) (urines?|screens?|tests?|samples?|drug|toxicology|UDS)\b"
                r"|\b(urine|screen|toxicology) (is|was|came back|comes back) (clean|dirty)\b",
                re.I,
            ),
            ("clean", "dirty"),
        ),
        "negative for, or positive for",
    ),
    (Sought(re.compile(r"\bcomplain(s|ed|ing)?\b", re.I), ("complain",)), "reports"),
    (
        Sought(
            re.compile(
                rf"\b{_WHO} (denies|denied)\b|\bdenies (any|having|pain|fever|use|other)", re.I
            ),
            ("denie",),
        ),
        "has no, or reports no",
    ),
    (
        Sought(re.compile(rf"\b{_WHO} (claims|claimed)\b|\bclaims (to|that)\b", re.I), ("claim",)),
        "reports",
    ),
    (
        Sought(re.compile(r"\bfrequent fl(y|i)ers?\b", re.I), ("frequent fl",)),
        "a person who comes often",
    ),
    (
        Sought(
            re.compile(
                rf"\b{_WHO} ((has|have|had) )?failed\b(?! to\b)"
                r"|\bfailed (conservative|physical|medical|prior|previous|multiple|several|two"
                r"|three)\b"
                r"|\bfailed (therapy|treatment)\b",
                re.I,
            ),
            ("failed",),
        ),
        "did not respond to",
    ),
    (Sought(re.compile(r"\bsuffer(s|ed|ing)? from\b", re.I), ("suffer",)), "has"),
)
"""Words that judge, and what is said instead."""

KNOWN = frozenset(
    word_list(
        """
    MRI CT ECG AM PM US UK OK HIV DNA RNA COVID QT QRS PR ST CYP COX HLA MHC II III IV VI VII VIII
    IX XI XII
    """
    )
)
"""Capitals that need no expansion: everyday words, parts of an ECG, genes, Roman numerals."""

_NAMES = re.compile(r"\b(STOP-Bang|SNNOOP10|STarT Back)\b|\b[A-Z]+-[A-Z]\*")
_CAPITALS = re.compile(r"[A-Z][A-Z]")
_ACRONYM = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,6}(?=s?(?![A-Za-z]))")


def safe_doses(reading: CaseReading) -> Iterator[Hit]:
    """L21: no dose that can be misread. Joint Commission "Do not use" list; ISMP."""
    doses = [row for row in DOSES if reading.likely(row[0])]
    zeros = reading.likely(TRAILING_ZERO)
    for passage in reading.texts if doses or zeros else ():
        for sought, what, instead, written in doses:
            match = sought.search(passage.text)
            if match:
                cure = rewriting(passage.text, sought.pattern, written) if written else None
                yield Hit(passage.field, f"“{match[0].strip()}” {what}", instead, cure=cure)
        zero = TRAILING_ZERO.search(passage.text) if zeros else None
        if zero and "exhibits[" not in passage.field:
            cure = rewriting(passage.text, TRAILING_ZERO.pattern, r"\1\2")
            said = f"“{zero[0]}” has a zero after the point"
            yield Hit(passage.field, said, "write 5 mg", cure=cure)


def generic_names(reading: CaseReading) -> Iterator[Hit]:
    """L22: generic names of drugs. NBME Item-Writing Guide."""
    for passage in reading.texts if reading.likely(BRANDS) else ():
        match = BRANDS.search(passage.text)
        if match and match[0][0].isupper():
            generic = GENERICS.get(match[0].casefold())
            brand = re.compile(rf"\b{re.escape(match[0])}\b")
            cure = rewriting(passage.text, brand, generic) if generic else None
            yield Hit(passage.field, f"“{match[0]}” is a brand", "use the generic name", cure=cure)


def person_first(reading: CaseReading) -> Iterator[Hit]:
    """L23: people before their disorder. NIDA, Words Matter; AMA Manual of Style."""
    judging = [row for row in PERSON_FIRST if reading.likely(row[0])]
    for passage in reading.texts if judging else ():
        text = without_quotes(passage.text)
        for sought, instead in judging:
            match = sought.search(text)
            if match:
                said = f"“{match[0]}” judges the person"
                yield Hit(passage.field, said, f"say: {instead}", cure=_kindly(passage.text, match))


KINDLY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bcomplain of\b"), "report"),
    (re.compile(r"\bcomplains of\b"), "reports"),
    (re.compile(r"\bcomplained of\b"), "reported"),
    (re.compile(r"\bcomplaining of\b"), "reporting"),
    (re.compile(r"\bsuffers from\b"), "has"),
    (re.compile(r"\bsuffered from\b"), "had"),
    (re.compile(r"\bsuffering from\b"), "with"),
    (re.compile(r"\bclaims that\b"), "reports that"),
    (re.compile(rf"\b({_WHO}) claimed that\b"), r"\1 reported that"),
)
"""Words that judge where others say the same in the same sentence."""


def _kindly(text: str, judging: re.Match[str]) -> Cure | None:
    """Return how the words found are said without judging; None: the sentence has to change."""
    for pattern, instead in KINDLY:
        found = pattern.search(text, judging.start())
        if found and found.start() == judging.start():
            return rewriting(text, pattern, instead)
    return None


def rewriting(text: str, pattern: re.Pattern[str], instead: str) -> Cure:
    """Return the cure by which all that *pattern* finds in *text* is written anew."""
    found = pattern.search(text)
    shown = found.expand(instead).strip() if found else instead
    return Cure(f"Write “{shown}”", before=text, after=pattern.sub(instead, text))


def acronyms_expanded(reading: CaseReading) -> Iterator[Hit]:
    """L30: an acronym is expanded where it first appears. NBME Item-Writing Guide."""
    known = set(KNOWN)
    for passage in reading.texts:
        for acronym in _acronyms(passage):
            if acronym not in known and not _expands(passage.text, acronym):
                yield Hit(
                    passage.field,
                    f"“{acronym}” is not written out before",
                    f"write it out, with ({acronym}) after it, or do without it",
                )
            known.add(acronym)


def _acronyms(passage: Passage) -> tuple[str, ...]:
    if _CAPITALS.search(passage.text) is None:
        return ()
    text = _NAMES.sub(" ", passage.text)
    return tuple(dict.fromkeys(_ACRONYM.findall(text)))


def _expands(text: str, acronym: str) -> bool:
    """Return whether the acronym stands in brackets behind its words, or they behind it."""
    name = re.escape(acronym)
    return bool(
        re.search(rf"\((?:the )?{name}s?(?:-\d+)?\s*[);,/]", text)
        or re.search(rf"\b{name}s?(?:-\d+)? \([a-zA-Z][^()]* [^()]*\)", text)
    )
