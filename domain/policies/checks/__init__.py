"""The checks of an order, in a list: all run, all are reported, each with its inputs.

K01 (data) refuses at the door of the flow; these hold. Who may release which hold is data:
``domain.company.approval_policy``. At shipment those that may have changed since run again.
"""

from __future__ import annotations

from domain.orders.check import CheckResult
from domain.policies.checks.dealers import (
    address_and_territory,
    dealer_licence,
    dealer_status,
    product_authorisation,
    project_conflict,
)
from domain.policies.checks.deals import (
    contract_coverage,
    credit_exposure,
    deposit,
    duplicate,
    overdue,
)
from domain.policies.checks.prices import price_corridor
from domain.policies.checks.products import (
    available_to_promise,
    hospital_permit,
    product_registration,
    quality_lock,
    shelf_life,
)
from domain.policies.checks.situation import Check, Situation

AT_PLACEMENT: tuple[Check, ...] = (
    dealer_status,
    dealer_licence,
    product_registration,
    quality_lock,
    product_authorisation,
    address_and_territory,
    project_conflict,
    contract_coverage,
    price_corridor,
    credit_exposure,
    overdue,
    deposit,
    available_to_promise,
    shelf_life,
    duplicate,
    hospital_permit,
)
AT_SHIPMENT: tuple[Check, ...] = (
    dealer_status,
    dealer_licence,
    product_registration,
    quality_lock,
    address_and_territory,
    credit_exposure,
    overdue,
    hospital_permit,
)


def run(checks: tuple[Check, ...], now: Situation) -> tuple[CheckResult, ...]:
    """Run all of them."""
    return tuple(result for check in checks for result in check(now))
