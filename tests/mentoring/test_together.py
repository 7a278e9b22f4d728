"""Digests that are written together say what each would say alone, and break alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.core.db import db, rehearsed, transaction
from lms.core.mail import MailState, Message
from lms.mentoring.digests import services, tasks
from lms.mentoring.digests.models import Digest, QuietWeek
from lms.mentoring.digests.rhythms import Rhythm
from lms.mentoring.prompts.models import Prompt
from lms.notices.models import Notice
from lms.notices.services import set_wanted
from lms.people.models import Role, User
from lms.program.deputies.services import Absence, name_deputy
from lms.program.models import Mentorship
from tests.factories import make_cohort, make_fellow, make_mentorship, make_user
from tests.progress.factories import INTV, PHARM, PSYCH, earned, make_given, make_topic_case, take
from tests.progress.statements import counted

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
"""Monday 6 AM has come in all zones of these mentors."""

WEEK = "2026-W47"
DAY = timedelta(days=1)

Rings = list[tuple[str, tuple[int | str, ...]]]


@pytest.fixture
def rung(in_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Rings:
    """What was rung for, in order."""
    rings: Rings = []
    monkeypatch.setattr(
        in_app.extensions["celery"], "send_task", lambda name, args: rings.append((name, args))
    )
    monkeypatch.setattr(tasks, "utcnow", lambda: NOW)
    return rings


@dataclass(frozen=True)
class Staff:
    """Mentors, each with something of the own that a digest depends on."""

    mentors: list[User]
    quiet: User
    stopped: User

    @property
    def ids(self) -> list[int]:
        return [mentor.id for mentor in (*self.mentors, self.quiet, self.stopped)]


@pytest.fixture
def staff(in_app: Flask) -> Staff:
    with transaction():
        weak, fine, late = (make_fellow(f"Dr. {name}") for name in ("Weak", "Fine", "Late"))
        for fellow in (weak, fine, late):
            make_cohort(fellow)
        lena = make_user(Role.MENTOR, name="Lena")
        new = make_user(Role.MENTOR, name="New")
        far = make_user(Role.MENTOR, name="Far", time_zone="Asia/Tokyo")
        asked = make_user(Role.MENTOR, Role.FELLOW, name="Asked")
        every_two = make_user(Role.MENTOR, name="Every two")
        away, deputy = (make_user(Role.MENTOR, name=name) for name in ("Away", "Deputy"))
        quiet, stopped = (make_user(Role.MENTOR, name=name) for name in ("Quiet", "Stopped"))
        for mentor in (lena, new, far, asked, every_two, stopped):
            for fellow in (weak, fine):
                make_mentorship(mentor, fellow)
        make_mentorship(away, late)
        make_mentorship(away, fine)
        make_mentorship(quiet, fine)
        services.choose(every_two, Rhythm(weeks=2, full=False), now=NOW - 6 * DAY)
        services.choose(quiet, Rhythm(weeks=2), now=NOW - 6 * DAY)
        set_wanted(stopped.id, "digest", False, now=NOW - DAY)
        db.session.execute(
            update(Mentorship)
            .where(Mentorship.mentor_id == new.id)
            .values(starts_on=date(2026, 11, 19))
        )
        taught = "Ask about sleep."
        take(weak, NOW - 5 * DAY, {INTV: earned(3, 14), PHARM: earned(5, 6)}, takeaway=taught)
        take(weak, NOW - 20 * DAY, {INTV: earned(4, 12)})
        take(fine, NOW - 4 * DAY, {PHARM: earned(19, 20), PSYCH: earned(9, 10)})
        make_given(late, [make_topic_case(PHARM, 3)], NOW - 3 * DAY, open_days=2)
    with transaction():
        first = (NOW - DAY).date()
        absence = Absence(deputy.id, [late.id], first, first + 9 * DAY)
        name_deputy(away, away.id, absence, now=NOW - 2 * DAY)
    return Staff([lena, new, far, asked, every_two, away, deputy], quiet, stopped)


def told(mentor_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Write digests together; return what is kept of each mentor's."""
    services.compose_digests(mentor_ids, WEEK, now=NOW)
    db.session.flush()
    asked: dict[int, list[Any]] = {}
    for prompt in db.session.scalars(select(Prompt).order_by(Prompt.fellow_id)):
        asked.setdefault(prompt.mentor_id, []).append((prompt.fellow_id, prompt.choices))
    rows = db.session.execute(select(Digest, Message).join(Digest.message))
    return {
        digest.mentor_id: {
            "said": digest.said,
            "period": (digest.starts_at, digest.ends_at, digest.for_all),
            "asked": asked.get(digest.mentor_id),
            "mail": (message.subject, message.address, len(message.raw), len(message.places)),
        }
        for digest, message in rows
    }


def test_digests_say_together_what_each_says_alone(staff: Staff) -> None:
    alone = {
        mentor_id: said
        for each in staff.ids
        for mentor_id, said in rehearsed(lambda each=each: told([each])).items()
    }

    together = rehearsed(lambda: told(staff.ids))

    assert together.keys() == {mentor.id for mentor in staff.mentors}
    assert len({str((each["said"], each["period"])) for each in together.values()}) >= 6
    for mentor_id, said in together.items():
        assert said["mail"][:2] == alone[mentor_id]["mail"][:2]
        assert {**said, "mail": None} == {**alone[mentor_id], "mail": None}


def test_a_quiet_week_is_noted_and_who_stopped_the_mails_gets_none(staff: Staff) -> None:
    with transaction():
        written = services.compose_digests(staff.ids, WEEK, now=NOW)

    assert written.keys() == {mentor.id for mentor in staff.mentors}
    assert list(db.session.scalars(select(QuietWeek.mentor_id))) == [staff.quiet.id]
    noted = db.session.execute(select(Notice.user_id, Notice.object_id, Notice.message_id))
    assert {tuple(row) for row in noted} >= {
        (mentor_id, digest.id, digest.message_id) for mentor_id, digest in written.items()
    }


def make_mentors(count: int) -> list[int]:
    with transaction():
        mentors = [make_user(Role.MENTOR) for _ in range(count)]
        for mentor in mentors:
            fellow = make_fellow()
            make_cohort(fellow)
            make_mentorship(mentor, fellow)
            take(fellow, NOW - 5 * DAY, {PHARM: earned(1, 8), INTV: earned(0, 2)})
    return [mentor.id for mentor in mentors]


def test_twelve_digests_take_as_many_statements_as_two(in_app: Flask) -> None:
    counts = []
    for many in (2, 12):
        ids = make_mentors(many)
        with counted(in_app) as statements, transaction():
            assert len(services.compose_digests(ids, WEEK, now=NOW)) == many
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert counts[0] <= 47


def test_what_is_written_already_is_left_as_it_is(staff: Staff) -> None:
    first = staff.mentors[0].id
    with transaction():
        before = services.compose_digests([first], WEEK, now=NOW)[first]
    with transaction():
        after = services.compose_digests(staff.ids, WEEK, now=NOW + DAY)

    assert (after[first].id, after[first].composed_at) == (before.id, NOW)
    assert after.keys() == {mentor.id for mentor in staff.mentors}


def test_one_that_was_called_off_is_written_anew_among_others(staff: Staff) -> None:
    first = staff.mentors[0].id
    with transaction():
        called_off = services.compose_digests([first], WEEK, now=NOW)[first].message_id
        cancelled = update(Message).where(Message.id == called_off)
        db.session.execute(cancelled.values(state=MailState.CANCELLED))

    with transaction():
        written = services.compose_digests(staff.ids, WEEK, now=NOW)

    assert written[first].message_id != called_off
    key = select(Message.key).where(Message.id == written[first].message_id)
    assert db.session.scalar(key) == f"digest:{first}:{WEEK}:{called_off}"


def test_what_breaks_one_digest_keeps_back_no_other(in_app: Flask, rung: Rings) -> None:
    ids = make_mentors(3)
    with transaction():
        broken = update(User).where(User.id == ids[1])
        db.session.execute(broken.values(time_zone="Mars/Olympus"))

    tasks.compose_digest(ids[0], WEEK, *ids[1:])
    alone = [args for name, args in rung if name == "mentoring.compose_digest"]
    for args in alone:
        if args[0] == ids[1]:
            with pytest.raises(Exception, match="Mars"):
                tasks.compose_digest(*args)
        else:
            tasks.compose_digest(*args)

    assert alone == [(each, WEEK) for each in ids]
    assert set(db.session.scalars(select(Digest.mentor_id))) == {ids[0], ids[2]}


def _turned(ids: list[int]) -> Iterator[list[int]]:
    for start in range(len(ids)):
        yield ids[start:] + ids[:start]


def test_runs_at_once_with_the_same_mentors_write_each_digest_once(
    app: Flask, in_app: Flask, rung: Rings
) -> None:
    ids = make_mentors(4)
    gate = Barrier(4)
    db.session.rollback()

    def run(turned: list[int]) -> None:
        gate.wait()
        tasks.compose_digest(turned[0], WEEK, *turned[1:])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, _turned(ids)))

    assert sorted(db.session.scalars(select(Digest.mentor_id))) == ids
    assert sorted(db.session.scalars(select(Message.key))) == sorted(
        f"digest:{each}:{WEEK}" for each in ids
    )
    assert len(list(db.session.scalars(select(Prompt.id)))) == 4


def test_the_tick_rings_for_mentors_of_one_week_together(
    in_app: Flask, rung: Rings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = make_mentors(5)
    monkeypatch.setattr(tasks, "TOGETHER", 2)

    tasks.send_due_digests()

    assert [args[1] for _, args in rung] == [WEEK] * 3
    assert sorted(each for _, args in rung for each in args if each != WEEK) == ids
