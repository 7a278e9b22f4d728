"""What a start and an upgrade do to the database: its schema, what is never empty, what is found.

Safe to do again.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from lms import demo
from lms.authoring.drafts.indexing import drafts_wanting, index_drafts
from lms.cases.content import starter_files
from lms.cases.gate import faults_today, recheck
from lms.cases.knowledge import keep_lists
from lms.cases.search.keeping import batches, index, wanting
from lms.cases.services import load_cases
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.schema import bring_up
from lms.program.blueprint import blueprint
from lms.program.models import Track
from lms.program.services import ensure_tracks


def prepare(settings: Settings, tell: Callable[[str], None]) -> None:
    """Make the database ready to serve; fill one that is new, of which it *tell*s.

    Raises:
        CannotUpgrade: it has another schema, which cannot be brought to this one.
    """
    bring_up(settings.instance, now=utcnow())
    with transaction():
        _fill_if_new(settings, tell)
        keep_lists(now=utcnow())
    _recheck()
    _index()


def upgrade(settings: Settings) -> int:
    """Bring the schema, and the tracks, to this version's; return how many cases are faulty now.

    Raises:
        CannotUpgrade: the schema cannot be brought to this one.
    """
    bring_up(settings.instance, now=utcnow())
    with transaction():
        ensure_tracks(blueprint())
        keep_lists(now=utcnow())
    faulty = _recheck()
    _index()
    return faulty


def sign_ins(settings: Settings) -> Path:
    """Return the file that says who can sign in to the demonstration."""
    return settings.instance / "demonstration.txt"


def _recheck() -> int:
    """Return how many cases are not to be drawn by the rules of today, and have that be noted."""
    found = faults_today()
    with transaction():
        return recheck(found, now=utcnow())


def _index() -> None:
    """Have words be found in what a bank of an earlier version has."""
    for batch in batches(wanting()):
        with transaction():
            index(batch)
    with transaction():
        index_drafts(drafts_wanting())


def _fill_if_new(settings: Settings, tell: Callable[[str], None]) -> None:
    if db.session.scalar(select(Track.id).limit(1)) is not None:
        return
    with_demo = settings.demo and settings.profile == "embedded"
    demonstration = " and a demonstration program" if with_demo else ""
    tell(f"First start: loading the starter bank{demonstration} …")
    now = utcnow()
    ensure_tracks(blueprint())
    load_cases(None, starter_files(), now=now)
    if with_demo:
        sign_ins(settings).write_text("\n".join(demo.load(now)) + "\n", encoding="utf-8")
        sign_ins(settings).chmod(0o600)
