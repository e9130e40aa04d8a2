"""What no rule has matched: differences of whole documents, then line by line."""

from __future__ import annotations

from calendar import monthrange

from domain.policies.matching.codes import (
    CLAIM,
    CLAIM_NOT_BOOKED,
    CREDIT_NOTE,
    DEPOSIT,
    DEPOSIT_TREATMENT,
    INVOICE,
    MISSING_INVOICE,
    PAYMENT,
    PENALTY,
    PENALTY_DISPUTED,
    REBATE_NOT_BOOKED,
    RETURN_NOT_BOOKED,
    SMALL_DIFF,
    TIMING_CASH,
    TIMING_GOODS,
    UNKNOWN,
    WRITE_OFF,
)
from domain.policies.matching.documents import pair_category
from domain.policies.matching.lines import StatedLine
from domain.policies.matching.round import REFERENCES, Round, by

_BY_KIND = {
    INVOICE: MISSING_INVOICE,
    CLAIM: CLAIM_NOT_BOOKED,
    DEPOSIT: DEPOSIT_TREATMENT,
    PENALTY: PENALTY_DISPUTED,
    WRITE_OFF: SMALL_DIFF,
}


def leftovers(round_: Round) -> None:
    """Put every line down that is in no match: what is open between alternatives is unknown."""
    for ref in REFERENCES:
        for ours, theirs in list(round_.shared(by(ref))):
            round_.differ("", ours, theirs, pair_category(ours, theirs))
    days = round_.terms.window_days
    for line in list(round_.ours.rest.values()):
        found = UNKNOWN if line.line_id in round_.ours.open else _ours_only(line, days)
        round_.differ("", [line], [], found)
    for line in list(round_.theirs.rest.values()):
        found = UNKNOWN if line.line_id in round_.theirs.open else _theirs_only(line, days)
        round_.differ("", [], [line], found)


def _ours_only(line: StatedLine, days: int) -> str:
    """Goods that left shortly before the cut-off may not have arrived yet."""
    if line.kind == INVOICE and _late(line, days):
        return TIMING_GOODS
    return _one_sided(line)


def _theirs_only(line: StatedLine, days: int) -> str:
    """Money that was sent shortly before the cut-off may not have arrived yet."""
    if line.kind == PAYMENT and _late(line, days):
        return TIMING_CASH
    return _one_sided(line)


def _one_sided(line: StatedLine) -> str:
    if line.kind == CREDIT_NOTE:
        # A return brings goods back, a rebate does not.
        goods = line.sku or line.qty or line.shp or line.serials
        return RETURN_NOT_BOOKED if goods else REBATE_NOT_BOOKED
    return _BY_KIND.get(line.kind, UNKNOWN)


def _late(line: StatedLine, days: int) -> bool:
    """Say whether a line is of the last days of its month."""
    year, month = int(line.month[:4]), int(line.month[5:7])
    end = line.day.replace(year=year, month=month, day=monthrange(year, month)[1])
    return 0 <= (end - line.day).days < days
