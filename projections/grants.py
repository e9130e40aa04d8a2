"""Who may read the tables: a role for analysts that sees read models and the log, and no more.

On PostgreSQL a table that takes the place of another one has rights of its own, so whoever could
read the one before is granted the same again; whoever may read the log may read what is new. On
SQLite a file's rights are the system's.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

LOG = "event_log"
"""The view of the log, with its data as JSON."""

_READERS = text(
    "SELECT DISTINCT grantee FROM information_schema.role_table_grants WHERE table_schema = "
    "current_schema() AND table_name = :name AND privilege_type = 'SELECT' "
    "AND grantee <> current_user"
)
_EXISTS = text("SELECT 1 FROM pg_roles WHERE rolname = :name")


def readers(connection: Connection, name: str) -> list[str]:
    """Roles that may read a table or view, beside its owner; none where there are no roles."""
    if connection.dialect.name != "postgresql":
        return []
    return sorted(connection.execute(_READERS, {"name": name}).scalars())


def open_to_readers(connection: Connection, names: Iterable[str]) -> None:
    """Let whoever may read the log read tables or views that are new."""
    grant(connection, names, readers(connection, LOG))


def grant(connection: Connection, names: Iterable[str], roles: Iterable[str]) -> None:
    """Let roles read tables or views."""
    to = ", ".join(role if role == "PUBLIC" else _quoted(role) for role in roles)
    for name in names if to else ():
        connection.exec_driver_sql(f"GRANT SELECT ON {_quoted(name)} TO {to}")


def make_reader(connection: Connection, role: str, names: Iterable[str]) -> None:
    """Make a role that may read these tables or views, if there is none, and let it read them.

    It cannot log in: a database administrator grants it to whoever may.
    """
    if connection.execute(_EXISTS, {"name": role}).first() is None:
        connection.exec_driver_sql(f"CREATE ROLE {_quoted(role)} NOLOGIN")
    schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {_quoted(schema)} TO {_quoted(role)}")
    grant(connection, [*names, LOG], [role])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'
