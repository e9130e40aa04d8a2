"""Diversion (窜货): the rules by which a sighting, a report or a price raises an alarm.

Each rule is a function in a file of its subject. It is given what was seen and what was known
then, and answers with a finding, with an explanation that silences one, or with nothing.
"""

from __future__ import annotations

R01, R02, R03, R04 = "R01", "R02", "R03", "R04"
R05, R06, R07, R08 = "R05", "R06", "R07", "R08"
R09, R10, R11, R12 = "R09", "R10", "R11", "R12"
R13, R14, R15, R16 = "R13", "R14", "R15", "R16"

NAMES = {
    R01: "OUT_OF_TERRITORY",
    R02: "SHIP_TO_MISMATCH",
    R03: "SERIAL_STATE_CONFLICT",
    R04: "UNKNOWN_SERIAL",
    R05: "DUPLICATE_SERIAL",
    R06: "CHAIN_BREAK",
    R07: "UNREGISTERED_CHANNEL",
    R08: "LOT_BALANCE",
    R09: "LOT_FOREIGN",
    R10: "IMPOSSIBLE_TRAVEL",
    R11: "VOLUME_ANOMALY",
    R12: "SERVICE_GEOGRAPHY",
    R13: "PRICE_LEAK",
    R14: "ONLINE_LISTING",
    R15: "POST_RETURN_USE",
    R16: "SILENT_STOCK",
}

BASE = {
    R01: 60,
    R02: 50,
    R03: 90,
    R04: 70,
    R05: 80,
    R06: 55,
    R07: 45,
    R08: 40,
    R09: 50,
    R10: 75,
    R11: 30,
    R12: 40,
    R13: 35,
    R14: 35,
    R15: 90,
    R16: 20,
}
"""Points with which a rule's score begins."""

TERRITORY, STATE, UNKNOWN = "territory", "state", "unknown"
CLONE, BALANCE, WATCH = "clone", "balance", "watch"

FAMILY = {
    R01: TERRITORY,
    R02: TERRITORY,
    R03: STATE,
    R04: UNKNOWN,
    R05: CLONE,
    R06: TERRITORY,
    R07: TERRITORY,
    R08: BALANCE,
    R09: TERRITORY,
    R10: CLONE,
    R11: WATCH,
    R12: TERRITORY,
    R13: WATCH,
    R14: WATCH,
    R15: STATE,
    R16: WATCH,
}
"""Alerts of one family about the same thing are one case."""
