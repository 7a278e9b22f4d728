"""Asking a mentor for a word with a fellow, and noting what came of it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update

from lms.core.audit import record
from lms.core.clock import week_of
from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.core.inserts import insert_new
from lms.mentoring.prompts.models import LONGEST_REASON, OPEN_FOR, Prompt, PromptAnswer
from lms.mentoring.prompts.queries import prompts_of
from lms.people.models import User


def ask_for_words(
    mentor_id: int, week: str, choices: Mapping[int, Collection[int]], *, now: datetime
) -> dict[int, Prompt]:
    """Ask a mentor for a word with each fellow in *choices*; return the prompts, by the fellow.

    See `ask_all_for_words`.
    """
    return ask_all_for_words({mentor_id: choices}, week, now=now)[mentor_id]


def ask_all_for_words(
    choices: Mapping[int, Mapping[int, Collection[int]]], week: str, *, now: datetime
) -> dict[int, dict[int, Prompt]]:
    """Ask mentors for a word with fellows; return the prompts, by mentor and fellow.

    What the digest about *week* asks is asked once, also by workers at the same moment.

    Args:
        choices: Of each mentor and fellow, the responses of the unsafe choices that the digest
            names.
        week: The week of the digests, "2026-W47".
        now: When it is asked.
    """
    found: dict[int, dict[int, Prompt]] = {mentor_id: {} for mentor_id in choices}
    rows = [
        {
            "mentor_id": mentor_id,
            "fellow_id": fellow_id,
            "week": week,
            "asked_at": now,
            "choices": sorted(named),
        }
        for mentor_id, of_mentor in sorted(choices.items())
        for fellow_id, named in sorted(of_mentor.items())
    ]
    if rows:
        insert_new(Prompt, rows)
        for prompt in prompts_of(choices.keys(), week):
            if prompt.fellow_id in choices[prompt.mentor_id]:
                found[prompt.mentor_id][prompt.fellow_id] = prompt
    return found


def ask_no_more(mentor_id: int, week: str) -> None:
    """Take back what a digest asked that was called off, and is written anew."""
    db.session.execute(
        delete(Prompt).where(
            Prompt.mentor_id == mentor_id, Prompt.week == week, Prompt.answer.is_(None)
        )
    )


def answer_prompts(
    mentor_id: int,
    fellow_id: int,
    answer: PromptAnswer,
    *,
    meeting_id: int | None = None,
    met_on: date | None = None,
    now: datetime,
) -> None:
    """Note that what a mentor was asked about a fellow is answered by what the mentor did.

    That is what can be answered still: who acts months later did not act on that mail. Of a talk,
    *met_on* is the day; it answers nothing about a week to which it did not belong yet.
    """
    asked = db.session.execute(
        select(Prompt.id, Prompt.week).where(
            Prompt.mentor_id == mentor_id,
            Prompt.fellow_id == fellow_id,
            Prompt.answer.is_(None),
            Prompt.asked_at > now - OPEN_FOR,
        )
    )
    which = [row.id for row in asked if met_on is None or _had_begun(row.week, met_on)]
    db.session.execute(
        update(Prompt)
        .where(Prompt.id.in_(which), Prompt.answer.is_(None))
        .values(answer=answer, answered_at=now, meeting_id=meeting_id)
    )


def _had_begun(key: str, day: date) -> bool:
    """Return whether what a digest with that *key* is about had begun on *day*.

    It is about the week of its key, or about the seven days before its key, "2026-W48-4".
    """
    if key.count("-") > 1:
        return key < week_of(day + timedelta(weeks=2))
    return key <= week_of(day)


def check_answers(prompt: Prompt, met_on: date) -> None:
    """Check that a talk of that day would answer *prompt*.

    Raises:
        Invalid: it was before the week that the mail is about.
    """
    if not _had_begun(prompt.week, met_on):
        message = "That was before the week of the mail. Sign in and note it under Meetings."
        raise Invalid(message, field="met_on")


class AnsweredOtherwise(Refusal):
    """The prompt has another answer."""

    message = "You have answered this already. Nothing was changed."


def decline(mentor: User, prompt_id: int, reason: str, *, now: datetime) -> None:
    """Note that no word is needed, and why; the same twice is noted once.

    Raises:
        Invalid: no reason is given, or a long one.
        AnsweredOtherwise: there is another answer already.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid("Say why. The next mails say it beside their reasons.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"Write at most {LONGEST_REASON} characters.", field="reason")
    done = db.session.execute(
        update(Prompt)
        .where(Prompt.id == prompt_id, Prompt.mentor_id == mentor.id, Prompt.answer.is_(None))
        .values(answer=PromptAnswer.NOT_NEEDED, answered_at=now, reason=reason)
        .returning(Prompt.id)
    )
    if done.first() is not None:
        record(mentor, "prompt.decline", "prompt", prompt_id, now=now)
        return
    same = select(Prompt.id).where(Prompt.id == prompt_id, Prompt.reason == reason)
    if db.session.scalar(same) is None:
        raise AnsweredOtherwise
