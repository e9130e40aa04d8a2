"""Contracting: drafting, approving by value, signing, amending and ending contracts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.company.numbering import document_number
from domain.flows.orders.confirming import CONTRACT_HOLDS, recheck_waiting
from domain.flows.orders.ordering import plan_check
from domain.goods.product import Product
from domain.goods.refusals import UnknownSku
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import TAX_EXCLUSIVE, TAX_INCLUSIVE, minor_units
from domain.kernel.refusal import ForbiddenRole, InvalidState, Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.contract import Contract
from domain.orders.contract_terms import TYPES, ContractTerms
from domain.orders.refusals import DocMissing, PriceBelowFloor, QtyBelowCalled
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.policies import pricing

ROUTES = {"MGR": "sales manager", "FIN": "finance", "ADM": "general manager"}


@dataclass(frozen=True, kw_only=True)
class DraftContract:
    """Write a contract's terms down, for approval."""

    terms: ContractTerms
    contract_id: str | None = None


def draft_contract(log: Log, stamp: Stamp, command: DraftContract) -> dict[str, Any]:
    """Draft a contract.

    Refuses VALIDATION_FAILED, UNKNOWN_SKU, DATE_RANGE, PRICE_BELOW_FLOOR, ALREADY_EXISTS,
    NUMBER_TAKEN.
    """
    findings = Findings()
    if command.contract_id is not None:
        findings.identifier(command.contract_id, "contract_id")
    _check_terms(log, command.terms, findings)
    findings.refuse()
    findings.add(*_below_floor(log, command.terms, stamp))
    findings.refuse()
    number = document_number(log, "HT", command.contract_id, stamp)
    contract = log.get(Contract, number)
    contract.draft(command.terms, stamp)
    return _standing(contract)


@dataclass(frozen=True, kw_only=True)
class AmendContract:
    """Propose a supplement (补充协议). The terms in force stay until it is signed."""

    contract_id: str
    terms: ContractTerms


def amend_contract(log: Log, stamp: Stamp, command: AmendContract) -> dict[str, Any]:
    """Amend a contract; what was called off may not be taken back (INV-CT-3).

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED, UNKNOWN_SKU, DATE_RANGE,
    PRICE_BELOW_FLOOR, QTY_BELOW_CALLED.
    """
    contract, findings = existing(log, Contract, command.contract_id), Findings()
    _check_terms(log, command.terms, findings)
    findings.refuse()
    same = contract.terms is None or contract.terms.dealer == command.terms.dealer
    findings.field(same, "terms.dealer", "a contract keeps its dealer")
    findings.add(*_below_called(contract, command.terms), *_below_floor(log, command.terms, stamp))
    findings.refuse()
    contract.amend(command.terms, stamp)
    return _standing(contract)


@dataclass(frozen=True, kw_only=True)
class SubmitContract:
    """Ask for a contract's approval. Its value decides who has to approve."""

    contract_id: str


def submit_contract(log: Log, stamp: Stamp, command: SubmitContract) -> dict[str, Any]:
    """Submit a contract.

    Refuses NOT_FOUND, INVALID_STATE, DOC_MISSING.
    """
    contract = existing(log, Contract, command.contract_id)
    proposed = contract.proposed
    if proposed is None:
        raise InvalidState(contract=contract.key, state=contract.state)
    if not proposed.documents:
        raise DocMissing(contract=contract.key)
    contract.submit(_route(log, proposed), stamp)
    return _standing(contract) | {"route": list(_route(log, proposed))}


@dataclass(frozen=True, kw_only=True)
class ApproveContract:
    """Agree to a contract for one's role."""

    contract_id: str


def approve_contract(log: Log, stamp: Stamp, command: ApproveContract) -> dict[str, Any]:
    """Approve a contract; never one's own.

    Refuses NOT_FOUND, INVALID_STATE, FORBIDDEN_ROLE, APPROVER_IS_AUTHOR.
    """
    contract = existing(log, Contract, command.contract_id)
    if contract.proposed is None:
        raise InvalidState(contract=contract.key, state=contract.state)
    left = [role for role in _route(log, contract.proposed) if role not in contract.approvals]
    if contract.state == "IN_APPROVAL" and stamp.by.role not in left:
        raise ForbiddenRole(role=stamp.by.role, required=left)
    missing = tuple(role for role in left if role != stamp.by.role)
    contract.approve(stamp.by.role, missing, stamp)
    return _standing(contract) | {"missing": list(missing)}


@dataclass(frozen=True, kw_only=True)
class RejectContract:
    """Turn a contract down."""

    contract_id: str
    reason: str


def reject_contract(log: Log, stamp: Stamp, command: RejectContract) -> dict[str, Any]:
    """Reject a contract.

    Refuses NOT_FOUND, INVALID_STATE, FORBIDDEN_ROLE, VALIDATION_FAILED.
    """
    contract = existing(log, Contract, command.contract_id)
    _reason(command.reason)
    if stamp.by.role not in ROUTES:
        raise ForbiddenRole(role=stamp.by.role, required=sorted(ROUTES))
    contract.reject(command.reason, stamp)
    return _standing(contract)


@dataclass(frozen=True, kw_only=True)
class SignContract:
    """Put approved terms in force. ``document_hash`` is that of the signed paper."""

    contract_id: str
    document_hash: str


def sign_contract(log: Log, stamp: Stamp, command: SignContract) -> dict[str, Any]:
    """Sign a contract.

    Refuses NOT_FOUND, INVALID_STATE, DOC_MISSING, QTY_BELOW_CALLED, MASTER_DATA_MISSING.
    """
    contract = existing(log, Contract, command.contract_id)
    findings = Findings()
    if not command.document_hash.strip():
        raise DocMissing(contract=contract.key)
    if contract.proposed is not None:
        findings.add(*_below_called(contract, contract.proposed))
    findings.refuse()
    contract.sign(command.document_hash, stamp)
    dealer = contract.terms.dealer if contract.terms else ""
    orders = recheck_waiting(log, dealer, CONTRACT_HOLDS, "contract-recheck", stamp)
    return _standing(contract) | {"orders": orders}


@dataclass(frozen=True, kw_only=True)
class TerminateContract:
    """End a contract: nothing is called off any more."""

    contract_id: str
    reason: str


def terminate_contract(log: Log, stamp: Stamp, command: TerminateContract) -> dict[str, Any]:
    """Terminate a contract.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED.
    """
    contract = existing(log, Contract, command.contract_id)
    _reason(command.reason)
    contract.terminate(command.reason, stamp)
    return _standing(contract)


def _check_terms(log: Log, terms: ContractTerms, findings: Findings) -> None:
    findings.field(terms.type in TYPES, "terms.type", f"one of {', '.join(TYPES)}")
    findings.known(log, Dealer, terms.dealer, "terms.dealer")
    if terms.end_customer is not None:
        findings.known(log, Customer, terms.end_customer, "terms.end_customer")
    findings.dates(terms.valid_from, terms.valid_to, "terms.valid_to")
    cap = terms.amount_cap
    findings.field(cap is None or cap >= 0, "terms.amount_cap", "at least 0")
    findings.field(terms.lines, "terms.lines", "at least one line")
    skus = [line.sku for line in terms.lines]
    for place, line in enumerate(terms.lines):
        field = f"terms.lines[{place}]"
        findings.require(log.get(Product, line.sku).exists, UnknownSku(field=field, sku=line.sku))
        findings.field(skus.count(line.sku) == 1, f"{field}.sku", "each product once")
        fine = line.qty_max is None or line.qty_max >= 1
        findings.field(fine, f"{field}.qty_max", "at least 1, or none for any quantity")
        findings.price(line.unit_price, f"{field}.unit_price")
        basis = line.price_basis in (TAX_EXCLUSIVE, TAX_INCLUSIVE)
        findings.field(basis, f"{field}.price_basis", f"{TAX_EXCLUSIVE} or {TAX_INCLUSIVE}")
    if terms.billing_plan:
        plan_check(terms.billing_plan, "terms.billing_plan", findings)


def _below_floor(log: Log, terms: ContractTerms, stamp: Stamp) -> list[Refusal]:
    """Prices below the lowest floor that the lists in force have for the dealer's tier."""
    dealer = existing(log, Dealer, terms.dealer)
    found: list[Refusal] = []
    for line in terms.lines:
        asked = pricing.Question(
            line.sku,
            "000000",
            dealer.known.tier,
            line.qty_max or 1,
            max(stamp.today, terms.valid_from),
            stamp.currency,
            dealer.key,
            terms.end_customer or "",
        )
        quote = pricing.quote(log, asked)
        comparable = quote is not None and quote.basis == line.price_basis
        if quote is not None and comparable and line.unit_price < quote.row.floor:
            found.append(
                PriceBelowFloor(sku=line.sku, unit_price=line.unit_price, floor=quote.row.floor)
            )
    return found


def _below_called(contract: Contract, terms: ContractTerms) -> list[Refusal]:
    found: list[Refusal] = []
    for sku, called in contract.called.items():
        line = terms.line(sku)
        most = 0 if line is None else line.qty_max
        if most is not None and called > most:
            found.append(QtyBelowCalled(sku=sku, called=called, qty_max=most))
    return found


def _route(log: Log, terms: ContractTerms) -> tuple[str, ...]:
    """Roles that have to approve: sales, above a value finance, above another the general manager.

    A contract without a maximum is worth whatever it may come to: it goes the whole way.
    """
    limits = log.get(CompanyPolicy, COMPANY).limits
    if terms.amount_cap is None and any(line.qty_max is None for line in terms.lines):
        return ("MGR", "FIN", "ADM")
    value = sum(minor_units(line.unit_price * (line.qty_max or 0)) for line in terms.lines)
    value = value if terms.amount_cap is None else terms.amount_cap
    if value < limits.contract_manager:
        return ("MGR",)
    return ("MGR", "FIN") if value < limits.contract_finance else ("MGR", "FIN", "ADM")


def _reason(reason: str) -> None:
    findings = Findings()
    findings.field(reason.strip(), "reason", "a reason must be given")
    findings.refuse()


def _standing(contract: Contract) -> dict[str, Any]:
    return {"contract_id": contract.key, "state": contract.state, "edition": contract.edition}
