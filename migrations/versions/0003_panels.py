"""panels of experts, and mail to people without an account"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MAIL_STATES = (
    "queued",
    "connecting",
    "handing_over",
    "sent",
    "failed",
    "uncertain",
    "cancelled",
)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def rules_of_message() -> list[sa.CheckConstraint]:
    """The rules that SQLite, which builds the table anew, would forget."""
    states = ", ".join(f"'{state}'" for state in MAIL_STATES)
    return [
        check("message", "sent", "(state = 'sent') = (sent_at IS NOT NULL)"),
        check("message", "tries", "tries >= 0"),
        check("message", "mailstate", f"state IN ({states})"),
    ]


def upgrade() -> None:
    with op.batch_alter_table("message", table_args=rules_of_message()) as table:
        table.alter_column("recipient_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(
            sa.Column("outside", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.create_check_constraint(
            op.f("ck_message_outside"), "outside = (recipient_id IS NULL)"
        )
    create_panel()
    create_panelist()
    create_link_and_answer()


def create_panel() -> None:
    op.create_table(
        "panel",
        number("id"),
        number("case_id"),
        number("case_version_id"),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "closed",
                name="panelstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        number("opened_by"),
        moment("opened_at"),
        moment("closed_at", nullable=True),
        number("used_in_id", nullable=True),
        check("panel", "closed", "(state = 'closed') = (closed_at IS NOT NULL)"),
        check("panel", "used", "used_in_id IS NULL OR state = 'closed'"),
        points_at("panel", "case_id", "case"),
        points_at("panel", "case_version_id", "case_version"),
        points_at("panel", "opened_by", "user"),
        points_at("panel", "used_in_id", "case_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
    )
    op.create_index(op.f("ix_panel_case_id"), "panel", ["case_id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_panel_open",
        "panel",
        ["case_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def create_panelist() -> None:
    op.create_table(
        "panelist",
        number("id"),
        number("panel_id"),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        moment("invited_at"),
        moment("reminded_at", nullable=True),
        moment("answered_at", nullable=True),
        moment("withdrawn_at", nullable=True),
        check("panelist", "email_folded", "email = lower(email)"),
        points_at("panelist", "panel_id", "panel"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panelist")),
        sa.UniqueConstraint("panel_id", "email", name=op.f("uq_panelist_panel_id_email")),
    )


def create_link_and_answer() -> None:
    op.create_table(
        "panel_link",
        number("id"),
        number("panelist_id"),
        sa.Column("secret_hash", sa.String(), nullable=False),
        moment("made_at"),
        moment("expires_at"),
        moment("ended_at", nullable=True),
        check("panel_link", "lasts", "made_at < expires_at"),
        points_at("panel_link", "panelist_id", "panelist"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_panel_link_secret_hash")),
    )
    op.create_index(op.f("ix_panel_link_panelist_id"), "panel_link", ["panelist_id"])
    op.create_table(
        "panel_answer",
        number("panelist_id"),
        number("item_id"),
        number("point"),
        sa.Column("comment", sa.String()),
        check("panel_answer", "point", "point BETWEEN 0 AND 4"),
        check("panel_answer", "comment", "length(comment) BETWEEN 1 AND 500"),
        points_at("panel_answer", "panelist_id", "panelist"),
        points_at("panel_answer", "item_id", "item"),
        sa.PrimaryKeyConstraint("panelist_id", "item_id", name=op.f("pk_panel_answer")),
    )


def downgrade() -> None:
    for name in ("panel_answer", "panel_link", "panelist", "panel"):
        op.drop_table(name)
    op.execute("DELETE FROM message WHERE outside")
    with op.batch_alter_table("message", table_args=rules_of_message()) as table:
        table.drop_constraint(op.f("ck_message_outside"), type_="check")
        table.drop_column("outside")
        table.alter_column("recipient_id", existing_type=sa.Integer(), nullable=False)
