"""The scenario: serial-tracked products, dealers with credit, and orders from placement to payment.

An order has two lines of one unit each and takes seven commands: place (which confirms and
reserves), plan, pick, review, ship, deliver (which invoices), pay.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

from api.commands import Envelope, to_request
from api.engine import Engine
from api.settings import Settings
from domain.goods.udi import check_digit
from domain.kernel.stamp import Actor
from eventlog.jobs import Outcome

ACTOR = Actor("bench", "SERVICE")
PRODUCTS, DEALERS = 20, 40
REGIONS = [f"{10 + n:02d}0000" for n in range(DEALERS)]
PRICE = 1_000
PAPER = {"kind": "REGISTRATION", "no": "R", "holder": "maker", "valid_from": "2020-01-01"}
FILING = {"type": "FILING_CLASS_II", "device_class": "II", "scope_codes": ["06"]}


def gtin(number: int) -> str:
    body = f"0697001{number:06d}"
    return body + str(check_digit(body))


def setup(units_per_product: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Commands that set the world up."""
    yield "set-tax-rate", {"tax_code": "VAT13", "rate_pct": "13", "valid_from": "2020-01-01"}
    yield "set-approval-limits", {"duplicate_hours": 0}  # the same dealer orders the same again
    yield "register-warehouse", {"wh": "W1", "region_code": "100000", "sales_region": "ALL"}
    rows = []
    for n in range(PRODUCTS):
        sku = f"P{n}"
        terms = {
            "name": sku,
            "tracking": "SERIAL",
            "device_class": "II",
            "product_line": "LINE",
            "catalogue_code": "06",
            "list_price": str(PRICE),
            "std_cost": 100,
            "tax_code": "VAT13",
            "identifiers": [{"di": gtin(n)}],
            "registrations": [PAPER],
        }
        yield "register-product", {"sku": sku, "terms": terms}
        serials = [f"{sku}-{unit:06d}" for unit in range(units_per_product)]
        made = {"manufacture_date": "2026-01-01", "registration_no": "R"}
        yield "register-serials", {"sku": sku, "serials": serials, **made}
        stock = {"wh": "W1", "sku": sku, "serials": serials, "qty": units_per_product}
        yield "set-opening-stock", stock
        prices = {"price": str(PRICE), "floor": "900", "ceiling": "1100"}
        rows.append({"sku": sku, "region": "ALL", "tier": "ALL", "min_qty": 1, **prices})
    valid = {"valid_from": "2020-01-01", "valid_to": "2099-12-31"}
    signed = {"author": "a", "approver": "b", "currency": "CNY"}
    yield "publish-price-list", {"price_list": "PL", **signed, **valid, "rows": rows}
    for n, region in enumerate(REGIONS):
        yield from _dealer(f"D{n}", n, region, valid)


def _dealer(
    dealer: str, number: int, region: str, valid: dict[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    profile = {
        "legal_name": dealer,
        "uscc": f"9111{number:014d}",
        "tier": "A",
        "sales_region": "ALL",
    }
    yield "register-dealer", {"dealer_id": dealer, "profile": profile}
    right = {"product_line": "LINE", "region_codes": [region], **valid}
    yield "grant-territory", {"dealer_id": dealer, "authorisation": right}
    licence = {"no": f"F2-{dealer}", "valid_from": "2020-01-01", **FILING}
    yield "register-licence", {"dealer_id": dealer, "licence": licence}
    yield "set-credit-limit", {"dealer_id": dealer, "limit": 10**15, **valid}
    kind = {"kind": "REGISTERED_WAREHOUSE", "receiving_entity_id": dealer}
    yield "register-address", {"address_id": f"A-{dealer}", "region_code": region, **kind}
    yield "rank-service", {"region_code": region, "ranking": ["W1"], "lead_days": {"W1": 1}}


def order(number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The seven commands of one order; each is sent the answer of the one before."""
    dealer, today = f"D{number % DEALERS}", datetime.now(UTC).date()
    skus = [f"P{number % PRODUCTS}", f"P{(number + 1) % PRODUCTS}"]
    lines = [{"sku": sku, "qty": 1} for sku in skus]
    later = f"{today.year + 1}-01-01"
    head = {"dealer_id": dealer, "ship_to": f"A-{dealer}", "requested_date": later}
    placed = yield "place-order", {**head, "lines": lines}
    so = placed["result"]["so"]
    shp = f"SHP-{number}"
    serials = [_serial(placed, line) for line in (1, 2)]
    goods = [
        {"so": so, "line": n, "sku": sku, "qty": 1, "serials": [serial]}
        for n, (sku, serial) in enumerate(zip(skus, serials, strict=True), 1)
    ]
    yield "plan-shipment", {"shp_id": shp, "wh": "W1", "lines": goods}
    scans = [
        {"di": gtin(int(sku[1:])), "serial": serial}
        for sku, serial in zip(skus, serials, strict=True)
    ]
    yield "confirm-pick", {"shp_id": shp, "picker": "p", "scans": scans}
    yield "review-outbound", {"shp_id": shp, "reviewer": "r", "result": "OK"}
    yield "ship", {"shp_id": shp, "carrier": "c", "waybill": "w"}
    signed = {"signed_at": str(today), "signatory": "s", "document_hash": "h"}
    yield "confirm-delivery", {"shp_id": shp, "region_code": "110000", **signed}
    paid = {"amount": 2 * PRICE * 113, "currency": "CNY", "payer_name": dealer}
    bank = {"bank_ref": f"B-{number}", "value_date": str(today)}
    yield "record-payment", {"dealer_id": dealer, **paid, **bank}


def _serial(placed: dict[str, Any], line: int) -> str:
    names = [name for name in placed["streams"] if name.startswith("Serial/")]
    return names[line - 1].rpartition("/")[2]


def submit(engine: Engine, name: str, body: dict[str, Any], key: str) -> Future[Outcome]:
    return engine.submit(to_request(engine, ACTOR, Envelope(name, key, body)))


def opened(url: str, units_per_product: int) -> Engine:
    """An engine on an empty database, set up."""
    engine = Engine(Settings(database_url=url, follow=False, zone="UTC")).start()
    promises = [
        submit(engine, name, body, f"setup-{number}")
        for number, (name, body) in enumerate(setup(units_per_product))
    ]
    for promise in promises:
        receipt = promise.result(60).receipt
        if receipt.status != "accepted":
            raise RuntimeError(receipt.body)
    return engine
