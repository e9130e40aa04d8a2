"""A small world: a device and a box, one warehouse, three dealers with prices and credit.

A device (US80, by serial) costs a dealer 1,130.00 gross, a box (INJ, by lot) 11.30. Neither is made
or bought any more: what the warehouse does not have cannot be supplied.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select

from api.commands import Envelope, to_request
from api.engine import Clock, Engine, system_clock
from api.settings import Settings
from domain.kernel.stamp import Actor
from eventlog.jobs import Outcome
from projections.catalogue import PROJECTIONS

SECRET = "a-secret-that-opens-nothing-else"
"""The service's key, where an engine is told to issue it."""

DEVICE, BOX, WAREHOUSE = "US80", "INJ", "WH-SH"
DEVICE_DI, BOX_DI, LOT = "06970012340033", "06970012340064", "INJ2512A"
DEVICE_GROSS, BOX_GROSS = 113_000, 1_130
RICH, POOR, AWAY = "D01", "D02", "D03"
"""A dealer with ample credit, one with credit for a single box, one of another region."""

FROM, TO = {"valid_from": "2020-01-01"}, {"valid_to": "2099-12-31"}
ALWAYS = FROM | TO
ACTOR = Actor("bootstrap", "SERVICE")
OPENED_AT = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)


@dataclass
class MovableClock:
    """A clock that shows what it is set to."""

    now: datetime = OPENED_AT

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def serial(number: int) -> str:
    return f"US80-26-{number:04}"


def setup(devices: int = 3, boxes: int = 1000) -> list[tuple[str, dict[str, Any]]]:
    """Commands that build the world, in order, each with its body."""
    users = [("rep-east", "REP", "EAST"), ("mgr-east", "MGR", "EAST"), ("fin-1", "FIN", None)]
    users += [(f"wh-sh-{one}", "WH", WAREHOUSE) for one in (1, 2)] + [("se-1", "SE", None)]
    rate = {"tax_code": "VAT13", "rate_pct": "13", "valid_from": "2019-04-01"}
    lot = {"sku": BOX, "lot": LOT, "manufacture_date": "2025-12-01", "expiry": "2099-11-30"}
    weights = {"SERVICE_ENGINEER_SCAN": "0.95", "FIELD_AUDIT": "0.8"}
    serials = [serial(number) for number in range(1, devices + 1)]
    made = {"sku": DEVICE, "serials": serials, "manufacture_date": "2026-01-05"}
    commands = [
        *(_user(*one) for one in users),
        ("set-tax-rate", rate),
        ("set-approval-limits", {"duplicate_hours": 0}),
        ("set-observation-weights", {"weights": weights}),
        ("register-warehouse", {"wh": WAREHOUSE, "region_code": "310000", "sales_region": "EAST"}),
        *(_service(region) for region in ("310000", "330000")),
        _product(DEVICE, DEVICE_DI, "SERIAL", "1500.00", 60_000),
        _product(BOX, BOX_DI, "LOT", "15.00", 700),
        ("create-lot", lot | {"registration_no": "REG-INJ"}),
        ("register-serials", made | {"registration_no": "REG-US80"}),
        ("set-opening-stock", {"wh": WAREHOUSE, "sku": DEVICE, "qty": devices, "serials": serials}),
        ("set-opening-stock", {"wh": WAREHOUSE, "sku": BOX, "qty": boxes, "lot": LOT}),
        ("publish-price-list", _prices()),
    ]
    commands += [*_dealer(RICH, "310000", 10**12), *_dealer(POOR, "310000", BOX_GROSS)]
    commands += _dealer(AWAY, "330000", 10**9)
    hospital = {"customer_id": "H-HZ-03", "name": "Hangzhou hospital 3", "type": "HOSPITAL_2"}
    there = {"region_code": "330100", "address_id": "ADR-H-HZ-03"}
    return [*commands, ("register-customer", hospital | there)]


def _user(name: str, role: str, scope: str | None) -> tuple[str, dict[str, Any]]:
    return "register-user", {"user_id": name, "role": role, "scope": scope}


def _service(region: str) -> tuple[str, dict[str, Any]]:
    ranked = {"ranking": [WAREHOUSE], "lead_days": {WAREHOUSE: 1}}
    return "rank-service", {"region_code": region} | ranked


def _product(sku: str, di: str, tracking: str, price: str, cost: int) -> tuple[str, dict[str, Any]]:
    terms = {"name": f"Product {sku}", "tracking": tracking, "device_class": "II"}
    terms |= {"product_line": "ULTRASOUND", "catalogue_code": "06-07", "tax_code": "VAT13"}
    terms |= {"list_price": price, "std_cost": cost, "identifiers": [{"di": di}], "life": "END"}
    paper = {"kind": "REGISTRATION", "no": f"REG-{sku}", "holder": "the maker"} | FROM
    terms |= {"registrations": [paper]}
    return "register-product", {"sku": sku, "terms": terms}


def _prices() -> dict[str, Any]:
    rows = [
        {"sku": sku, "region": "ALL", "tier": "ALL", "min_qty": 1, "price": price}
        | {"floor": floor, "ceiling": ceiling}
        for sku, floor, price, ceiling in ((DEVICE, "950", "1000", "1500"), (BOX, "9", "10", "15"))
    ]
    head = {"price_list": "PL-1", "currency": "CNY", "author": "fin-1", "approver": "mgr-east"}
    return head | ALWAYS | {"rows": rows}


def _dealer(name: str, region: str, limit: int) -> list[tuple[str, dict[str, Any]]]:
    profile = {"legal_name": f"Dealer {name}", "uscc": f"USCC-{name}", "tier": "A"}
    right = {"product_line": "ULTRASOUND", "region_codes": [region], "exclusive": False} | ALWAYS
    address = {"address_id": f"ADR-{name}", "region_code": region, "kind": "REGISTERED_WAREHOUSE"}
    licence = {"type": "FILING_CLASS_II", "no": f"F2-{name}", "device_class": "II"} | FROM
    licence |= {"scope_codes": ["06-07"]}
    return [
        ("register-dealer", {"dealer_id": name, "profile": profile | {"sales_region": "EAST"}}),
        ("grant-territory", {"dealer_id": name, "authorisation": right}),
        ("register-address", address | {"receiving_entity_id": name}),
        ("register-licence", {"dealer_id": name, "licence": licence}),
        ("set-credit-limit", {"dealer_id": name, "limit": limit} | ALWAYS),
    ]


def order(dealer: str = RICH, sku: str = BOX, qty: int = 1, **more: Any) -> dict[str, Any]:
    """Body of an order for one line at list price."""
    head = {"dealer_id": dealer, "ship_to": f"ADR-{dealer}", "requested_date": "2099-01-01"}
    return head | {"lines": [{"sku": sku, "qty": qty}]} | more


def opened(url: str, clock: Clock = system_clock, **settings: Any) -> Engine:
    """Open an engine, not yet started; on an empty log the service's key is issued at its start."""
    return Engine(Settings(database_url=url, bootstrap_key=SECRET, **settings), clock)


def send(engine: Engine, name: str, key: str, body: Any, **more: Any) -> Future[Outcome]:
    """Hand a command to an engine, on the path that HTTP takes."""
    return engine.submit(to_request(engine, ACTOR, Envelope(name, key, body, **more)))


def done(engine: Engine, name: str, key: str, body: Any, **more: Any) -> dict[str, Any]:
    """Run a command that must be accepted, and give its answer."""
    receipt = send(engine, name, key, body, **more).result(60).receipt
    answer: dict[str, Any] = msgspec.json.decode(receipt.body)
    assert receipt.status == "accepted", answer
    return answer


def build(engine: Engine, devices: int = 3, boxes: int = 1000) -> None:
    """Set the world up."""
    commands = enumerate(setup(devices, boxes))
    waiting = [send(engine, name, f"setup-{at}", body) for at, (name, body) in commands]
    for one in waiting:
        receipt = one.result(60).receipt
        assert receipt.status == "accepted", receipt.body


def tables_of(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every read model, by table, in the order of its key."""
    with engine.database.reading() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for projection in PROJECTIONS
            for table in projection.tables
        }


def caught_up(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row, once the projections have the whole log."""
    assert engine.runner.wait(engine.reader.head().position, 60)
    return tables_of(engine)


def rebuilt(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row after a rebuild from the first event."""
    for projection in PROJECTIONS:
        engine.runner.rebuild(projection)
    return tables_of(engine)
