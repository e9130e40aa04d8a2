"""The access log: who read or exported what, when; appended in batches, and only added to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select

from eventlog.database import Database
from eventlog.rows import instant_text
from eventlog.schema import access_log


class Access(NamedTuple):
    """A reading: the key's holder, the person it was for, what was asked, and the answer's status.

    ``dealer`` is set for a reader that is bound to one.
    """

    principal: str
    role: str
    reader: str
    dealer: str | None
    path: str
    query: str
    status: int


class Kept(NamedTuple):
    """A row of the access log: readings that were alike within one batch, and how many."""

    id: int
    at: str
    principal: str
    role: str
    reader: str
    dealer: str | None
    path: str
    query: str
    status: int
    times: int


def keep(database: Database, readings: Iterable[Access], at: datetime) -> None:
    """Append readings; those that are alike become one row."""
    rows = [
        {**one._asdict(), "at": instant_text(at), "times": times}
        for one, times in Counter(readings).items()
    ]
    if rows:
        with database.writing() as connection:
            connection.execute(insert(access_log), rows)


class Asked(NamedTuple):
    """Which rows of the access log are wanted; texts are found anywhere in theirs."""

    reader: str | None = None
    about: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def kept(database: Database, asked: Asked, after: int, limit: int) -> Sequence[Kept]:
    """Rows after a number, in the order in which they were written."""
    row = access_log.c
    query = select(access_log).where(row.id > after).order_by(row.id).limit(limit)
    if asked.reader is not None:
        query = query.where((row.reader == asked.reader) | (row.principal == asked.reader))
    if asked.about is not None:
        query = query.where(row.path.contains(asked.about, autoescape=True))
    if asked.since is not None:
        query = query.where(row.at >= instant_text(asked.since))
    if asked.until is not None:
        query = query.where(row.at <= instant_text(asked.until))
    with database.reading() as connection:
        return [Kept(*one) for one in connection.execute(query)]
