"""The tables of the orders' read model."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer

from projections.columns import Instant, Price, count, key, movement_table, state_table, text

order_tracking = state_table(
    "order_tracking",
    "Every order, with its state. Amounts in minor units.",
    key("so", "Order."),
    text("dealer", "Dealer."),
    text("sales_region", "Sales region of the dealer."),
    text("external_ref", "The dealer's own number."),
    text("end_customer", "Hospital that the goods are for."),
    text("channel", "DEALER, DIRECT_HOSPITAL, INTERNAL_SAMPLE or LOAN."),
    text("contract", "Contract that it calls off."),
    text("ship_to_region", "Region that the goods go to (GB/T 2260)."),
    text("state", "State of the order."),
    text("holds", "Active holds, separated by commas."),
    Column("order_date", Date, comment="Day of the order."),
    Column("requested_date", Date, comment="Day on which the dealer wants the goods."),
    Column("promise_date", Date, comment="Day on which the last line is promised."),
    count("net", "Net amount."),
    count("vat", "VAT."),
    count("gross", "Gross amount."),
    text("currency", "Currency (ISO 4217)."),
    text("shipment", "Last shipment."),
    text("invoice", "Last invoice."),
    text("pod", "Document of the last proof of delivery."),
    text("wo_progress", "Progress of production, if goods are made for the order."),
    text("next_action", "What has to happen next."),
    text("owner", "Who placed the order."),
    Index("ix_order_tracking_dealer", "dealer", "so"),
    Index("ix_order_tracking_contract", "contract", "so"),
)

order_lines = state_table(
    "order_lines",
    "Every order line, with the buckets that its quantity passes through.",
    key("so", "Order."),
    Column("line_no", Integer, primary_key=True, autoincrement=False, comment="Line."),
    text("sku", "Product."),
    count("qty_ordered", "Ordered."),
    Column("unit_price", Price, comment="Agreed price per unit."),
    Column("list_price", Price, comment="List price that answered."),
    Column("floor", Price, comment="Lowest price without release."),
    Column("ceiling", Price, comment="Highest price without release."),
    text("price_list", "Price list that answered."),
    count("net", "Net amount, minor units."),
    count("vat", "VAT, minor units."),
    count("gross", "Gross amount, minor units."),
    count("qty_reserved", "Set aside in a warehouse."),
    count("qty_in_supply", "On its way to a warehouse by transfer, for this line."),
    count("qty_backordered", "Waits for goods to come in."),
    count("qty_shipped", "Left the warehouse."),
    count("qty_delivered", "Signed for."),
    count("qty_invoiced", "Invoiced."),
    count("qty_installed", "Found installed."),
    count("qty_accepted", "Accepted by the hospital."),
    count("qty_returned", "Came back."),
    count("qty_cancelled", "Cancelled or short-closed."),
    Column("promise_date", Date, comment="Day on which the line is promised."),
    text("supply_ref", "Transfer, work order or requisition that the line waits for."),
    text("warehouse", "Warehouse that supplies the line."),
)

hold_log = state_table(
    "hold_log",
    "The holds that an order met: for each reason the last one, with its end.",
    key("so", "Order."),
    key("code", "Hold."),
    text("evidence", "Inputs of the check, as JSON."),
    Column("raised_at", Instant, comment="Business time of the last hold for this reason."),
    Column("active", Boolean, comment="Whether it stops the order, or did so to its end."),
    text("released_by", "Who released it."),
    text("role", "Role of who released it."),
    text("reason", "Why it was released, or which facts cleared it."),
    Column("released_at", Instant, comment="Business time of the release."),
    Column("release_limit", Price, comment="How far the role may go, in the unit of the hold."),
    Column("deviation", Price, comment="How far the release went, in the same unit."),
    count("rejected_attempts", "Attempts to release it beyond the limit."),
)

order_checks = movement_table(
    "order_checks",
    "Every time that the checks of an order were run: what failed, and the credit in use.",
    text("so", "Order."),
    text("cause", "Why they were run."),
    text("failed", "Holds that they called for, separated by commas."),
    count("exposure", "Credit in use with this order, gross, minor units."),
    count("credit_limit", "Credit limit of that day, minor units."),
    Index("ix_order_checks_so", "so", "position"),
)

order_sourcing = movement_table(
    "order_sourcing",
    "Where the goods of an order were decided to come from when it was confirmed.",
    text("so", "Order."),
    Column("line_no", Integer, nullable=False, comment="Line."),
    text("kind", "SHIP, TRANSFER, MAKE or BUY."),
    text("wh", "Warehouse that ships, or that the goods are brought to."),
    text("donor", "Warehouse that gives, for transfers."),
    text("ref", "Transfer, work order or requisition."),
    count("qty", "Quantity, base units."),
    text("passed_over", "Candidates that were passed over and why, as JSON."),
    Index("ix_order_sourcing_so", "so", "position"),
)

promise_history = movement_table(
    "promise_history",
    "Every promise of a line: which supply, for which day, and why it changed.",
    text("so", "Order."),
    Column("line_no", Integer, nullable=False, comment="Line."),
    text("ref", "Document of the supply; empty for stock."),
    count("qty", "Quantity, base units."),
    Column("before", Date, comment="Day that was promised before."),
    Column("promise_date", Date, comment="Day that is promised now."),
    text("reason", "Why."),
    Index("ix_promise_history_so", "so", "position"),
)

order_history = movement_table(
    "order_history",
    "Every event of an order, with the state that followed.",
    text("so", "Order."),
    text("what", "Topic of the event."),
    text("state", "State that followed."),
    text("holds", "Active holds that followed."),
    text("actor", "Who did it."),
    Index("ix_order_history_so", "so", "position"),
)
