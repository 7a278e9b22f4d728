"""Rules on the wording of lead-ins and options: no riddles, and no cues."""

import re
from collections import Counter
from collections.abc import Iterator

from question_bank.items.essay import Essay
from question_bank.items.key_feature import KeyFeature
from question_bank.items.multiple_response import MultipleResponse
from question_bank.items.single_best_answer import SingleBestAnswer
from question_bank.rules.base import Hit
from question_bank.rules.reading import Asked, CaseReading
from question_bank.rules.words import (
    acts,
    any_of,
    content,
    first_word,
    quoted,
    roots,
    without_quotes,
    word_list,
)

NEGATIONS = any_of(["not", "except", "least", "false", "incorrect", "never", "untrue"])
FAIR_NEGATIONS = re.compile(
    r"\b(not yet|not only|if not|whether or not|do[ -]not[ -](resuscitate|intubate)"
    r"|at least|false[ -](positive|negative|alarm)s?)\b"
    r"|\b(who|that|although|though|because|if|when|while|since|after)\b"
    r"[^,?]*\b(do|does|did|is|are|was|were|has|have|had|can|could|will)"
    r"( not|n['’]t)\b",
    re.IGNORECASE,
)
"""Negations that are about the patient, or a term, and not about the question."""

QUESTION_WORDS = any_of(["which", "what", "where", "when", "who", "whom", "whose", "why", "how"])
TWO_QUESTIONS = re.compile(
    r"\b(?:and|or) (?:what|which|where|when|why|how|who)\b[^,]*\?$", re.IGNORECASE
)
YES_OR_NO = re.compile(
    r"^(is|are|was|were|do|does|did|can|could|should|will|would|has|have|may|must)\b", re.IGNORECASE
)

UNFOCUSED = re.compile(
    r"\bwhich (one )?(of the following |of these )?(statements?|assertions?|sentences?)"
    r"( about| on| regarding| concerning)?.* (is|are) (most |best )?"
    r"(true|correct|accurate|false|incorrect)\b"
    r"|\bwhich( one)? of (the following|these) (is|are) (true|correct|accurate|false|incorrect)\b"
    r"|\b(regarding|what about|true (of|about|for|regarding))\b",
    re.IGNORECASE,
)
FEWEST_WORDS = 5
ABSOLUTES = any_of(
    word_list(
        """
    always never all none only must every impossible completely guaranteed
    """
    )
)
FAIR_ABSOLUTES = re.compile(
    r"\ball (four|fours|three|two|five|limbs|extremities|of (his|her|the|their)|(his|her|the) )"
    r"|\bevery (\d|other|few|one|two|three|four|six|eight|twelve|day|night|morning|evening|hour"
    r"|week|month|year|visit|dose|meal|time)"
    r"|\b(at|above|after|not|in) all\b|\bnot (only|every)\b|^none$",
    re.IGNORECASE,
)
"""Absolutes that count something, or belong to a set phrase."""

VAGUE = re.compile(
    r"\b(usually|often|sometimes|rarely|frequently|may|can be|(is|are) associated with)\b",
    re.IGNORECASE,
)
OPINION = re.compile(
    r"\b(would you|do you(?! (?:answer|explain|propose|say|tell)\b)|(?<!do )you|your|yours"
    r"|in (your|my) opinion)\b",
    re.IGNORECASE,
)
"""What asks for a view; how a fellow tells a patient something is no view."""
CLASSES = frozenset(
    word_list(
        """
    analgesic anesthetic antibiotic anticoagulant anticonvulsant antidepressant antiemetic
    benzodiazepine bisphosphonate corticosteroid gabapentinoid laxative opioid patient person
    people steroid tablet tablets treatment triptan
    """
    )
)
"""Words that say what kind of thing is asked for; they are no clue."""

COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def positive_lead_in(reading: CaseReading) -> Iterator[Hit]:
    """L03: the lead-in asks for what is so. Haladyna, Downing and Rodriguez 2002."""
    for asked in reading.asked:
        plain = FAIR_NEGATIONS.sub(" ", without_quotes(asked.item.lead_in))
        match = NEGATIONS.search(plain)
        if match:
            yield Hit(
                f"{asked.field}.lead_in",
                f"“{match[0]}” turns the question round",
                "ask for what is right, or for what argues against",
            )


def closed_question(reading: CaseReading) -> Iterator[Hit]:
    """L04: one closed question, and no second one. NBME Item-Writing Guide."""
    for asked in reading.asked:
        what = _not_closed(asked.item.lead_in) or _double(asked)
        if what:
            yield Hit(f"{asked.field}.lead_in", what, "ask one question that begins with Which, …")
    for n, part in enumerate(reading.case.parts):
        if without_quotes(part.text).rstrip().endswith("?"):
            field = f"stages[{n}].text" if reading.case.stages else "vignette"
            yield Hit(field, "the vignette ends with a question", "leave asking to the lead-in")


def _not_closed(lead_in: str) -> str:
    last = re.split(r"(?<=[.:!]) ", lead_in)[-1]
    if lead_in.count("?") != 1 or not lead_in.endswith("?"):
        return "there is not exactly one question mark, at the end"
    if not QUESTION_WORDS.search(last) or YES_OR_NO.search(last):
        return "it does not ask which, what, where, when, who, why or how"
    return ""


def _double(asked: Asked) -> str:
    """Return what is wrong where one answer cannot answer both halves of the question."""
    if isinstance(asked.item, Essay | KeyFeature):
        return ""
    second = TWO_QUESTIONS.search(asked.item.lead_in)
    first = asked.item.lead_in[: second.start()] if second else ""
    return "it asks two questions" if QUESTION_WORDS.search(first) else ""


def focused(reading: CaseReading) -> Iterator[Hit]:
    """L05: the lead-in can be answered without the options. NBME Item-Writing Guide."""
    for asked in reading.asked:
        match = UNFOCUSED.search(asked.item.lead_in)
        if match:
            what = f"“{match[0]}” cannot be answered without the options"
        elif len(asked.item.lead_in.split()) < FEWEST_WORDS:
            what = f"it has fewer than {FEWEST_WORDS} words"
        else:
            continue
        yield Hit(f"{asked.field}.lead_in", what, "say what is decided, and by which measure")


def covered_answer(reading: CaseReading) -> Iterator[Hit]:
    """L06: the author's own answer, written before the options, agrees with the key. NBME."""
    for asked in reading.asked:
        own = getattr(asked.item, "covered_answer", None)
        needed = isinstance(asked.item, SingleBestAnswer | MultipleResponse)
        if own is None and not needed:
            continue
        keys = " ".join(option.text for option in asked.keyed if option.key)
        if not (own or "").strip():
            what = "it is empty"
        elif keys and not roots(own or "") & roots(keys):
            what = "it shares no word with the key"
        else:
            continue
        yield Hit(
            f"{asked.field}.covered_answer", what, "answer the lead-in with the options covered"
        )


def no_absolutes(reading: CaseReading) -> Iterator[Hit]:
    """L09: no always or never in options. Haladyna, Downing and Rodriguez 2002."""
    for asked in reading.asked:
        for n, option in enumerate(asked.options):
            match = ABSOLUTES.search(FAIR_ABSOLUTES.sub(" ", option.text))
            if match:
                yield Hit(
                    f"{asked.field}.options[{n}].text",
                    f"“{match[0]}” tells the test-wise that the option is wrong",
                    "say it without the absolute",
                )


def no_vague_frequency(reading: CaseReading) -> Iterator[Hit]:
    """L10: no usually or often in options. NBME Item-Writing Guide."""
    for asked in reading.asked:
        for n, option in enumerate(asked.options):
            match = VAGUE.search(option.text)
            if match:
                yield Hit(
                    f"{asked.field}.options[{n}].text",
                    f"“{match[0]}” means something else to everyone",
                    "give a number, or leave it out",
                )


def no_grammar_cue(reading: CaseReading) -> Iterator[Hit]:
    """L11: grammar does not tell the key. NBME Item-Writing Guide."""
    for asked in reading.asked:
        if re.search(r"\ban? ?\?$", asked.item.lead_in):
            yield Hit(
                f"{asked.field}.lead_in",
                "it ends with an article, which fits some options only",
                "end it with a noun",
            )
        what = _number_asked(asked)
        if what:
            yield Hit(f"{asked.field}.lead_in", what, "ask for as many as there are")
        what = _forms(tuple(option.text for option in asked.options)) or _odd_form(asked)
        if what:
            yield Hit(f"{asked.field}.options", what, "give the options one form")


def _number_asked(asked: Asked) -> str:
    numbers = re.findall(r"\bwhich (one|two|three|four|five|six)\b", asked.item.lead_in.casefold())
    item = asked.item
    if not numbers or not asked.options:
        return ""
    asked_for = sum(COUNTS[each] for each in numbers)
    right = sum(option.key for option in asked.options)
    there = item.permitted if isinstance(item, KeyFeature) else right
    return "" if asked_for == there else f"it asks for {asked_for}, but {there} are wanted"


def _forms(options: tuple[str, ...]) -> str:
    if len({text.endswith(".") for text in options}) > 1:
        return "some options end with a period and some do not"
    firsts = [text for text in options if re.match(r"[A-Za-z]{3,}\b", text)]
    if len({text[0].isupper() for text in firsts}) > 1:
        return "some options begin with a capital and some do not"
    return ""


def _odd_form(asked: Asked) -> str:
    """Return what is wrong if the key alone, or all but the key, gives an order."""
    if not asked.single:
        return ""
    key, *_ = [_form(option.text) for option in asked.options if option.key]
    others = {_form(option.text) for option in asked.options if not option.key}
    odd = key and "" not in others and key not in others
    return "the key alone has another grammatical form than the distractors" if odd else ""


def _form(text: str) -> str:
    """Return whether *text* begins like “Start”, like “Starting”, or (empty) otherwise."""
    first = first_word(text)
    return "" if not acts(first) else "starting" if first.endswith("ing") else "start"


def no_clang(reading: CaseReading) -> Iterator[Hit]:
    """L12: no word of the stem comes back in the key alone. NBME Item-Writing Guide."""
    for asked in reading.asked:
        if not asked.single:
            continue
        told = content(f"{reading.scene(asked.part, pictures=False)} {asked.item.lead_in}", 6)
        own = _own_words([told & content(option.text, 6) for option in asked.options])
        key = next(n for n, option in enumerate(asked.options) if option.key)
        if own[key] and not any(words for n, words in enumerate(own) if n != key):
            yield Hit(
                f"{asked.field}.options[{key}].text",
                f"{quoted(sorted(own[key]))} in the stem comes back in the key alone",
                "use another word, or let a distractor echo the stem as well",
            )


def _own_words(echoes: list[frozenset[str]]) -> list[frozenset[str]]:
    """Return what each set has that no other has, the names of kinds of things aside."""
    seen = Counter(word for words in echoes for word in words)
    return [frozenset(w for w in words if seen[w] == 1) - CLASSES for words in echoes]


def no_opinion(reading: CaseReading) -> Iterator[Hit]:
    """L29: the lead-in does not ask what the fellow would do. NBME Item-Writing Guide."""
    for asked in reading.asked:
        match = OPINION.search(without_quotes(asked.item.lead_in))
        if match:
            yield Hit(
                f"{asked.field}.lead_in",
                f"“{match[0]}” asks for an opinion",
                "ask which step is best, by the source that is cited",
            )
