"""names and addresses as a search compares them, case and accents aside"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'} | dict.fromkeys("‐‑‒–—―−﹣－", "-"))
ACCENTS = range(0x300, 0x370)

user = sa.table("user", *map(sa.column, ("id", "name", "email", "sought")))


def upgrade() -> None:
    op.add_column("user", sa.Column("sought", sa.String(), nullable=False, server_default=""))
    connection = op.get_bind()
    people = connection.execute(sa.select(user.c.id, user.c.name, user.c.email)).all()
    kept = [{"key": row.id, "words": sought(f"{row.name} {row.email}")} for row in people]
    if kept:
        change = sa.update(user).where(user.c.id == sa.bindparam("key"))
        connection.execute(change.values(sought=sa.bindparam("words")), kept)


def downgrade() -> None:
    op.drop_column("user", "sought")


def sought(text: str) -> str:
    line = " ".join(unicodedata.normalize("NFC", text[:800]).translate(PLAIN).split())
    apart = unicodedata.normalize("NFD", line)
    bare = "".join(sign for sign in apart if ord(sign) not in ACCENTS)
    return unicodedata.normalize("NFC", bare.casefold())
