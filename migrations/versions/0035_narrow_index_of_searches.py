"""what a list of many cases is made of, and words of which one letter or two are typed"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NARROW = """CREATE INDEX ix_search_entry_listed
    ON search_entry (case_id, layer, draft_id, title, tags)"""


def upgrade() -> None:
    """Have SQLite read what lists are made of without the texts beside it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(NARROW)
        index_words("1 2 3 5")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP INDEX ix_search_entry_listed")
        index_words("3 5")


def index_words(prefixes: str) -> None:
    """Index all words anew, also those that begin with as many letters as *prefixes* say."""
    op.execute("DROP TABLE search_entry_terms")
    op.execute("DROP TABLE search_entry_words")
    op.execute(
        f"""CREATE VIRTUAL TABLE search_entry_words USING fts5(
        open_words, all_words, content='search_entry', content_rowid='id',
        tokenize='unicode61 remove_diacritics 0', prefix='{prefixes}')"""
    )
    op.execute(
        "CREATE VIRTUAL TABLE search_entry_terms USING fts5vocab('search_entry_words', 'row')"
    )
    op.execute("INSERT INTO search_entry_words (search_entry_words) VALUES ('rebuild')")
