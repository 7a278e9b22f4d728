"""where on the site a notice leads"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was told of reviews and of cases leads there, as it did; the rest leads nowhere."""
    op.add_column("notice", sa.Column("path", sa.String(), nullable=True))
    op.execute(
        """UPDATE notice SET path = '/reviews/' || object_id
        WHERE object_type = 'review' AND kind = 'review_asked'"""
    )
    op.execute(
        """UPDATE notice SET path = (SELECT '/bank/' || slug FROM "case"
        WHERE "case".id = notice.object_id) WHERE object_type = 'case'"""
    )
    op.execute(
        """UPDATE notice SET path = (SELECT '/bank/' || "case".slug FROM case_version
        JOIN "case" ON "case".id = case_version.case_id
        WHERE case_version.id = notice.object_id) WHERE object_type = 'case_version'"""
    )
    op.execute(
        """UPDATE notice SET path = (SELECT '/bank/' || "case".slug FROM review
        JOIN case_version ON case_version.id = review.case_version_id
        JOIN "case" ON "case".id = case_version.case_id
        WHERE review.id = notice.object_id)
        WHERE object_type = 'review' AND kind <> 'review_asked'"""
    )


def downgrade() -> None:
    """Where it leads follows again from what it is about."""
    op.drop_column("notice", "path")
