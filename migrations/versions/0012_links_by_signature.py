"""links by signature: nothing stored holds the secret of a link"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from flask import current_app
from itsdangerous import Signer

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MAIL_STATES = ("queued", "connecting", "handing_over", "sent", "failed", "uncertain", "cancelled")

LINKS = (
    ("account_link", "created_at", "purpose"),
    ("panel_link", "made_at", "'panel'"),
)
"""Table, and what says when a link was made and what its signature is good for."""


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def rules_of_message() -> list[sa.CheckConstraint]:
    """The rules that SQLite, which builds the table anew, would forget."""
    states = ", ".join(f"'{state}'" for state in MAIL_STATES)
    return [
        check("message", "sent", "(state = 'sent') = (sent_at IS NOT NULL)"),
        check("message", "tries", "tries >= 0"),
        check("message", "outside", "outside = (recipient_id IS NULL)"),
        check("message", "mailstate", f"state IN ({states})"),
    ]


def rules_of(table: str) -> list[sa.CheckConstraint]:
    if table == "panel_link":
        return [check(table, "lasts", "made_at < expires_at")]
    return [check(table, "linkpurpose", "purpose IN ('invitation', 'password_reset')")]


def upgrade() -> None:
    with op.batch_alter_table("message", table_args=rules_of_message()) as table:
        table.add_column(sa.Column("places", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(
            sa.Column("link_in_clear", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("message", table_args=rules_of_message()) as table:
        table.alter_column("places", server_default=None)
        table.alter_column("link_in_clear", server_default=None)
    in_clear = sa.text("link_in_clear")
    op.create_index(
        "ix_message_link_in_clear",
        "message",
        ["kind"],
        sqlite_where=in_clear,
        postgresql_where=in_clear,
    )
    for name, *_ in LINKS:
        with op.batch_alter_table(name, table_args=rules_of(name)) as table:
            table.alter_column("secret_hash", existing_type=sa.String(), nullable=True)


def downgrade() -> None:
    """Keep of each link the hash of its secret, and write the secrets into the messages again."""
    write_secrets()
    for name, made_at, purpose in LINKS:
        hash_secrets(name, made_at, purpose)
        with op.batch_alter_table(name, table_args=rules_of(name)) as table:
            table.alter_column("secret_hash", existing_type=sa.String(), nullable=False)
    op.drop_index("ix_message_link_in_clear", "message")
    with op.batch_alter_table("message", table_args=rules_of_message()) as table:
        table.drop_column("link_in_clear")
        table.drop_column("places")


def write_secrets() -> None:
    for message, raw, places in messages_with_places():
        whole = raw
        for mark, of in places.items():
            secret = signature(of["name"], of["purpose"], of["key"])
            whole = whole.replace(mark.encode(), secret.encode())
        written = sa.text("UPDATE message SET raw = :raw WHERE id = :id")
        op.get_bind().execute(written, {"raw": whole, "id": message})


def messages_with_places() -> Iterator[tuple[int, bytes, dict[str, dict[str, str]]]]:
    ids = op.get_bind().execute(sa.text("SELECT id FROM message ORDER BY id")).scalars().all()
    for number in ids:  # one by one: their bytes are many
        found = sa.text("SELECT raw, places FROM message WHERE id = :id")
        raw, places = op.get_bind().execute(found, {"id": number}).one()
        places = json.loads(places) if isinstance(places, str) else places
        if places:
            yield number, bytes(raw), places


def hash_secrets(table: str, made_at: str, purpose: str) -> None:
    """Keep the hash of what was mailed, or else of what today's key makes."""
    connection = op.get_bind()
    without = sa.text(
        f"SELECT id, {purpose} AS purpose, {made_at} AS made_at FROM {table}"  # noqa: S608
        " WHERE secret_hash IS NULL"
    ).columns(id=sa.Integer, purpose=sa.String, made_at=sa.DateTime(timezone=True))
    keys = keys_of_mails()
    for row in connection.execute(without).all():
        name = f"{row.id}@{microseconds(row.made_at)}"
        secret = f"{row.id}." + signature(name, row.purpose, keys.get((row.purpose, name), ""))
        hashed = hashlib.sha256(secret.encode()).hexdigest()
        kept = sa.text(f"UPDATE {table} SET secret_hash = :hash WHERE id = :id")  # noqa: S608
        connection.execute(kept, {"hash": hashed, "id": row.id})


def keys_of_mails() -> dict[tuple[str, str], str]:
    """Return the mark of the key by which each link was mailed."""
    return {
        (of["purpose"], of["name"]): of["key"]
        for _, _, places in messages_with_places()
        for of in places.values()
    }


def microseconds(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def signature(name: str, purpose: str, key_mark: str) -> str:
    today, before = current_app.config["SECRET_KEY"], current_app.config["SECRET_KEY_FALLBACKS"]
    key = next((each for each in (today, *before) if mark_of(each) == key_mark), today)
    return Signer(key, salt=purpose).get_signature(name).decode()


def mark_of(key: str) -> str:
    return Signer(key, salt="mark of a key").get_signature("").decode()[:8]
