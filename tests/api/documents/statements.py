"""Statements to be written: a month with every kind of line, made by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.accounts.statement_terms import Figures
from replays.statements.values import (
    Ageing,
    DetailLine,
    Document,
    GoodsLine,
    Head,
    Memo,
    OpenDocument,
    Party,
    RebateMemo,
)

DIGEST = "5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02"
OURS = Party(
    name="上海澄明医疗器械有限公司",
    uscc="91310115MA1K4X7Y2P",
    address="上海市浦东新区张江路 88 号",
    bank="中国工商银行上海张江支行",
    bank_account="1001 2345 0930 0456 789",
    contact="应收会计 陈静 021-5080 1234",
)
DEALER = Party(name="南京康泰医疗科技有限公司", uscc="91320100MA1W3B8K7Q")


def invoiced(sku, qty, price, net, vat, balance, **more):
    return DetailLine(
        day=date(2026, 3, 9),
        type="INVOICE",
        doc="INV-2026-0031",
        text="invoice of SHP-0007",
        gross=net + vat,
        balance=balance,
        fapiao="26312000000012345678",
        so="SO-0012",
        shp="SHP-0007",
        sku=sku,
        qty=qty,
        unit_price=Decimal(price),
        net=net,
        vat=vat,
        **more,
    )


SERIALS = ("US80-26-0001", "US80-26-0002")
LINES = (
    invoiced("US80", 2, "266000.00", 53_200_000, 6_916_000, 113_858_800, serials=SERIALS),
    invoiced("INJ", 360, "210.00", 7_560_000, 982_800, 113_858_800, lots=("INJ2601A", "INJ2602B")),
    DetailLine(
        day=date(2026, 3, 12),
        type="CREDIT_REBATE",
        doc="CN-2026-0004",
        text="rebate RB-2025-Q4",
        gross=-3_390_000,
        balance=110_468_800,
        fapiao="26312000000012345699",
        net=-3_000_000,
        vat=-390_000,
    ),
    DetailLine(
        day=date(2026, 3, 16),
        type="CREDIT_RETURN",
        doc="CN-2026-0005",
        text="return RT-0002",
        gross=-30_058_000,
        balance=80_410_800,
        so="SO-0012",
        sku="US80",
        serials=("US80-26-0002",),
        qty=-1,
        unit_price=Decimal("266000.00"),
        net=-26_600_000,
        vat=-3_458_000,
    ),
    DetailLine(
        day=date(2026, 3, 20),
        type="PAYMENT",
        doc="RC-2026-0018",
        text="payment of INV-2026-0011",
        gross=-45_200_000,
        balance=35_210_800,
    ),
    DetailLine(
        day=date(2026, 3, 20),
        type="PAYMENT",
        doc="RC-2026-0018",
        text="payment of INV-2026-0031",
        gross=-14_800_000,
        balance=20_410_800,
    ),
    DetailLine(
        day=date(2026, 3, 27),
        type="CLAIM",
        doc="CL-0003",
        text="claim of INV-2026-0031",
        gross=-1_000_000,
        balance=19_410_800,
    ),
)
LATE = DetailLine(
    day=date(2026, 3, 2),
    type="PENALTY",
    doc="PEN-0001",
    text="penalty of INV-2026-0011",
    gross=123_456,
    balance=45_323_456,
    effective=date(2026, 2, 27),
)
FIGURES = Figures(
    opening=45_200_000,
    invoices=68_658_800,
    returns=30_058_000,
    price_credits=0,
    rebates=3_390_000,
    claims=1_000_000,
    deposits=0,
    payments=60_000_000,
    write_offs=0,
    adjustments=0,
    penalties=0,
    closing=19_410_800,
)
NO_AGEING = Ageing(
    on=date(2026, 3, 31),
    not_due=0,
    overdue_1_30=0,
    overdue_31_60=0,
    overdue_61_90=0,
    overdue_over_90=0,
)
MEMO = Memo(
    unapplied_deposits=5_000_001,
    unapplied_money=250_002,
    security_deposit=20_000_003,
    shipped_not_signed=4_520_004,
    delivered_not_invoiced=1_130_005,
    rebates=(RebateMemo(policy="RB-2026-Q1", accrued=2_463_200, withheld=532_000),),
    claims_in_review=150_006,
    disputed=282_507,
    credit_limit=120_000_008,
    exposure=25_060_809,
    available=94_939_199,
    ageing=Ageing(
        on=date(2026, 3, 31),
        not_due=12_810_801,
        overdue_1_30=4_000_002,
        overdue_31_60=2_000_003,
        overdue_61_90=599_991,
        overdue_over_90=3,
    ),
    open_documents=(
        OpenDocument(doc="INV-2025-0402", due=date(2025, 12, 20), open=3, days_overdue=101),
        OpenDocument(doc="INV-2026-0031", due=date(2026, 4, 8), open=12_810_801, days_overdue=0),
    ),
)
GOODS = (
    GoodsLine(
        sku="INJ",
        lot="INJ2601A",
        opening=1_240,
        received=360,
        returned=12,
        sold=411,
        transferred_in=24,
        transferred_out=36,
        adjusted=-3,
        closing=1_162,
        counted=1_159,
        difference=-3,
    ),
    GoodsLine(
        sku="US80",
        lot="",
        opening=3,
        received=2,
        returned=1,
        sold=2,
        transferred_in=0,
        transferred_out=0,
        adjusted=0,
        closing=2,
    ),
)
HEAD = {
    "ours": OURS,
    "dealer_id": "D05",
    "dealer": DEALER,
    "period": "2026-03",
    "currency": "CNY",
    "log_position": 910,
    "digest": DIGEST,
    "version": 2,
    "issued_on": date(2026, 4, 2),
    "previous": "2026-02/1",
    "confirm_by": date(2026, 4, 7),
}
DRAFT = {"version": None, "issued_on": None, "confirm_by": None}


def made(*, lines=LINES, prior=(), figures=FIGURES, memo=MEMO, goods=GOODS, **head):
    """A statement of March; what is given of its head replaces what it has."""
    return Document(
        head=Head(**HEAD | head), figures=figures, lines=lines, prior=prior, memo=memo, goods=goods
    )


def empty():
    """A month of a dealer of whom nothing is known but its name."""
    nothing = dict.fromkeys(Figures.__struct_fields__, 0)
    amounts = dict.fromkeys(Memo.__struct_fields__, 0)
    memo = Memo(**amounts | {"rebates": (), "ageing": NO_AGEING, "open_documents": ()})
    head = DRAFT | {"ours": Party(name=""), "dealer": Party(name="D"), "previous": None}
    return made(lines=(), figures=Figures(**nothing), memo=memo, goods=(), **head)
