"""The mail begins with what the fellow says, and says how far goals have come."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.attempts.models import Attempt
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.mail.reading import parts_of
from lms.mentoring.digests.services import compose_digest
from lms.mentoring.prompts.models import PromptAnswer
from lms.mentoring.prompts.services import answer_prompts, ask_for_words, decline
from lms.people.models import Role, User
from lms.results.services import say_in_own_words
from tests.factories import make_mentorship, make_user
from tests.mentoring.goals.factories import agreed, make_pair
from tests.progress.factories import PHARM, PSYCH, earned, make_given, make_topic_case, take

MONDAY = datetime(2026, 11, 23, 11, tzinfo=UTC)

SAID = "I mix up the two pumps,\nand <b>when</b> to call."


@pytest.fixture
def pair(in_app: Flask) -> tuple[User, User]:
    """A fellow who is late with a quiz and has handed in another one, and the mentor."""
    with transaction():
        fellow, mentor = make_pair()
        take(fellow, MONDAY - timedelta(days=5), {PSYCH: earned(2, 3)})
        case = make_topic_case(PHARM, 3)
        make_given(fellow, [case], MONDAY - timedelta(days=3), title="Quiz 5", open_days=9)
    return fellow, mentor


def said(at: datetime) -> None:
    with transaction():
        attempt = db.session.scalars(db.select(Attempt.id)).first()
        say_in_own_words(attempt, SAID, now=at)


def said_in_each(titles: list[str], fellow: User) -> None:
    """Let the fellow say something of each quiz, an hour after the other."""
    with transaction():
        for number, title in enumerate(titles):
            taken = take(fellow, MONDAY - timedelta(days=5), {PSYCH: earned(2, 3)}, title=title)
            at = MONDAY - timedelta(days=4) + timedelta(hours=number)
            say_in_own_words(taken.id, f"Of {title}.", now=at)


def mail(mentor: User) -> tuple[str, str]:
    """Return the parts of the digest: text and HTML."""
    with transaction():
        digest = compose_digest(mentor.id, "2026-W47", now=MONDAY)
    assert digest is not None
    parts = parts_of(db.session.get_one(Message, digest.message_id))
    return parts.text.replace("\r", ""), parts.html or ""


def test_own_words_come_before_the_verdict_in_both_parts(pair: tuple[User, User]) -> None:
    said(MONDAY - timedelta(days=4))

    text, html = mail(pair[1])

    assert "Dr. Amina Diallo: TALK\n“I mix up the two pumps,\nand <b>when</b> to call.”\n" in text
    assert "to call.”\nOn Quiz " in text
    assert "“I mix up the two pumps,<br>and &lt;b&gt;when&lt;/b&gt; to call.”" in html
    assert html.index("two pumps") < html.rindex("Quiz 5")  # the preview names it, too
    assert text.index("two pumps") < text.index("Quiz 5")


def test_what_was_said_of_each_result_is_in_the_mail(pair: tuple[User, User]) -> None:
    said_in_each(["Case A", "Case B"], pair[0])

    text, html = mail(pair[1])

    assert "“Of Case B.”\nOn Case B, Thu Nov 19.\n“Of Case A.”\nOn Case A, Thu Nov 19.\n" in text
    assert html.index("“Of Case B.”") < html.index("“Of Case A.”")
    assert "more in the report" not in text + html


def test_a_mail_has_a_few_of_many_words_and_says_where_the_rest_is(
    pair: tuple[User, User],
) -> None:
    said_in_each([f"Case {letter}" for letter in "ABCDE"], pair[0])

    parts = mail(pair[1])

    for part in parts:
        assert [f"“Of Case {letter}.”" in part for letter in "ABCDE"] == [0, 0, 1, 1, 1]
        assert "And 2 more in the report." in part


def test_words_of_another_week_are_not_said_again(pair: tuple[User, User]) -> None:
    said(MONDAY - timedelta(days=40))

    text, html = mail(pair[1])

    assert "two pumps" not in text + html


def test_how_far_a_goal_has_come_is_said(pair: tuple[User, User]) -> None:
    fellow, mentor = pair
    with transaction():
        agreed(mentor, fellow, now=MONDAY - timedelta(days=6))

    text, html = mail(mentor)

    assert "4 right, by Jan 15, 2027. So far none of 5 answered yet" in text
    assert "4 right, by Jan 15, 2027. So far none of 5 answered yet" in html


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (PromptAnswer.TALKED, "You noted on Nov 20 that you talked."),
        (PromptAnswer.GOAL, "You set a goal on Nov 20."),
        (PromptAnswer.NOT_NEEDED, "You noted on Nov 20: not needed, because “On call that week.”"),
    ],
)
def test_the_next_mail_says_what_its_mentor_answered_last(
    pair: tuple[User, User], answer: PromptAnswer, sentence: str
) -> None:
    fellow, mentor = pair
    answered(mentor, fellow, "2026-W45", answer, MONDAY - timedelta(days=2, hours=7))
    answered(mentor, fellow, "2026-W44", PromptAnswer.TALKED, MONDAY - timedelta(days=9))

    text, html = mail(mentor)

    assert text.count("You noted on") + text.count("You set a goal") == 1
    assert text.index("Quiz 5 was missed.") < text.index(sentence) < text.index("We talked:")
    assert sentence in html


def test_neither_an_old_answer_is_said_nor_that_of_another_mentor(
    pair: tuple[User, User],
) -> None:
    fellow, mentor = pair
    with transaction():
        other = make_user(Role.MENTOR)
        make_mentorship(other, fellow)
    answered(mentor, fellow, "2026-W41", PromptAnswer.TALKED, MONDAY - timedelta(days=30, hours=1))
    answered(other, fellow, "2026-W46", PromptAnswer.TALKED, MONDAY - timedelta(days=3))

    text, _ = mail(mentor)

    assert "You noted on" not in text


def answered(mentor: User, fellow: User, week: str, answer: PromptAnswer, at: datetime) -> None:
    """Let *mentor* answer what the digest about *week* asked of a fellow."""
    with transaction():
        prompts = ask_for_words(mentor.id, week, {fellow.id: []}, now=at - timedelta(days=1))
        if answer is PromptAnswer.NOT_NEEDED:
            decline(mentor, prompts[fellow.id].id, "On call\nthat week.", now=at)
        else:
            answer_prompts(mentor.id, fellow.id, answer, now=at)
