"""How fast what is handed in is graded: a class at once, one by one, in a batch; and regraded."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from sqlalchemy import func, select, update

from lms.attempts.models import Attempt, AttemptState, Response, SubmittedBy
from lms.attempts.services import start_attempt
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.queries import user_by_email
from tests.benchmarks import processes
from tests.benchmarks.browser import Browser
from tests.benchmarks.fellows import prepare
from tests.benchmarks.figures import Figure, Size, percentiles
from tests.benchmarks.installation import PROFILES, Installation, installation
from tests.benchmarks.regrading import regraded
from tests.benchmarks.waiting import come_to_rest, in_turns, until
from tests.benchmarks.walk import Walk

CLASS = 200
"""How many hand in at once."""
Ring = Callable[[Installation, Sequence[int]], None]

_NOW, _FORGOTTEN = timedelta(), timedelta(minutes=1)
"""The sweep grades what was forgotten, not what was handed in a moment ago."""


def measure(size: Size) -> Iterator[Figure]:
    """Measure each profile."""
    count = size.of(CLASS, 20)
    for profile in PROFILES:
        with installation(profile) as place:
            given, emails = prepare(place, 3 * count)
            ids = _begun(place, given, emails)
            place.start()
            come_to_rest(place)
            yield from _class(place, list(zip(emails, ids, strict=True))[:count])
            yield from _graded(place, ids[count : 2 * count], "one by one", _ring_each, _NOW)
            yield from _graded(place, ids[2 * count :], "in a batch", _sweep, _FORGOTTEN)
            yield from regraded(place, len(ids))


def _begun(place: Installation, given: int, emails: Sequence[str]) -> list[int]:
    """Return the attempts of fellows who have answered every item and not handed in yet."""
    ids = []
    with place.app.app_context():
        now = utcnow()
        for email in emails:
            fellow = user_by_email(email)
            assert fellow is not None
            with transaction():
                ids.append(start_attempt(fellow, given, now=now).id)
        answered = {"answer": {"chosen": 1}, "revision": 1, "given_at": now, "saved_at": now}
        with transaction():
            db.session.execute(update(Response).values(**answered))
    return ids


def _class(place: Installation, begun: Sequence[tuple[str, int]]) -> Iterator[Figure]:
    """Let a class hand in within the same second, and each wait for the own result."""
    walks = [Walk(Browser(place.port), attempt=f"/attempts/{number}") for _, number in begun]
    coming = (walk.come_back(email) for walk, (email, _) in zip(walks, begun, strict=True))
    asyncio.run(in_turns(1, list(coming)))
    began = time.perf_counter()
    with processes.watched(place.roots) as used:
        went = asyncio.run(in_turns(len(walks), [walk.submit() for walk in walks]))
    lasted = time.perf_counter() - began
    failed = [each for each in went if each is not None]
    if failed:
        raise failed[0]
    of = f"class of {len(walks)}"
    yield Figure(f"{of}, visible", lasted, "s", place.profile)
    yield Figure(f"{of}, CPU of each", 1000 * used.service / len(walks), "ms", place.profile)
    seconds = [each for walk in walks for each in walk.times["submit to visible"]]
    yield from percentiles(f"{of}, submit to visible", seconds, place.profile)


def _graded(
    place: Installation, ids: Sequence[int], how: str, ring: Ring, ago: timedelta
) -> Iterator[Figure]:
    """Hand attempts in without a word, *ago*, then ring as *ring* does, and wait for the grades."""
    with place.app.app_context(), transaction():
        db.session.execute(
            update(Attempt)
            .where(Attempt.id.in_(ids))
            .values(
                state=AttemptState.SUBMITTED,
                submitted_at=utcnow() - ago,
                submitted_by=SubmittedBy.FELLOW,
            )
        )
    graded = (
        select(func.count())
        .select_from(Attempt)
        .where(Attempt.id.in_(ids), Attempt.state == AttemptState.GRADED)
    )
    with until(place, lambda: db.session.scalar(graded) == len(ids)) as used:
        ring(place, ids)
    took, cpu = used
    yield Figure(f"attempts graded {how}", len(ids) / took, "1/s", place.profile)
    yield Figure(f"grading {how}, CPU of each", 1000 * cpu / len(ids), "ms", place.profile)


def _ring_each(place: Installation, attempt_ids: Sequence[int]) -> None:
    for attempt_id in attempt_ids:
        place.ring("attempts.grade", attempt_id)


def _sweep(place: Installation, _attempt_ids: Sequence[int]) -> None:
    place.ring("attempts.sweep")
