"""Write the next migration: `make migration NAME="what changes"`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate
from alembic.script import ScriptDirectory

from lms.app import MIGRATIONS, create_app
from lms.config import Settings
from lms.core.db import db


def write(name: str, directory: str = MIGRATIONS) -> Path:
    """Return the new file in *directory*: what the models say and its migrations do not make.

    They are compared on a SQLite database that is thrown away.
    """
    with TemporaryDirectory() as folder:
        app = create_app(Settings(instance=Path(folder), log_level="ERROR"))
        with app.app_context():
            flask_migrate.upgrade(directory)
            number = int(ScriptDirectory(directory).get_current_head() or 0) + 1
            flask_migrate.migrate(directory, message=name, rev_id=f"{number:04}")
            db.engine.dispose()
        return Path(ScriptDirectory(directory).get_revision(f"{number:04}").path)


if __name__ == "__main__":
    if not sys.argv[1:] or not sys.argv[1].strip():
        sys.exit('Say what changes: make migration NAME="what changes"')
    sys.stdout.write(f"{write(sys.argv[1])}\n")
