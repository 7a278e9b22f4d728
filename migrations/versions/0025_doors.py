"""how often was tried, in which devices people have been, who asked for a new password"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "throttle",
        sa.Column(
            "kind",
            sa.Enum(
                "password",
                "mail",
                name="trykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("account <> '' OR network <> ''", name=op.f("ck_throttle_somewhere")),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_throttle_failures")),
        sa.PrimaryKeyConstraint("kind", "account", "network", name=op.f("pk_throttle")),
    )
    op.create_index(op.f("ix_throttle_since"), "throttle", ["since"])
    op.create_table(
        "known_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_known_device_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint(
            "user_id", "secret_hash", name=op.f("uq_known_device_user_id_secret_hash")
        ),
    )
    op.create_index(op.f("ix_known_device_used_at"), "known_device", ["used_at"])
    op.create_table(
        "reset_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reset_request")),
    )


def downgrade() -> None:
    """Take the tables away: the edition before counts elsewhere, and answers at once."""
    waiting = "SELECT count(*) FROM reset_request"
    if op.get_bind().execute(sa.text(waiting)).scalar_one():
        raise RuntimeError(
            "People wait for a mail with which to choose a password; "
            "let the workers write these mails first."
        )
    op.drop_table("reset_request")
    op.drop_table("known_device")
    op.drop_table("throttle")
