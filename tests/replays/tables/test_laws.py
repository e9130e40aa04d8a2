"""Each law of the books is broken by what it forbids, and by nothing else of the month."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from api.engine import Engine
from projections.catalogue import PROJECTIONS
from replays.laws import LAWS, breaches
from replays.tables.moment import Moment, facts_until
from replays.tables.scratch import Scratch, scratch_of

BROKEN = [
    (
        "ENTRIES_BALANCE",
        "UPDATE journal SET debit = debit + 1 WHERE debit > 0 AND account = '1405'",
    ),
    ("TOTALS_ARE_SUMS", "UPDATE account_totals SET credit = credit + 1 WHERE account = '6001'"),
    ("TOTALS_ARE_SUMS", "DELETE FROM account_totals WHERE account = '6001'"),
    ("TOTALS_ARE_SUMS", "DELETE FROM journal WHERE account = '6001'"),
    ("RECEIVABLES_ARE_BALANCES", "UPDATE journal SET dealer = 'D01' WHERE account = '1122'"),
    ("RECEIVABLES_ARE_BALANCES", "DELETE FROM dealer_balance WHERE dealer = 'D05'"),
    ("RECEIVABLES_ARE_BALANCES", "DELETE FROM journal WHERE dealer = 'D05'"),
    ("BALANCES_ARE_OPEN_ITEMS", "UPDATE open_items SET open = open - 1 WHERE dealer = 'D06'"),
    ("BALANCES_ARE_OPEN_ITEMS", "DELETE FROM dealer_balance WHERE dealer = 'D05'"),
    ("BALANCES_ARE_OPEN_ITEMS", "DELETE FROM open_items WHERE dealer = 'D05'"),
    ("BALANCES_ARE_ENTRIES", "DELETE FROM ledger_entries WHERE dealer = 'D06' AND credit > 0"),
    ("BALANCES_ARE_ENTRIES", "DELETE FROM dealer_balance WHERE dealer = 'D06'"),
    ("STATEMENT_LINES_ARE_ENTRIES", "DELETE FROM dealer_statement_lines WHERE dealer = 'D05'"),
    ("STATEMENT_LINES_ARE_ENTRIES", "DELETE FROM ledger_entries WHERE dealer = 'D05'"),
    ("STOCK_IS_MOVEMENTS", "DELETE FROM stock_movements WHERE sku = 'GEL' AND wh = 'WH-BJ'"),
    ("STOCK_IS_MOVEMENTS", "DELETE FROM inventory_visibility WHERE sku = 'GEL' AND wh = 'WH-BJ'"),
    ("STOCK_IS_NOT_NEGATIVE", "UPDATE inventory_visibility SET reserved = 9000 WHERE sku = 'GEL'"),
    ("DEVICES_ARE_STOCK", "DELETE FROM inventory_serials WHERE state = 'IN_STOCK'"),
    ("DEVICES_ARE_STOCK", "DELETE FROM inventory_visibility WHERE sku = 'US80' AND wh = 'WH-SH'"),
    ("LOTS_ARE_STOCK", "UPDATE lot_trace SET came = came + 1 WHERE holder = 'WH-SH'"),
    ("LOTS_ARE_STOCK", "DELETE FROM lot_trace WHERE kind = 'WAREHOUSE' AND holder = 'WH-SH'"),
    ("LOTS_ARE_STOCK", "DELETE FROM inventory_visibility WHERE sku = 'INJ' AND wh = 'WH-SH'"),
    ("LINES_HAVE_SUPPLY", "UPDATE order_lines SET qty_shipped = 0 WHERE so = 'SO-0001'"),
    ("LINES_FOLLOW", "UPDATE order_lines SET qty_returned = 7 WHERE so = 'SO-0001'"),
]
"""What breaks each law. It may break others, too: the books hang together."""


def folded(scratch: Scratch, engine: Engine) -> int:
    head = engine.reader.head().position
    facts = facts_until(engine.reader, engine.codec, Moment(head), PROJECTIONS, engine.zone)
    scratch.fold(facts)
    return head


def test_every_law_has_something_that_breaks_it():
    assert {law.name for law in LAWS} == {name for name, _ in BROKEN}


def test_all_laws_hold_at_the_end_of_the_month(month: Engine):
    with scratch_of(PROJECTIONS) as scratch:
        head = folded(scratch, month)
        with scratch.reading() as connection:
            assert breaches(connection, head) == []


@pytest.mark.parametrize(("law", "spoil"), BROKEN)
def test_what_breaks_a_law_is_found_with_the_rows_that_do(month: Engine, law: str, spoil: str):
    with scratch_of(PROJECTIONS) as scratch:
        head = folded(scratch, month)
        with scratch.reading() as connection:
            assert connection.execute(text(spoil)).rowcount > 0
            found = {one.law: one for one in breaches(connection, head)}

    assert law in found
    assert found[law].position == head
    assert all(found[law].rows)
