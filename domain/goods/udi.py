"""UDI: what a scan of a device's label says (GS1 General Specifications).

Reading the label is the door's work; the result travels in the command, next to the raw text, so
that the event keeps both what was scanned and how it was understood.
"""

from __future__ import annotations

import re
from datetime import date

import msgspec

from domain.company.unique_key import UniqueKey
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.refusals import (
    UdiAiUnsupported,
    UdiAmbiguous,
    UdiCheckDigit,
    UdiDateInvalid,
    UdiMissingPi,
    UdiPackagingLevel,
    UdiRepeatedAi,
    UdiUnknownDi,
)
from domain.goods.serial_number import SerialNumber
from domain.kernel.aggregate import Log
from domain.kernel.refusal import Refusal, ValidationFailed

GTIN_LENGTH = 14
_PI = re.compile(r"[!\"%-?A-Z_a-z]{1,20}")
"""Characters of AI (10) and (21): GS1 character set 82."""
DI_KIND = "di"


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way to read a label that can be read in several: AI (10) and AI (21)."""

    lot: str | None = None
    serial: str | None = None


class Scan(msgspec.Struct, frozen=True, omit_defaults=True):
    """A scanned label: ``raw`` text as the scanner gave it, or its parts typed in.

    ``di`` is AI (01), ``lot`` AI (10), ``serial`` AI (21), ``manufactured`` AI (11), ``expiry``
    AI (17). Where ``raw`` is given, the parts are read from it; ``unreadable`` is then the code of
    what was wrong with it, and ``readings`` the ways to read it where there are several.
    """

    raw: str = ""
    di: str | None = None
    serial: str | None = None
    lot: str | None = None
    unreadable: str | None = None
    contains: int = 1
    """Base units in the package that was scanned: a carton's label is another than its boxes'."""
    manufactured: date | None = None
    expiry: date | None = None
    readings: tuple[Reading, ...] = ()


_UNREADABLE: dict[str, type[Refusal]] = {
    one.code: one
    for one in (UdiCheckDigit, UdiAiUnsupported, UdiMissingPi, UdiDateInvalid, UdiRepeatedAi)
}


def check_digit(digits: str) -> int:
    """GS1 check digit of a number without it: weights 3, 1, 3, 1 ... from the right."""
    total = sum(int(one) * (3, 1)[place % 2] for place, one in enumerate(reversed(digits)))
    return (10 - total % 10) % 10


def is_gtin(di: str) -> bool:
    """Whether a text is a GTIN-14 with a right check digit."""
    digits = di.isascii() and di.isdecimal() and len(di) == GTIN_LENGTH
    return digits and check_digit(di[:-1]) == int(di[-1])


def violations(scan: Scan, field: str) -> list[Refusal]:
    """What is wrong with the form of a scan."""
    if scan.unreadable is not None:
        return [_UNREADABLE[scan.unreadable](field=field, raw=scan.raw)]
    if scan.di is None:
        return [ValidationFailed(field=field, reason="a raw text or a di is needed")]
    if not is_gtin(scan.di):
        return [UdiCheckDigit(field=field, di=scan.di)]
    if scan.serial is None and scan.lot is None:
        return [UdiMissingPi(field=field, raw=scan.raw)]
    reason = "1 to 20 characters of the GS1 set"
    return [
        ValidationFailed(field=f"{field}.{name}", reason=reason)
        for name, value in (("serial", scan.serial), ("lot", scan.lot))
        if value is not None and not _PI.fullmatch(value)
    ]


def understand(log: Log, scan: Scan, field: str) -> tuple[Scan, list[Refusal]]:
    """Understand a scan by what we know: its product, its packaging level, which reading is meant.

    A carton counts for what it contains. Of several readings the one that our register knows is
    meant; where it knows none or several, nobody guesses.
    """
    found = violations(scan, field)
    if found or scan.di is None:
        return scan, found
    key = log.get(UniqueKey, DI_KIND, scan.di)
    if not key.exists:
        return scan, [UdiUnknownDi(field=field, di=scan.di)]
    product = log.get(Product, key.owner)
    level = next(one for one in product.known.identifiers if one.di == scan.di)
    if level.contains_qty > 1 and scan.serial is not None:
        return scan, [UdiPackagingLevel(field=field, di=scan.di, contains=level.contains_qty)]
    base = msgspec.structs.replace(scan, di=product.base_di, contains=level.contains_qty)
    if not scan.readings:
        return base, []
    known = [one for one in scan.readings if _known(log, product, one)]
    if len(known) != 1:
        told = [f"lot {one.lot}, serial {one.serial}" for one in scan.readings]
        return base, [UdiAmbiguous(field=field, raw=scan.raw, readings=told)]
    meant = msgspec.structs.replace(base, lot=known[0].lot, serial=known[0].serial, readings=())
    return meant, []


def _known(log: Log, product: Product, reading: Reading) -> bool:
    """Whether our register knows what a reading names."""
    if reading.serial is not None:
        return log.get(SerialNumber, product.base_di, reading.serial).in_register
    return log.get(Lot, product.key, reading.lot or "").known


def sku_of(log: Log, di: str) -> str:
    """Return the product that carries a device identifier; raises UdiUnknownDi."""
    key = log.get(UniqueKey, DI_KIND, di)
    if not key.exists:
        raise UdiUnknownDi(di=di)
    return key.owner
