"""Administering: users, keys and warehouses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.api_key import KEY_ROLES, ApiKey
from domain.parties.user import ROLES, User

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class RegisterUser:
    """Make a user known, or give it another role, scope or dealer.

    ``role`` is one of REP, MGR, FIN, WH, PP, PUR, DLR, SE, QA, AUD, ANA, ADM; ``scope`` a sales
    region, a warehouse or ALL; ``dealer_id`` is for dealer users.
    """

    user_id: str
    role: str
    scope: str | None = None
    dealer_id: str | None = None


def register_user(log: Log, stamp: Stamp, command: RegisterUser) -> dict[str, Any]:
    """Register a user.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.identifier(command.user_id, "user_id")
    findings.field(command.role in ROLES, "role", f"one of {', '.join(ROLES)}")
    needs_dealer = command.role == "DLR"
    findings.field(
        (command.dealer_id is not None) == needs_dealer, "dealer_id", "given for DLR, and only then"
    )
    findings.refuse()
    user = log.get(User, command.user_id)
    user.register(command.role, command.scope, command.dealer_id, stamp)
    return {"user_id": command.user_id}


@dataclass(frozen=True, kw_only=True)
class IssueApiKey:
    """Open the door for a new key. ``secret_digest`` is the SHA-256 of the secret, in hex.

    ``role`` is SERVICE (commands and queries) or AUDITOR (queries only).
    """

    name: str
    role: str
    secret_digest: str


def issue_api_key(log: Log, stamp: Stamp, command: IssueApiKey) -> dict[str, Any]:
    """Issue a key.

    Refuses VALIDATION_FAILED, ALREADY_EXISTS.
    """
    findings = Findings()
    findings.identifier(command.name, "name")
    findings.field(command.role in KEY_ROLES, "role", f"one of {', '.join(KEY_ROLES)}")
    findings.field(
        _SHA256.fullmatch(command.secret_digest), "secret_digest", "64 lower-case hex digits"
    )
    findings.refuse()
    log.get(ApiKey, command.secret_digest).issue(command.name, command.role, stamp)
    return {"name": command.name}


@dataclass(frozen=True, kw_only=True)
class RevokeApiKey:
    """Close the door for a key."""

    secret_digest: str
    reason: str


def revoke_api_key(log: Log, stamp: Stamp, command: RevokeApiKey) -> dict[str, Any]:
    """Revoke a key.

    Refuses NOT_FOUND.
    """
    key = existing(log, ApiKey, command.secret_digest)
    key.revoke(command.reason, stamp)
    return {"name": key.name}


@dataclass(frozen=True, kw_only=True)
class RegisterWarehouse:
    """Make a warehouse known. ``region_code`` is GB/T 2260.

    ``plant`` where goods are made, ``cold`` where it can keep goods at their temperatures.
    """

    wh: str
    region_code: str
    sales_region: str
    plant: bool = False
    cold: bool = False


def register_warehouse(log: Log, stamp: Stamp, command: RegisterWarehouse) -> dict[str, Any]:
    """Register a warehouse.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.identifier(command.wh, "wh")
    findings.region(command.region_code, "region_code")
    findings.identifier(command.sales_region, "sales_region")
    findings.refuse()
    registered = Warehouse.Registered(
        stamp.by,
        stamp.at,
        region_code=command.region_code,
        sales_region=command.sales_region,
        plant=command.plant,
        cold=command.cold,
    )
    log.get(Warehouse, command.wh).register(registered)
    return {"wh": command.wh}
