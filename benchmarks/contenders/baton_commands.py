"""The scenario in Baton's commands: the world, and the seven commands of an order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks import scenario
from benchmarks.scenario import CATEGORY, DEALERS, PRODUCTS, WAREHOUSES, Order
from domain.goods.udi import check_digit

Step = tuple[str, dict[str, Any]]
"""Name and body of a command."""

TODAY, REQUESTED = "2026-03-02", "2026-03-20"
VALID = dict(zip(("valid_from", "valid_to"), scenario.VALID, strict=True))
PAPER = {"kind": "REGISTRATION", "no": "R", "holder": "maker", "valid_from": VALID["valid_from"]}
FILING = {"type": "FILING_CLASS_II", "device_class": "II", "scope_codes": [CATEGORY]}


def gtin(product: int) -> str:
    """Device identifier of a product."""
    body = f"0697001{product:06d}"
    return body + str(check_digit(body))


def world(units: int, elsewhere: int | None = None) -> Iterator[Step]:
    """Set the world up, with so many units of every product in every warehouse.

    ``elsewhere`` is the number in cells that skewed orders do not want.
    """
    yield (
        "set-tax-rate",
        {
            "tax_code": "VAT13",
            "rate_pct": str(scenario.VAT_PCT),
            "valid_from": VALID["valid_from"],
        },
    )
    yield "set-approval-limits", {"duplicate_hours": 0}  # the same wish twice is the scenario's
    for house in map(scenario.warehouse, range(WAREHOUSES)):
        yield "register-warehouse", {"wh": house, "region_code": "100000", "sales_region": "ALL"}
    for product in range(PRODUCTS):
        yield from _product(product, units, units if elsewhere is None else elsewhere)
    signed = {"author": "a", "approver": "b", "currency": "CNY"}
    rows = [_price(product) for product in range(PRODUCTS)]
    yield "publish-price-list", {"price_list": "PL", **signed, **VALID, "rows": rows}
    for number in range(DEALERS):
        yield from _dealer(number)


def _product(product: int, units: int, elsewhere: int) -> Iterator[Step]:
    sku = scenario.sku(product)
    price, cost = scenario.price_of(product), scenario.cost_of(product)
    yield "register-product", {"sku": sku, "terms": product_terms(product, "SERIAL", price, cost)}
    for house in range(WAREHOUSES):
        count = units if (house, product) in scenario.SKEWED else elsewhere
        serials = [scenario.serial(product, house, unit) for unit in range(count)]
        made = {"manufacture_date": "2026-01-01", "registration_no": "R"}
        yield "register-serials", {"sku": sku, "serials": serials, **made}
        cell = {"wh": scenario.warehouse(house), "sku": sku}
        yield "set-opening-stock", {**cell, "serials": serials, "qty": count}


def product_terms(product: int, tracking: str, price: int, cost: int) -> dict[str, Any]:
    """Terms of a product; price and cost in minor units."""
    return {
        "name": scenario.sku(product),
        "tracking": tracking,
        "device_class": "II",
        "product_line": "LINE",
        "catalogue_code": CATEGORY,
        "list_price": _yuan(price),
        "std_cost": cost,
        "tax_code": "VAT13",
        "identifiers": [{"di": gtin(product)}],
        "registrations": [PAPER],
    }


def _price(product: int) -> dict[str, Any]:
    minor = scenario.price_of(product)
    bounds = {"floor": _yuan(minor * 9 // 10), "ceiling": _yuan(minor * 11 // 10)}
    row = {"sku": scenario.sku(product), "region": "ALL", "tier": "ALL", "min_qty": 1}
    return {**row, "price": _yuan(minor), **bounds}


def _dealer(number: int) -> Iterator[Step]:
    dealer, region = scenario.dealer(number), scenario.region(number)
    profile = {
        "legal_name": dealer,
        "uscc": f"9111{number:014d}",
        "tier": "A",
        "sales_region": "ALL",
    }
    yield "register-dealer", {"dealer_id": dealer, "profile": profile}
    right = {"product_line": "LINE", "region_codes": [region], **VALID}
    yield "grant-territory", {"dealer_id": dealer, "authorisation": right}
    licence = {"no": f"F2-{dealer}", "valid_from": VALID["valid_from"], **FILING}
    yield "register-licence", {"dealer_id": dealer, "licence": licence}
    yield "set-credit-limit", {"dealer_id": dealer, "limit": scenario.CREDIT_LIMIT, **VALID}
    kind = {"kind": "REGISTERED_WAREHOUSE", "receiving_entity_id": dealer}
    yield "register-address", {"address_id": f"A-{dealer}", "region_code": region, **kind}
    home = scenario.warehouse(number % WAREHOUSES)
    ranking = {"ranking": [home], "lead_days": {home: 1}}
    yield "rank-service", {"region_code": region, **ranking}


def steps(order: Order) -> Iterator[Any]:
    """The seven commands of an order; each one is sent the answer to the one before."""
    dealer = scenario.dealer(order.dealer)
    lines = [{"sku": scenario.sku(line.product), "qty": line.qty} for line in order.lines]
    head = {"dealer_id": dealer, "ship_to": f"A-{dealer}", "requested_date": REQUESTED}
    placed = yield "place-order", {**head, "lines": lines}
    so, shp = placed["result"]["so"], f"SHP-{order.number}"
    reserved = _reserved(placed, order)
    goods = [
        {"so": so, "line": place, **line, "serials": reserved[place - 1]}
        for place, line in enumerate(lines, 1)
    ]
    yield (
        "plan-shipment",
        {"shp_id": shp, "wh": scenario.warehouse(order.warehouse), "lines": goods},
    )
    scans = [
        {"di": gtin(line.product), "serial": serial}
        for line, serials in zip(order.lines, reserved, strict=True)
        for serial in serials
    ]
    yield "confirm-pick", {"shp_id": shp, "picker": "p", "scans": scans}
    yield "review-outbound", {"shp_id": shp, "reviewer": "r", "result": "OK"}
    yield "ship", {"shp_id": shp, "carrier": "c", "waybill": f"W-{order.number}"}
    signed = {"signed_at": TODAY, "signatory": "s", "document_hash": "h"}
    where = scenario.region(order.dealer)
    delivered = yield "confirm-delivery", {"shp_id": shp, "region_code": where, **signed}
    (invoice,) = delivered["result"]["invoices"]
    remittance = [{"doc_no": invoice, "amount": order.gross}]
    paid = {"amount": order.gross, "currency": "CNY", "payer_name": dealer}
    paid |= {"remittance": remittance}
    bank = {"bank_ref": f"B-{order.number}", "value_date": TODAY}
    yield "record-payment", {"dealer_id": dealer, **paid, **bank}


def _reserved(placed: dict[str, Any], order: Order) -> list[list[str]]:
    """Units that were reserved for each line, as the answer names their streams."""
    found: list[list[str]] = []
    for line in order.lines:
        prefix = f"Serial/{gtin(line.product)}/"
        found.append([one[len(prefix) :] for one in placed["streams"] if one.startswith(prefix)])
    return found


def _yuan(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
