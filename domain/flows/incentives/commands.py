"""What can be asked about incentives: policies, rebates, promotions, claims, price protection."""

from __future__ import annotations

from domain.flows.flow import Flows
from domain.flows.incentives import (
    accruing,
    claiming,
    expiring,
    paying_out,
    promoting,
    protecting,
    rewarding,
)

FLOWS: Flows = {
    rewarding.DraftIncentivePolicy: rewarding.draft_policy,
    rewarding.ApproveIncentivePolicy: rewarding.approve_policy,
    rewarding.PublishIncentivePolicy: rewarding.publish_policy,
    rewarding.AcceptIncentivePolicy: rewarding.accept_policy,
    rewarding.SetOpeningRebate: rewarding.set_opening_rebate,
    accruing.AccrueRebates: accruing.accrue_rebates,
    paying_out.ConfirmRebate: paying_out.confirm_rebate,
    paying_out.SettleRebate: paying_out.settle_rebate,
    promoting.DraftPromotion: promoting.draft_promotion,
    promoting.ApprovePromotion: promoting.approve_promotion,
    promoting.PublishPromotion: promoting.publish_promotion,
    promoting.EnrolPromotion: promoting.enrol_promotion,
    promoting.EndPromotion: promoting.end_promotion,
    claiming.SubmitClaim: claiming.submit_claim,
    claiming.BeginClaimReview: claiming.begin_claim_review,
    claiming.ReviewClaim: claiming.review_claim,
    claiming.SettleClaim: claiming.settle_claim,
    expiring.ExpireClaims: expiring.expire_claims,
    protecting.ProtectPrices: protecting.protect_prices,
}
