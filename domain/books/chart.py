"""The chart of accounts (科目表): every account that Baton posts to."""

from __future__ import annotations

OPENING = "0000"
BANK = "1002"
RECEIVABLES = "1122"
BAD_DEBT_ALLOWANCE = "1231"
FINISHED_GOODS = "1405"
GOODS_DISPATCHED = "1406"
PENDING_LOSS = "1901"
GOODS_RECEIVED = "2202"
ADVANCES = "2203"
CONTRACT_LIABILITIES = "2205"
OUTPUT_VAT = "2221"
ACCRUED_REBATES = "2241.01"
CLAIMS_PAYABLE = "2241.02"
SECURITY_DEPOSITS = "2241.03"
PRODUCTION_COST = "5001"
REVENUE = "6001"
REBATE_REDUCTION = "6001.R"
OTHER_INCOME = "6301"
COST_OF_SALES = "6401"
SELLING_EXPENSE = "6601"
ADMIN_EXPENSE = "6602"
FINANCE_EXPENSE = "6603"

CHART = {
    OPENING: "Technical opening account (期初)",
    BANK: "Bank (银行存款)",
    RECEIVABLES: "Receivables, by dealer (应收账款)",
    BAD_DEBT_ALLOWANCE: "Bad-debt allowance (坏账准备)",
    FINISHED_GOODS: "Finished goods (库存商品)",
    GOODS_DISPATCHED: "Goods dispatched (发出商品)",
    PENDING_LOSS: "Pending property difference (待处理财产损溢)",
    GOODS_RECEIVED: "Goods-received accrual (应付账款-暂估)",
    ADVANCES: "Order deposits and money not applied (预收账款)",
    CONTRACT_LIABILITIES: "Contract liabilities (合同负债)",
    OUTPUT_VAT: "Output VAT payable (应交税费-销项税)",
    ACCRUED_REBATES: "Accrued rebates (应付返利)",
    CLAIMS_PAYABLE: "Promotion claims payable (应付促销费)",
    SECURITY_DEPOSITS: "Security deposits (保证金)",
    PRODUCTION_COST: "Production cost (生产成本)",
    REVENUE: "Revenue (主营业务收入)",
    REBATE_REDUCTION: "Revenue, reduced by rebates (主营业务收入-返利)",
    OTHER_INCOME: "Other income (营业外收入)",
    COST_OF_SALES: "Cost of sales (主营业务成本)",
    SELLING_EXPENSE: "Selling expense (销售费用)",
    ADMIN_EXPENSE: "Administrative expense (管理费用)",
    FINANCE_EXPENSE: "Finance expense (财务费用)",
}
"""Accounts by their number, with their names."""
