"""where words of cases are looked for"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ON_SQLITE = (
    """CREATE VIRTUAL TABLE search_entry_words USING fts5(
        open_words, all_words, content='search_entry', content_rowid='id',
        tokenize='unicode61 remove_diacritics 0', prefix='3 5')""",
    "CREATE VIRTUAL TABLE search_entry_terms USING fts5vocab('search_entry_words', 'row')",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_entry_words (rowid, open_words, all_words)
        VALUES (new.id, new.open_words, new.all_words);
    END""",
    """CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_entry_words (search_entry_words, rowid, open_words, all_words)
        VALUES ('delete', old.id, old.open_words, old.all_words);
    END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE OF open_words, all_words ON search_entry
    BEGIN
        INSERT INTO search_entry_words (search_entry_words, rowid, open_words, all_words)
        VALUES ('delete', old.id, old.open_words, old.all_words);
        INSERT INTO search_entry_words (rowid, open_words, all_words)
        VALUES (new.id, new.open_words, new.all_words);
    END""",
)
ON_POSTGRESQL = (
    """ALTER TABLE search_entry
        ADD COLUMN open_terms tsvector
            GENERATED ALWAYS AS (to_tsvector('simple', open_words)) STORED,
        ADD COLUMN all_terms tsvector
            GENERATED ALWAYS AS (to_tsvector('simple', all_words)) STORED""",
    "CREATE INDEX ix_search_entry_open_terms ON search_entry USING gin (open_terms)",
    "CREATE INDEX ix_search_entry_all_terms ON search_entry USING gin (all_terms)",
)


def points_at(column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_search_entry_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def one(*columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_search_entry_{'_'.join(columns)}"))


def check(name: str, says: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(says, name=op.f(f"ck_search_entry_{name}"))


def upgrade() -> None:
    """Make the table, which the service fills when it starts, and what each database finds by."""
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("tags", sa.String(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("open_words", sa.String(), nullable=False),
        sa.Column("all_words", sa.String(), nullable=False),
        sa.Column("made_as", sa.Integer(), nullable=False),
        points_at("case_id", "case"),
        points_at("version_id", "case_version"),
        one("case_id", "layer"),
        one("version_id"),
        one("draft_id"),
        check("layer", "layer IN ('in_use', 'proposed', 'draft')"),
        check("of_draft", "(layer = 'draft') = (draft_id IS NOT NULL)"),
        check("of_version", "(layer = 'draft') = (version_id IS NULL)"),
        check("of_case", "draft_id IS NOT NULL OR case_id IS NOT NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in ON_SQLITE if sqlite else ON_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Drop it: all that it says is made from versions and drafts."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_entry_terms")
        op.execute("DROP TABLE search_entry_words")
    op.drop_table("search_entry")
