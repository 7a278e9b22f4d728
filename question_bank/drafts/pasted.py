"""Questions and lists as people paste them: taken apart as far as their layout tells.

Options stand on lines of their own behind letters or numbers in order (`A.`, `b)`, `(C)`, `4.`) or
bullets, or behind letters in one line. Whatever has no place stays in the story, so that no word
is lost.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from question_bank.drafts.bodies import Body, taken, text_of
from question_bank.drafts.lists import FEWEST, ListedOption, bulleted, labelled

LONGEST = 20_000
"""Characters of a question that is taken apart; a longer text is a story as a whole."""

_ANSWER = re.compile(
    r"[ \t]{0,9}(?:the[ \t]+)?(?:correct[ \t]+|best[ \t]+|right[ \t]+)?(?:answers?|ans|keys?)\b"
    r"[ \t]{0,9}"
    r"(?:is\b|are\b|[:.=-])?[ \t]{0,9}(?:option[ \t]+)?"
    r"(\(?(?:[A-Za-z]|\d{1,2})\)?(?:[ \t]{0,9}(?:,|&|and)[ \t]{0,9}\(?(?:[A-Za-z]|\d{1,2})\)?)*)"
    r"(?![\w'’])[.):]?[ \t]{0,9}",
    re.IGNORECASE,
)
_NAMED = re.compile(r"[A-Za-z0-9]+")
_REASON = re.compile(r"(?:explanation|rationale|reason)\b[ \t]*[:.-]?[ \t]*", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s+(?=\S)")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n[ \t]*\n\s*")


def split_pasted(text: str) -> Body:
    """Return the body of a draft with one item, and as much of *text* as can be told in its place.

    The last question before the options is the lead-in, what comes before it the story. A key is
    told by a line like “Answer: B”, or by an asterisk; what follows that line is its reason.
    Two keys or more make an item with several right answers. Nothing is ever raised.
    """
    plain = text_of(text) or ""
    if len(plain) > LONGEST:
        return {"stages": [{"#": "s1", "text": plain}]}
    lists = labelled(plain) or bulleted(plain)
    if not lists:
        story, lead_in = _asked(plain)
        return _body(story, lead_in, (), "")
    start, end, listed = lists
    story, lead_in = _asked(plain[:start])
    options, reason, rest = _keyed(listed, plain[end:])
    return _body("\n\n".join(filter(None, (story, rest))), lead_in, options, reason)


def split_list(text: str) -> list[Body]:
    """Return the rows of options that a pasted list makes: text, key if it is marked so, reason.

    Letters, numbers and bullets are taken away; without them each line is an option. What follows a
    line like “Answer: B” is the reason of the first key. A longer text than a question may have is
    one option. The rows have no handles yet.
    """
    plain = (text_of(text) or "").strip()
    if len(plain) > LONGEST:
        return [{"text": plain}]
    found = labelled(plain) or bulleted(plain, FEWEST)
    if found and not plain[: found[0]].strip():
        options, reason, rest = _keyed(found[2], plain[found[1] :])
        more = [ListedOption("", line.strip()) for line in rest.splitlines() if line.strip()]
        return _option_rows((*options, *more), reason)
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    return [_row(ListedOption.marked("", line), "") for line in lines]


def _asked(stem: str) -> tuple[str, str]:
    """Return the story and the lead-in of *stem*: its last sentence, if that asks for something."""
    told = _NUMBER.sub("", stem, count=1).strip() if _NUMBER.match(stem) else stem.strip()
    last = [0, *(each.end() for each in _SENTENCE.finditer(told))][-1]
    sentence = told[last:].strip()
    if not sentence.endswith(("?", ":", "…", "___")):
        return told, ""
    return told[:last].strip(), sentence


def _keyed(
    options: Sequence[ListedOption], after: str
) -> tuple[tuple[ListedOption, ...], str, str]:
    """Return *options* with those marked that a line *after* them names, its reason, and the rest.

    A line that names no option is no answer, and stays.
    """
    labels = {option.label.casefold() for option in options} - {""}
    for line in re.finditer(r"^.*$", after, re.MULTILINE):
        answer = _ANSWER.match(line[0])
        named = set(_NAMED.findall(answer[1].casefold())) - {"and"} if answer else set()
        if answer and named and named <= labels:
            marked = tuple(replace(each, key=each.label.casefold() in named) for each in options)
            behind = after[line.start() + answer.end() :].strip()
            return marked, _REASON.sub("", behind, count=1), after[: line.start()].strip()
    return tuple(options), "", after.strip()


def _body(story: str, lead_in: str, options: Sequence[ListedOption], reason: str) -> Body:
    item = {
        "type": "multiple_response"
        if sum(each.key for each in options) > 1
        else "single_best_answer",
        "lead_in": lead_in,
        "options": _option_rows(options, reason),
    }
    return taken({"stages": [{"text": story, "items": [item]}]}).body


def _option_rows(options: Sequence[ListedOption], reason: str) -> list[Body]:
    """Return the rows of *options*; the first key has the *reason*."""
    first = next((n for n, option in enumerate(options) if option.key), None)
    return [_row(option, reason if n == first else "") for n, option in enumerate(options)]


def _row(option: ListedOption, why: str) -> Body:
    row: Body = {"text": option.text} | ({"key": True} if option.key else {})
    return row | ({"why": why} if why else {})
