"""Rows as Parquet, typed: an extra, ``pip install 'baton[analytics]'``.

Whole numbers are int64, prices decimal128(18, 6), times microseconds in UTC. What a column means
is in the metadata of its field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

from api.exports.rows import Columns, Values, chunks, paged
from api.problems import Problem

ROW_GROUP = 50_000


def as_parquet(name: str, columns: Columns, rows: Iterable[Values]) -> Iterator[bytes]:
    """Write rows, in row groups of ``ROW_GROUP``. Raises Problem where pyarrow is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415 - the same
    except ImportError as error:
        detail = "pyarrow is not installed: pip install 'baton[analytics]', or ask for ndjson."
        title = "Parquet cannot be written here."
        raise Problem(501, "PARQUET_NOT_INSTALLED", title, detail) from error
    schema = _schema(pa, name, columns)
    with TemporaryFile() as file:
        with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            for page in paged(rows, ROW_GROUP):
                values = zip(*page, strict=True)
                arrays = [
                    pa.array(list(column), one.type)
                    for column, one in zip(values, schema, strict=True)
                ]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        yield from chunks(file)


def _schema(pa: Any, name: str, columns: Columns) -> Any:
    kinds = {
        str: pa.string(),
        int: pa.int64(),
        bool: pa.bool_(),
        date: pa.date32(),
        datetime: pa.timestamp("us", tz="UTC"),
        Decimal: pa.decimal128(18, 6),
    }
    fields = [
        pa.field(one.name, kinds[one.kind], metadata={"meaning": one.meaning}) for one in columns
    ]
    return pa.schema(fields, metadata={"table": name})
