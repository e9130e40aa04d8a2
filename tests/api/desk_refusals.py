"""Commands that the order desk refuses at the end of the demo's month: code, command, who, body."""

from __future__ import annotations

from typing import Any

Refused = tuple[str, str, str, dict[str, Any]]

QA = {"reason": "sample", "qa_document": "sha256:qa"}
LINE = {"sku": "P5", "qty": 1, "unit_price": "84000"}
ORDER = {"dealer_id": "D04", "ship_to": "ADR-D04-W1", "requested_date": "2026-12-01"}
WHOLE = [{"milestone": "POD", "pct": "100", "due_days": 30}]
TERMS = {
    "type": "FRAMEWORK",
    "dealer": "D07",
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
    "lines": [{"sku": "INJ", "unit_price": "1220", "qty_max": 500}],
}
GOOD = {"inspector": "qa-1", "result": "OK", "qualified_qty": 1}
LOT = {"lot": "INJ2512A", "registration_no": "REG-III-INJ"}
UNIT = {"manufacture_date": "2026-03-01", "registration_no": "REG-II-US80"}


def _set(field: str, value: str, line_no: int | None = None) -> dict[str, Any]:
    return {"field": field, "value": value, "line_no": line_no}


def _amend(so: str, *changes: dict[str, Any]) -> dict[str, Any]:
    return {"so_id": so, "changes": list(changes), "reason": "asked for"}


def _receive(sku: str, kind: str, ref: str, **bucket: Any) -> dict[str, Any]:
    source = {"kind": kind, "ref": ref}
    head = {"wh": "WH-WH", "sku": sku, "source": source, "inspection": GOOD}
    return head | {"buckets": [{"qty": 1} | bucket]}


def _back(item: dict[str, Any], dealer: str = "D05", reason: str = "COMMERCIAL") -> dict[str, Any]:
    found = {"dealer_id": dealer, "shipment": "SHP-0001", "reason": reason}
    return found | {"items": [{"qty": 1} | item]}


def _count(lines: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"sheet_id": "SC-9", "wh": "WH-BJ", "counter": "wh-bj-1", "lines": lines} | more


ORDERS: list[Refused] = [
    ("UNKNOWN_SKU", "place-order", "rep-east", ORDER | {"lines": [LINE | {"sku": "X"}]}),
    ("VALIDATION_FAILED", "place-order", "rep-east", ORDER | {"lines": [LINE | {"qty": 0}]}),
    (
        "DUPLICATE_ORDER",
        "place-order",
        "rep-east",
        ORDER | {"lines": [LINE], "external_ref": "PO-D04-0009"},
    ),
    ("INVALID_STATE", "place-draft", "rep-east", {"so_id": "SO-0014"}),
    ("NOT_FOUND", "place-draft", "rep-east", {"so_id": "SO-9999"}),
    ("PRICE_LOCKED", "amend-order", "rep-east", _amend("SO-0001", _set("unit_price", "1", 1))),
    ("AMEND_BELOW_SHIPPED", "amend-order", "rep-east", _amend("SO-0001", _set("qty", "1", 1))),
    ("ADDRESS_LOCKED", "amend-order", "rep-east", _amend("SO-0001", _set("ship_to", "ADR-D06-W1"))),
    ("INVALID_STATE", "amend-order", "rep-east", _amend("SO-0011", _set("qty", "2", 1))),
    ("ALREADY_SHIPPED", "cancel-order", "mgr-east", {"so_id": "SO-0001", "reason": "x"}),
    ("INVALID_STATE", "cancel-order", "mgr-north", {"so_id": "SO-0011", "reason": "x"}),
    ("ALREADY_SHIPPED", "reject-order", "mgr-east", {"so_id": "SO-0001", "code": "X"}),
    ("INVALID_STATE", "reject-order", "mgr-east", {"so_id": "SO-0014", "code": "X"}),
    (
        "NOTHING_OPEN",
        "short-close-line",
        "mgr-south",
        {"so_id": "SO-0004", "line_no": 1, "qty": 1, "reason": "DEALER_REQUEST"},
    ),
    ("NOT_SETTLED", "close-order", "mgr-east", {"so_id": "SO-0002"}),
    ("RETURN_WINDOW_OPEN", "close-order", "mgr-east", {"so_id": "SO-0002"}),
    ("INVALID_STATE", "close-order", "mgr-east", {"so_id": "SO-0006"}),
    (
        "HOLD_NOT_ACTIVE",
        "release-hold",
        "mgr-north",
        {"so_id": "SO-0014", "code": "PRICE_BELOW_FLOOR", "reason": "x"},
    ),
    (
        "FORBIDDEN_ROLE",
        "resource-line",
        "wh-bj-1",
        {
            "so_id": "SO-0014",
            "line_no": 1,
            "qty": 1,
            "reason": "x",
            "new_supply": {"kind": "SHIP", "wh": "WH-BJ"},
        },
    ),
    (
        "INSUFFICIENT_ATP",
        "resource-line",
        "mgr-north",
        {
            "so_id": "SO-0006",
            "line_no": 1,
            "qty": 1,
            "reason": "x",
            "new_supply": {"kind": "SHIP", "wh": "WH-BJ"},
        },
    ),
    ("HOLD_NOT_OVERRIDABLE", "set-approval-rule", "adm-1", {"code": "LICENCE_EXPIRED", "roles": ["ADM"]}),
]  # fmt: skip

DEALS: list[Refused] = [
    ("PRICE_BELOW_FLOOR", "draft-contract", "rep-south", {"terms": TERMS | {"lines": [{"sku": "INJ", "unit_price": "1000", "qty_max": 1}]}}),
    ("DATE_RANGE", "draft-contract", "rep-south", {"terms": TERMS | {"valid_to": "2025-01-01"}}),
    ("ALREADY_EXISTS", "draft-contract", "rep-south", {"contract_id": "HT-2026-012", "terms": TERMS}),
    ("QTY_BELOW_CALLED", "amend-contract", "rep-south", {"contract_id": "HT-2026-012", "terms": TERMS | {"lines": [{"sku": "INJ", "unit_price": "1220", "qty_max": 100}]}}),
    ("INVALID_STATE", "submit-contract", "rep-south", {"contract_id": "HT-2026-012"}),
    ("INVALID_STATE", "approve-contract", "fin-1", {"contract_id": "HT-2026-012"}),
    ("DOC_MISSING", "sign-contract", "adm-1", {"contract_id": "HT-2026-012", "document_hash": " "}),
    ("ORDER_STILL_OPEN", "refund-deposit", "fin-1", {"dealer_id": "D01", "so_id": "SO-0006", "doc_no": "DEP-0002", "amount": 1, "bank_ref": "B"}),
    ("DUPLICATE_BANK_REF", "receive-deposit", "fin-1", {"dealer_id": "D01", "so_id": "SO-0006", "bank_ref": "BK-20260310-1102", "value_date": "2026-03-11", "amount": 1}),
    ("DEPOSIT_EXCEEDED", "refund-deposit", "fin-1", {"dealer_id": "D02", "so_id": "SO-0014", "doc_no": "DEP-0009", "amount": 1, "bank_ref": "B"}),
    ("NOT_BILLABLE", "post-invoice", "fin-1", {"so_id": "SO-0014", "milestone": "POD"}),
    ("OPEN_BALANCE", "terminate-dealer", "adm-1", {"dealer_id": "D02", "reason": "x"}),
    ("INVALID_STATE", "reinstate-dealer", "adm-1", {"dealer_id": "D07", "reason": "x"}),
]  # fmt: skip

STOCK: list[Refused] = [
    ("FEFO_VIOLATION", "reserve", "wh-sh-1", {"wh": "WH-SH", "sku": "INJ", "ref": "SO-0013", "qty": 1, "lot": "INJ2602C"}),
    ("RESERVE_EXCEEDS_OPEN", "reserve", "wh-wh-1", {"wh": "WH-WH", "sku": "GEL", "ref": "SO-0007", "qty": 1, "lot": "GEL2601A"}),
    ("LOT_NOT_SELLABLE", "reserve", "wh-wh-1", {"wh": "WH-WH", "sku": "GEL", "ref": "SO-0007", "qty": 1, "lot": "NOPE"}),
    ("RESERVATION_NOT_FOUND", "release-reservation", "wh-wh-1", {"wh": "WH-WH", "sku": "GEL", "ref": "SO-0007", "qty": 1, "lot": "GEL2601A", "reason": "x"}),
    ("QC_ROLE_REQUIRED", "release-from-quarantine", "wh-gz-1", {"wh": "WH-GZ", "sku": "INJ", "qty": 2, "lot": "INJ2512A"} | QA),
    ("QC_ROLE_REQUIRED", "block", "wh-gz-1", {"wh": "WH-GZ", "sku": "FLM", "qty": 2, "lot": "FLM2511A"} | QA),
    ("QC_ROLE_REQUIRED", "lock-product", "adm-1", {"sku": "INJ", "reason": "x"}),
    ("INVALID_STATE", "unblock", "qa-1", {"wh": "WH-GZ", "sku": "INJ", "qty": 2, "lot": "INJ2512A"} | QA),
    ("SERIAL_COUNT_MISMATCH", "post-count", "wh-bj-1", _count([{"sku": "US80", "counted": 2, "serials_found": ["A"]}])),
    ("RECOUNT_REQUIRED", "post-count", "wh-bj-1", _count([{"sku": "INJ", "lot": "INJ2512A", "counted": 1}])),
    ("LOT_REQUIRED", "post-count", "wh-bj-1", _count([{"sku": "INJ", "counted": 1}])),
    ("INVALID_STATE", "approve-count", "fin-2", {"sheet_id": "SC-0001"}),
    ("EXPIRED_ON_RECEIPT", "receive-stock", "wh-wh-1", _receive("INJ", "PURCHASE", "PR-0002", lot="OLD", registration_no="R", manufacture_date="2020-01-01", expiry="2021-01-01")),
    ("REGISTRATION_MISSING", "receive-stock", "wh-wh-1", _receive("INJ", "PURCHASE", "PR-0002", **LOT | {"registration_no": " "})),
    ("INVALID_STATE", "receive-stock", "wh-wh-1", _receive("INJ", "PURCHASE", "PR-0002", **LOT)),
    ("SERIAL_DUPLICATE", "receive-stock", "wh-wh-1", _receive("US80", "PURCHASE", "PR-0002", serials=["US80-26-0001"], **UNIT)),
    ("SERIAL_NOT_AVAILABLE", "receive-stock", "wh-wh-1", _receive("US80", "PRODUCTION", "WO-0002", serials=["US80-26-0001"], **UNIT)),
    ("TRACKING_CHANGE_WITH_STOCK", "register-product", "adm-1", {"sku": "GEL", "terms": {"name": "x", "tracking": "NONE", "device_class": "II", "product_line": "CONSUMABLES", "catalogue_code": "06-07", "list_price": "260", "std_cost": 1, "tax_code": "VAT13", "identifiers": [{"di": "06970012340071"}]}}),
    ("ALREADY_SHIPPED", "cancel-shipment", "wh-sh-1", {"shp_id": "SHP-0001", "reason": "x"}),
    ("INVALID_STATE", "record-loss", "wh-sh-1", {"shp_id": "SHP-0001", "claim_no": "C", "reason": "x"}),
    ("INVALID_STATE", "refuse-delivery", "wh-sh-1", {"shp_id": "SHP-0001", "reason": "x"}),
    ("INVALID_STATE", "receive-refused", "wh-sh-1", {"shp_id": "SHP-0001", "wh": "WH-SH"}),
]  # fmt: skip

SUPPLY: list[Refused] = [
    ("SAME_WAREHOUSE", "create-transfer", "wh-wh-1", {"src": "WH-WH", "dst": "WH-WH", "sku": "INJ", "qty": 1}),
    ("NUMBER_TAKEN", "create-transfer", "wh-wh-1", {"to": "TO-0001", "src": "WH-WH", "dst": "WH-CD", "sku": "INJ", "qty": 1}),
    ("RECEIVE_EXCEEDS_DISPATCH", "receive-transfer", "wh-cd-1", {"to": "TO-0002", "good": [{"qty": 41, "lot": "INJ2512A"}]}),
    ("RECEIVE_EXCEEDS_DISPATCH", "confirm-transfer-loss", "wh-cd-1", {"to": "TO-0002", "goods": [{"qty": 1, "lot": "OTHER"}], "claim_no": "C"}),
    ("INVALID_STATE", "dispatch-transfer", "wh-wh-1", {"to": "TO-0002", "waybill": "W"}),
    ("INVALID_STATE", "cancel-transfer", "wh-wh-1", {"to": "TO-0002", "reason": "x"}),
    ("MATERIAL_SHORTAGE", "release-work-order", "pp-1", {"wo": "WO-0001", "missing": {"C-MAG15": 1}}),
    ("INVALID_STATE", "report-progress", "pp-1", {"wo": "WO-0001", "step": "frame", "pct": 10}),
    ("OVER_OUTPUT", "report-output", "pp-1", {"wo": "WO-0001", "serials": [{"serial": f"MR-{n}", "manufacture_date": "2026-03-20"} for n in range(2)]}),
    ("SERIAL_REQUIRED", "report-output", "pp-1", {"wo": "WO-0001"}),
    ("SERIAL_DUPLICATE", "report-output", "pp-1", {"wo": "WO-0001", "serials": [{"serial": "MR-1", "manufacture_date": "2026-03-20"}] * 2}),
    ("REGISTRATION_EXPIRED", "report-output", "pp-1", {"wo": "WO-0001", "serials": [{"serial": "MR-1", "manufacture_date": "2020-03-20"}]}),
    ("NEED_DATE_PAST", "reschedule-work-order", "pp-1", {"wo": "WO-0001", "due": "2026-01-01", "cause": "x"}),
    ("NEED_DATE_PAST", "create-requisition", "pp-1", {"item": "INJ", "wh": "WH-SH", "qty": 1, "need_date": "2026-01-01", "reason": "REPLENISHMENT"}),
    ("SUPPLIER_NOT_QUALIFIED", "order-requisition", "pur-1", {"pr": "PR-0001", "po_ref": "PO", "supplier": "NOBODY", "promised": "2026-12-01"}),
    ("INVALID_STATE", "approve-requisition", "pur-1", {"pr": "PR-0002"}),
]  # fmt: skip

RETURNS: list[Refused] = [
    ("NOT_SHIPPED_TO_DEALER", "request-return", "dlr-d05", _back({"sku": "INJ", "lot": "INJ2508B"})),
    ("QTY_EXCEEDS_SHIPPED", "request-return", "dlr-d05", _back({"sku": "INJ", "lot": "INJ2512A", "qty": 61})),
    ("QTY_EXCEEDS_SHIPPED", "request-return", "dlr-d05", _back({"sku": "US80", "serial": "US80-26-0002"})),
    ("ALREADY_INSTALLED", "request-return", "dlr-d05", _back({"sku": "US80", "serial": "US80-26-0001"})),
    ("APPROVAL_REQUIRED", "approve-return", "rep-east", {"rma_id": "RMA-0001"}),
    ("APPROVAL_REQUIRED", "refuse-return", "rep-east", {"rma_id": "RMA-0001", "reason": "x"}),
    ("INVALID_STATE", "receive-return", "wh-sh-1", {"rma_id": "RMA-0001", "wh": "WH-SH", "items": [{"sku": "US80", "serial": "US80-26-0002", "qty": 1}]}),
    ("QC_ROLE_REQUIRED", "inspect-return", "wh-sh-1", {"rma_id": "RMA-0001", "report_hash": "h", "items": [{"sku": "US80", "serial": "US80-26-0002", "disposition": "RESTOCK"}]}),
    ("EXCEEDS_INVOICED", "credit-return", "fin-1", {"rma_id": "RMA-0001", "invoice": "INV-2603-001", "red_info_no": "R"}),
    ("RED_INFO_MISSING", "credit-return", "fin-1", {"rma_id": "RMA-0001", "invoice": "INV-2603-001", "red_info_no": ""}),
    ("SERIAL_NOT_ON_ORDER", "schedule-installation", "se-1", {"so_id": "SO-0006", "serial": "CT64-25-0103", "hospital_id": "H-SH-01", "planned_at": "2026-05-01"}),
    ("INVALID_STATE", "start-installation", "se-1", {"install_id": "INS-0001", "engineer_id": "se-1"}),
    ("ACCEPTANCE_DOC_REQUIRED", "record-acceptance", "se-1", {"install_id": "INS-0001", "so_id": "SO-0005", "serial": "CT64-25-0103", "document_hash": "", "hospital_signatory": "x", "accepted_at": "2026-03-27"}),
    ("SERIAL_NOT_ON_ORDER", "record-acceptance", "se-1", {"install_id": "INS-0001", "so_id": "SO-0005", "serial": "CT64-25-0101", "document_hash": "h", "hospital_signatory": "x", "accepted_at": "2026-03-27"}),
]  # fmt: skip

US80 = "010697001234003321US80-26-"
SHIPPED_ON = [{"so": "SO-0014", "line": 1, "sku": "US80", "qty": 1, "serials": ["US80-26-0005"]}]
ROW = {"sku": "P5", "region": "ALL", "tier": "Z", "min_qty": 1, "price": "1", "floor": "1"}
LIST = {"price_list": "PL-TEST", "currency": "CNY", "valid_from": "2026-01-01"}
LIST |= {"valid_to": "2026-12-31", "rows": [ROW | {"ceiling": "2"}]}
BIG = {"item": "DR50", "wh": "WH-SH", "qty": 100, "need_date": "2026-12-01", "reason": "ORDER"}
CHEAP = ORDER | {"lines": [LINE | {"unit_price": "80000"}]}
PROJECT = {"customer_id": "H-SH-01", "product_line": "IMAGING"}
INSTALL = {"install_id": "INS-9"}

AFTERWARDS: list[tuple[str, str, dict[str, Any]]] = [
    ("draft-price-list", "fin-1", LIST),
    ("create-requisition", "pp-1", BIG | {"pr": "PR-BIG", "ref": "SO-X"}),
    ("plan-shipment", "wh-bj-1", {"shp_id": "SHP-9", "wh": "WH-BJ", "lines": SHIPPED_ON}),
    ("place-order", "mgr-east", CHEAP),
    ("place-order", "rep-east", ORDER | {"lines": [LINE], "delivery_policy": "LINE_COMPLETE"}),
    ("register-project", "rep-east", PROJECT | {"dealer_id": "D04"}),
    ("schedule-installation", "se-1", INSTALL | {"so_id": "SO-0002", "serial": "US80-26-0003", "hospital_id": "H-HZ-03", "planned_at": "2026-05-01"}),
    ("suspend-dealer", "adm-1", {"dealer_id": "D02", "reason": "audit"}),
]  # fmt: skip
"""What is done after the month, to make more of it refusable."""

MORE: list[Refused] = [
    ("APPROVER_IS_AUTHOR", "approve-price-list", "fin-1", {"price_list": "PL-TEST"}),
    ("FORBIDDEN_ROLE", "approve-price-list", "wh-bj-1", {"price_list": "PL-TEST"}),
    ("INVALID_STATE", "activate-price-list", "fin-2", {"price_list": "PL-TEST"}),
    ("PRICE_AMBIGUOUS", "draft-price-list", "fin-1", LIST | {"rows": [ROW | {"ceiling": "2"}] * 2}),
    ("BUDGET_EXCEEDED", "approve-requisition", "pur-1", {"pr": "PR-BIG"}),
    ("DUPLICATE_FOR_DEMAND", "create-requisition", "pp-1", BIG | {"ref": "SO-X"}),
    ("REVIEW_MISSING", "ship", "wh-bj-1", {"shp_id": "SHP-9", "carrier": "C", "waybill": "W"}),
    ("SCAN_MISMATCH", "confirm-pick", "wh-bj-1", {"shp_id": "SHP-9", "picker": "wh-bj-1", "scans": [{"raw": US80 + "0006"}]}),
    ("NOT_RESERVED", "plan-shipment", "wh-bj-1", {"shp_id": "SHP-8", "wh": "WH-BJ", "lines": [SHIPPED_ON[0] | {"serials": ["US80-26-0006"]}]}),
    ("SHIP_EXCEEDS_RESERVED", "plan-shipment", "wh-bj-1", {"shp_id": "SHP-8", "wh": "WH-BJ", "lines": [SHIPPED_ON[0] | {"qty": 2, "serials": ["US80-26-0005", "US80-26-0006"]}]}),
    ("QTY_SERIAL_MISMATCH", "plan-shipment", "wh-bj-1", {"shp_id": "SHP-8", "wh": "WH-BJ", "lines": [SHIPPED_ON[0] | {"qty": 2}]}),
    ("POD_DOC_REQUIRED", "confirm-delivery", "dlr-d05", {"shp_id": "SHP-0001", "signed_at": "2026-03-05", "signatory": "x", "region_code": "320100", "document_hash": ""}),
    ("SELF_APPROVAL", "release-hold", "mgr-east", {"so_id": "SO-0015", "code": "PRICE_BELOW_FLOOR", "reason": "x"}),
    ("REASON_REQUIRED", "release-hold", "mgr-national", {"so_id": "SO-0015", "code": "PRICE_BELOW_FLOOR", "reason": " "}),
    ("OUT_OF_SCOPE", "release-hold", "mgr-north", {"so_id": "SO-0015", "code": "PRICE_BELOW_FLOOR", "reason": "x"}),
    ("FORBIDDEN_ROLE", "release-hold", "fin-1", {"so_id": "SO-0015", "code": "PRICE_BELOW_FLOOR", "reason": "x"}),
    ("PROJECT_ALREADY_REGISTERED", "register-project", "rep-east", PROJECT | {"dealer_id": "D05"}),
    ("INVALID_STATE", "extend-registration", "rep-east", PROJECT | {"dealer_id": "D05"}),
    ("SITE_NOT_READY", "start-installation", "se-1", INSTALL | {"engineer_id": "se-1"}),
    ("NOT_INSTALLED", "record-tests", "se-1", INSTALL | {"protocol": "h", "passed": True}),
    ("NOT_INSTALLED", "record-acceptance", "se-1", INSTALL | {"so_id": "SO-0002", "serial": "US80-26-0003", "document_hash": "h", "hospital_signatory": "x", "accepted_at": "2026-03-27"}),
    ("SERIAL_MISMATCH", "record-acceptance", "se-1", INSTALL | {"so_id": "SO-0001", "serial": "US80-26-0001", "document_hash": "h", "hospital_signatory": "x", "accepted_at": "2026-03-27"}),
    ("HOLDS_ACTIVE", "reserve", "wh-bj-1", {"wh": "WH-BJ", "sku": "US80", "ref": "SO-0014", "qty": 1, "serials": ["US80-26-0006"]}),
    ("INVALID_STATE", "suspend-dealer", "adm-1", {"dealer_id": "D02", "reason": "x"}),
    ("USCC_DUPLICATE", "register-dealer", "adm-1", {"dealer_id": "D99", "profile": {"legal_name": "x", "uscc": "91130000MA00000002", "tier": "A", "sales_region": "EAST"}}),
    ("TERRITORY_OVERLAP_EXCLUSIVE", "grant-territory", "adm-1", {"dealer_id": "D04", "authorisation": {"product_line": "IMAGING", "region_codes": ["330000"], "valid_from": "2026-01-01", "valid_to": "2026-12-31"}}),
    ("PAYER_MISMATCH", "record-payment", "fin-1", {"dealer_id": "D05", "bank_ref": "B9", "value_date": "2026-03-19", "amount": 1, "currency": "CNY", "payer_name": "x"}),
    ("CURRENCY_MISMATCH", "record-payment", "fin-1", {"dealer_id": "D05", "bank_ref": "B9", "value_date": "2026-03-19", "amount": 1, "currency": "EUR", "payer_name": "Jinling (Jiangsu)"}),
    ("ALREADY_POSTED", "set-opening-stock", "adm-1", {"wh": "WH-WH", "sku": "INJ", "qty": 1, "lot": "INJ2512A"}),
]  # fmt: skip

REFUSED: list[Refused] = [*ORDERS, *DEALS, *STOCK, *SUPPLY, *RETURNS, *MORE]
