"""The view of the log tells who did something and when it happened, without reading its JSON."""

from alembic import context, op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the view anew; on PostgreSQL in place, so that rights to it stay."""
    for statement in context.config.attributes["log_view"]:
        op.execute(statement)
