"""A save that finds another one, a hand-in, a lock or a freeze under way is decided after it."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from flask import Flask

from lms.attempts import freezing
from lms.attempts.models import RefusedAnswer, ResponseEvent
from lms.core.db import db, transaction
from lms.people.models import User
from lms.taking import refusing, saving
from lms.taking.incoming_saves import InvalidAnswer, Packet, PageControls
from tests.attempts.factories import answer_of, begin, row_of, store_case
from tests.attempts.kinds import unfolding
from tests.attempts.sitting import Sitting as AtPages
from tests.factories import NOW
from tests.overlap import while_open

pytestmark = pytest.mark.again(10)

NUMBER = 3
"""Where the number is in a quiz of all kinds."""


def packet(typed: str, seq: int = 1, tab: str = "a") -> Packet:
    return Packet(tab, seq, NOW, PageControls({"answer": [typed]}))


class Sitting:
    """A fellow's attempt, and what is done to it, each in a transaction that is open."""

    def __init__(self, fellow: User, attempt_id: int) -> None:
        self.fellow, self.id = fellow, attempt_id

    def save(
        self, typed: str, seq: int = 1, tab: str = "a", position: int = NUMBER
    ) -> Callable[[], saving.Saved]:
        sent = packet(typed, seq, tab)
        return lambda: saving.save_response(self.fellow, self.id, position, sent)

    def lock(self, position: int) -> Callable[[], None]:
        return lambda: saving.lock_stage(self.fellow, self.id, position, now=NOW)

    def freeze(self) -> None:
        freezing.freeze(None, self.id, reason="Fire alarm", now=NOW)

    def typed(self, position: int = NUMBER) -> str | None:
        answer = answer_of(self.id, position)
        return None if answer is None else answer["value"]


@pytest.fixture
def sitting(in_app: Flask) -> Sitting:
    fellow, attempt = begin()
    return Sitting(fellow, attempt.id)


@pytest.fixture
def unfolded(in_app: Flask) -> Sitting:
    """One at a case in stages: items 1 and 2, answered already, then 3 and 4, then 5."""
    with transaction():
        case = store_case(unfolding())
    fellow, attempt = begin(cases=[case])
    sitting = Sitting(fellow, attempt.id)
    with transaction():
        sitting.save("0", position=1)()
        sitting.save("100", position=2)()
    return sitting


def logged() -> list[tuple[str, int, bool]]:
    rows = db.session.execute(
        db.select(ResponseEvent.tab, ResponseEvent.tab_seq, ResponseEvent.late).order_by(
            ResponseEvent.tab, ResponseEvent.tab_seq
        )
    )
    return [tuple(row) for row in rows]


def test_the_second_of_two_tabs_knows_of_the_first(in_app, sitting) -> None:
    saved = while_open(in_app, sitting.save("1"), sitting.save("2", tab="b"))

    assert (saved.revision, saved.other_tab, saved.stands) == (2, True, False)
    assert sitting.typed() == "2"
    assert logged() == [("a", 1, False), ("b", 1, False)]


def test_an_older_packet_of_the_same_tab_is_acknowledged_and_changes_nothing(
    in_app, sitting
) -> None:
    saved = while_open(in_app, sitting.save("2", seq=2), sitting.save("1", seq=1))

    assert (saved.revision, saved.other_tab) == (1, False)
    assert sitting.typed() == "2"
    assert logged() == [("a", 1, False), ("a", 2, False)]


def test_an_older_packet_does_not_come_through_by_way_of_another_tab(in_app, sitting) -> None:
    with transaction():
        sitting.save("2", seq=2)()

    saved = while_open(in_app, sitting.save("3", tab="b"), sitting.save("1", seq=1))

    assert (saved.revision, saved.other_tab, saved.stands) == (2, True, True)
    assert sitting.typed() == "3"


def test_a_packet_that_comes_twice_at_once_counts_once(in_app, sitting) -> None:
    saved = while_open(in_app, sitting.save("1"), sitting.save("1"))

    assert (saved.revision, saved.other_tab) == (1, False)
    assert logged() == [("a", 1, False)]


def test_an_answer_that_waited_for_the_lock_of_its_stage_is_refused(in_app, unfolded) -> None:
    with pytest.raises(saving.StageLocked):
        while_open(in_app, unfolded.lock(1), unfolded.save("60", seq=2, position=2))

    assert unfolded.typed(2) == "100"
    assert row_of(unfolded.id, 2).revision == 1


def test_an_answer_that_waited_for_its_stage_to_come_is_taken(in_app, unfolded) -> None:
    saved = while_open(in_app, unfolded.lock(1), unfolded.save("0", position=3))

    assert saved.revision == 1
    assert answer_of(unfolded.id, 3) is not None


def test_a_stage_locks_the_answer_that_was_being_saved(in_app, unfolded) -> None:
    while_open(in_app, unfolded.save("60", seq=2, position=2), unfolded.lock(1))

    row = row_of(unfolded.id, 2)
    assert row.answer["value"] == "60"
    assert row.locked_at == NOW


def test_an_answer_that_waited_for_a_freeze_finds_the_clock_stopped(in_app, sitting) -> None:
    with pytest.raises(saving.AttemptFrozen):
        while_open(in_app, sitting.freeze, sitting.save("1"))

    assert sitting.typed() is None
    assert logged() == []


def test_an_answer_that_waited_for_the_clock_to_go_on_is_taken(in_app, sitting) -> None:
    with transaction():
        sitting.freeze()

    def go_on() -> None:
        freezing.resume(None, sitting.id, now=NOW)

    assert while_open(in_app, go_on, sitting.save("1")).revision == 1


def test_what_was_kept_as_late_counts_when_it_comes_again_in_time(in_app, sitting) -> None:
    sent = packet("1")
    with transaction():
        sitting.freeze()
    with transaction():
        saving.keep_late(sitting.fellow, sitting.id, NUMBER, sent)
    assert logged() == [("a", 1, True)]
    with transaction():
        freezing.resume(None, sitting.id, now=NOW)

    saved = while_open(in_app, sitting.save("1"), sitting.save("1"))

    assert (saved.revision, sitting.typed(), logged()) == (1, "1", [("a", 1, False)])


def test_what_one_tab_keeps_as_late_does_not_stop_another_one(in_app, sitting) -> None:
    """Both want the same answer; the late one does not ask for the attempt."""

    def keep() -> object:
        return saving.keep_late(sitting.fellow, sitting.id, NUMBER, packet("1"))

    assert while_open(in_app, keep, sitting.save("2", tab="b")).revision == 1
    while_open(in_app, sitting.save("3", 2, tab="b"), keep)
    assert (sitting.typed(), logged()[0]) == ("3", ("a", 1, True))


def test_an_answer_is_saved_while_another_tab_is_refused(in_app, sitting) -> None:
    def refuse() -> None:
        refused = packet("60 bananas", tab="b")
        refusing.keep_refused(sitting.fellow, sitting.id, NUMBER, refused, why="No number.")

    assert while_open(in_app, refuse, sitting.save("1")).revision == 1
    while_open(in_app, sitting.save("2", 2), refuse)
    assert db.session.scalars(db.select(RefusedAnswer.tab)).all() == ["b"]


def test_what_cannot_be_read_is_no_reason_where_the_stage_is_over_or_has_not_come(
    in_app, unfolded
) -> None:
    with transaction():
        unfolded.lock(1)()

    for position, refusal in ((2, saving.StageLocked), (5, saving.StageLocked)):
        with pytest.raises(refusal), transaction():
            unfolded.save("bananas", 2, position=position)()
    with pytest.raises(InvalidAnswer), transaction():
        unfolded.save("bananas", position=3)()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_save_goes_on_where_the_server_has_dropped_every_connection(
    app: Flask, signed_in: Any
) -> None:
    sitting = AtPages(app, signed_in)
    assert sitting.save(NUMBER, 1, answer="1").status_code == 200
    with app.app_context():
        server = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server) as connection:
        dropped = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()

    assert dropped is not None
    assert dropped[0] >= 1
    assert sitting.save(NUMBER, 2, answer="2").status_code == 200
    assert sitting.answer(NUMBER)["value"] == "2"
