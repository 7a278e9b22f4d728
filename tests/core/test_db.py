"""One committer: all or nothing, what waits for the commit, and how each database is set up."""

# ruff: noqa: PT012 - what is tested is a block that breaks

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pysqlite3
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from lms.core import postgres
from lms.core.audit import AuditEvent, record
from lms.core.db import after_commit, asked_first, db, transaction
from lms.program.models import Cohort, Track
from tests.factories import NOW, add, make_track

pytestmark = pytest.mark.usefixtures("in_app")

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


class Broken(Exception):
    """Something that goes wrong in the middle."""


def tracks() -> list[str]:
    """Return the slugs that another connection sees."""
    with db.engine.connect() as connection:
        return list(connection.scalars(db.select(Track.slug).order_by(Track.slug)))


def setting(name: str) -> object:
    return db.session.scalar(text(name))


# All or nothing


def test_what_the_block_did_is_there_for_others_after_it() -> None:
    with transaction():
        make_track("ipm")
        make_track("fm")

    assert tracks() == ["fm", "ipm"]


def test_a_block_that_breaks_leaves_nothing() -> None:
    with pytest.raises(Broken), transaction():
        make_track("ipm")
        make_track("fm")
        raise Broken

    assert tracks() == []


def test_a_refused_row_takes_the_others_with_it() -> None:
    with transaction():
        make_track("ipm")

    with pytest.raises(IntegrityError), transaction():
        make_track("fm")
        add(Track(slug="ipm", name="Twice"))

    assert tracks() == ["ipm"]


def test_an_interrupt_leaves_nothing_and_the_next_block_works() -> None:
    with pytest.raises(KeyboardInterrupt), transaction():
        make_track("ipm")
        raise KeyboardInterrupt

    with transaction():
        make_track("fm")

    assert tracks() == ["fm"]


def test_transactions_do_not_nest() -> None:
    with transaction():
        make_track("ipm")
        with pytest.raises(RuntimeError, match="do not nest"), transaction():
            make_track("fm")
        assert tracks() == [], "the inner one must not have committed for the outer"

    assert tracks() == ["ipm"]


def test_objects_stay_readable_after_the_commit() -> None:
    with transaction():
        track = make_track("ipm")
    db.session.remove()

    assert (track.slug, track.name) == ("ipm", "Track ipm")


def test_what_is_flushed_outside_of_a_block_is_not_kept() -> None:
    assert tracks() == []
    make_track("ipm")
    db.session.flush()
    assert db.session.scalars(db.select(Track.slug)).all() == ["ipm"]
    db.session.remove()

    assert tracks() == []


# What waits for the commit


def test_what_waits_runs_in_order_once_others_can_see_the_rows() -> None:
    seen: list[tuple[int, list[str]]] = []

    with transaction():
        make_track("ipm")
        after_commit(lambda: seen.append((1, tracks())))
        after_commit(lambda: seen.append((2, tracks())))
        assert seen == []

    assert seen == [(1, ["ipm"]), (2, ["ipm"])]


@pytest.mark.parametrize("error", [Broken, KeyboardInterrupt])
def test_what_waits_is_forgotten_if_nothing_is_committed(error: type[BaseException]) -> None:
    seen: list[str] = []

    with pytest.raises(error), transaction():
        after_commit(lambda: seen.append("of the broken one"))
        raise error
    with transaction():
        after_commit(lambda: seen.append("of the good one"))

    assert seen == ["of the good one"]


@on_sqlite
def test_what_waits_is_forgotten_if_the_commit_itself_fails() -> None:
    seen: list[str] = []

    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
        db.session.execute(
            text("INSERT INTO user_role (user_id, role) VALUES (999, 'fellow')"),
        )
        after_commit(lambda: seen.append("rung"))

    assert seen == []


def test_nothing_can_wait_for_a_commit_that_will_not_come() -> None:
    with pytest.raises(RuntimeError, match="no transaction"):
        after_commit(lambda: None)


def test_what_waited_may_open_a_transaction_of_its_own() -> None:
    def more() -> None:
        with transaction():
            make_track("fm")

    with transaction():
        make_track("ipm")
        after_commit(more)

    assert tracks() == ["fm", "ipm"]


# Moments


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(StatementError, match="without a time zone"), transaction():
        record(None, "test", "test", 1, now=datetime(2026, 11, 25, 15))  # noqa: DTZ001


def test_a_moment_comes_back_aware_and_in_utc_wherever_it_was_said() -> None:
    there = NOW.astimezone(ZoneInfo("Asia/Kathmandu"))
    with transaction():
        record(None, "test", "test", 1, now=there)
    db.session.expunge_all()

    back = db.session.scalars(db.select(AuditEvent.at)).one()

    assert back == NOW
    assert back.tzinfo is UTC
    assert db.session.scalar(db.select(AuditEvent.action).where(AuditEvent.at == there)) == "test"


# How each database is set up


def test_a_row_that_points_nowhere_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction():
        add(Cohort(track_id=999, name="Nowhere", starts_on=NOW.date(), ends_on=NOW.date()))


def test_the_values_of_a_failed_statement_stay_out_of_the_message() -> None:
    with pytest.raises(IntegrityError) as caught, transaction():
        add(AuditEvent(at=NOW, actor_id=999, action="tiara-9", object_type="thing"))

    assert "audit_event" in str(caught.value)
    assert "[SQL parameters hidden" in str(caught.value)


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 20000),
    ],
)
def test_sqlite_is_durable_and_checked(pragma: str, value: object) -> None:
    assert setting(f"PRAGMA {pragma}") == value


@on_sqlite
def test_sqlite_is_one_that_keeps_its_log() -> None:
    version = tuple(int(part) for part in str(setting("SELECT sqlite_version()")).split("."))

    assert version >= (3, 51, 3), "older ones can lose commits in WAL mode"


@on_postgresql
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lock_timeout", "5s"),
        ("statement_timeout", "15s"),
        ("TimeZone", "UTC"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
    ],
)
def test_postgresql_waits_for_nobody_for_ever(name: str, value: str) -> None:
    assert setting(f"SHOW {name}") == value


def in_transaction() -> bool:
    """Whether the server has a transaction of this session open."""
    raw: Any = db.session.connection().connection.driver_connection
    return raw.info.transaction_status is not TransactionStatus.IDLE


@on_postgresql
def test_a_statement_that_writes_is_refused_where_it_would_stand_alone() -> None:
    with transaction():
        make_track("ipm")

    with pytest.raises(RuntimeError, match="belongs in a transaction"):
        db.session.execute(db.update(Track).values(slug="fm"))

    assert tracks() == ["ipm"]


@on_postgresql
def test_who_reads_opens_no_transaction_and_who_writes_does() -> None:
    tracks_seen = db.session.scalars(db.select(Track.slug)).all()
    assert (tracks_seen, in_transaction()) == ([], False)
    with transaction():
        make_track("ipm")
        assert in_transaction()
    assert (tracks(), in_transaction()) == (["ipm"], False)


def lose_connections() -> None:
    """Have the server end every connection but one that we do not go on with."""
    server = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@on_postgresql
def test_a_connection_that_was_lost_while_nobody_used_it_is_replaced(monkeypatch) -> None:
    assert tracks() == []
    db.session.remove()
    lose_connections()
    monkeypatch.setattr(postgres, "IDLE", 0)

    with transaction():
        make_track("ipm")

    assert tracks() == ["ipm"]


@on_postgresql
def test_what_is_asked_first_is_asked_again_over_another_connection() -> None:
    def ask(connection: Connection) -> object:
        return connection.scalar(text("SELECT 7"))

    assert asked_first(ask) == 7
    lose_connections()

    assert asked_first(ask) == 7


@on_postgresql
def test_what_is_asked_within_a_block_is_not_asked_again() -> None:
    with pytest.raises(OperationalError), transaction():
        make_track("ipm")
        lose_connections()
        asked_first(lambda connection: connection.scalar(text("SELECT 7")))

    db.session.remove()
    assert tracks() == []


@on_sqlite
def test_a_writer_holds_the_lock_from_its_first_statement_and_a_reader_does_not() -> None:
    path = db.engine.url.database

    def write_elsewhere() -> None:
        with closing(pysqlite3.connect(path, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")

    setting("SELECT count(*) FROM track")
    write_elsewhere()
    with transaction(), pytest.raises(pysqlite3.OperationalError, match="locked"):
        write_elsewhere()
    write_elsewhere()


@on_sqlite
def test_no_update_is_lost_between_reading_and_writing(app) -> None:
    with transaction():
        make_track("0")
    together = Barrier(4)

    def count() -> None:
        with app.app_context():
            together.wait()
            for _ in range(10):
                with transaction():
                    track = db.session.scalars(db.select(Track)).one()
                    track.slug = str(int(track.slug) + 1)
                db.session.remove()

    in_threads(count, 4)

    assert tracks() == ["40"]


def in_threads(work: Callable[[], None], number: int) -> None:
    threads = [Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@on_postgresql
def test_a_statement_that_waits_for_a_row_gives_up_in_time() -> None:
    with transaction():
        make_track("ipm")
    with db.engine.connect() as holder:
        holder.execute(text("UPDATE track SET name = 'held'"))

        with pytest.raises(OperationalError), transaction():
            db.session.execute(text("SET LOCAL lock_timeout = '200ms'"))
            db.session.execute(text("UPDATE track SET name = 'wanted'"))

    with transaction():
        db.session.execute(text("UPDATE track SET name = 'wanted'"))
    assert setting("SELECT name FROM track") == "wanted"
