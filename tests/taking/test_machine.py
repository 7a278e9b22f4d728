"""Any order of saves, replays, delays, submits and clocks, over several tabs, against a model."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import hypothesis.strategies as st
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from lms.attempts import services
from lms.attempts.models import Attempt, AttemptState, Confidence, Response, ResponseEvent
from lms.attempts.queries import GRACE
from lms.core.db import db, transaction
from lms.taking import incoming_saves as arriving
from lms.taking import saving
from lms.taking.incoming_saves import PageControls
from lms.taking.response_rows import AT_ONCE
from tests.attempts.factories import begin
from tests.factories import NOW

LIMIT = timedelta(minutes=30)


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
    revision: int = 0
    highest: dict[str, int] = field(default_factory=dict)
    accepted: set[Packet] = field(default_factory=set)
    late: set[Packet] = field(default_factory=set)

    def takes(self, packet: Packet) -> bool:
        """Whether *packet* is not older than what another tab has given since."""
        last = self.last
        return last is None or last.tab == packet.tab or last.given_at <= packet.given_at + AT_ONCE


class Sitting(RuleBasedStateMachine):
    """A fellow with three tabs and a bad network."""

    packets = Bundle("packets")

    def __init__(self) -> None:
        super().__init__()
        self.fellow, self.attempt = begin(time_limit=30)
        self.now = NOW
        self.submitted_at = None
        self.seqs = dict.fromkeys("abc", 0)
        self.items = {3: Item(), 4: Item()}

    @property
    def open(self) -> bool:
        return self.submitted_at is None and self.now <= NOW + LIMIT + GRACE

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

    @rule(packet=packets)
    def arrive(self, packet) -> None:
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
        except saving.AttemptClosed:
            assert not self.open
            self.keep_late(item, packet)
            return
        assert self.open
        if packet not in item.accepted:
            item.accepted.add(packet)
            if packet.seq > item.highest.get(packet.tab, -1):
                item.highest[packet.tab] = packet.seq
                if item.takes(packet):
                    item.last = packet
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
            item.late.add(packet)

    @rule(target=packets, seconds=st.sampled_from([1, 60, 600, 1795, 1815, 1816]))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)
        return multiple()

    @rule(chance=st.integers(0, 5))
    def submit(self, chance) -> None:
        if chance:
            return
        with transaction():
            services.submit_attempt(self.fellow, self.attempt.id, now=self.now)
        self.submitted_at = self.submitted_at or self.now

    @rule()
    def sweep(self) -> None:
        with transaction():
            closed = services.close_overdue(self.attempt.id, now=self.now)
        assert closed is (self.submitted_at is None and self.now > NOW + LIMIT + GRACE)
        if closed:
            self.submitted_at = self.now

    @invariant()
    def the_database_is_what_the_model_says(self) -> None:
        db.session.rollback()
        db.session.expire_all()
        attempt = db.session.get_one(Attempt, self.attempt.id)
        assert attempt.submitted_at == self.submitted_at
        assert (attempt.state is AttemptState.IN_PROGRESS) is (self.submitted_at is None)
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


@pytest.mark.slow
def test_no_acknowledged_answer_is_lost_whatever_happens(in_app: Flask, is_long: bool) -> None:
    run_state_machine_as_test(
        Sitting,
        settings=settings(
            max_examples=300 if is_long else 15,
            stateful_step_count=50 if is_long else 30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
