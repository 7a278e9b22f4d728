"""The migrations make the schema the models describe, up and down, on both databases."""

import re
import shutil
from collections.abc import Iterator

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Column, Integer, Table, inspect, text

from lms.app import MIGRATIONS, create_app
from lms.config import Settings
from lms.core.db import Base, db, migrate
from lms.core.schema import is_of_models
from migrations.new import write
from tests.services.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path) -> Iterator[Flask]:
    """The application over a database without a table."""
    url = f"sqlite:///{tmp_path / 'schema.sqlite'}"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        server.create(tmp_path.name)
        url = server.url(tmp_path.name)
    app = create_app(Settings(instance=tmp_path, database_url=url, secret_key="for tests only"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    names = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    return {name for name in names if is_of_models(name, "table", {})}


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_of_models}
        )
        return compare_metadata(context, Base.metadata)


def checks_of(table: str) -> set[str | None]:
    return {check["name"] for check in inspect(db.engine).get_check_constraints(table)}


def test_migrations_make_what_the_models_describe(empty: Flask) -> None:
    flask_migrate.upgrade()

    assert tables() == set(Base.metadata.tables)
    assert differences() == []


def test_what_no_model_describes_is_what_words_are_found_by(empty: Flask) -> None:
    flask_migrate.upgrade()

    found = set(inspect(db.engine).get_table_names())
    columns = {each["name"] for each in inspect(db.engine).get_columns("search_entry")}
    if db.engine.dialect.name == "sqlite":
        assert {"search_entry_words", "search_entry_terms"} < found
    else:
        assert {"open_terms", "all_terms"} < columns
        assert "search_entry_words" not in found


def test_every_check_of_the_models_is_in_the_database(empty: Flask) -> None:
    flask_migrate.upgrade()

    for table in Base.metadata.tables.values():
        named = {
            constraint.name
            for constraint in table.constraints
            if constraint.__visit_name__ == "check_constraint"
        }
        assert named <= checks_of(table.name), table.name


def test_each_migration_can_be_taken_back_and_made_again(empty: Flask) -> None:
    revisions = list(ScriptDirectory(migrate.directory).walk_revisions())
    flask_migrate.upgrade()

    for _ in revisions:
        flask_migrate.downgrade()
    assert tables() == set()

    flask_migrate.upgrade()
    assert tables() == set(Base.metadata.tables)


def test_the_next_migration_is_numbered_and_makes_what_the_models_say_more(tmp_path) -> None:
    directory = str(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))
    head = ScriptDirectory(directory).get_current_head()
    more = Table("more", Base.metadata, Column("id", Integer, primary_key=True))
    try:
        written = write("What is more", directory)
    finally:
        Base.metadata.remove(more)

    assert written.name == f"{int(head or 0) + 1:04}_what_is_more.py"
    text = written.read_text(encoding="utf-8")
    assert re.findall(r"op\.(\w+)", text) == ["create_table", "f", "drop_table"]
    assert head is not None
    assert ScriptDirectory(directory).get_revision("head").down_revision == head


OLD_ROWS = (
    """INSERT INTO "case" (id, slug, title, topic, approach, level, tracks, clinical_review,
    review_by) VALUES (1, 'old', 'Old', 't', 'a', 'l', 'ipm', 'pending', '2028-01-01')""",
    """INSERT INTO item (id, case_id, key, position, kind, topic, approach, level)
    VALUES (1, 1, 'first', 1, 'numeric', 't', 'a', 'l')""",
)


def test_rows_from_before_the_stages_are_kept_and_say_what_was_true_of_them(empty: Flask) -> None:
    flask_migrate.upgrade(revision="0001")
    with db.engine.begin() as connection:
        for statement in OLD_ROWS:
            connection.execute(text(statement))

    flask_migrate.upgrade()

    with db.engine.connect() as connection:
        unfolds = connection.execute(text('SELECT unfolds FROM "case"')).scalar_one()
        use = connection.execute(text("SELECT use FROM item")).scalar_one()
    assert (bool(unfolds), use) == (False, "scored")
    flask_migrate.downgrade(revision="0001")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT key FROM item")).scalar_one() == "first"


def test_a_service_with_an_old_schema_is_not_ready(empty: Flask) -> None:
    before = empty.test_client().get("/readyz").status_code
    db.session.remove()
    flask_migrate.upgrade()

    assert (before, empty.test_client().get("/readyz").status_code) == (503, 200)
