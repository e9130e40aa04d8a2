"""Steps of detection: goods come to dealers, are seen, sold, counted, served; cases come of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from domain.cases import case_events
from domain.cases.alert import Alert
from domain.cases.diversion_case import DiversionCase
from domain.channel.book import Buyer
from domain.company.company_policy import CompanyPolicy
from domain.flows.cases.observing import ObserveScan, observe_scan, record_installation
from domain.flows.cases.ruling import SetDetectionThresholds, set_detection_thresholds
from domain.flows.cases.serving import (
    RegisterWarranty,
    RequestService,
    register_warranty,
    request_service,
)
from domain.flows.channel.reporting import (
    CountedGoods,
    ReportDealerCount,
    ReportDealerSales,
    ReportedSale,
    report_count,
    report_sales,
)
from domain.flows.goods.delivering import confirm_delivery
from domain.flows.parties.granting import GrantCrossRegionException, grant_exception
from domain.goods.serial_number import SerialNumber
from tests.domain.company import company, policy
from tests.domain.laws import all_of
from tests.domain.story import goods, installing, of, placed, scan, seeing, sent, signing
from tests.domain.support import Fact, Given, When, day, given
from tests.domain.world import BY, DI, ENGINEER, MGR_EAST, WEIGHTS

ON = "2026-03-21"
LOT = "INJ2512A"
NANJING, SUZHOU = ("H-NJ-02", "320100"), ("H-SZ-01", "320500")
HANGZHOU, SHANGHAI = ("H-HZ-03", "330100"), ("H-SH-01", "310100")
CHENGDU, CHANGSHA = ("H-CD-05", "510100"), ("H-CD-05", "430100")
HOME = {"D04": "310100", "D05": "320100", "D06": "330100", "D09": "510100", "D12": "320500"}
BELIEVED = WEIGHTS | {"DEALER_PORTAL": "0.8", "PUBLIC_TENDER": "0.4", "SIGNED_POD": "1.0"}


def add(past: Given, *facts: Fact) -> Given:
    """More facts became known."""
    for kind, key, event in facts:
        past.log.get(kind, *key).record(event)
    return past


def world(*facts: Fact) -> Given:
    """The company, which believes reports, tenders and signatures as far as they deserve."""
    weights = {name: Decimal(one) for name, one in BELIEVED.items()}
    return given(company(), policy(CompanyPolicy.WeightsSet(*BY, weights=weights)), list(facts))


def number_of(past: Given, kind: str) -> int:
    return sum(stream.startswith(f"{kind}/") for stream in past.log.kept) + 1


def delivered(past: Given, shp: str, region: str, on: str) -> When:
    proof = signing(shp, on, region_code=region)
    return past.when(confirm_delivery, proof, on=on)


def bought(
    *serials: str,
    dealer: str = "D05",
    past: Given | None = None,
    on: str = "2026-03-03",
    **more: Any,
) -> Given:
    """A dealer ordered devices from Shanghai that day, got them and signed at home."""
    past, sku = past or world(), serials[0].partition("-")[0]
    number = number_of(past, "Order")
    placed(of(sku, len(serials)), dealer=dealer, on=on, past=past)
    shp = f"SHP-{number:04}"
    sent(past, shp, goods(f"SO-{number:04}", 1, sku, *serials), on=on, **more)
    return delivered(past, shp, HOME[dealer], on).accepted()


def boxes(
    qty: int, lot: str = LOT, dealer: str = "D05", past: Given | None = None, on: str = "2026-03-03"
) -> Given:
    """A dealer ordered boxes of a lot from Shanghai, got them and signed at home."""
    past = past or world()
    number = number_of(past, "Order")
    placed(of("INJ", qty), dealer=dealer, on=on, past=past)
    shp = f"SHP-{number:04}"
    sent(past, shp, goods(f"SO-{number:04}", 1, "INJ", lot, qty=qty), on=on)
    return delivered(past, shp, HOME[dealer], on).accepted()


def install(past: Given, serial: str, place: tuple[str, str], on: str = ON, **more: Any) -> When:
    """An engineer found a device installed; it is told on ``told``, else the same day."""
    told = more.pop("told", on)
    command = installing(serial, *place, installed_at=day(on), **more)
    return past.when(record_installation, command, by=ENGINEER, on=told)


def see(
    past: Given, serial: str, region: str, on: str = ON, source: str = "FIELD_AUDIT", **more: Any
) -> When:
    command = seeing(serial, region, source, **more)
    return past.when(observe_scan, command, by=ENGINEER, on=on)


def see_lot(
    past: Given, region: str, qty: int = 1, lot: str = LOT, on: str = ON, **more: Any
) -> When:
    told = {"source": "FIELD_AUDIT", "observer": "se-1", "qty": qty} | more
    label = told.pop("scan", scan("INJ", lot=lot))
    return past.when(observe_scan, ObserveScan(scan=label, region_code=region, **told), on=on)


def sale(buyer: Buyer | str, serial: str | None = None, on: str = ON, **more: Any) -> ReportedSale:
    """A device by serial, or INJ; a buyer by a hospital's name."""
    whom = Buyer(hospital=buyer) if isinstance(buyer, str) else buyer
    sku = "INJ" if serial is None else serial.partition("-")[0]
    told = {"line_no": 1, "day": day(on), "sku": sku, "buyer": whom, "serial": serial} | more
    return ReportedSale(**told)


def report(past: Given, dealer: str, *lines: ReportedSale, told: str = "") -> When:
    """A dealer reported sales in a file of their own, on the day of the last one or later."""
    name, last = f"file-{len(past.log.journal)}", str(max(one.day for one in lines))
    command = ReportDealerSales(dealer_id=dealer, file_hash=name, lines=lines)
    return past.when(report_sales, command, on=told or last)


def count(past: Given, dealer: str, qty: int, on: str = ON, lot: str = LOT) -> When:
    line = CountedGoods(sku="INJ", qty=qty, lot=lot)
    command = ReportDealerCount(dealer_id=dealer, as_of=day(on), lines=(line,))
    return past.when(report_count, command, on=on)


def serve(past: Given, serial: str, place: tuple[str, str], on: str = ON, **more: Any) -> When:
    label = scan(serial.partition("-")[0], serial)
    told = {"kind": "REPAIR"} | more
    command = RequestService(scan=label, hospital_id=place[0], region_code=place[1], **told)
    return past.when(request_service, command, by=ENGINEER, on=on)


def register(
    past: Given, serial: str, place: tuple[str, str], on: str = ON, told: str = ""
) -> When:
    """A hospital registered a device for its warranty."""
    label, (hospital, region) = scan(serial.partition("-")[0], serial), place
    command = RegisterWarranty(
        scan=label, hospital_id=hospital, region_code=region, registered_at=day(on)
    )
    return past.when(register_warranty, command, on=told or on)


def leave(past: Given, qty: int = 1, dealer: str = "D05", no: str = "EX-1", **more: Any) -> Given:
    """A dealer may sell a quantity in Zhejiang, from March to June."""
    told = {"product_line": "ULTRASOUND", "region_code": "330000"} | more
    days = {"valid_from": day("2026-03-01"), "valid_to": day("2026-06-30")}
    command = GrantCrossRegionException(
        exception=no, dealer_id=dealer, qty_max=qty, **(days | told)
    )
    return past.when(grant_exception, command, by=MGR_EAST).accepted()


def thresholds(past: Given, **more: Any) -> Given:
    return past.when(set_detection_thresholds, SetDetectionThresholds(**more)).accepted()


def unit(past: Given, serial: str) -> SerialNumber:
    return past.get(SerialNumber, DI[serial.partition("-")[0]], serial)


def cases(past: Given) -> dict[str, str]:
    """All cases by number, with the rule that they rest on."""
    return {one.key: one.known.rule for one in all_of(past.log, DiversionCase)}


def case(past: Given, name: str = "DIV-0001") -> DiversionCase:
    return past.get(DiversionCase, name)


def alert(done: When) -> Alert:
    """The one alert that was raised."""
    (raised,) = done.recorded(case_events.AlertRaised)
    found: Alert = raised.alert
    return found


def rules(done: When) -> list[str]:
    """Rules of the alerts that were raised."""
    return [one.alert.rule for one in done.recorded(case_events.AlertRaised)]


def points(found: Alert) -> list[int]:
    return [one.points for one in found.parts]


def explained(done: When) -> list[str]:
    """Codes of the explanations that silenced an alarm, which was not raised."""
    assert rules(done) == []
    return [one.explanation for one in done.recorded(case_events.AlertSuppressed)]
