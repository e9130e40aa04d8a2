"""What can be asked of the company itself: users, keys, numbers, decisions as data."""

from __future__ import annotations

from domain.flows.company import administering, deciding, numbering
from domain.flows.flow import Flows

FLOWS: Flows = {
    administering.RegisterUser: administering.register_user,
    administering.IssueApiKey: administering.issue_api_key,
    administering.RevokeApiKey: administering.revoke_api_key,
    administering.RegisterWarehouse: administering.register_warehouse,
    deciding.SetIdentity: deciding.set_identity,
    deciding.SetTaxRate: deciding.set_tax_rate,
    deciding.RankService: deciding.rank_service,
    deciding.SetApprovalLimits: deciding.set_approval_limits,
    deciding.SetApprovalRule: deciding.set_approval_rule,
    deciding.SetPlanning: deciding.set_planning,
    deciding.SetTransferLead: deciding.set_transfer_lead,
    deciding.SetObservationWeights: deciding.set_observation_weights,
    numbering.VoidNumber: numbering.void_number,
}
