"""Rules on what is told: complete, about nobody, and giving no answer away."""

import re
from collections.abc import Iterator

from question_bank.items.numeric import Numeric
from question_bank.items.short_answer import ShortAnswer, words
from question_bank.rules.base import Hit
from question_bank.rules.reading import Asked, CaseReading, TextRole
from question_bank.rules.words import Sought, content, quoted, tokens, word_list

FEWEST, MOST = 40, 200
"""Words of a vignette, its tables aside."""

MOST_IN_LEAD_IN, MOST_IN_OPTION = 35, 25

AGE = re.compile(
    r"\b\d{1,3}[- ](year|month|week|day)s?[- ]old\b|\baged? \d{1,2}\b"
    r"|\b(in (his|her|their) (early |mid |late )?\w+ies)\b|\bnewborn\b"
    r"|\b\d{1,2} years (old|of age)\b",
    re.IGNORECASE,
)
SETTING = re.compile(
    r"\b(clinics?|hospital(ized|ised)?|ward|office|emergency|department|unit|suite|room|bedside|home"
    r"|practice|telehealth|video|phone|telephone|calls?|calling|messages?|portal|program|consult\w*"
    r"|referred|refers|surgery|recovery|admitted|postoperative|visits?|returns?|comes?|attends?"
    r"|is seen|sees|presents|brought|asks|center|service|floor|rounds|hospice|school|therapy)\b",
    re.IGNORECASE,
)
DURATION = re.compile(
    r"\b(\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|some|several|many"
    r"|few|half)([- ](and a half|half an?|more|long))?[- ]"
    r"(minute|hour|day|night|week|month|year|decade)s?\b"
    r"|\b(since|yesterday|today|tonight|this morning|last (night|week|month|year))\b",
    re.IGNORECASE,
)
MEASURE = re.compile(
    r"\d\s?(%|°|mg|mcg|g|kg|mL|mmHg|mmol|mEq|ms|cm|mm|m|km|U|U/L|of 10|of 5|/5|/10|/\d{2,3}|Hz)"
    r"(?![a-z])"
)
FINDING = re.compile(
    rf"{MEASURE.pattern}"
    r"|\b(normal|absent|reduced|tender\w*|weak\w*|positive|negative|brisk|swollen|intact|unchanged"
    r"|numb\w*)\b"
)

_MONTH = r"(?:Jan|Febr?|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_STREET = r"(?:Street|Avenue|Road|Lane|Boulevard|Drive)"
IDENTIFIERS: tuple[tuple[Sought, str], ...] = (
    (
        Sought(
            re.compile(
                rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?! ?%)"
                rf"|\b\d{{1,2}} {_MONTH}(?: \d{{4}})?\b"
                r"|\b\d{1,2}[/.]\d{1,2}[/.](?:19|20)\d{2}\b|\b(?:19|20)\d{2}-\d{2}-\d{2}\b"
            ),
            (
                *word_list("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
                re.compile(r"[/.](?:19|20)\d"),
                re.compile(r"(?:19|20)\d\d-\d"),
            ),
        ),
        "a date",
    ),
    (
        Sought(
            re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\b\.? [A-Z][a-z]+"),
            ("Mr", "Ms", "Miss", "Dr", "Prof"),
        ),
        "a name",
    ),
    (
        Sought(
            re.compile(r"\b(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}\b"),
            (re.compile(r"\d{3}[-. ]\d{4}"),),
        ),
        "a telephone number",
    ),
    (Sought(re.compile(r"\b[\w.+-]+@[\w-]+\.\w+"), ("@",)), "an e-mail address"),
    (
        Sought(
            re.compile(rf"\b\d+ (?:[A-Z][a-z]+ )+{_STREET}\b"),
            ("Street", "Avenue", "Road", "Lane", "Boulevard", "Drive"),
        ),
        "an address",
    ),
    (
        Sought(re.compile(r"\d(?<![\d.,/]\d)\d{5,}(?![\d.,])")),
        "a long number, like that of a record",
    ),
    (
        Sought(
            re.compile(r"\b(?:9\d|1[0-4]\d)[- ]years?[- ]old\b|\baged? (?:9\d|1[0-4]\d)\b"),
            (re.compile(r"9\d[- ]y"), re.compile(r"1[0-4]\d[- ]y"), re.compile(r"aged? [19]\d")),
        ),
        "an age over 89",
    ),
    (
        Sought(
            re.compile(
                r"\b(?!(?:The|A|An|At|In|This|That|Our|Her|His|Pain|Each|No|One|Another) )"
                r"[A-Z][\w.’']+ (?:[A-Z][\w.’']+ )*"
                r"(?:Hospital|Medical Center|Infirmary|Clinic)\b(?! Anxiety)"
            ),
            ("Hospital", "Medical Center", "Infirmary", "Clinic"),
        ),
        "a named hospital",
    ),
)
"""What could point to a person. HIPAA Safe Harbor, 45 CFR 164.514(b)(2)."""

_SOMEONE = (
    r"(?:man|men|woman|women|person|people|patients?|adults?|child|children|boy|girl|teenager"
    r"|mother|father|veteran|worker|teacher|nurse)"
)
ORIGIN = Sought(
    re.compile(
        rf"\b(?:Black|White|black|white) (?:\w+ )?{_SOMEONE}\b|\bidentifies as [A-Z]\w+"
        r"|\b(?:African|Asian|Mexican|Native)[- ]Americans?\b"
        r"|\b(?:Caucasian|Hispanic|Latin[oax]|Latine|Asian|Indigenous|Pacific Islander|Arab"
        r"|Middle Eastern|Afro-Caribbean|Jewish|Roma|biracial|multiracial)s?\b"
        r"|\b(?:race|ethnicity|ethnic|ancestry)\b"
        r"|\b(?:Chinese|Japanese|Korean|Vietnamese|Thai|Filipino|Indian|Pakistani|Mexican|Nigerian"
        rf"|Somali|Haitian) (?:\w+ )?{_SOMEONE}\b"
    ),
    word_list(
        """
        Black White black white American Caucasian Hispanic Latin Asian Indigenous Islander Arab
        Eastern Caribbean Jewish Roma racial race ethnic ancestry Chinese Japanese Korean
        Vietnamese Thai Filipino Indian Pakistani Mexican Nigerian Somali Haitian identifies
        """
    ),
)


def complete(reading: CaseReading) -> Iterator[Hit]:
    """L19: the vignette says who, where, since when and what was found. NBME Guide."""
    first = reading.case.parts[0]
    prose = [line for line in first.text.splitlines() if not line.lstrip().startswith("|")]
    count = len(" ".join(prose).split())
    if not FEWEST <= count <= MOST:
        yield Hit(
            reading.scene_field,
            f"it has {count} words",
            f"tell what matters in {FEWEST} to {MOST} words",
        )
    told = reading.scene(0)
    later = AGE.sub(" ", told)
    wanted = {"a setting": SETTING, "a duration": DURATION, "a finding": FINDING}
    lacks = [what for what, pattern in wanted.items() if not pattern.search(later)]
    lacks = lacks if AGE.search(told) else ["an age", *lacks]
    if lacks:
        yield Hit(
            reading.scene_field,
            f"it gives no {' and no '.join(each.split(' ', 1)[1] for each in lacks)}",
            "say who, where, since when, and what was found",
        )
    yield from _too_long(reading)


def _too_long(reading: CaseReading) -> Iterator[Hit]:
    for role, most in ((TextRole.LEAD_IN, MOST_IN_LEAD_IN), (TextRole.OPTION, MOST_IN_OPTION)):
        for passage in reading.passages(role):
            count = len(passage.text.split())
            if count > most:
                yield Hit(passage.field, f"it has {count} words", f"say it in at most {most} words")


def about_nobody(reading: CaseReading) -> Iterator[Hit]:
    """L20: nothing could identify a person. HIPAA Safe Harbor, 45 CFR 164.514(b)(2)."""
    identifiers = [row for row in IDENTIFIERS if reading.likely(row[0])]
    for passage in reading.texts if identifiers else ():
        for sought, what in identifiers:
            match = sought.search(passage.text)
            if match:
                yield Hit(
                    passage.field,
                    f"“{match[0]}” is, or looks like, {what}",
                    "leave it out; give relative times, and ages over 89 as in their nineties",
                )


def origin_only_if_needed(reading: CaseReading) -> Iterator[Hit]:
    """L24: race or ethnicity only where the decision turns on it. NBME Guide."""
    for passage in reading.texts if reading.likely(ORIGIN) else ():
        match = ORIGIN.search(passage.text)
        if match:
            yield Hit(
                passage.field,
                f"“{match[0]}” names race or ethnicity",
                "leave it out, or say in a waiver what turns on it",
            )


def no_hinging(reading: CaseReading) -> Iterator[Hit]:
    """L28: no item gives away another of its part; later parts are locked. NBME Guide."""
    for asked in reading.asked:
        for other in reading.asked:
            if asked is other or asked.part != other.part:
                continue
            for passage in reading.of(other, TextRole.SCENE, TextRole.LEAD_IN):
                told = _given_away(reading, asked, passage.text)
                if told:
                    yield Hit(
                        passage.field,
                        f"{quoted(told)} gives away the key of “{asked.item.key}”",
                        "say it in other words, or ask it in a later stage",
                    )


def _given_away(reading: CaseReading, asked: Asked, text: str) -> list[str]:
    scene = f"{reading.scene(asked.part)} {asked.item.lead_in}"
    if isinstance(asked.item, Numeric):
        answer = asked.item.answer
        tells = len(answer) > 1 and answer in tokens(text) and answer not in tokens(scene)
        return [answer] if tells else []
    others = " ".join(option.text for option in asked.keyed if not option.key)
    telling = content(_key(asked), 5) - content(f"{scene} {others}")
    told = telling & content(text, 5)
    return sorted(told) if len(told) > 1 or any(len(word) > 5 for word in told) else []


def _key(asked: Asked) -> str:
    if isinstance(asked.item, ShortAnswer):
        return words(asked.item.accept[0])
    return " ".join(option.text for option in asked.keyed if option.key)
