"""Statements (对账单) drawn up from the log, as of any position: the same document every time.

An issued version is drawn up as of the position of its issue, so that it can be printed again
byte for byte, whatever happened since (INV-RC-3). Its digest is reckoned anew, for whoever wants
to compare it with the one that was recorded (``dealer_statements``).
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from domain.accounts.statement import Statement
from domain.accounts.statement_events import Issued
from domain.books.period import before, last_day
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.kernel.refusal import NotFound
from domain.parties.dealer import Dealer
from domain.policies import stating
from eventlog.codec import Codec
from eventlog.reader import Reader
from replays.past import Past
from replays.statements.goods import goods
from replays.statements.lines import details, entered, open_documents, opening_of
from replays.statements.memo import memo
from replays.statements.values import Document, Head, Party

CONFIRM_DAYS = 5
"""Days that a dealer has to confirm or to dispute."""


class Version(msgspec.Struct, frozen=True):
    """An issued version: its number, the position of its issue, and what was recorded of it."""

    position: int
    event: Issued


def versions(reader: Reader, codec: Codec, dealer: str, period: str) -> list[Version]:
    """Return every version of a statement that was issued, oldest first."""
    found = []
    for row in reader.stream(f"{Statement.CATEGORY}/{dealer}/{period}"):
        event = codec.read(row)
        if isinstance(event, Issued):
            found.append(Version(row.position, event))
    return found


def issued_document(
    reader: Reader, codec: Codec, dealer: str, period: str, number: int
) -> Document:
    """Return an issued version, as it was issued. Raises NotFound."""
    for one in versions(reader, codec, dealer, period):
        if one.event.number == number:
            return draw_up(reader, codec, dealer, period, one.event.currency, one.position, one)
    raise NotFound(kind="Statement", id=f"{dealer}/{period}/{number}")


def draw_up(  # noqa: PLR0913 - whose, of which month, in which currency, as of when
    reader: Reader,
    codec: Codec,
    dealer: str,
    period: str,
    currency: str,
    position: int,
    version: Version | None = None,
    today: date | None = None,
) -> Document:
    """Draw a statement up as of a position of the log. Raises NotFound for an unknown dealer."""
    past = Past(reader, codec, upto=position)
    known = past.get(Dealer, dealer)
    if not known.exists:
        raise NotFound(kind="Dealer", id=dealer)
    last = last_day(period)
    on = version.event.known_at if version else today or last
    found = entered(past, dealer, currency, period)
    opening = opening_of(found, period)
    mine = [one for one in found if f"{one.entry.day:%Y-%m}" == period]
    entries = [one.entry for one in mine]
    lines = details(past, mine, opening)
    documents = open_documents(found, last)
    head = Head(
        ours=_company(past),
        dealer_id=dealer,
        dealer=Party(name=known.known.legal_name, uscc=known.known.uscc),
        period=period,
        currency=currency,
        log_position=position,
        digest=stating.digest(dealer, period, currency, opening, entries),
        version=version.event.number if version else None,
        issued_on=version.event.known_at if version else None,
        previous=_previous(past, dealer, period),
        confirm_by=on + timedelta(days=CONFIRM_DAYS) if version else None,
    )
    return Document(
        head=head,
        figures=stating.figures(opening, entries),
        lines=tuple(one for one in lines if one.effective is None),
        prior=tuple(one for one in lines if one.effective is not None),
        memo=memo(past, dealer, period, currency, last, on, documents),
        goods=goods(past, dealer, date.fromisoformat(f"{period}-01"), last),
    )


def _company(past: Past) -> Party:
    identity = past.get(CompanyPolicy, COMPANY).identity
    if identity is None:
        return Party(name="")
    return Party(**{name: getattr(identity, name) for name in _SHARED}, name=identity.legal_name)


_SHARED = ("uscc", "address", "bank", "bank_account", "contact")


def _previous(past: Past, dealer: str, period: str) -> str | None:
    statement = past.get(Statement, dealer, before(period))
    return f"{before(period)}/{statement.version_no}" if statement.exists else None
