"""What can be asked about orders, contracts and price lists."""

from __future__ import annotations

from domain.flows.flow import Flows
from domain.flows.orders import (
    amending,
    contracting,
    ending,
    holding,
    listing,
    ordering,
    resourcing,
)

FLOWS: Flows = {
    resourcing.ResourceLine: resourcing.resource_line,
    listing.DraftPriceList: listing.draft_price_list,
    listing.ApprovePriceList: listing.approve_price_list,
    listing.ActivatePriceList: listing.activate_price_list,
    listing.PublishPriceList: listing.publish_price_list,
    ordering.PlaceOrder: ordering.place_order,
    ordering.CreateDraft: ordering.create_draft,
    ordering.PlaceDraft: ordering.place_draft,
    amending.AmendOrder: amending.amend_order,
    holding.ReleaseHold: holding.release_hold,
    holding.RecheckOrder: holding.recheck_order,
    ending.RejectOrder: ending.reject_order,
    ending.CancelOrder: ending.cancel_order,
    ending.ShortCloseLine: ending.short_close_line,
    ending.CloseOrder: ending.close_order,
    contracting.DraftContract: contracting.draft_contract,
    contracting.AmendContract: contracting.amend_contract,
    contracting.SubmitContract: contracting.submit_contract,
    contracting.ApproveContract: contracting.approve_contract,
    contracting.RejectContract: contracting.reject_contract,
    contracting.SignContract: contracting.sign_contract,
    contracting.TerminateContract: contracting.terminate_contract,
}
