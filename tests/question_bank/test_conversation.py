"""Questions for a talk are open, few, and take nothing for granted that figures do not bear out."""

from hypothesis import given
from hypothesis import strategies as st

from question_bank.conversation import MOST_QUESTIONS, BeforeTalk, TalkPhase, questions_for
from question_bank.verdict import Reason, VerdictState

NOTHING = BeforeTalk(VerdictState.TOO_LITTLE, (), answers=0)

OPENING = ("what", "where", "which", "how", "who")

names = st.lists(st.sampled_from(["Pharmacological", "Rehabilitative"]), max_size=2).map(tuple)

known = st.builds(
    BeforeTalk,
    state=st.sampled_from(VerdictState),
    reasons=st.lists(st.sampled_from(Reason), unique=True).map(tuple),
    answers=st.integers(0, 400),
    strengths=names,
    to_look_at=names,
    missed=names,
    said=st.booleans(),
    agreed=st.booleans(),
    aims=st.booleans(),
)


def said(facts: BeforeTalk) -> str:
    return " ".join(question for asked in questions_for(facts).values() for question in asked)


@given(known)
def test_every_phase_has_one_or_two_questions_and_none_is_asked_twice(facts: BeforeTalk) -> None:
    found = questions_for(facts)

    assert list(found) == list(TalkPhase)
    every = [question for asked in found.values() for question in asked]
    assert all(1 <= len(asked) <= MOST_QUESTIONS for asked in found.values())
    assert len(set(every)) == len(every)


@given(known)
def test_every_question_is_open(facts: BeforeTalk) -> None:
    for asked in questions_for(facts).values():
        for question in asked:
            assert question.endswith("?")
            assert any(f" {word} " in f" {question.lower()}" for word in OPENING), question


@given(known.filter(lambda each: not each.strengths))
def test_nothing_is_called_a_success_that_no_interval_says(facts: BeforeTalk) -> None:
    assert "that worked?" not in " ".join(questions_for(facts)[TalkPhase.CONTENT])


@given(known.filter(lambda each: not each.answers))
def test_where_there_are_no_figures_nobody_is_asked_how_they_fit(facts: BeforeTalk) -> None:
    assert "in these figures" not in said(facts)


def test_of_nothing_it_is_said_that_there_is_too_little() -> None:
    assert "The figures say too little as yet" in said(NOTHING)
    assert "no figures of these weeks" in said(NOTHING)


def test_harm_comes_before_all_else() -> None:
    facts = BeforeTalk(
        VerdictState.TALK, (Reason.LATE, Reason.UNSAFE), answers=20, missed=("Safety",)
    )

    assert "hurt the patient" in questions_for(facts)[TalkPhase.CONTENT][0]
