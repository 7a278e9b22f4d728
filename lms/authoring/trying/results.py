"""What a trial came to: key, reasons, harm and credit of everything that was asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from lms.authoring.trying.trials import Trial, Tried, TriedCase, TriedItem, orders
from lms.cases.knowledge import harm_said
from lms.core.figures import say_score, say_score_briefly
from lms.results.contents import CaseResult, ItemInCase, PartResult, in_cases
from question_bank.feedback import ItemFeedback, feedback_on, with_harms_said, with_points
from question_bank.items import Answer
from question_bank.scoring import EarnedCredit, Score, score

MARKED = "People mark this one, so it has no credit here"
"""What is said of an answer that no machine grades."""

OUT = "Withheld, so it is not counted"
"""What is said of an answer to an item that counts in no score."""


@dataclass(frozen=True)
class TrialResult:
    """What a trial came to.

    `headline` and `sentence` say the score; `waiting` answers would have to be marked by people.
    """

    headline: str
    sentence: str
    waiting: int
    items: tuple[ItemInCase, ...]

    @property
    def harms(self) -> tuple[tuple[int, str], ...]:
        """The choices that would have hurt the patient: the item's position, which, and how."""
        return tuple((e.item.position, harm) for e in self.items for harm in e.item.harms)


@dataclass(frozen=True)
class _Judged:
    """An item with what was answered to it and what that earns. None: people say so."""

    item: TriedItem
    answer: Answer | None
    confidence: str
    order: Sequence[int]
    credit: Fraction | None


def result_of(tried: Tried, trial: Trial) -> TrialResult:
    """Return what a trial came to, by the arithmetic of an attempt. It asks for no row."""
    shown = orders(tried, trial)
    judged = {each.position: _judged(each, trial, shown[each.position]) for each in tried.items}
    counted = [each for each in judged.values() if not each.item.withheld]
    waiting = sum(each.credit is None for each in counted)
    earned = score(
        EarnedCredit(each.credit, each.item.points, approach="", topic="") for each in counted
    )
    return TrialResult(
        headline=say_score_briefly(earned),
        sentence=_sentence(earned, waiting),
        waiting=waiting,
        items=tuple(in_cases([_case(each, judged) for each in tried.cases], kept_back=())),
    )


def _sentence(earned: Score, waiting: int) -> str:
    if waiting and not earned.possible:
        return "People mark all that counts here, so there is no score."
    return say_score(earned, waiting)


def _judged(each: TriedItem, trial: Trial, order: Sequence[int]) -> _Judged:
    given = trial.answer_to(each)
    answer = each.item.parse_answer(given.answer)
    confidence = given.confidence.value if given.confidence else ""
    return _Judged(each, answer, confidence, order, each.item.credit_for(answer))


def _case(case: TriedCase, judged: dict[int, _Judged]) -> CaseResult:
    parts = tuple(
        PartResult(
            part.title,
            part.text,
            part.exhibits,
            tuple(_item(judged[each.position]) for each in case.items if each.stage == stage),
        )
        for stage, part in enumerate(case.body.parts)
    )
    return CaseResult(
        number=case.items[0].number if case.items else 0,
        title=case.body.title,
        parts=parts,
        takeaway=case.body.takeaway,
        references=tuple(case.body.references),
        reviewed=case.signed,
    )


def _item(judged: _Judged) -> ItemFeedback:
    feedback = feedback_on(
        judged.item.position,
        judged.item.item,
        judged.answer,
        judged.credit,
        order=judged.order,
        confidence=judged.confidence,
    )
    if judged.item.withheld:
        feedback = replace(feedback, kind="info", title=OUT)
    elif judged.credit is None:
        feedback = replace(feedback, title=MARKED)
    return with_points(with_harms_said(feedback, harm_said), judged.item.points)
