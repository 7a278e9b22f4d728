"""PostgreSQL as it is used, not as tests run it."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.services.postgres import Postgres

COUNTER = "pg_stat_statements"
"""Counts statements in PostgreSQL, where it is installed."""


@contextmanager
def durable_postgres(*settings: str) -> Iterator[Postgres]:
    """Run PostgreSQL with its data on the disk, and with what counts statements if it has that."""
    server = Postgres(durable=True)
    if (server.libraries / f"{COUNTER}.so").exists():
        server.settings.append(f"shared_preload_libraries={COUNTER}")
    server.settings += settings
    server.start()
    try:
        yield server
    finally:
        server.stop()
