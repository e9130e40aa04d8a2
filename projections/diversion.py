"""Diversion: the alerts with everything that a reader needs, and the cases made of them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Numeric

from domain.cases import case_events as happened
from domain.cases.alert import Alert
from domain.cases.case_terms import CONFIRMED, OVERTURNED, Decision
from domain.goods.sighting import Sighting
from domain.policies.diversion import NAMES
from projections.columns import Instant, Price, count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put, events_in

diversion_alerts = state_table(
    "diversion_alerts",
    "Every diversion alert, as it is judged now; explained ones too, with status SUPPRESSED.",
    key("alert_id", "Case."),
    text("rule", "Rule that fired."),
    text("rule_name", "Name of the rule."),
    text("severity", "CRITICAL, HIGH, MEDIUM or LOW."),
    Column("score", Integer, comment="0 to 100."),
    text("score_parts", "Summands of the score with their reasons, as JSON."),
    text("status", "State of the case."),
    text("sku", "Product."),
    text("di", "Device identifier (GTIN-14)."),
    text("serial", "Serial number, for alerts about a unit."),
    text("lot", "Lot, for alerts about a lot."),
    Column("qty_received", BigInteger, comment="Base units of the lot that came to the dealer."),
    Column("qty_sold", BigInteger, comment="Base units of the lot that left the dealer."),
    Column("qty_excess", BigInteger, comment="Base units beyond what the books explain."),
    text("code", "What the rule adds, such as INTRA_FAMILY or SUBDEALER_OUT_OF_AREA."),
    text("note", "Particulars that only this rule has, in words."),
    text("explanation", "Why it is no alarm, for a suppressed one."),
    text("source_dealer", "Dealer that we shipped the unit to."),
    text("suspect_dealer", "Last known holder."),
    text("suspects", "Dealers among which blame is shared, separated by commas."),
    text("responsible_dealer", "Level-1 dealer that answers for the unit."),
    text("authorised_regions", "Regions in which the unit may be sold, separated by commas."),
    text("observed_region", "Region in which it was seen (GB/T 2260)."),
    text("observed_hospital", "Hospital at which it was seen."),
    Column("observed_on", Date, comment="Day on which it was seen."),
    text("observation_source", "Where the observation comes from."),
    Column("weight", Price, comment="Weight of the observation, 0 to 1."),
    text("victim_dealer", "Dealer with exclusive rights there."),
    text("exception_id", "Cross-region exception that was considered, if any."),
    text("exception_state", "EXHAUSTED or EXPIRED, where there was an exception."),
    text("register_state", "State of the unit in our register, where that contradicts."),
    text("register_wh", "Warehouse that should hold the unit."),
    text("shipment", "Shipment it left with."),
    text("so", "Order it was sold under."),
    text("invoice", "Invoice it was billed with."),
    Column("p_source", Price, comment="Net price per unit that the source dealer paid."),
    Column("p_local", Price, comment="Tier price of the place."),
    Column("gap_pct", Numeric(9, 2), comment="(p_local - p_source) / p_local in per cent."),
    count("evidence", "Number of sightings and exhibits."),
    Column("retro", Boolean, comment="Whether a changed rule found it in past facts."),
    Column("rules_version", Integer, comment="Version of the detection policy that judged it."),
    Column("raised_at", Instant, comment="Business time of the alert."),
    Column("due_at", Instant, comment="When somebody has to have responded."),
    text("investigator", "Who works on it."),
    text("asked", "Dealer that was asked to answer."),
    Column("response_due", Date, comment="Last day for the dealer's answer."),
    text("outcome", "CONFIRMED, DISMISSED or INCONCLUSIVE, once decided."),
    text("outcome_code", "Why it was dismissed."),
    Column("diverted_units", BigInteger, comment="Base units that were found diverted."),
    Column("diverted_net", BigInteger, comment="What the dealer paid for them, minor units."),
    Column("appeal_until", Date, comment="Last day for an appeal."),
    text("appeal", "UPHELD or OVERTURNED, once an appeal was decided."),
    text("merged_into", "Case that goes on for it."),
    Index("ix_diversion_alerts_corridor", "source_dealer", "observed_region"),
)

diversion_scores = movement_table(
    "diversion_scores",
    "Every time that an alert was judged: when it was raised, and when facts changed it.",
    text("alert_id", "Case."),
    text("severity", "CRITICAL, HIGH, MEDIUM or LOW."),
    Column("score", Integer, comment="0 to 100."),
    text("code", "INTRA_FAMILY, where an unreported transfer in the family explains it."),
    text("cause", "Why it was judged again; empty where it was raised."),
    Index("ix_diversion_scores_alert", "alert_id", "position"),
)

diversion_evidence = movement_table(
    "diversion_evidence",
    "Every sighting and document that a case rests on. Rows are never taken away.",
    text("alert_id", "Case."),
    text("raw", "What was scanned, or the hash of a document."),
    text("region", "Where (GB/T 2260)."),
    text("hospital", "At which hospital."),
    text("source", "Where the observation comes from, or the kind of document."),
    Column("weight", Price, comment="Weight of the observation, 0 to 1."),
    text("observer", "Who saw or captured it."),
    Column("withdrawn", Boolean, comment="True where the row says that a sighting was an error."),
    Index("ix_diversion_evidence_alert", "alert_id", "position"),
)

diversion_steps = movement_table(
    "diversion_steps",
    "Every step of a case, from the alert to its end.",
    text("alert_id", "Case."),
    text("step", "What was done."),
    text("dealer", "Dealer that was asked, that answered, or that it is against."),
    text("text", "Reason, note or answer."),
    Column("amount", BigInteger, comment="Sum of the sanctions' amounts, minor units."),
    text("sanctions", "Sanctions with their documents, as JSON."),
    text("actor", "Who did it."),
    Index("ix_diversion_steps_alert", "alert_id", "position"),
)

diversion_corridors = state_table(
    "diversion_corridors",
    "From which dealer to which province goods were found to go astray.",
    key("source_dealer", "Dealer that we shipped to; empty where nobody knows."),
    key("province", "Province where they were found (GB/T 2260)."),
    count("alerts", "Alerts raised, explained ones not counted."),
    count("confirmed", "Cases that were confirmed and stand."),
    count("units", "Base units that were found diverted."),
    count("net", "What their dealer paid for them, minor units."),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    row = {"alert_id": fact.key[0]}
    match fact.event:
        case happened.AlertRaised(alert=alert, sighting=sighting):
            new = {"status": "ALERTED", "raised_at": fact.event.occurred_at}
            yield Put(diversion_alerts, row, _alert(alert) | new)
            yield Append(diversion_scores, row | _judged(alert))
            yield from _seen(row, sighting)
            corridor = _corridor(alert.source_dealer, alert.observed_region)
            yield Add(diversion_corridors, corridor, {"alerts": 1})
        case happened.AlertSuppressed(alert=alert, sighting=sighting, explanation=code):
            new = {"status": "SUPPRESSED", "raised_at": fact.event.occurred_at}
            yield Put(diversion_alerts, row, _alert(alert) | new | {"explanation": code})
            yield Append(diversion_steps, row | _step(fact, "SUPPRESSED", fact.event.detail))
            yield from _seen(row, sighting)
        case happened.AlertRescored(alert=alert, cause=cause):
            yield Put(diversion_alerts, row, _alert(alert))
            yield Append(diversion_scores, row | _judged(alert) | {"cause": cause})
        case happened.EvidenceAdded(sighting=sighting):
            yield from _seen(row, sighting)
        case happened.ExhibitAdded(exhibit=shown):
            told = {"raw": shown.document_hash, "source": shown.kind, "weight": shown.weight}
            yield Append(diversion_evidence, row | told | {"observer": shown.captured_by})
            yield Add(diversion_alerts, row, {"evidence": 1})
        case happened.EvidenceWithdrawn(sighting=sighting):
            yield Append(diversion_evidence, row | _sighting(sighting) | {"withdrawn": True})
            yield Add(diversion_alerts, row, {"evidence": -1})
        case _:
            yield from _worked(fact, row)


def _worked(fact: Fact, row: dict[str, str]) -> Iterable[Change]:
    """What people made of it."""
    match fact.event:
        case happened.Triaged(note=note):
            yield from _stepped(fact, row, "TRIAGED", note, status="TRIAGED")
        case happened.Assigned(investigator=name, status=status):
            yield from _stepped(fact, row, "ASSIGNED", name, investigator=name, status=status)
        case happened.ResponseRequested(dealer=dealer, due=due):
            asked = {"status": "AWAITING_DEALER_RESPONSE", "response_due": due, "asked": dealer}
            yield from _stepped(fact, row, "RESPONSE_REQUESTED", "", dealer, **asked)
        case happened.ResponseSubmitted(dealer=dealer, text=said):
            yield from _stepped(fact, row, "RESPONDED", said, dealer, status="DEALER_RESPONDED")
        case happened.DecisionSupported(outcome=outcome):
            yield from _stepped(fact, row, "SUPPORTED", outcome)
        case happened.CaseDecided(decision=made, before=before):
            found: dict[str, object] = {"outcome": made.outcome, "outcome_code": made.code}
            extent = {"diverted_units": made.units, "diverted_net": made.net}
            yield Append(diversion_steps, row | _step(fact, made.outcome, made.reason))
            yield Put(diversion_alerts, row, {"status": "DECIDED", "appeal": None} | found | extent)
            if before is not None:
                yield from _proven(before, -1)
            yield from _proven(made, 1)
        case happened.SanctionsApplied(dealer=dealer, sanctions=all_, appeal_until=until):
            amount = sum(one.amount or 0 for one in all_)
            told = {"amount": amount, "sanctions": msgspec.json.encode(all_).decode()}
            step = _step(fact, "SANCTIONED", ", ".join(one.kind for one in all_), dealer)
            yield Append(diversion_steps, row | step | told)
            yield Put(diversion_alerts, row, {"status": "SANCTIONED", "appeal_until": until})
        case happened.AppealFiled(dealer=dealer, grounds=grounds):
            yield from _stepped(fact, row, "APPEALED", grounds, dealer, status="APPEALED")
        case happened.AppealDecided(outcome=outcome, reason=reason):
            ended = {"appeal": outcome, "status": "SANCTIONED", "appeal_until": None}
            yield from _stepped(fact, row, outcome, reason, **ended)
            if outcome == OVERTURNED and fact.event.decision is not None:
                yield from _proven(fact.event.decision, -1)
        case happened.CaseClosed(reason=reason):
            yield from _stepped(fact, row, "CLOSED", reason, status="CLOSED")
        case happened.CaseReopened(reason=reason):
            again = {"status": "REOPENED", "response_due": None, "appeal_until": None}
            yield from _stepped(fact, row, "REOPENED", reason, **again)
        case happened.CaseMerged(into=other):
            yield from _stepped(fact, row, "MERGED", other, status="MERGED", merged_into=other)


def _stepped(
    fact: Fact, row: dict[str, str], step: str, said: str, dealer: str | None = None, **now: object
) -> Iterable[Change]:
    yield Append(diversion_steps, row | _step(fact, step, said, dealer))
    if now:
        yield Put(diversion_alerts, row, now)


def _step(fact: Fact, step: str, said: str, dealer: str | None = None) -> dict[str, object]:
    return {"step": step, "text": said, "dealer": dealer, "actor": fact.event.by.user}


def _proven(made: Decision, sign: int) -> Iterable[Change]:
    if made.outcome == CONFIRMED:
        extent = {"confirmed": sign, "units": sign * made.units, "net": sign * made.net}
        yield Add(diversion_corridors, _corridor(made.source_dealer, made.destination), extent)


def _corridor(source: str | None, region: str) -> dict[str, str]:
    return {"source_dealer": source or "", "province": f"{region[:2]}0000" if region else ""}


def _seen(row: dict[str, str], sighting: Sighting) -> Iterable[Change]:
    yield Add(diversion_alerts, row, {"evidence": 1})
    yield Append(diversion_evidence, row | _sighting(sighting))


def _sighting(sighting: Sighting) -> dict[str, object]:
    return {
        "raw": sighting.raw,
        "region": sighting.region_code,
        "hospital": sighting.hospital,
        "source": sighting.source,
        "weight": sighting.weight,
        "observer": sighting.observer,
    }


def _judged(alert: Alert) -> dict[str, object]:
    return {"severity": alert.severity, "score": alert.score, "code": alert.code}


def _alert(alert: Alert) -> dict[str, object]:
    same = (
        "rule severity score sku di source_dealer suspect_dealer responsible_dealer "
        "observed_region observed_hospital observed_on weight victim_dealer register_state "
        "invoice p_source p_local gap_pct due_at exception_id exception_state lot code note "
        "retro rules_version"
    )
    return {name: getattr(alert, name) for name in same.split()} | {
        "rule_name": NAMES[alert.rule],
        "serial": alert.serial or None,
        "score_parts": msgspec.json.encode(alert.parts).decode(),
        "authorised_regions": ",".join(alert.authorised_regions),
        "suspects": ",".join(alert.suspects),
        "observation_source": alert.source,
        "register_wh": alert.register_warehouse,
        "shipment": alert.shp,
        "so": alert.so,
        "qty_received": alert.received,
        "qty_sold": alert.sold,
        "qty_excess": alert.excess,
    }


PROJECTION = Projection(
    name="diversion",
    version=5,
    tables=(
        diversion_alerts,
        diversion_scores,
        diversion_evidence,
        diversion_steps,
        diversion_corridors,
    ),
    reads=frozenset(events_in(happened)),
    effects=effects,
)
