"""Statements as they were issued, what is disputed in them, and how the dealer's lines compare."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Boolean, Column, Date

from domain.accounts import statement_events as stated
from domain.accounts.dealer_lines import DealerLines
from domain.accounts.statement_terms import (
    ACCEPTED,
    CONFIRMED,
    DEEMED_CONFIRMED,
    DISPUTED,
    ISSUED,
    OPEN,
    REJECTED,
    SIGNED_OFF,
    VIEWED,
)
from projections.columns import count, key, movement_table, state_table, text
from projections.effects import Append, Change, Fact, Projection, Put, Remove, events_in

dealer_statements = state_table(
    "dealer_statements",
    "Every version of every statement, with part A: its sums. Amounts gross, in minor units.",
    key("dealer", "Dealer."),
    key("period", "Month (YYYY-MM)."),
    Column("version", BigInteger, primary_key=True, comment="Version."),
    text("currency", "Currency (ISO 4217)."),
    text("state", "ISSUED, VIEWED, DISPUTED, CONFIRMED, DEEMED_CONFIRMED, SIGNED_OFF, SUPERSEDED."),
    Column("known_at", Date, comment="Day on which it was issued."),
    count("issued_position", "Position of its issue in the log: nothing after it is in it."),
    text("digest", "SHA-256 of its content."),
    count("opening", "Opening balance."),
    count("invoices", "Invoices."),
    count("returns", "Credit notes for returns."),
    count("price_credits", "Credit notes for prices and short deliveries."),
    count("rebates", "Credit notes for rebates."),
    count("claims", "Claims set off."),
    count("deposits", "Deposits applied."),
    count("payments", "Payments."),
    count("write_offs", "Differences and debts written off."),
    count("adjustments", "Adjustments, signed."),
    count("penalties", "Penalties."),
    count("closing", "Closing balance: the sum of the open items."),
    Column("confirmed_amount", BigInteger, comment="What the dealer confirmed."),
    text("issued_by", "Who prepared it."),
    text("signed_by", "Who signed it for finance."),
)

statement_disputes = state_table(
    "statement_disputes",
    "Lines of statements that dealers dispute. Minor units.",
    key("dealer", "Dealer."),
    key("period", "Month (YYYY-MM)."),
    key("line", "Document."),
    count("amount", "How much of it is disputed, gross."),
    text("code", "Category of the difference."),
    text("evidence", "What speaks for it."),
    text("sku", "Product, where it is about goods."),
    count("qty", "Base units."),
    text("state", "OPEN, ACCEPTED or REJECTED."),
    text("answer", "What we said, or why it was rejected."),
    text("credit_note", "Document that corrected it."),
)

dealer_lines = movement_table(
    "dealer_lines",
    "Lines of dealers' own books. Signed minor units: above 0 is owed to us.",
    text("dealer", "Dealer."),
    text("period", "Month (YYYY-MM)."),
    text("line_id", "Line."),
    text("doc", "Document number as the dealer wrote it."),
    text("kind", "Kind, where the dealer said one."),
    Column("day", Date, comment="Day in the dealer's books."),
    count("gross", "Gross amount."),
    text("text", "Text."),
)

statement_matches = state_table(
    "statement_matches",
    "Which lines of a dealer's books are which documents of ours, by which rule. Minor units.",
    key("dealer", "Dealer."),
    key("period", "Month (YYYY-MM)."),
    key("match_id", "Match."),
    text("state", "ACCEPTED, SUGGESTED, REVERSED or DROPPED."),
    text("rule", "Rule that found it."),
    text("ours", "Our documents."),
    text("theirs", "The dealer's lines."),
    count("ours_amount", "What ours come to."),
    count("theirs_amount", "What theirs come to."),
    count("residual", "Theirs less ours."),
    text("category", "Where the residual comes from."),
    Column("unique", Boolean, comment="Whether no other match would fit as well."),
    text("reason", "Why it was reversed."),
)

statement_differences = state_table(
    "statement_differences",
    "What is different between a dealer's books and ours after the last run. Minor units.",
    key("dealer", "Dealer."),
    key("period", "Month (YYYY-MM)."),
    Column("seq", BigInteger, primary_key=True, comment="Number."),
    text("side", "Whose lines they are: OURS, THEIRS or BOTH."),
    text("ours", "Our documents."),
    text("theirs", "The dealer's lines."),
    text("category", "Category."),
    count("amount", "Theirs less ours."),
    text("note", "What usually resolves it."),
)

STATES: dict[type, str] = {
    stated.Viewed: VIEWED,
    stated.LineDisputed: DISPUTED,
    stated.Confirmed: CONFIRMED,
    stated.DeemedConfirmed: DEEMED_CONFIRMED,
    stated.SignedOff: SIGNED_OFF,
    stated.Reopened: ISSUED,
}
FIGURES = (
    "opening",
    "invoices",
    "returns",
    "price_credits",
    "rebates",
    "claims",
    "deposits",
    "payments",
    "write_offs",
    "adjustments",
    "penalties",
    "closing",
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    if fact.stream.startswith("Statement/"):
        yield from _stated(fact)
    else:
        yield from _compared(fact)


def _stated(fact: Fact) -> Iterable[Change]:
    event, head = fact.event, _head(fact)
    match event:
        case stated.Issued(figures=figures):
            row = head | {"version": event.number}
            sums = {name: getattr(figures, name) for name in FIGURES}
            told = {"currency": event.currency, "known_at": event.known_at, "state": ISSUED}
            told |= {"digest": event.digest, "issued_by": event.by.user}
            yield Put(dealer_statements, row, sums | told | {"issued_position": fact.position})
            if event.supersedes:
                old = head | {"version": event.supersedes}
                yield Put(dealer_statements, old, {"state": "SUPERSEDED"})
            return
        case stated.LineDisputed():
            about = {"amount": event.amount, "code": event.code, "sku": event.sku}
            why = {"evidence": ", ".join(event.evidence), "qty": event.qty, "state": OPEN}
            yield Put(statement_disputes, head | {"line": event.line}, about | why)
        case stated.DisputeAnswered(line=line, answer=answer):
            yield Put(statement_disputes, head | {"line": line}, {"answer": answer})
        case stated.DisputeAccepted(line=line, credit_note=note):
            ended = {"state": ACCEPTED, "credit_note": note}
            yield Put(statement_disputes, head | {"line": line}, ended)
        case stated.DisputeRejected(line=line, reason=reason):
            ended = {"state": REJECTED, "answer": reason}
            yield Put(statement_disputes, head | {"line": line}, ended)
    state = STATES.get(type(event))
    if isinstance(event, stated.DisputeRejected) and event.number:
        row = head | {"version": event.number}
        yield Put(dealer_statements, row, {"state": DISPUTED, "confirmed_amount": None})
    if state is not None:
        values: dict[str, object] = {"state": state}
        if isinstance(event, stated.Confirmed | stated.DeemedConfirmed):
            values["confirmed_amount"] = event.amount
        if isinstance(event, stated.SignedOff):
            values |= {"confirmed_amount": event.confirmed, "signed_by": event.signer}
        if isinstance(event, stated.Reopened):
            values |= {"confirmed_amount": None, "signed_by": None}
        yield Put(dealer_statements, head | {"version": event.number}, values)


def _compared(fact: Fact) -> Iterable[Change]:
    event, head = fact.event, _head(fact)
    match event:
        case DealerLines.Submitted(lines=lines):
            for seq, line in enumerate(lines):
                told = {"line_id": line.line_id, "doc": line.doc, "kind": line.kind}
                row = head | told | {"day": line.day, "gross": line.gross, "text": line.text}
                yield Append(dealer_lines, row, seq)
        case DealerLines.MatchProposed(match_id=name, match=found):
            amounts = ("ours_amount", "theirs_amount", "residual", "rule", "category", "unique")
            told = {one: getattr(found, one) for one in amounts}
            sides = {"ours": ", ".join(found.ours), "theirs": ", ".join(found.theirs)}
            state = {"state": "ACCEPTED" if found.accepted else "SUGGESTED"}
            yield Put(statement_matches, head | {"match_id": name}, told | sides | state)
        case DealerLines.MatchAccepted(match_id=name):
            yield Put(statement_matches, head | {"match_id": name}, {"state": "ACCEPTED"})
        case DealerLines.MatchReversed(match_id=name, reason=reason):
            ended = {"state": "REVERSED", "reason": reason}
            yield Put(statement_matches, head | {"match_id": name}, ended)
        case DealerLines.Compared(differences=differences, dropped=dropped):
            for name in dropped:
                yield Put(statement_matches, head | {"match_id": name}, {"state": "DROPPED"})
            for seq, one in enumerate(differences, 1):
                sides = {"ours": ", ".join(one.ours), "theirs": ", ".join(one.theirs)}
                told = {"category": one.category, "note": one.note, "side": one.side}
                amount = {"amount": one.amount}
                row = head | {"seq": seq}
                yield Put(statement_differences, row, {**sides, **told, **amount})
            for seq in range(len(differences) + 1, event.before + 1):
                yield Remove(statement_differences, head | {"seq": seq})


def _head(fact: Fact) -> dict[str, object]:
    dealer, period = fact.key
    return {"dealer": dealer, "period": period}


PROJECTION = Projection(
    name="dealer_statements",
    version=1,
    tables=(
        dealer_statements,
        statement_disputes,
        dealer_lines,
        statement_matches,
        statement_differences,
    ),
    reads=frozenset({*events_in(stated), *events_in(DealerLines)}),
    effects=effects,
)
