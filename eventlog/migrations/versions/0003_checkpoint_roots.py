"""Checkpoints name the root of the Merkle tree over all digests, besides the last digest.

The column is added in place: a copy of the table would lose what guards it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. What was written before has no root."""
    op.add_column("checkpoints", sa.Column("root", sa.Text))
