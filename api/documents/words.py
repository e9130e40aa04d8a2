"""Words of a statement in both languages, shared by all its renderings."""
# ruff: noqa: RUF001 - Chinese has punctuation of its own

from __future__ import annotations

from typing import NamedTuple

from domain.accounts import entry


class Word(NamedTuple):
    """A word in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Write both, Chinese first."""
        return f"{self.zh} {self.en}"


TITLE = Word("对账单", "Statement of account")
DRAFT = Word("草稿", "DRAFT, not issued")
DRAFT_NOTE = Word(
    "本对账单尚未出具，数字仍可能变动，不作为对账依据。",
    "This statement has not been issued. Its figures may still change; do not confirm it.",
)

PART_A = Word("账户汇总", "Account summary")
PART_B = Word("明细", "Lines in detail")
PRIOR = Word("以前期间", "Prior periods")
PART_C = Word("备注", "Memo, outside the balance")
PART_D = Word("货物对账", "Goods statement")
PART_E = Word("确认", "Confirmation")

GROSS_NOTE = Word("金额均含税", "All amounts with VAT")
PRIOR_NOTE = Word(
    "属于已关账的以前期间，计入本期；余额按日期和单据顺序连续计算。",
    "They belong to earlier, closed periods and are entered in this one; balances run on through"
    " all lines by date and document.",
)
MEMO_NOTE = Word(
    "以下各项不计入期末余额。", "Nothing of this part is included in the closing balance."
)
GOODS_NOTE = Word(
    "贵方库存账，以基本单位计。", "Your book of our goods by product and lot, in base units."
)
NO_LINES = Word("本期无发生额", "No entries in this period")
NO_DOCUMENTS = Word("无未清单据", "No open documents")
NO_GOODS = Word("无货物", "No goods")
NO_REBATES = Word("无未结返利", "No unsettled rebates")

OURS = Word("供方", "Supplier")
DEALER = Word("经销商", "Dealer")
DEALER_ID = Word("经销商编号", "Dealer no.")
OWED = {
    1: Word("经销商应付", "owed by the dealer"),
    0: Word("已结清", "settled"),
    -1: Word("供方应付", "owed to the dealer"),
}
"""Who owes a closing balance, by its sign."""

PARTY = {
    "name": Word("名称", "Name"),
    "uscc": Word("统一社会信用代码", "USCC"),
    "address": Word("地址", "Address"),
    "bank": Word("开户银行", "Bank"),
    "bank_account": Word("银行账号", "Bank account"),
    "contact": Word("联系人", "Contact"),
}
"""What is said of a party, by field."""

FACTS = {
    "number": Word("编号", "Statement no."),
    "period": Word("账期", "Period"),
    "currency": Word("币种", "Currency"),
    "version": Word("版本", "Version"),
    "issued_on": Word("出具日期", "Issued on"),
    "confirm_by": Word("确认期限", "Confirm by"),
    "previous": Word("上期对账单", "Previous"),
    "log_position": Word("日志位置", "Log position"),
}

KINDS = {
    entry.OPENING: Word("期初", "Opening item"),
    entry.INVOICE: Word("发票", "Invoice"),
    entry.CREDIT_RETURN: Word("退货红字", "Credit, return"),
    entry.CREDIT_PRICE: Word("价格红字", "Credit, price"),
    entry.CREDIT_REBATE: Word("返利红字", "Credit, rebate"),
    entry.CLAIM: Word("索赔", "Claim"),
    entry.DEPOSIT: Word("预付款", "Deposit"),
    entry.PAYMENT: Word("回款", "Payment"),
    entry.WRITE_OFF: Word("核销", "Write-off"),
    entry.ADJUSTMENT: Word("调整", "Adjustment"),
    entry.PENALTY: Word("违约金", "Penalty"),
}
"""Kinds of entries."""

LINE = {
    "block": Word("区块", "Block"),
    "day": Word("日期", "Date"),
    "effective": Word("归属日期", "Effective"),
    "type": Word("类型", "Type"),
    "doc": Word("单据", "Document"),
    "text": Word("摘要", "Text"),
    "fapiao": Word("发票号", "Fapiao no."),
    "so": Word("订单", "Order"),
    "shp": Word("发货", "Shipment"),
    "sku": Word("产品", "Product"),
    "lots": Word("批号", "Lots"),
    "serials": Word("序列号", "Serials"),
    "qty": Word("数量", "Qty"),
    "unit_price": Word("单价", "Unit price"),
    "net": Word("未税", "Net"),
    "vat": Word("税额", "VAT"),
    "gross": Word("含税", "Gross"),
    "balance": Word("余额", "Balance"),
}
"""Columns of part B."""

FORWARD = Word("上期结转", "Brought forward")

MEMO = {
    "unapplied_deposits": Word("未核销预付款", "Deposits not applied"),
    "unapplied_money": Word("未核销回款", "Money not applied"),
    "security_deposit": Word("保证金", "Security deposit"),
    "shipped_not_signed": Word("已发未签收", "Shipped, not signed for"),
    "delivered_not_invoiced": Word("已签收未开票", "Delivered, not invoiced"),
    "claims_in_review": Word("审核中索赔", "Claims in review"),
    "disputed": Word("争议金额", "Disputed"),
    "credit_limit": Word("信用额度", "Credit limit"),
    "exposure": Word("已用额度", "Exposure"),
    "available": Word("可用额度", "Available"),
}
"""Amounts of part C, by field."""

AGEING = {
    "not_due": Word("未到期", "Not due"),
    "overdue_1_30": Word("逾期 1-30 天", "1-30 days"),
    "overdue_31_60": Word("逾期 31-60 天", "31-60 days"),
    "overdue_61_90": Word("逾期 61-90 天", "61-90 days"),
    "overdue_over_90": Word("逾期 90 天以上", "over 90 days"),
}
AGEING_TITLE = Word("账龄", "Ageing")
TOTAL = Word("合计", "Total")

OPEN = {
    "doc": Word("单据", "Document"),
    "due": Word("到期日", "Due"),
    "days_overdue": Word("逾期天数", "Days overdue"),
    "open": Word("未清金额", "Open"),
}
OPEN_TITLE = Word("未清单据", "Open documents")

REBATE = {
    "policy": Word("政策", "Policy"),
    "accrued": Word("已计提未结", "Accrued, unsettled"),
    "withheld": Word("其中暂扣", "Of it withheld"),
}
REBATES_TITLE = Word("返利(未税)", "Rebates, net of VAT")

GOODS = {
    "sku": Word("产品", "Product"),
    "lot": Word("批号", "Lot"),
    "opening": Word("期初", "Opening"),
    "received": Word("收货", "Received"),
    "returned": Word("退货", "Returned"),
    "sold": Word("销售", "Sold"),
    "transferred_in": Word("调入", "Moved in"),
    "transferred_out": Word("调出", "Moved out"),
    "adjusted": Word("调整", "Adjusted"),
    "closing": Word("期末", "Closing"),
    "counted": Word("盘点", "Counted"),
    "difference": Word("差异", "Difference"),
}
"""Columns of part D."""

CONFIRM = Word("确认无误", "We confirm the closing balance")
DISPUTE = Word("有异议", "We dispute these documents")
DISPUTED = (Word("单据", "Document"), Word("金额", "Amount"), Word("原因", "Reason"))
SIGNED = (
    Word("姓名", "Name"),
    Word("职务", "Position"),
    Word("盖章", "Seal"),
    Word("日期", "Date"),
)
"""Blank lines of part E."""

DIGEST = Word("内容摘要", "Digest (SHA-256)")


def proof(position: int) -> Word:
    """Say what the digest proves."""
    return Word(
        f"由经销商、账期、币种、期初余额及全部明细计算；"
        f"凭日志(至第 {position} 条)重新编制者必得同值，值不同即内容有变。",
        "It covers dealer, period, currency, opening balance and every entry of part B: whoever"
        f" draws them up again from the log up to position {position} gets this same value, and"
        " another value means that an entry was changed.",
    )
