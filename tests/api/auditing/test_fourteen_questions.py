"""Fourteen questions that an audit asks of the month, each answered over HTTP."""

from __future__ import annotations

import hashlib
import json
import time

from tests.api.auditing.conftest import Auditor

BEFORE_LATE = "2026-04-01T23:59:59+08:00"
SERIAL = "06970012340033/US80-26-0001"


def test_1_every_owner_place_state_document_and_person_of_a_serial(month: Auditor):
    told = month.ask(f"/v1/history/serials/{SERIAL}")["lines"]
    proof = month.ask(f"/v1/serials/{SERIAL}/completeness")

    own = [
        (one["topic"], one["place"], one["document"], one["actor"]) for one in told if one["own"]
    ]
    assert own == [
        ("serial.registered", "", "REG-II-US80", "bootstrap"),
        ("serial.stocked", "WH-SH", "OPENING", "adm-1"),
        ("serial.reserved", "WH-SH", "SO-0001", "system:sourcing"),
        ("serial.shipped", "WH-SH", "SHP-0001", "wh-sh-1"),
        ("serial.delivered", "320100", "SHP-0001", "dlr-d05"),
        ("serial.installed", "330100", "0106970012340033" + "21US80-26-0001", "se-1"),
        ("serial.case_linked", "", "DIV-0001", "system:diversion"),
    ]
    assert [one["position"] for one in told] == sorted(one["position"] for one in told)
    assert all(one["recorded_at"] and one["occurred_at"] for one in told)
    assert [(one["state"], one["custodian"], one["owner"]) for one in proof["spans"]] == [
        ("MADE", "MAKER", "MAKER"),
        ("IN_STOCK", "WH-SH", "MAKER"),
        ("RESERVED", "WH-SH", "MAKER"),
        ("SHIPPED", "CARRIER", "MAKER"),
        ("AT_DEALER", "D05", "D05"),
        ("INSTALLED", "H-HZ-03", "H-HZ-03"),
    ]
    assert proof["complete"]


def test_2_where_every_unit_of_a_lot_is_with_nothing_left_over(month: Auditor):
    found = month.ask("/v1/lots/INJ/INJ2512A/trace")

    balances = {one["holder"]: one["balance"] for one in found["holders"] if one["balance"]}
    assert balances == {
        "WH-SH": 140,
        "WH-BJ": 118,
        "WH-GZ": 2,
        "WH-CD": 30,
        "WH-WH": 150,
        "TO-0002": 40,
        "D05": 28,
        "D07": 148,
        "D08": 40,
        "D12": -5,
        "H-NJ-02": 10,
        "H-SZ-02": 25,
        "COUNT": 2,
        "ADJUSTED": 2,
    }
    received = [
        one["facts"]["goods"]["qty"]
        for one in month.ask("/v1/history/lots/INJ/INJ2512A")["lines"]
        if one["topic"] == "stock.opening_set"
    ]
    assert sum(received) - sum(balances.values()) == 0
    assert found["total"] == sum(received) == 730


def test_3_who_released_a_hold_on_which_limit_with_which_inputs_under_which_policy(
    month: Auditor,
):
    story = month.ask("/v1/history/orders/SO-0002")["lines"]

    (refused,) = [one for one in story if one["topic"] == "order.hold_release_rejected"]
    (released,) = [one for one in story if one["topic"] == "order.hold_released"]
    for one, deviation in ((refused, "5.20"), (released, "2.60")):
        facts = one["facts"]
        assert (one["actor"], one["role"], one["command"]) == ("mgr-east", "MGR", "release-hold")
        assert (facts["code"], facts["limit"]) == ("PRICE_BELOW_FLOOR", "3.00")
        assert facts["deviation"] == deviation
    seen = released["seen"]["active"]["PRICE_BELOW_FLOOR"]["evidence"]
    assert (seen["unit_price"], seen["floor"], seen["price_list"]) == (
        "262000",
        "269000",
        "PL-2026-1",
    )
    checked = [one for one in story if one["topic"] == "order.checked"][1]
    (price,) = [one for one in checked["facts"]["results"] if one["check"] == "K10"]
    assert (price["hold"], price["policy_version"]) == ("PRICE_BELOW_FLOOR", 1)
    (row,) = month.rows("hold_log", "so:SO-0002")
    assert (row["released_by"], row["release_limit"], row["rejected_attempts"]) == (
        "mgr-east",
        "3",
        1,
    )


def test_4_whether_a_dealer_was_licensed_and_the_product_registered_when_goods_left(
    month: Auditor,
):
    found = month.ask("/v1/shipments/SHP-0011/standing")

    assert (found["dealer"], found["shipped_on"], found["changed"]) == ("D08", "2026-03-26", False)
    for known in ("known_then", "known_now"):
        assert [(one["check"], one["hold"]) for one in found[known]] == [("K03", ""), ("K04", "")]
    key = ("dealer:D08", "device_class:III")
    before = month.rows("dealer_licences", *key, known_at="2026-03-23T23:59:59+08:00")
    today = month.rows("dealer_licences", *key)
    assert [(one["no"], one["valid_to"]) for one in before] == [("L3-D08", "2026-03-10")]
    assert [(one["no"], one["valid_to"]) for one in today] == [
        ("L3-D08", "2026-03-10"),
        ("L3-D08-2", "2031-03-19"),
    ]
    (paper,) = month.rows("product_registrations", "sku:INJ")
    assert paper["valid_from"] <= "2026-03-26"


def test_5_what_a_statement_said_when_it_was_issued_and_why_it_is_different_today(
    month: Auditor,
):
    issued = month.ask("/v1/dealers/D06/statements/2026-03", version=1)
    today = month.ask("/v1/dealers/D06/statements/2026-03")
    why = month.ask("/v1/dealers/D06/statements/2026-03/restated", version=1)

    assert (issued["closing"], today["closing"]) == (56_660_460, 34_060_460)
    assert why["differences"] == {"payments": 22_600_000, "closing": -22_600_000}
    assert [(one["doc"], one["gross"]) for one in why["came"]] == [("RCPT-0005", -22_600_000)]
    assert why["went"] == []
    printed, again = (
        month.client.get("/v1/dealers/D06/statements/2026-03/document", params={"version": 1})
        for _ in range(2)
    )
    assert printed.content == again.content


def test_6_which_units_in_a_region_came_from_dealers_not_authorised_there(month: Auditor):
    def units(region: str) -> list[tuple[str, str, list[str], str | None]]:
        found = month.ask("/v1/strays", region=region)["items"]
        names = ("serial", "dealer", "exceptions", "case")
        return [tuple(one[name] for name in names) for one in found]

    assert units("330000") == [("US80-26-0001", "D05", [], "DIV-0001")]
    assert units("320000") == [
        ("P5-26-0005", "D04", ["EX-2026-003"], None),
        ("P5-26-0006", "D04", ["EX-2026-003"], "DIV-0003"),
    ]
    assert units("420000") == []


def test_7_who_saw_or_exported_the_price_list(month: Auditor):
    month.rows("price_rows", "price_list:PL-2026-1")
    month.client.get("/v1/exports/tables/price_rows", params={"format": "xlsx"})
    forbidden = month.client.get("/v1/tables/price_rows", headers={"On-Behalf-Of": "dlr-d05"})
    assert forbidden.status_code == 403

    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = month.ask("/v1/accesses", about="price_rows", limit=500)["items"]
        if any(one["reader"] == "dlr-d05" for one in found):
            break
        time.sleep(0.05)

    seen = {(one["reader"], one["path"], one["status"]) for one in found}
    assert {
        ("bootstrap", "/v1/tables/price_rows", 200),
        ("bootstrap", "/v1/exports/tables/price_rows", 200),
        ("dlr-d05", "/v1/tables/price_rows", 403),
    } <= seen
    assert {one["principal"] for one in found} == {"bootstrap"}


def test_8_that_no_event_was_altered_from_the_first_to_the_last(month: Auditor):
    found = month.ask("/v1/verification", read_models=True)
    exported = month.client.get("/v1/exports/events", params={"format": "ndjson"})

    assert (found["intact"], found["faults"]) == (True, [])
    assert found["examined"]["laws"] == 12
    digest, last = bytes(32), None
    for line in exported.text.splitlines():  # as anybody can, with nothing of ours
        *row, last = json.loads(line).values()
        canonical = json.dumps(row, separators=(",", ":"), ensure_ascii=False).encode()
        digest = hashlib.sha256(digest + canonical).digest()
        assert digest.hex() == last
    assert (found["events"], found["digest"]) == (row[0], last)


def test_9_all_differences_of_counts_and_who_approved_them(month: Auditor):
    (sheet,) = month.ask("/v1/stock-counts")["items"]

    names = ("sheet", "wh", "counter", "recounted_by", "approved_by", "differences", "value")
    assert tuple(sheet[name] for name in names) == (
        "SC-0001",
        "WH-BJ",
        "wh-bj-1",
        "wh-bj-2",
        "fin-1",
        "-2 INJ INJ2512A, +1 GEL GEL2601A",
        149_000,
    )
    story = month.ask("/v1/history/documents/SC-0001")["lines"]
    (approved,) = [one for one in story if one["topic"] == "count.approved"]
    assert approved["actor"] == "fin-1"
    seen = [(one["sku"], one["counted"], one["delta"]) for one in approved["seen"]["lines"]]
    assert seen == [("INJ", 118, -2), ("GEL", 61, 1)]


def test_10_a_rebate_with_the_documents_it_rests_on_and_its_formula(month: Auditor):
    accrued = month.rows("rebate_ledger", "dealer:D05", "policy:RB-2026-Q1", "type:ACCRUED")
    (row,) = accrued
    why = month.ask(
        "/v1/tables/rebates/explanation",
        column="accrued",
        where=["dealer:D05", "policy:RB-2026-Q1"],
    )["explained"]
    base = month.rows("sales_facts", "dealer:D05", "period:2026-03", "basis:RECOGNISED")

    assert row["trace"] == "1,000,000.00 x 1 % + 731,600.00 x 2 %"
    assert (row["base"], row["cumulative"], row["entitlement"]) == (
        34_160_000,
        273_160_000,
        2_463_200,
    )
    assert why["value"] == 2_463_200
    assert [(one["topic"], one["after"]) for one in why["contributions"]] == [
        ("rebate.opening_set", 1_780_000),
        ("rebate.accrued", 2_463_200),
    ]
    assert {one["doc"] for one in base} >= {"INV-2603-001", "CN-2603-002"}
    assert sum(one["net"] for one in base) == row["base"]


def test_11_who_changed_a_territory_and_what_alerts_changed_thereby(month: Auditor):
    after = month.ask("/v1/events", limit=1, topic="dealer.exception_granted")["items"][0]
    (granted,) = month.ask(
        "/v1/master-data-changes", kind="Dealer", key="D04", after=after["position"] - 1
    )["items"]
    (change,) = granted["changes"]

    assert (granted["actor"], granted["role"]) == ("mgr-east", "MGR")
    assert (change["path"], change["before"]) == ("exceptions.EX-2026-003", None)
    assert (change["after"]["region_code"], change["after"]["victim_consent"]) == ("320500", "D05")
    used = month.ask("/v1/history/documents/EX-2026-003")["lines"]
    assert [(one["topic"], one["stream"]) for one in used if one["stream"] != "Dealer/D04"] == [
        ("diversion.alert_raised", "DiversionCase/DIV-0003")
    ]
    territory = month.ask("/v1/master-data-changes", kind="Territory", key="ULTRASOUND", limit=500)
    assert {one["topic"] for one in territory["items"]} == {"territory.mapped"}
    assert all(
        one["followed"][0]["topic"] == "dealer.territory_granted" for one in territory["items"]
    )


def test_12_which_sales_had_a_short_remaining_life_and_who_consented(month: Auditor):
    short = month.ask("/v1/short-dated-sales", below=180)["items"]

    names = ("shp", "so", "lot", "qty", "days_left", "days_needed", "consented_by")
    assert [tuple(one[name] for name in names) for one in short] == [
        ("SHP-0010", "SO-0013", "INJ2508B", 30, 132, 120, None)
    ]
    (attempt,) = month.ask("/v1/refusals", code="SHELF_LIFE_SHORT")
    assert (attempt["actor"], attempt["command"]) == ("wh-sh-1", "reserve")


def test_13_all_returns_with_who_inspected_them_and_the_evidence(month: Auditor):
    returns = month.ask("/v1/returns")["items"]
    story = month.ask("/v1/history/documents/RMA-0001")["lines"]

    assert [(one["rma"], one["dispositions"]) for one in returns] == [
        ("RMA-0001", "1 US80-26-0002 REFURBISH"),
        ("RMA-0002", None),
    ]
    (inspected,) = [one for one in story if one["topic"] == "return.inspected"]
    assert inspected["role"] == "QA"
    assert inspected["seen"]["state"] == "RECEIVED"
    assert not [one for one in story if one["topic"] == "serial.restocked"]
    assert month.rows("inventory_serials", "serial:US80-26-0002")[0]["state"] == "QUARANTINED"


def test_14_all_commands_that_were_refused_for_role_or_limit(month: Auditor):
    refused = month.ask(
        "/v1/refusals", code=["OVERRIDE_LIMIT_EXCEEDED", "HOLD_NOT_OVERRIDABLE", "FORBIDDEN_ROLE"]
    )

    told = [(one["actor"], one["command"], one["answer"]["code"]) for one in refused]
    assert told == [
        ("mgr-south", "release-hold", "HOLD_NOT_OVERRIDABLE"),
        ("mgr-east", "release-hold", "OVERRIDE_LIMIT_EXCEEDED"),
    ]
    attempt = month.ask("/v1/events", after=refused[1]["position"] - 1, limit=1)["items"][0]
    assert attempt["type"] == "order.hold_release_rejected"
