"""who approved what a case says, what it shows, and what keeps it from being asked"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SHIPPED = """
02e96a75ec15ccc1 0639bacc63c2dd7b 12b474bbf7f73fc2 15dbc5889398419d 196b7dc30de2cf1f
23c304c1f18ae6e5 23ec5dd933a94a90 2656e1a7d9bbe62c 2acbdd528c852970 2b7e126170732c81
2faa011a76d28964 31f3206e1c271497 332db3165f937637 342bf2cdf6b9aac5 350d3c578a0c29d7
35c058b1ad424bff 3a46a055cbfefe92 3d7afab8706ef2d0 3e3345695297e284 4095cda4a61663ff
41acf093a95078f6 45925660eea3775b 45f7b2bd87e366e5 470f7aac32f9f5dd 47a80f0729d82971
49e6bc64e27304a3 519bfd721f3cf623 527f98e275f137b5 5319a8e310653345 58486723e25db214
62cc65d0a143bfae 63948615bc535b95 6af80bc719ced213 6c9e0709f760ac44 7a8e413214dae2ad
7bb21feea9a2c30e 7c79ee589d59256d 81032ca711175829 84dc903f80d4ca78 86cd4a118e3f2c8d
88e116c2e3d0ad81 92a09c424973ab16 9334e985054a6999 94393a2578eb6485 94a3c6957b1085b3
9a3c27c0461450af a0644fc15e73e50f a3651c0616297478 a8e1690fa1123e3d b037369668cf66ef
b870284e1e3f11aa ba3845623db753f1 ba607d508949245c c1ef1963aa8c240a c5dbdfad3a490132
ce95666037e2e69f e027d75efccf4e7e ebf9b396d0ab6e89 f7ad60a2c80bbb7a fad34877ceba508f
"""
"""The texts that the first edition came with: the first 16 digits of their content hashes."""

LARGEST_IMAGE = 2_000_000

versions = sa.table(
    "case_version",
    sa.column("id", sa.Integer()),
    sa.column("body", sa.JSON()),
    sa.column("author_id", sa.Integer()),
    sa.column("content_hash", sa.String()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
approvals = sa.table(
    "approval",
    sa.column("case_version_id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("who", sa.String()),
    sa.column("user_id", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("note", sa.String()),
)


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    with op.batch_alter_table("case_version") as table:
        table.drop_constraint("uq_case_version_case_id_content_hash", type_="unique")
        table.add_column(sa.Column("said_hash", sa.String()))
        table.add_column(sa.Column("drawings", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("case") as table:
        table.alter_column("review_by", existing_type=sa.Date(), nullable=True)
        table.add_column(sa.Column("fault", sa.String()))
    create_approval()
    create_image()
    known = (versions.c.id, versions.c.author_id, versions.c.content_hash, versions.c.created_at)
    found = op.get_bind().execute(sa.select(*known).order_by(versions.c.id)).all()
    if found:
        op.get_bind().execute(sa.insert(approvals), list(acts_of(found)))


def create_approval() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_version_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("approvalkind", "editorial", "clinical"), nullable=False),
        sa.Column("who", one_of("approvedby", "person", "installation", "command"), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        check("approval", "who_is_it", "(who = 'person') = (user_id IS NOT NULL)"),
        check("approval", "clinical_by_person", "kind <> 'clinical' OR who = 'person'"),
        sa.ForeignKeyConstraint(
            ["case_version_id"],
            ["case_version.id"],
            name=op.f("fk_approval_case_version_id_case_version"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_approval_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_case_version_id"), "approval", ["case_version_id"])


def create_image() -> None:
    op.create_table(
        "image",
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        check("image", "hash", "length(content_hash) = 64"),
        check("image", "size", f"length(content) BETWEEN 1 AND {LARGEST_IMAGE}"),
        sa.PrimaryKeyConstraint("content_hash", name=op.f("pk_image")),
    )


def acts_of(found: list[sa.Row]) -> Iterator[dict[str, object]]:
    """Yield what stands for the loads of before: each version was published when it was stored."""
    for version in found:
        if version.content_hash[:16] in SHIPPED:
            who, person = "installation", None
        elif version.author_id is not None:
            who, person = "person", version.author_id
        else:
            who, person = "command", None
        yield {
            "case_version_id": version.id,
            "kind": "editorial",
            "who": who,
            "user_id": person,
            "at": version.created_at,
            "note": "",
        }


LOST = {
    "a clinician has approved a case": "SELECT 1 FROM approval WHERE kind = 'clinical'",
    "a case waits to be published": """
        SELECT 1 FROM case_version WHERE id NOT IN (SELECT case_version_id FROM approval)""",
    "somebody has approved what another wrote": """
        SELECT 1 FROM approval JOIN case_version ON case_version.id = approval.case_version_id
        WHERE approval.user_id <> coalesce(case_version.author_id, 0)""",
    "a case says again what it said before": """
        SELECT 1 FROM case_version GROUP BY case_id, content_hash HAVING count(*) > 1""",
    "a case has no day to be reviewed by": 'SELECT 1 FROM "case" WHERE review_by IS NULL',
}
"""What the older schema has no place for, with the query that finds it."""

NEWER = "a version is written in a format that it cannot read"


def downgrade() -> None:
    bind = op.get_bind()
    lost = [what for what, query in LOST.items() if bind.execute(sa.text(query)).first()]
    written = sa.cast(versions.c.body["format"].as_string(), sa.String())
    if bind.execute(sa.select(versions.c.id).where(written != "1").limit(1)).first():
        lost.append(NEWER)
    if lost:
        raise RuntimeError(f"The older edition has no place for this: {'; '.join(lost)}.")
    op.drop_table("image")
    op.drop_table("approval")
    with op.batch_alter_table("case") as table:
        table.drop_column("fault")
        table.alter_column("review_by", existing_type=sa.Date(), nullable=False)
    with op.batch_alter_table("case_version") as table:
        table.drop_column("drawings")
        table.drop_column("said_hash")
        table.create_unique_constraint(
            op.f("uq_case_version_case_id_content_hash"), ["case_id", "content_hash"]
        )
