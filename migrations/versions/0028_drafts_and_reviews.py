"""drafts of cases, and the reviews of what was sent"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ONE_OPEN = sa.text("state IN ('writing', 'in_review', 'returned')")
STILL_OPEN = sa.text("stage IN ('asked', 'answered')")
TABLES = ("review_comment", "review", "draft_visit", "draft_event", "draft")


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def create_draft() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer()),
        sa.Column("base_id", sa.Integer()),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            one_of("draftstate", "writing", "in_review", "returned", "published", "dropped"),
            nullable=False,
        ),
        sa.Column("version_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_draft_revision")),
        sa.ForeignKeyConstraint(
            ["base_id"], ["case_version.id"], name=op.f("fk_draft_base_id_case_version")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_draft_case_id_case")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_draft_owner_id_user")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["case_version.id"], name=op.f("fk_draft_version_id_case_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(
        "ix_draft_open_case",
        "draft",
        ["case_id"],
        unique=True,
        sqlite_where=ONE_OPEN,
        postgresql_where=ONE_OPEN,
    )
    op.create_index("ix_draft_owner_id", "draft", ["owner_id"])


def create_draft_event() -> None:
    op.create_table(
        "draft_event",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_draft_event_by_id_user")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_draft_event_draft_id_draft")
        ),
        sa.PrimaryKeyConstraint("draft_id", "revision", name=op.f("pk_draft_event")),
    )


def create_draft_visit() -> None:
    op.create_table(
        "draft_visit",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_draft_visit_draft_id_draft")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_draft_visit_user_id_user")),
        sa.PrimaryKeyConstraint("draft_id", "user_id", "tab", name=op.f("pk_draft_visit")),
    )
    op.create_index("ix_draft_visit_seen_at", "draft_visit", ["seen_at"])


def create_review() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer()),
        sa.Column("case_version_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column(
            "stage",
            one_of("reviewstage", "asked", "answered", "returned", "advanced", "withdrawn"),
            nullable=False,
        ),
        sa.Column("answers", sa.JSON(none_as_null=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(stage IN ('asked', 'answered')) = (decided_at IS NULL)",
            name=op.f("ck_review_decided"),
        ),
        sa.CheckConstraint(
            "(answers IS NULL) = (answered_at IS NULL)", name=op.f("ck_review_answered")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_review_asked_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["case_version_id"],
            ["case_version.id"],
            name=op.f("fk_review_case_version_id_case_version"),
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_review_draft_id_draft")),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user.id"], name=op.f("fk_review_reviewer_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_draft_id", "review", ["draft_id"])
    op.create_index(
        "ix_review_open",
        "review",
        ["case_version_id", "reviewer_id"],
        unique=True,
        sqlite_where=STILL_OPEN,
        postgresql_where=STILL_OPEN,
    )
    op.create_index("ix_review_reviewer_id", "review", ["reviewer_id"])


def create_review_comment() -> None:
    op.create_table(
        "review_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("quoted", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "settled",
            one_of("commentend", "mended", "disagreed"),
            nullable=True,
        ),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("settled_by_id", sa.Integer()),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "settled IS NULL OR settled <> 'disagreed' OR because <> ''",
            name=op.f("ck_review_comment_because"),
        ),
        sa.CheckConstraint(
            "(settled IS NULL) = (settled_at IS NULL)", name=op.f("ck_review_comment_when_settled")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_comment_review_id_review")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["user.id"], name=op.f("fk_review_comment_settled_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
    )
    op.create_index("ix_review_comment_review_id", "review_comment", ["review_id"])


def upgrade() -> None:
    create_draft()
    create_draft_event()
    create_draft_visit()
    create_review()
    create_review_comment()


def downgrade() -> None:
    """Nobody has written here, or the schema of before has no place for it."""
    counted = sa.select(sa.func.count())
    held = {n: op.get_bind().scalar(counted.select_from(sa.table(n))) for n in TABLES}
    if held["draft"] or held["review"]:
        raise RuntimeError(
            f"{held['draft']} drafts and {held['review']} reviews are kept here, which the schema "
            "of before cannot hold. Nothing has been changed."
        )
    for name in TABLES:
        op.drop_table(name)
