"""A case without a flaw, and ways to write one into it."""

from functools import cache
from pathlib import Path
from typing import Any

from question_bank.blueprint import Blueprint, parse_blueprint
from question_bank.case import Case, parse_case
from question_bank.formats.native import read_case
from question_bank.knowledge import ClinicalFact, HarmfulAct, parse_acts, parse_facts
from question_bank.lint import check_reading, errors_of
from question_bank.rules.base import Finding
from question_bank.rules.reading import CaseReading

CONTENT = Path(__file__).parents[3] / "question_bank" / "content"


WHY = "Because the findings of this person, taken together with the history, speak for it so."


VIGNETTE = (
    "A 58-year-old teacher comes to the clinic. For 6 weeks she has had pain in the left calf, "
    "5 of 10, worse in the evening and better after lying down. She walks 400 m and wants to get "
    "to the market again. Ankle jerks are equal, power is full and the calf is soft. She takes "
    "acetaminophen 500 mg twice daily, which helps a little."
)


Data = dict[str, Any]


@cache
def blueprint() -> Blueprint:
    return parse_blueprint((CONTENT / "blueprint.yaml").read_text(encoding="utf-8"))


@cache
def facts() -> dict[str, ClinicalFact]:
    return parse_facts((CONTENT / "facts.yaml").read_text(encoding="utf-8"))


@cache
def acts() -> dict[str, HarmfulAct]:
    return parse_acts((CONTENT / "harms.yaml").read_text(encoding="utf-8"))


@cache
def shipped() -> tuple[Case, ...]:
    return tuple(
        read_case(path.read_text(encoding="utf-8"), path.name)
        for path in sorted(CONTENT.glob("*/*.yaml"))
    )


def options(*texts: str, keys: tuple[int, ...] = (0,)) -> list[Data]:
    return [{"text": text, "why": WHY, "key": n in keys} for n, text in enumerate(texts)]


def single(*texts: str, right: int = 0, **more: Any) -> Data:
    """Return an item with one best answer; by default without a flaw."""
    texts = texts or ("Graded walking", "Night splint", "Nerve study", "Heel raise")
    return {
        "key": "next-step",
        "type": "single_best_answer",
        "lead_in": "Which of the following is the most appropriate next step?",
        "covered_answer": texts[right],
        "options": options(*texts, keys=(right,)),
    } | more


def several(*texts: str, keys: tuple[int, ...] = (0, 1), **more: Any) -> Data:
    return {
        "key": "two-steps",
        "type": "multiple_response",
        "lead_in": "Which two of the following belong in the plan?",
        "covered_answer": " ".join(texts[n] for n in keys),
        "options": options(*texts, keys=keys),
    } | more


def menu(*texts: str, permitted: int = 2, **more: Any) -> Data:
    return {
        "key": "first-hour",
        "type": "key_feature",
        "mode": "menu",
        "permitted": permitted,
        "lead_in": "Which two steps are taken in the first hour?",
        "options": options(*texts, keys=(0, 1)),
    } | more


def number(answer: str = "120", **more: Any) -> Data:
    return {
        "key": "daily-dose",
        "type": "numeric",
        "lead_in": "What is the total daily dose, in mg?",
        "answer": answer,
        "tolerance": {"absolute": "0"},
        "why": WHY,
    } | more


def essay(**more: Any) -> Data:
    level = [{"points": 0, "text": "Not said"}, {"points": 1, "text": "Said"}]
    return {
        "key": "in-plain-words",
        "type": "essay",
        "lead_in": "How is the result explained to her in plain words?",
        "words": 100,
        "rubric": [{"name": "Meaning", "levels": level}, {"name": "Next step", "levels": level}],
        "model_answer": "The test looks for one thing and has not found it.",
        "why": WHY,
    } | more


def concordance(**more: Any) -> Data:
    return {
        "key": "new-finding",
        "type": "script_concordance",
        "scale": "treatment",
        "idea": "A walking program today",
        "finding": "The pulse at the foot is absent",
        "lead_in": "How does this finding change the idea?",
        "panel": "wanted",
        "why": WHY,
    } | more


def data(*items: Data, **more: Any) -> Data:
    return {
        "format": 1,
        "slug": "a-sore-calf",
        "title": "A sore calf",
        "topic": "rehab-spine",
        "tracks": ["ipm", "fm"],
        "level": "application",
        "focus": ["focus-treatment"],
        "facts": ["R01"],
        "vignette": VIGNETTE,
        "items": list(items) or [single()],
        "takeaway": "Keep moving.",
        "references": [
            {
                "authors": "Roe J",
                "title": "Moving",
                "source": "J Mov 2020;1(1)",
                "year": 2020,
                "doi": "10.1000/182",
                "supports": "Moving.",
            }
        ],
        "reviewed_on": "2026-11-01",
        "review_by": "2028-11-01",
        "clinical_review": "pending",
    } | more


def case(*items: Data, **more: Any) -> Case:
    return parse_case(data(*items, **more))


def in_stages(*stages: Data, **more: Any) -> Case:
    """Return an unfolding case; each stage is its text and its items."""
    body = data(**more)
    for name in ("vignette", "items"):
        del body[name]
    return parse_case(body | {"stages": list(stages)})


def unparsed(**changes: Any) -> Case:
    """Return the sound case with *changes* to its one item that parsing would refuse."""
    one = case()
    item = one.items[0].model_copy(update=changes)
    fields = {name: getattr(one, name) for name in type(one).model_fields}
    return Case.model_construct(**(fields | {"items": (item,)}))


def check(one: Case) -> list[Finding]:
    slugs = {each.slug for each in shipped()}
    return check_read(CaseReading(one, facts(), acts(), slugs, blueprint()))


def check_read(reading: CaseReading) -> list[Finding]:
    """Return what is found; of that, who looks for errors alone finds all the errors."""
    found = list(check_reading(reading))
    assert [*errors_of(reading)] == [each for each in found if each.level == "E"]
    return found


def broken(one: Case) -> set[str]:
    """Return the rules that *one* breaks."""
    return {finding.rule for finding in check(one)}


def places(one: Case, rule: str) -> list[str]:
    """Return the fields where *one* breaks *rule*."""
    return [finding.field for finding in check(one) if finding.rule == rule]
