"""Whether issued statements are still what was issued: each digest is reckoned from the log."""

from __future__ import annotations

from collections.abc import Iterator

from domain.accounts.statement_events import Issued
from domain.policies import stating
from eventlog.codec import Codec
from eventlog.reader import Reader
from replays.past import Past
from replays.statements.lines import entered, opening_of
from replays.verifying import Fault

STATEMENT = "STATEMENT"


def statement_faults(reader: Reader, codec: Codec, upto: int) -> Iterator[Fault | None]:
    """Yield a fault for each statement that is not what was issued, None for each that is."""
    for row in reader.after(upto=upto, topics=[Issued.TOPIC]):
        event: Issued = codec.read(row)
        _, dealer, period = row.stream.split("/")
        found = entered(Past(reader, codec, upto=row.position), dealer, event.currency, period)
        mine = [one.entry for one in found if f"{one.entry.day:%Y-%m}" == period]
        opening = opening_of(found, period)
        digest = stating.digest(dealer, period, event.currency, opening, mine)
        text = f"{dealer}, {period}, version {event.number}: the digest of its entries differs"
        yield None if digest == event.digest else Fault(row.position, STATEMENT, text)
