"""How alembic runs here: on the connection of ``eventlog.migrating``, inside its transaction."""

from alembic import context

from eventlog.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
