"""Events of a command are found by its receipt, which has their positions: no index of their own.

Random keys made it the dearest of the three indexes that every append keeps.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_events_command_id", table_name="events")
