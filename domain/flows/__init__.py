"""The use cases, by gerunds: what each command does, over as many aggregates as it needs.

``FLOWS`` is the list of everything that can be asked of Baton. A flow takes the log, a stamp and
its command, and returns facts for the answer; whatever it recorded is appended together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.flows.accounts import settling
from domain.flows.cases import observing
from domain.flows.company import administering, numbering
from domain.flows.goods import cataloguing, delivering, opening, picking, planning, shipping
from domain.flows.orders import amending, holding, ordering
from domain.flows.parties import enrolling

Flow = Callable[..., dict[str, Any]]

FLOWS: dict[type[Any], Flow] = {
    administering.RegisterUser: administering.register_user,
    administering.IssueApiKey: administering.issue_api_key,
    administering.RevokeApiKey: administering.revoke_api_key,
    administering.RegisterWarehouse: administering.register_warehouse,
    administering.SetTaxRate: administering.set_tax_rate,
    administering.RankService: administering.rank_service,
    administering.SetApprovalLimits: administering.set_approval_limits,
    administering.SetObservationWeights: administering.set_observation_weights,
    numbering.VoidNumber: numbering.void_number,
    cataloguing.RegisterProduct: cataloguing.register_product,
    cataloguing.CreateLot: cataloguing.create_lot,
    cataloguing.PublishPriceList: cataloguing.publish_price_list,
    enrolling.RegisterDealer: enrolling.register_dealer,
    enrolling.GrantTerritory: enrolling.grant_territory,
    enrolling.RegisterLicence: enrolling.register_licence,
    enrolling.RegisterAddress: enrolling.register_address,
    enrolling.RegisterCustomer: enrolling.register_customer,
    enrolling.SetCreditLimit: enrolling.set_credit_limit,
    opening.RegisterSerials: opening.register_serials,
    opening.SetOpeningStock: opening.set_opening_stock,
    opening.SetStockParameters: opening.set_stock_parameters,
    opening.SetOpeningItem: opening.set_opening_item,
    ordering.PlaceOrder: ordering.place_order,
    amending.AmendOrder: amending.amend_order,
    holding.ReleaseHold: holding.release_hold,
    holding.RecheckOrder: holding.recheck_order,
    planning.PlanShipment: planning.plan_shipment,
    picking.ConfirmPick: picking.confirm_pick,
    picking.ReviewOutbound: picking.review_outbound,
    shipping.Ship: shipping.ship,
    delivering.ConfirmDelivery: delivering.confirm_delivery,
    settling.RecordPayment: settling.record_payment,
    observing.RecordInstallation: observing.record_installation,
    observing.ObserveScan: observing.observe_scan,
}
