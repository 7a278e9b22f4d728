"""Writing the weekly digest to a mentor, once a week however often it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from lms.core.clock import local
from lms.core.db import db
from lms.core.inserts import insert_or_change, insert_unless_present
from lms.core.mail import Letter, MailState, Message, post
from lms.core.mail.rules import may_receive
from lms.mentoring.digests.composing import FellowNews, contents_of
from lms.mentoring.digests.contents import DigestContents, to_json
from lms.mentoring.digests.models import ChosenRhythm, Digest, QuietWeek
from lms.mentoring.digests.queries import (
    KIND,
    OBJECT,
    DigestOccasion,
    digest_of,
    occasion_for,
)
from lms.mentoring.digests.rhythms import Rhythm
from lms.mentoring.goals.queries import goals_lately
from lms.mentoring.prompts.models import Prompt
from lms.mentoring.prompts.queries import answers_lately
from lms.mentoring.prompts.services import ask_for_words, ask_no_more
from lms.notices.kinds import StoppableKind, can_be_stopped
from lms.notices.services import note_all, take_back
from lms.notices.stop_links import stop_path
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.program.beginnings import mentored_since
from lms.program.deputies.queries import stood_in_with, taken_over
from lms.program.queries import fellows_of
from lms.progress.queries import summaries
from lms.progress.verdict_words import choices_named
from lms.results.own_words import words_of

can_be_stopped(
    StoppableKind(
        kind=KIND,
        name="weekly mail",
        about="It says which of your fellows needs a word, each week as far as you choose.",
        without_it="You get no more mails about your fellows. Their reports stay open to you.",
        roles=frozenset({Role.MENTOR}),
        page="digests.index",
        page_name="Mails",
    )
)


def compose_digest(mentor_id: int, week: str, *, now: datetime) -> Digest | None:
    """Write the digest about *week* and have it sent; return it, old or new.

    *week* is "2026-W47", or the day on which one more is due, "2026-W48-5"; see `rhythms`.

    It is about the fellows of today whom the mentor had by the end of that week, and tells no news
    from before the first of these mentorships. None: there are none such, the person is no active
    mentor, had stopped these mails when the week was over, or has stopped them since, or the week
    or the first of these mentorships begins now or later; or the mentor's rhythm leaves the week
    out and no fellow needs a word, or a deputy stands in with all of them today, which is noted.
    What a deputy is told instead, the next digest for all says to who is back. Any number of runs
    at once write one digest and one message. One whose mail was called off, since it spoke of a
    fellow who is not the mentor's any more, is written anew.

    Raises:
        Invalid: *week* is not a week.
        NotFound: there is no such person.
    """
    known = digest_of(mentor_id, week)
    if known is not None and known.message.state is not MailState.CANCELLED:
        return known
    occasion = occasion_for(mentor_id, week, now)
    if occasion is None:
        return None
    found = _fellows(occasion, week, now)
    if found is None:
        return None
    occasion, fellows = found
    contents, named = _said(occasion, fellows, now) if fellows else (None, {})
    if contents is None or not contents.fellows:
        _keep_quiet(mentor_id, week, now)
        return None
    if known is not None:
        _take_back(known)
    prompts = ask_for_words(mentor_id, week, named, now=now)
    key = f"digest:{mentor_id}:{week}" + (f":{known.message_id}" if known else "")
    message = post(_letter(contents, prompts, occasion, key), to=occasion.mentor, now=now)
    return _keep(contents, message, occasion, week, now)


def _fellows(
    occasion: DigestOccasion, week: str, now: datetime
) -> tuple[DigestOccasion, list[User]] | None:
    """Return the fellows whom a digest is about, and its occasion, which begins with the first.

    There are none where a deputy stands in with all; None: the mentor had none by then.
    """
    period = occasion.period
    today = local(now, period.zone).date()
    last_day = occasion.timetable.due_on(week) - timedelta(days=1)
    fellows = fellows_of(occasion.mentor.id, today, since=last_day)
    if not fellows:
        return None
    began = mentored_since(occasion.mentor, [fellow.id for fellow in fellows], today)
    first = min(began.values())
    if first >= period.ends_at:
        return None
    period = replace(period, starts_at=max(period.starts_at, first))
    away = stood_in_with(occasion.mentor.id, today)
    present = [fellow for fellow in fellows if fellow.id not in away]
    handed_on = len(present) < len(fellows)
    return replace(occasion, period=period, handed_on=handed_on), present


def _said(
    occasion: DigestOccasion, fellows: Sequence[User], now: datetime
) -> tuple[DigestContents, dict[int, list[int]]]:
    """Return what is said, and of each fellow in need the unsafe choices that it names."""
    period = occasion.period
    since, until = period.starts_at, period.ends_at
    ids = [fellow.id for fellow in fellows]
    summed_up = summaries(
        ids, since=since, until=until, now=now, reader=occasion.mentor, told=occasion.told
    )
    words = words_of(ids, since=since, until=until)
    goals = goals_lately(ids, since=since, now=now)
    asked_about = [each for each in ids if summed_up[each].needs_word]
    answered = answers_lately(occasion.mentor.id, asked_about, now) if asked_about else {}
    deputy = taken_over(occasion.mentor.id, local(now, period.zone).date())
    news = [
        FellowNews(
            fellow.name,
            summed_up[fellow.id],
            words=words.get(fellow.id, ()),
            goals=goals.get(fellow.id, ()),
            answered=answered.get(fellow.id),
            stands_in=deputy.get(fellow.id),
        )
        for fellow in fellows
    ]
    contents = contents_of(news, period, occasion.timetable.rhythm, for_all=occasion.for_all)
    in_need = [fellow.fellow_id for fellow in contents.in_need]
    return contents, {each: choices_named(summed_up[each], period.zone) for each in in_need}


def _take_back(digest: Digest) -> None:
    """Forget a digest whose mail was called off, and what it asked."""
    take_back(digest.message_id)
    ask_no_more(digest.mentor_id, digest.week)
    db.session.execute(delete(Digest).where(Digest.message_id == digest.message_id))


def _keep_quiet(mentor_id: int, week: str, now: datetime) -> None:
    """Note that a week which the rhythm leaves out needs no mail."""
    db.session.execute(insert_unless_present(QuietWeek, mentor_id=mentor_id, week=week, at=now))


def _letter(
    contents: DigestContents, prompts: Mapping[int, Prompt], occasion: DigestOccasion, key: str
) -> Letter:
    """Return the letter; its links to act on what it asks are named by the fellow's number."""
    return Letter(
        kind=KIND,
        key=key,
        template="digest",
        context={"contents": contents},
        links={str(fellow_id): prompt.path for fellow_id, prompt in prompts.items()},
        stop_link=stop_path(occasion.mentor.id, KIND),
    )


def _keep(
    contents: DigestContents, message: Message, occasion: DigestOccasion, week: str, now: datetime
) -> Digest:
    """Keep what was said and to whom; the unique key of mentor and week settles a race."""
    db.session.execute(
        insert_unless_present(
            Digest,
            mentor_id=occasion.mentor.id,
            week=week,
            starts_at=occasion.period.starts_at,
            ends_at=occasion.period.ends_at,
            said=to_json(contents),
            message_id=message.id,
            composed_at=now,
            for_all=occasion.for_all and not occasion.handed_on,
        )
    )
    kept = select(Digest).where(Digest.mentor_id == occasion.mentor.id, Digest.week == week)
    digest = db.session.scalars(kept).one()
    note_all([(message, digest.id)], OBJECT)
    return digest


def choose(mentor: User, rhythm: Rhythm, *, now: datetime) -> None:
    """Let *mentor* get the digest in that rhythm from now on; its weeks are counted from this one.

    Chosen again as it is, nothing changes.
    """
    chosen = asdict(rhythm)
    row = {"mentor_id": mentor.id, **chosen, "changed_at": now}
    differs = or_(*(getattr(ChosenRhythm, name) != value for name, value in chosen.items()))
    db.session.execute(insert_or_change(ChosenRhythm, [row], key=("mentor_id",), where=differs))


@may_receive(KIND)
def still_mentors(message: Message, now: datetime) -> bool:
    """Whether the recipient still looks after every fellow whom the digest names."""
    digest = db.session.scalar(select(Digest).where(Digest.message_id == message.id))
    if digest is None:
        return False
    mentor = user_by_id(digest.mentor_id)
    named = {fellow["id"] for fellow in digest.said["fellows"]}
    own = fellows_of(mentor.id, local(now, mentor.time_zone).date())
    return Role.MENTOR in mentor.roles and named <= {fellow.id for fellow in own}
