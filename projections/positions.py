"""How far each projection has come, and the fence that lets no event be applied twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Table,
    Text,
    insert,
    select,
    tuple_,
    update,
)

from projections.columns import Instant, metadata
from projections.effects import Projection

projection_positions = Table(
    "projection_positions",
    metadata,
    Column("projection", Text, primary_key=True, comment="Projection."),
    Column("version", Integer, nullable=False, comment="Version of its meaning."),
    Column("generation", Integer, nullable=False, comment="How often it was rebuilt."),
    Column("position", BigInteger, nullable=False, comment="Last event that it has taken in."),
    Column("updated_at", Instant, nullable=False, comment="When it took that in."),
    comment="How far each projection has come.",
)


class StaleError(RuntimeError):
    """Another runner has moved the projection meanwhile; nothing was written."""


def read(connection: Connection) -> dict[str, tuple[int, int, int]]:
    """Version, generation and position by projection."""
    columns = projection_positions.c
    query = select(columns.projection, columns.version, columns.generation, columns.position)
    return {name: (version, gen, at) for name, version, gen, at in connection.execute(query)}


def begin(connection: Connection, projection: Projection) -> None:
    """Enter a projection that has taken in nothing yet."""
    connection.execute(
        insert(projection_positions).values(
            projection=projection.name,
            version=projection.version,
            generation=0,
            position=0,
            updated_at=datetime.now(UTC),
        )
    )


def advance(connection: Connection, behind: Sequence[tuple[str, int, int]], new: int) -> None:
    """Move projections (name, version, position) from where they were read to be.

    Raises StaleError if one of them is not there.
    """
    columns = projection_positions.c
    where = tuple_(columns.projection, columns.version, columns.position).in_(behind)
    moved = connection.execute(
        update(projection_positions).where(where).values(position=new, updated_at=datetime.now(UTC))
    )
    if moved.rowcount != len(behind):
        raise StaleError(", ".join(name for name, _, _ in behind))


def hold(connection: Connection, name: str) -> tuple[int, int, int] | None:
    """Lock a projection until the transaction ends: version, generation, position."""
    columns = projection_positions.c
    query = select(columns.version, columns.generation, columns.position)
    row = connection.execute(
        query.where(columns.projection == name).with_for_update()
    ).one_or_none()
    return (row.version, row.generation, row.position) if row else None


def claim(connection: Connection, name: str) -> int:
    """Begin a rebuild: the generation it makes. An earlier rebuild that runs is superseded."""
    columns = projection_positions.c
    connection.execute(
        update(projection_positions)
        .where(columns.projection == name)
        .values(generation=columns.generation + 1)
    )
    query = select(columns.generation).where(columns.projection == name)
    generation: int = connection.execute(query).scalar_one()
    return generation


def switched(connection: Connection, projection: Projection, position: int) -> None:
    """Note that a rebuild has taken the place of the tables before."""
    columns = projection_positions.c
    connection.execute(
        update(projection_positions)
        .where(columns.projection == projection.name)
        .values(
            version=projection.version,
            position=position,
            updated_at=datetime.now(UTC),
        )
    )
