"""Keeping checkpoints: they are appended to a guarded table, one a position, and never changed."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from eventlog.database import Database
from eventlog.rows import Checkpoint
from eventlog.schema import checkpoints


def keep(database: Database, checkpoint: Checkpoint) -> Checkpoint:
    """Keep a checkpoint, and return the one that is kept of its position: the first."""
    try:
        with database.writing() as connection:
            connection.execute(insert(checkpoints).values(checkpoint._asdict()))
    except IntegrityError:
        query = select(checkpoints).where(checkpoints.c.position == checkpoint.position)
        with database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise
        return Checkpoint(*row)
    return checkpoint
