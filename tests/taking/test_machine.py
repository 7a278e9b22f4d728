"""Any order of saves, replays, delays, submits, clocks, freezes, reopenings and time given.

Over several tabs, and under each rule for what is not handed in in time, against a model that knows
nothing of the code: what is saved and acknowledged, what time is left, how the attempt stands, when
its keys can be read, and which answers are first ones.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from lms.attempts import freezing, reopening, services
from lms.attempts.answer_kinds import kinds_of
from lms.attempts.models import (
    Attempt,
    AttemptState,
    Confidence,
    Response,
    ResponseEvent,
    SubmittedBy,
)
from lms.attempts.models import Sitting as SittingRow
from lms.attempts.queries import GRACE
from lms.attempts.retiming import retime
from lms.attempts.standings import standings
from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.exposure.models import KeyOpening
from lms.grading import services as grading
from lms.people.models import Role
from lms.quizzes.assigning.services import AssignmentTerms, ResultsShown
from lms.supervision import services as acts
from lms.taking import incoming_saves as arriving
from lms.taking import saving
from lms.taking.incoming_saves import PageControls
from lms.taking.newest_answers import AT_ONCE
from question_bank.first_answers import AnswerKind
from question_bank.terms import Feedback, Grant, Unfinished
from tests.attempts.factories import begin
from tests.factories import NOW, make_user

LIMIT = timedelta(minutes=30)
CLOSES, RESULTS = timedelta(hours=20), timedelta(hours=40)
"""How long after the start the quiz closes and shows its results."""


@dataclass(frozen=True)
class Packet:
    position: int
    tab: str
    seq: int
    text: str | None
    sure: Confidence | None
    flagged: bool
    given_at: datetime

    @property
    def answer(self) -> dict[str, str] | None:
        if self.text is None:
            return None
        return {"value": self.text} if self.position == 3 else {"text": self.text}

    @property
    def fields(self) -> dict[str, list[str]]:
        held = {"answer": self.text, "confidence": self.sure, "flag": "1" if self.flagged else None}
        return {name: [str(value)] for name, value in held.items() if value is not None}

    def sent(self, now: datetime, age: timedelta | None = None) -> arriving.Packet:
        return arriving.Packet(self.tab, self.seq, now, PageControls(self.fields), age)


@dataclass
class Item:
    """What the model knows of one item."""

    last: Packet | None = None
    saved_at: datetime | None = None
    revision: int = 0
    highest: dict[str, int] = field(default_factory=dict)
    accepted: set[Packet] = field(default_factory=set)
    late: set[Packet] = field(default_factory=set)

    def takes(self, packet: Packet) -> bool:
        """Whether *packet* is not older than what another tab has given since."""
        last = self.last
        return last is None or last.tab == packet.tab or last.given_at <= packet.given_at + AT_ONCE

    @property
    def answered_at(self) -> datetime | None:
        """When the answer that counts was saved; None: it is blank."""
        return self.saved_at if self.last and self.last.answer is not None else None

    def keep_late(self, packet: Packet) -> None:
        """Keep *packet* if it is the newest of its tab; there are no more tabs than are kept."""
        if all(each.seq < packet.seq for each in self.late if each.tab == packet.tab):
            self.late = {each for each in self.late if each.tab != packet.tab} | {packet}


class Sitting(RuleBasedStateMachine):
    """A fellow with three tabs and a bad network."""

    packets = Bundle("packets")

    @initialize(
        feedback=st.sampled_from(Feedback), unfinished=st.sampled_from(Unfinished),
    )  # fmt: skip
    def start(self, feedback, unfinished) -> None:
        self.fellow, self.attempt = begin(
            time_limit=30,
            due_in=CLOSES,
            closes_in=CLOSES,
            results_in=RESULTS,
            feedback=feedback,
            unfinished=unfinished,
        )
        self.feedback, self.unfinished = feedback, unfinished
        self.grace = timedelta(minutes=60)
        with transaction():
            self.director = make_user(Role.DIRECTOR)
        self.now = NOW
        self.submitted_at: datetime | None = None
        self.by: SubmittedBy | None = None
        self.abandoned = self.was_in = self.closed = False
        self.key_at: datetime | None = None
        self.key_at_closing: datetime | None = None
        self.graded_at: datetime | None = None
        self.limit = LIMIT
        self.deadline = NOW + LIMIT
        self.began = NOW
        self.until: datetime | None = None
        self.sittings = 1
        self.graded = False
        self.minutes, self.factor = 0, 1
        self.frozen_at: datetime | None = None
        self.frozen_until: datetime | None = None
        self.pauses: list[tuple[datetime, datetime]] = []
        self.seqs = dict.fromkeys("abc", 0)
        self.items = {3: Item(), 4: Item()}

    @property
    def in_progress(self) -> bool:
        return self.submitted_at is None and not self.abandoned

    @property
    def open(self) -> bool:
        running = self.in_progress and self.frozen_at is None
        return running and self.now <= self.deadline + GRACE

    @property
    def over(self) -> bool:
        """Whether it is not closed, though its time is over."""
        return self.in_progress and self.frozen_at is None and self.now > self.deadline + GRACE

    @property
    def last_call(self) -> datetime | None:
        """Up to when it is to be handed in; None: that makes no difference."""
        if self.was_in or self.unfinished is Unfinished.HAND_IN:
            return None
        grace = self.grace if self.unfinished is Unfinished.GRACE else timedelta()
        return max(self.deadline, min(self.deadline + grace, NOW + RESULTS))

    def end(self, *, asked: bool) -> None:
        """Expect what becomes of it once its time is over."""
        last = self.last_call
        if last is None or (asked and self.now <= last + GRACE):
            self.submitted_at, self.by = self.now, SubmittedBy.CLOCK
        elif self.now > last + GRACE:
            self.abandoned = True
            self.settle()

    def settle(self) -> None:
        """Reckon from when on its keys can be read; what is past stands."""
        if self.key_at is not None and self.key_at <= self.now:
            return
        self.key_at = None
        if self.abandoned:
            self.key_at = NOW + RESULTS
        elif self.graded and self.feedback is Feedback.CLOSED:
            self.key_at = max(NOW + RESULTS, self.graded_at)
        elif self.graded:
            self.key_at = self.graded_at

    def kinds(self) -> list[AnswerKind]:
        """Return what each of the four answers is; the first two items are never answered."""
        given = [None, None, *(item.answered_at for item in self.items.values())]
        last = max((place for place, moment in enumerate(given) if moment), default=-1)
        kinds = []
        for place, moment in enumerate(given):
            reached = moment or self.by is SubmittedBy.FELLOW or place < last
            if self.abandoned or not reached:
                kinds.append(AnswerKind.NOT_REACHED)
                continue
            known = self.key_at_closing is not None
            late = known and (moment or self.submitted_at) >= self.key_at_closing
            kinds.append(AnswerKind.AGAIN if late else AnswerKind.FIRST)
        return kinds

    def reckon(self) -> None:
        """Work the deadline out, minute by minute of the promise, as the terms say it."""
        self.deadline = self.ends(self.limit, self.pauses)

    def ends(self, limit: timedelta, pauses: list[tuple[datetime, datetime]]) -> datetime:
        limit = (limit + timedelta(minutes=self.minutes)) * self.factor
        ends = self.until or min(NOW + limit, NOW + CLOSES)
        for began, ended in pauses:
            if began < ends:
                ends += max(ended - max(began, self.began), timedelta())
        return min(ends, NOW + RESULTS)

    @rule(
        target=packets,
        position=st.sampled_from([3, 4]),
        tab=st.sampled_from("abc"),
        text=st.none() | st.integers(0, 99).map(str),
        sure=st.none() | st.sampled_from(Confidence),
        flagged=st.booleans(),
    )
    def write(self, position, tab, text, sure, flagged):
        """A tab makes a packet; it may arrive now, later, never, or twice."""
        self.seqs[tab] += 1
        return Packet(position, tab, self.seqs[tab], text, sure, flagged, self.now)

    @rule(
        target=packets,
        position=st.sampled_from([3, 4]),
        tab=st.sampled_from("abc"),
        numbers=st.lists(st.integers(0, 99).map(str), min_size=1, max_size=3),
        newest_first=st.booleans(),
    )
    def write_into_a_freeze(self, position, tab, numbers, newest_first):
        """What a page sends while the clock stands is sent again when it goes on."""
        self.freeze()
        written = []
        for text in numbers:
            self.seqs[tab] += 1
            written.append(Packet(position, tab, self.seqs[tab], text, None, False, self.now))
            self.take_in(written[-1])
        self.resume()
        for packet in reversed(written) if newest_first else written:
            self.take_in(packet)
        return written[0]

    @rule(target=packets, position=st.sampled_from([3, 4]), tab=st.sampled_from("abc"))
    def answer(self, position, tab):
        """A page with a good network."""
        self.seqs[tab] += 1
        packet = Packet(position, tab, self.seqs[tab], "7", None, False, self.now)
        self.take_in(packet)
        return packet

    @rule(packet=packets)
    def arrive(self, packet) -> None:
        self.take_in(packet)

    @rule(newest_first=st.booleans())
    def send_again(self, newest_first) -> None:
        """A page sends what was kept apart again, in any order, and maybe goes on in time."""
        kept = [packet for item in self.items.values() for packet in item.late]
        for packet in sorted(kept, key=lambda each: each.seq, reverse=newest_first)[:3]:
            self.take_in(packet)

    def take_in(self, packet: Packet) -> None:
        self.go_on_if_due()
        item = self.items[packet.position]
        before = item.last if item.last and item.last.tab != packet.tab else None
        try:
            with transaction():
                saved = saving.save_response(
                    self.fellow,
                    self.attempt.id,
                    packet.position,
                    packet.sent(self.now, age=self.now - packet.given_at),
                )
        except saving.AttemptFrozen:
            assert self.frozen_at is not None
            self.keep_late(item, packet)
            return
        except saving.AttemptClosed:
            assert not self.open
            assert self.frozen_at is None
            self.keep_late(item, packet)
            return
        assert self.open
        assert saved.deadline_at == self.deadline
        if packet not in item.accepted:
            item.accepted.add(packet)
            item.late.discard(packet)
            if packet.seq > item.highest.get(packet.tab, -1):
                item.highest[packet.tab] = packet.seq
                if item.takes(packet):
                    item.last, item.saved_at = packet, self.now
                    item.revision += 1
        assert saved.revision == item.revision
        assert saved.stands is (before is not None and item.last is before)

    def keep_late(self, item: Item, packet: Packet) -> None:
        with transaction():
            stored = saving.keep_late(
                self.fellow, self.attempt.id, packet.position, packet.sent(self.now)
            )
        assert stored == (item.last.fields if item.last else {})
        if packet not in item.accepted:
            item.keep_late(packet)

    @rule(target=packets, seconds=st.sampled_from([1, 60, 600, 1795, 1815, 1816]))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)
        return multiple()

    @rule(
        beyond=st.sampled_from([GRACE, GRACE + timedelta(seconds=1)]),
        grace=st.booleans(),
        asked=st.booleans(),
    )
    def let_time_run_out(self, beyond, grace, asked) -> None:
        """To the second: just in time, or just too late, in the grace or as it ends."""
        if not self.in_progress or self.frozen_at is not None:
            return
        ends = (self.last_call if grace else None) or self.deadline
        self.now = max(self.now, ends + beyond)
        if asked:
            self.submit(chance=0)
        else:
            self.sweep()

    @rule(chance=st.integers(0, 5))
    def submit(self, chance) -> None:
        if chance:
            return
        self.go_on_if_due()
        try:
            with transaction():
                services.submit_attempt(self.fellow, self.attempt.id, now=self.now)
        except services.Frozen:
            assert self.frozen_at is not None
            return
        assert self.frozen_at is None
        if self.over:
            self.end(asked=True)
        elif self.in_progress:
            self.submitted_at, self.by = self.now, SubmittedBy.FELLOW
        self.note_closing()

    @rule()
    def sweep(self) -> None:
        with transaction():
            for each in freezing.to_resume(self.now):
                freezing.resume_due(each, now=self.now)
        self.go_on_if_due()
        with transaction():
            closed = services.close_overdue(self.attempt.id, now=self.now)
        before = self.over
        if before:
            self.end(asked=False)
        assert closed is (before and not self.in_progress)
        self.note_closing()

    def note_closing(self) -> None:
        """Note from when on keys could be read as it was closed: what is first is settled then."""
        if not self.in_progress and not self.closed:
            self.closed, self.key_at_closing = True, self.key_at
            self.was_in = self.was_in or not self.abandoned

    @rule(minutes=st.none() | st.sampled_from([1, 20, 60]))
    def freeze(self, minutes=None) -> None:
        self.go_on_if_due()
        until = None if minutes is None else self.now + timedelta(minutes=minutes)
        try:
            with transaction():
                freezing.freeze(
                    self.director, self.attempt.id, reason="Fire", now=self.now, until=until
                )
        except freezing.NotRunning:
            assert not self.in_progress or self.now > self.deadline
            return
        assert self.in_progress
        if self.frozen_at is None:
            self.frozen_at, self.frozen_until = self.now, until

    @rule()
    def resume(self) -> None:
        with transaction():
            freezing.resume(self.director, self.attempt.id, now=self.now)
        self.go_on()

    def go_on_if_due(self) -> None:
        """Expect the clock to go on with what comes next, if it was to stand up to now."""
        if self.frozen_until is not None and self.frozen_until <= self.now:
            self.go_on()

    def go_on(self) -> None:
        if self.frozen_at is not None:
            self.pauses.append((self.frozen_at, self.now))
            self.frozen_at = self.frozen_until = None
            before = self.deadline - self.pauses[-1][0]
            self.reckon()
            assert self.deadline - self.now == min(before, NOW + RESULTS - self.now)

    @rule(minutes=st.integers(1, 60))
    def extend(self, minutes) -> None:
        with transaction():
            acts.extend(
                self.director, self.attempt.assignment_id, self.fellow.id,
                grant=Grant(minutes=minutes), reason="On call", now=self.now,
            )  # fmt: skip
        self.give(minutes=max(self.minutes, minutes))

    @rule(factor=st.sampled_from([2, 3]))
    def accommodate(self, factor) -> None:
        with transaction():
            acts.accommodate(
                self.director, self.fellow.id, percent=factor * 100, reason="Certified",
                starts_on=NOW.date(), now=self.now,
            )  # fmt: skip
        self.give(factor=max(self.factor, factor))

    def give(self, **rights: int) -> None:
        """Note more rights: they move the deadline of an attempt that runs, and never back."""
        before = self.deadline
        vars(self).update(rights)
        self.settle()
        if self.in_progress:
            self.reckon()
            assert self.deadline >= before

    def kept_at_end(self, unfinished: Unfinished, grace: timedelta) -> timedelta:
        kept = {Unfinished.HAND_IN: timedelta.max, Unfinished.GRACE: grace}
        return kept.get(unfinished, timedelta())

    def kept_until(self, ends: datetime, unfinished: Unfinished, grace: timedelta) -> datetime:
        if unfinished is Unfinished.HAND_IN:
            return datetime.max.replace(tzinfo=UTC)
        kept = self.kept_at_end(unfinished, grace)
        return max(ends, min(ends + kept, NOW + RESULTS))

    @rule(
        minutes=st.sampled_from([10, 29, 30, 31, 90]),
        unfinished=st.sampled_from(Unfinished),
        grace=st.sampled_from([5, 60]),
    )
    def change_dates(self, minutes, unfinished, grace) -> None:
        """No change takes time from an attempt that runs, nor what is kept as it runs out."""
        terms = AssignmentTerms(
            NOW - timedelta(days=1), NOW + CLOSES, NOW + CLOSES,
            time_limit=minutes, feedback=self.feedback, results_at=NOW + RESULTS,
            unfinished=unfinished, grace_minutes=grace,
        )  # fmt: skip
        rule = (unfinished, timedelta(minutes=grace))
        worse = self.kept_at_end(*rule) < self.kept_at_end(self.unfinished, self.grace)
        pauses = self.pauses + ([(self.frozen_at, self.now)] if self.frozen_at else [])
        before, limit = self.ends(self.limit, pauses), timedelta(minutes=minutes)
        after = self.ends(limit, pauses)
        less = self.in_progress and after < before
        kept = self.kept_until(before, self.unfinished, self.grace)
        sooner = self.in_progress and self.kept_until(after, *rule) < kept
        try:
            with transaction():
                acts.change_dates(
                    self.director, self.attempt.assignment_id, terms=terms, now=self.now
                )
        except acts.CutsShort:
            assert less
            assert self.now <= before + GRACE
            return
        except acts.LeavesLess:
            assert self.in_progress
            assert worse or (sooner and self.now - GRACE <= kept)
            return
        except (ResultsShown, Invalid):
            assert self.now >= NOW + CLOSES
            return
        assert not less or self.now > before + GRACE
        assert not (worse and self.in_progress)
        assert not sooner or self.now - GRACE > kept
        self.limit = limit
        self.unfinished, self.grace = rule
        self.settle()
        if self.in_progress:
            self.reckon()

    @rule()
    def retime(self) -> None:
        """Nothing has changed: nothing changes."""
        with transaction():
            retime([self.attempt.id])
        if self.in_progress:
            self.reckon()

    @rule()
    def grade(self) -> None:
        with transaction():
            graded = grading.grade_attempt(self.attempt.id, now=self.now)
        assert graded is (self.submitted_at is not None and not self.graded)
        if graded:
            self.graded, self.graded_at = True, self.now
            self.settle()

    @rule(minutes=st.sampled_from([1, 30, 600]))
    def reopen(self, minutes) -> None:
        until = self.now + timedelta(minutes=minutes)
        try:
            with transaction():
                acts.reopen(self.director, self.attempt.id, until=until, reason="Cut", now=self.now)
        except reopening.StillOpen:
            assert self.in_progress
            return
        except Invalid:
            assert until > NOW + RESULTS
            return
        assert not self.in_progress
        self.submitted_at, self.by = None, None
        self.graded = self.abandoned = self.closed = False
        self.settle()
        self.sittings += 1
        self.began, self.until = self.now, until
        self.reckon()

    @invariant()
    def the_database_is_what_the_model_says(self) -> None:
        db.session.rollback()
        db.session.expire_all()
        attempt = db.session.get_one(Attempt, self.attempt.id)
        assert (attempt.submitted_at, attempt.submitted_by) == (self.submitted_at, self.by)
        assert (attempt.state is AttemptState.IN_PROGRESS) is self.in_progress
        assert (attempt.state is AttemptState.ABANDONED) is self.abandoned
        assert (attempt.state is AttemptState.GRADED) is self.graded
        assert attempt.frozen_at == self.frozen_at
        assert attempt.deadline_at == (None if self.frozen_at else self.deadline)
        sittings = db.session.scalars(
            db.select(SittingRow).where(SittingRow.attempt_id == attempt.id)
        )
        assert len(sittings.all()) == self.sittings
        opened = db.session.get(KeyOpening, attempt.id)
        assert (opened and opened.key_at) == self.key_at
        rows = db.session.scalars(
            db.select(Response).where(
                Response.attempt_id == attempt.id, Response.position.in_(self.items)
            )
        )
        for row in rows:
            item = self.items[row.position]
            kept = (row.answer, row.confidence, row.flagged)
            last = item.last
            wanted = (last.answer, last.sure, last.flagged) if last else (None, None, False)
            assert (kept, row.revision) == (wanted, item.revision)
            events = db.session.scalars(
                db.select(ResponseEvent).where(ResponseEvent.response_id == row.id)
            ).all()
            found = {(event.tab, event.tab_seq, event.late) for event in events}
            assert found == {(p.tab, p.seq, False) for p in item.accepted} | {
                (p.tab, p.seq, True) for p in item.late
            }

    @invariant()
    def what_is_closed_counts_as_the_model_says(self) -> None:
        if self.in_progress:
            return
        kinds = kinds_of([self.attempt.id])
        ids = db.session.scalars(
            db.select(Response.id)
            .where(Response.attempt_id == self.attempt.id)
            .order_by(Response.position)
        )
        assert [kinds[each] for each in ids] == self.kinds()

    @invariant()
    def the_fellow_is_told_what_the_model_says(self) -> None:
        (told,) = standings([self.fellow.id], self.now, told_to=self.fellow.id)
        last = self.last_call
        runs = self.in_progress and (self.frozen_at is not None or self.now <= self.deadline)
        in_grace = (
            self.in_progress
            and not runs
            and last is not None
            and self.now <= last
            and last > self.deadline
        )
        assert told.running is runs
        assert told.hand_in_until == (last if in_grace else None)
        lost = self.abandoned or (self.in_progress and not in_grace and last is not None)
        wanted = {"abandoned"} if lost else {"done"}
        assert told.state in ({"in progress", "overdue"} if runs or in_grace else wanted)


@pytest.mark.slow
def test_no_acknowledged_answer_is_lost_whatever_happens(in_app: Flask, is_long: bool) -> None:
    run_state_machine_as_test(
        Sitting,
        settings=settings(
            max_examples=200 if is_long else 10,
            stateful_step_count=50 if is_long else 40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
