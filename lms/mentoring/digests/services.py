"""Writing the weekly digests to mentors, once a week however often they are asked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import delete, or_, select

from lms.core.clock import local
from lms.core.db import db
from lms.core.inserts import insert_into, insert_new, insert_or_change
from lms.core.mail import Letter, MailState, Message, post_all
from lms.core.mail.rules import may_all_receive
from lms.mentoring.digests.contents import to_json
from lms.mentoring.digests.gathering import DigestDraft, drafts_of
from lms.mentoring.digests.models import ChosenRhythm, Digest, QuietWeek
from lms.mentoring.digests.occasions import occasions_for
from lms.mentoring.digests.queries import KIND, OBJECT, digests_of
from lms.mentoring.digests.rhythms import Rhythm
from lms.mentoring.prompts.models import Prompt
from lms.mentoring.prompts.services import ask_all_for_words, ask_no_more
from lms.notices.kinds import StoppableKind, can_be_stopped
from lms.notices.services import note_all, take_back
from lms.notices.stop_links import stop_path
from lms.people.models import Role, User
from lms.people.queries import roles_and_zones
from lms.program.beginnings import all_fellows_of

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
    """Write the digest to one mentor; see `compose_digests`. None: there is none."""
    return compose_digests([mentor_id], week, now=now).get(mentor_id)


def compose_digests(mentor_ids: Collection[int], week: str, *, now: datetime) -> dict[int, Digest]:
    """Write the digests about *week* and have them sent; return them, old or new, by mentor.

    *week* is "2026-W47", or the day on which one more is due, "2026-W48-5"; see `rhythms`. All are
    made of one reading, in a number of statements that does not grow with them.

    Each is about the fellows of today whom the mentor had by the end of that week, and tells no
    news from before the first of these mentorships. There is none if: there are none such, the
    person is no active mentor, had stopped these mails when the week was over, or has stopped them
    since, or the week or the first of these mentorships begins now or later; or the mentor's rhythm
    leaves the week out and no fellow needs a word, or a deputy stands in with all of them today,
    which is noted. What a deputy is told instead, the next digest for all says to who is back. Any
    number of runs at once write one digest and one message. One whose mail was called off, since it
    spoke of a fellow who is not the mentor's any more, is written anew.

    Raises:
        Invalid: *week* is not a week.
        NotFound: there is no such person.
    """
    ids = sorted(set(mentor_ids))
    known = digests_of(ids, week)
    written = {
        each: digest
        for each, digest in known.items()
        if digest.message.state is not MailState.CANCELLED
    }
    occasions = occasions_for([each for each in ids if each not in written], week, now)
    drafts = drafts_of(occasions, week, now)
    _keep_quiet([each.occasion.mentor.id for each in drafts if each.is_quiet], week, now)
    return written | _write([each for each in drafts if not each.is_quiet], known, week, now)


def _keep_quiet(mentor_ids: Sequence[int], week: str, now: datetime) -> None:
    """Note that a week which the rhythm leaves out needs no mail."""
    if mentor_ids:
        rows = [{"mentor_id": each, "week": week, "at": now} for each in mentor_ids]
        db.session.execute(insert_into(QuietWeek, db.engine.dialect.name).values(rows))


def _write(
    drafts: Sequence[DigestDraft], known: Mapping[int, Digest], week: str, now: datetime
) -> dict[int, Digest]:
    """Write digests and their mails, in the stead of the *known* ones, whose mails were called off.

    Statement by statement the rows of all are written, in the order of mentors, so that runs at
    once wait for each other and not in a circle.
    """
    if not drafts:
        return {}
    mentors = [each.occasion.mentor for each in drafts]
    called_off = {each.id: known[each.id] for each in mentors if each.id in known}
    for digest in called_off.values():
        _take_back(digest)
    named = {each.occasion.mentor.id: each.named for each in drafts}
    prompts = ask_all_for_words(named, week, now=now)
    letters = [
        _letter(each, prompts[mentor.id], _key(mentor.id, week, called_off.get(mentor.id)))
        for mentor, each in zip(mentors, drafts, strict=True)
    ]
    messages = post_all(list(zip(letters, mentors, strict=True)), now=now)
    return _keep(
        [(each, messages[letter.key]) for each, letter in zip(drafts, letters, strict=True)],
        week,
        now,
    )


def _take_back(digest: Digest) -> None:
    """Forget a digest whose mail was called off, and what it asked."""
    take_back(digest.message_id)
    ask_no_more(digest.mentor_id, digest.week)
    db.session.execute(delete(Digest).where(Digest.message_id == digest.message_id))


def _key(mentor_id: int, week: str, called_off: Digest | None) -> str:
    return f"digest:{mentor_id}:{week}" + (f":{called_off.message_id}" if called_off else "")


def _letter(draft: DigestDraft, prompts: Mapping[int, Prompt], key: str) -> Letter:
    """Return the letter; its links to act on what it asks are named by the fellow's number."""
    return Letter(
        kind=KIND,
        key=key,
        template="digest",
        context={"contents": draft.contents},
        links={str(fellow_id): prompt.path for fellow_id, prompt in prompts.items()},
        stop_link=stop_path(draft.occasion.mentor.id, KIND),
    )


def _keep(
    sent: Sequence[tuple[DigestDraft, Message]], week: str, now: datetime
) -> dict[int, Digest]:
    """Keep what was said and to whom; the unique key of mentor and week settles a race."""
    rows = [_row(draft, message, week, now) for draft, message in sent]
    insert_new(Digest, rows)
    mentor_ids = [draft.occasion.mentor.id for draft, _ in sent]
    kept = select(Digest).where(Digest.mentor_id.in_(mentor_ids), Digest.week == week)
    digests = {digest.mentor_id: digest for digest in db.session.scalars(kept)}
    note_all([(message, digests[draft.occasion.mentor.id].id) for draft, message in sent], OBJECT)
    return digests


def _row(draft: DigestDraft, message: Message, week: str, now: datetime) -> dict[str, object]:
    occasion = draft.occasion
    assert draft.contents is not None, "there is somebody to speak of"  # noqa: S101
    return {
        "mentor_id": occasion.mentor.id,
        "week": week,
        "starts_at": occasion.period.starts_at,
        "ends_at": occasion.period.ends_at,
        "said": to_json(draft.contents),
        "message_id": message.id,
        "composed_at": now,
        "for_all": occasion.for_all and not occasion.handed_on,
    }


def choose(mentor: User, rhythm: Rhythm, *, now: datetime) -> None:
    """Let *mentor* get the digest in that rhythm from now on; its weeks are counted from this one.

    Chosen again as it is, nothing changes.
    """
    chosen = asdict(rhythm)
    row = {"mentor_id": mentor.id, **chosen, "changed_at": now}
    differs = or_(*(getattr(ChosenRhythm, name) != value for name, value in chosen.items()))
    db.session.execute(insert_or_change(ChosenRhythm, [row], key=("mentor_id",), where=differs))


@may_all_receive(KIND)
def still_mentors(messages: Sequence[Message], now: datetime) -> set[int]:
    """Return which recipients still look after every fellow whom the digest names."""
    of_messages = Digest.message_id.in_([message.id for message in messages])
    query = select(Digest.message_id, Digest.mentor_id, Digest.said).where(of_messages)
    digests = db.session.execute(query).all()
    people = roles_and_zones({mentor_id for _, mentor_id, _ in digests})
    days: dict[date, set[int]] = {}
    for mentor_id, (roles, zone) in people.items():
        if Role.MENTOR in roles:
            days.setdefault(local(now, zone).date(), set()).add(mentor_id)
    own = {
        mentor_id: {fellow.id for fellow in fellows}
        for today, mentor_ids in days.items()
        for mentor_id, fellows in all_fellows_of(mentor_ids, today).items()
    }
    mentors = {mentor_id for mentor_ids in days.values() for mentor_id in mentor_ids}
    return {
        message_id
        for message_id, mentor_id, said in digests
        if mentor_id in mentors
        and {fellow["id"] for fellow in said["fellows"]} <= own.get(mentor_id, set())
    }
