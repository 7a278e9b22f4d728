"""notices: what people were told"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TOLD = """
INSERT INTO notice (user_id, kind, object_type, object_id, key, at, message_id)
SELECT digest.mentor_id, message.kind, 'digest', digest.id, message.key, message.created_at,
    message.id
FROM digest JOIN message ON message.id = digest.message_id
WHERE message.recipient_id = digest.mentor_id
ORDER BY digest.id
"""
"""The weekly mails are what people were told so far; other mails were ways in."""


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object_type", sa.String(), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notice_user_id_user")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_notice_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_notice_message_id")),
    )
    op.create_index(op.f("ix_notice_user_id"), "notice", ["user_id"])
    op.execute(TOLD)


def downgrade() -> None:
    """Take notices away: digests and messages say the same, but for what was seen."""
    seen = "SELECT count(*) FROM notice WHERE seen_at IS NOT NULL"
    if op.get_bind().execute(sa.text(seen)).scalar_one():
        raise RuntimeError(
            "People have opened what they were told of, and the schema before cannot keep that; "
            "put a copy from before the upgrade back instead."
        )
    op.drop_table("notice")
