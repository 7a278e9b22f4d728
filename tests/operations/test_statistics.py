"""The database plans by what its tables hold, also where it does not see to that by itself."""

from flask import Flask

from lms.core.db import db, transaction
from tests.factories import make_user


def test_sqlite_learns_how_much_its_tables_hold(app: Flask) -> None:
    refresh = app.extensions["celery"].tasks["operations.refresh_statistics"]
    with app.app_context():
        with transaction():
            for _ in range(40):
                make_user()
        refresh()
        refresh()

        if db.engine.dialect.name == "sqlite":
            known = db.session.scalars(
                db.text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'user'")
            ).all()
            assert {stat.split()[0] for stat in known} == {"40"}
