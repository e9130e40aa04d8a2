"""Hand-written SQL on PostgreSQL: ordinary statements, one after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg2

from benchmarks.contenders import sql_commands as commands
from benchmarks.contenders.sql_parts import (
    RefusedError,
    find_receipt,
    keep_receipt,
    refuse_unless,
)
from benchmarks.contenders.sql_threads import SqlThreads, Step, Steps


def run(connection: Any, key: str, step: Callable[..., Any], *request: Any) -> Any:
    """Do a command once; done before, it gives the same answer again."""
    digest = hashlib.sha256(msgspec.json.encode((step.__name__, *request))).digest()
    try:
        with connection, connection.cursor() as cursor:
            receipt = find_receipt(cursor, key)
            if receipt is None:
                answer = step(cursor, key, *request)
                keep_receipt(cursor, key, digest, msgspec.json.encode(answer).decode())
                return answer
    except (RefusedError, psycopg2.IntegrityError):
        # A twin may have done it while this one waited for a lock.
        with connection, connection.cursor() as cursor:
            receipt = find_receipt(cursor, key)
        if receipt is None:
            raise
    known, answer = receipt
    refuse_unless(bytes(known) == digest, "the key stands for another request")
    return msgspec.json.decode(answer)


class Sql(SqlThreads):
    """Every step is a transaction of ordinary statements."""

    name = "hand-written SQL"
    steps: Steps = commands

    def _run(self, key: str, step: Step, *request: Any) -> Any:
        return run(self._own.connection, key, step, *request)
