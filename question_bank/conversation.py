"""Open questions for a talk of a mentor with a fellow, chosen by what is known before it.

They follow R2C2, a model of feedback in four phases that was made with residents and those who
supervise them: to build the *relationship*, to explore the *reaction* to what is known, to see that
its *content* is understood, and to *coach for change*, which ends in a plan. A page can prepare
all but the first, so coaching and the change that it leads to stand apart here, and the fellow's
own words and what was agreed come first. (Sargeant J et al., R2C2 in Action. J Grad Med Educ 2017;
9(2):165-170, doi:10.4300/JGME-D-16-00398.1. Sargeant J et al., The R2C2 Model in Residency
Education. Acad Med 2018;93(7), doi:10.1097/ACM.0000000000002131.) The questions are ours.

No question takes a strength, or a gap, for granted that the figures do not bear out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from question_bank.verdict import Reason, VerdictState


class TalkPhase(StrEnum):
    """What a part of a talk is for, in the order in which they come."""

    REACT = "react"
    CONTENT = "content"
    COACH = "coach"
    CHANGE = "change"


MOST_QUESTIONS = 2
"""How many a phase has at most: more would be a form to fill in."""


@dataclass(frozen=True)
class BeforeTalk:
    """What is known of a fellow before a talk.

    `answers` are the first answers of the window. Of `strengths` the interval says so; `to_look_at`
    are the approaches with a high chance of a share below the line; `missed` are the topics to ask
    about, all three by name. `said`: in own words of these weeks. `agreed`: in a talk before.
    `aims`: a goal is open.
    """

    state: VerdictState
    reasons: tuple[Reason, ...]
    answers: int
    strengths: tuple[str, ...] = ()
    to_look_at: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    said: bool = False
    agreed: bool = False
    aims: bool = False


def questions_for(known: BeforeTalk) -> dict[TalkPhase, tuple[str, ...]]:
    """Return one or two open questions for each phase of a talk, in the order of the phases."""
    asked = {
        TalkPhase.REACT: _reaction(known),
        TalkPhase.CONTENT: _content(known),
        TalkPhase.COACH: _coaching(known),
        TalkPhase.CHANGE: _change(),
    }
    return {phase: tuple(islice(all_of, MOST_QUESTIONS)) for phase, all_of in asked.items()}


def _reaction(known: BeforeTalk) -> Iterable[str]:
    yield (
        "What you wrote of these weeks: how is it by now?"
        if known.said
        else "How have these weeks been for you?"
    )
    yield (
        "What in these figures fits with how you see yourself, and what does not?"
        if known.answers
        else "Where would you say you stand, as there are no figures of these weeks?"
    )


def _content(known: BeforeTalk) -> Iterator[str]:
    """Yield what is most worth asking first; of harm before all else."""
    if Reason.UNSAFE in known.reasons:
        yield "Where a choice would have hurt the patient: what did you weigh, and what now?"
    if {Reason.LATE, Reason.SILENT} & set(known.reasons):
        yield "What stood between you and the quizzes?"
    if known.missed:
        yield f"{known.missed[0]}: what made another answer look right to you?"
    if known.to_look_at:
        yield f"{known.to_look_at[0]}: which decisions feel least sure?"
    if known.state is VerdictState.TOO_LITTLE or not known.answers:
        yield "The figures say too little as yet: what would you add to them?"
    if known.strengths:
        yield f"{known.strengths[0]}: what did you do that worked?"
    yield "Where were you less sure than an answer shows?"


def _coaching(known: BeforeTalk) -> Iterator[str]:
    if known.agreed:
        yield "What came of what you agreed last?"
    if known.aims:
        yield "What helps you towards your goal, and what is in the way?"
    yield "What do you want to be able to decide on your own by the next time?"
    yield "Who or what could help you with that?"


def _change() -> Iterable[str]:
    yield "What will you do first, and by when?"
    yield "How will both of us see that it worked?"
