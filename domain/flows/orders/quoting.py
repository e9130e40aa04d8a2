"""Quoting: checking a line's data and pricing it, for placing and for amending."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import msgspec

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.goods.product import Product
from domain.goods.refusals import UnknownSku
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT, line_amounts
from domain.kernel.refusal import MasterDataMissing, ValidationFailed
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.contract import Contract
from domain.orders.order import Order
from domain.orders.order_line import LineTerms
from domain.orders.order_terms import OrderTerms
from domain.orders.refusals import BelowMoq, PackMultiple
from domain.parties.dealer import Dealer
from domain.policies import pricing


@dataclass(frozen=True, kw_only=True)
class OrderedLine:
    """A product, how many base units, and the price that was agreed (the list price if none)."""

    sku: str
    qty: int
    unit_price: Decimal | None = None
    price_basis: Literal["TAX_EXCLUSIVE", "TAX_INCLUSIVE"] | None = None


def line_check(log: Log, line: OrderedLine, field: str) -> Findings:
    """K01 for a line: a known product, a price, a quantity that the product is sold in."""
    findings = Findings()
    findings.field(line.qty >= 1, f"{field}.qty", "at least 1")
    if line.unit_price is not None:
        findings.price(line.unit_price, f"{field}.unit_price")
    product = log.get(Product, line.sku)
    if not product.exists:
        findings.add(UnknownSku(field=f"{field}.sku", sku=line.sku))
        return findings
    terms = product.known
    whole = line.qty % terms.pack_qty == 0
    findings.require(whole, PackMultiple(field=f"{field}.qty", pack_qty=terms.pack_qty))
    findings.require(line.qty >= terms.moq, BelowMoq(field=f"{field}.qty", moq=terms.moq))
    return findings


FREE_CHANNELS = ("INTERNAL_SAMPLE", "LOAN")
"""Channels that sell nothing: their goods are free of charge, and traced all the same."""

QUOTED = ("list_price", "floor", "ceiling", "price_list", "price_edition", "list_basis", "vbp")
"""Fields of a line that a price row answers; the others were agreed."""


def requote(log: Log, order: Order, stamp: Stamp) -> None:
    """Ask again for the corridors of lines that no price row had answered."""
    dealer = existing(log, Dealer, order.known.dealer)
    for line in [line.terms for line in order.lines.values() if line.terms.price_list is None]:
        basis: Any = line.price_basis
        asked = OrderedLine(
            sku=line.sku, qty=line.qty, unit_price=line.unit_price, price_basis=basis
        )
        terms = line_terms(log, line.line_no, asked, order.known, dealer)
        if terms.price_list is not None:
            found = {name: getattr(terms, name) for name in QUOTED}
            order.requote(msgspec.structs.replace(line, **found), stamp.automatic("pricing"))


def line_terms(
    log: Log, line_no: int, asked: OrderedLine, terms: OrderTerms, dealer: Dealer
) -> LineTerms:
    """Price a line on its price date, with the corridor of the row that answered."""
    product = existing(log, Product, asked.sku).known
    question = pricing.Question(
        asked.sku,
        terms.ship_to.region_code,
        dealer.known.tier,
        asked.qty,
        terms.order_date,
        terms.currency,
        dealer.key,
        terms.end_customer or "",
    )
    quote = pricing.quote(log, question)
    found = _price(log, asked, terms, quote, product.price_basis)
    if found is None:
        raise ValidationFailed(field=f"lines[{line_no - 1}].unit_price", reason="no price answers")
    price, basis, source = found
    rate = log.get(CompanyPolicy, COMPANY).tax_rate(product.tax_code, terms.order_date)
    if rate is None:
        raise MasterDataMissing(key=f"tax rate {product.tax_code}")
    amounts = line_amounts(asked.qty, price, basis, rate)
    if amounts.gross > LARGEST_AMOUNT:
        reason = "the amount of the line is beyond any order"
        raise ValidationFailed(field=f"lines[{line_no - 1}]", reason=reason)
    return LineTerms(
        line_no=line_no,
        sku=asked.sku,
        qty=asked.qty,
        unit_price=price,
        price_basis=basis,
        tax_rate=rate,
        net=amounts.net,
        vat=amounts.vat,
        gross=amounts.gross,
        tracking=product.tracking,
        installation_required=product.installation_required,
        list_price=quote.row.price if quote else None,
        floor=quote.row.floor if quote else None,
        ceiling=quote.row.ceiling if quote else None,
        price_list=quote.price_list if quote else None,
        price_edition=quote.edition if quote else 0,
        list_basis=quote.basis if quote else basis,
        vbp=quote.row.vbp if quote else False,
        price_source=source,
    )


def asked_again(line: LineTerms, **changes: Any) -> OrderedLine:
    """Ask for a line as it was asked for, with changes: only a price that was agreed stays."""
    basis: Any = line.price_basis
    price = line.unit_price if line.price_source == "AGREED" else None
    told = {"qty": line.qty, "unit_price": price} | changes
    return OrderedLine(sku=line.sku, price_basis=basis, **told)


def resized(line: LineTerms, qty: int) -> LineTerms:
    """Another quantity at a price that is fixed (INV-SO-5)."""
    amounts = line_amounts(qty, line.unit_price, line.price_basis, line.tax_rate)
    return msgspec.structs.replace(
        line, qty=qty, net=amounts.net, vat=amounts.vat, gross=amounts.gross
    )


def _price(
    log: Log, asked: OrderedLine, terms: OrderTerms, quote: pricing.Quote | None, basis: str
) -> tuple[Decimal, str, str] | None:
    """Price, its basis and whose it is: free of charge, agreed, the contract's or the list's."""
    if terms.channel in FREE_CHANNELS:
        return Decimal(0), asked.price_basis or basis, "FREE"
    if asked.unit_price is not None:
        return asked.unit_price, asked.price_basis or basis, "AGREED"
    contract = log.get(Contract, terms.contract).terms if terms.contract else None
    agreed = contract.line(asked.sku) if contract else None
    if agreed is not None:
        return agreed.unit_price, agreed.price_basis, "CONTRACT"
    if quote is not None:
        return quote.row.price, quote.basis, "LIST"
    return None
