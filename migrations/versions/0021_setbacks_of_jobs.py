"""how often the step of a job that is to be taken next was given back"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("setbacks", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("job", "setbacks")
