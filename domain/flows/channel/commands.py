"""What can be asked about dealers' own stock."""

from __future__ import annotations

from domain.flows.channel import adjusting, reporting
from domain.flows.flow import Flows

FLOWS: Flows = {
    reporting.ReportDealerSales: reporting.report_sales,
    reporting.ReportDealerCount: reporting.report_count,
    adjusting.ReportDealerReturns: adjusting.report_returns,
    adjusting.AdjustDealerStock: adjusting.adjust_stock,
}
