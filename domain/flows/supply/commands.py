"""What can be asked about supply: transfers, work orders, requisitions."""

from __future__ import annotations

from domain.flows.flow import Flows
from domain.flows.supply import producing, purchasing, steering, transferring

FLOWS: Flows = {
    transferring.CreateTransfer: transferring.create_transfer,
    transferring.ApproveTransfer: transferring.approve_transfer,
    transferring.DispatchTransfer: transferring.dispatch_transfer,
    transferring.ReceiveTransfer: transferring.receive_transfer,
    transferring.ConfirmTransferLoss: transferring.confirm_transfer_loss,
    transferring.CancelTransfer: transferring.cancel_transfer,
    producing.CreateWorkOrder: producing.create,
    producing.ReleaseWorkOrder: producing.release,
    producing.IssueComponents: producing.issue_components,
    producing.ReportProgress: producing.report_progress,
    producing.ReportOutput: producing.report_output,
    steering.RescheduleWorkOrder: steering.reschedule,
    steering.HoldWorkOrder: steering.hold,
    steering.ResumeWorkOrder: steering.resume,
    steering.CancelWorkOrder: steering.cancel,
    steering.CloseWorkOrder: steering.close,
    purchasing.QualifySupplier: purchasing.qualify_supplier,
    purchasing.CreateRequisition: purchasing.create,
    purchasing.ApproveRequisition: purchasing.approve,
    purchasing.OrderRequisition: purchasing.order,
    purchasing.RejectRequisition: purchasing.reject,
    purchasing.CancelRequisition: purchasing.cancel,
    purchasing.CloseRequisition: purchasing.close,
}
