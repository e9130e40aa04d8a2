"""Tax documents and bank lines: what the tax office and the bank know of our dealers' accounts."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Date

from domain.accounts.bank_statement import BankStatement
from domain.accounts.invoice import Invoice
from projections.columns import count, key, state_table, text
from projections.effects import Add, Change, Fact, Projection, Put, events_in

tax_documents = state_table(
    "tax_documents",
    "Every invoice and credit note as a tax document (发票). Gross amounts, in minor units.",
    key("doc", "Document."),
    text("dealer", "Dealer."),
    text("kind", "BLUE for an invoice, RED for a credit note."),
    text("so", "Order."),
    text("milestone", "Milestone of the billing plan that it bills."),
    count("gross", "Gross amount."),
    count("credited", "Gross amount that credit notes took back."),
    text("fapiao_no", "Number of the tax invoice."),
    Column("fapiao_date", Date, comment="Day of the tax invoice."),
)

bank_lines = state_table(
    "bank_lines",
    "Lines of bank statements, and the documents that they became. Minor units.",
    key("account", "Our account."),
    key("ref", "Reference of the line, unique for the account."),
    text("statement", "Statement that brought it."),
    Column("value_date", Date, comment="Value date."),
    Column("amount", BigInteger, comment="Money in above 0, money out below."),
    text("payer", "The other party."),
    text("payer_account", "Account of the other party."),
    text("text", "Text."),
    text("dealer", "Dealer whose money it is."),
    text("doc", "Document that it became."),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event = fact.event
    match event:
        case Invoice.Issued(terms=terms):
            about = {"dealer": terms.dealer, "kind": terms.kind, "gross": terms.gross}
            where = {"so": terms.so or None, "milestone": terms.milestone or None}
            yield Put(tax_documents, {"doc": fact.key[0]}, about | where)
        case Invoice.TaxInvoiceRegistered(fapiao_no=number, issued_at=day):
            told = {"fapiao_no": number, "fapiao_date": day}
            yield Put(tax_documents, {"doc": fact.key[0]}, told)
        case Invoice.Credited(gross=gross):
            yield Add(tax_documents, {"doc": fact.key[0]}, {"credited": gross})
        case BankStatement.Imported(account=account, lines=lines):
            for one in lines:
                names = ("value_date", "amount", "payer", "payer_account", "text")
                told = {name: getattr(one, name) for name in names}
                row = {"account": account, "ref": one.ref}
                yield Put(bank_lines, row, told | {"statement": event.reference})
        case BankStatement.LineBooked(account=account, ref=ref):
            row = {"account": account, "ref": ref}
            yield Put(bank_lines, row, {"dealer": event.dealer or None, "doc": event.doc})


PROJECTION = Projection(
    name="documents",
    version=1,
    tables=(tax_documents, bank_lines),
    reads=frozenset({*events_in(Invoice), *events_in(BankStatement)}),
    effects=effects,
)
